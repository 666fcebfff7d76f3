"""The bus of one process: outbox rows go straight to the hearers, without a broker.

The promises are the same, and for the same reason: a row stays in the outbox until every
hearer has committed what it made of it, and the inboxes drop what comes again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from services.chassis.hearing import Hearing
from services.chassis.outbox import Parcel


class LocalCarrier:
    """Delivers parcels to the hearings of this process, a relay's batch at a time."""

    def __init__(self, hearings: Iterable[Hearing]) -> None:
        self._by_type: dict[str, list[Hearing]] = defaultdict(list)
        for hearing in hearings:
            self._by_type[hearing.subscription.event.full_name].append(hearing)

    def carry(self, parcels: Sequence[Parcel]) -> None:
        for kind, run in groupby(parcels, key=lambda parcel: parcel.type):
            messages = [parcel.message for parcel in run]
            for hearing in self._by_type.get(kind, ()):
                hearing.hear(messages)

    def idle(self) -> None:
        """Nothing to keep alive."""

    def close(self) -> None:
        """Nothing to let go of."""
