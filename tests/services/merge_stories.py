"""Merges as the registry announces them: each step possible after the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from hypothesis import strategies as st

from services.chassis.envelope import Envelope, seal
from services.events.registry import EnterprisesMerged, MergeUndone

ON = date(2026, 3, 2)
Message = Envelope[Any]


def merged(survivor: UUID, merged: UUID, revision: int = 10) -> Message:
    """The second enterprise stands under the first."""
    return _sealed(EnterprisesMerged, survivor, merged, revision)


def undone(survivor: UUID, merged: UUID, revision: int = 20) -> Message:
    """It stands for itself again."""
    return _sealed(MergeUndone, survivor, merged, revision)


@st.composite
def merges(draw: st.DrawFn, firms: Sequence[UUID]) -> list[Message]:
    """Some merges and undoings among some enterprises, in the order in which they were made."""
    told: list[Message] = []
    under: dict[UUID, UUID] = {}
    for revision in range(1, draw(st.integers(1, 6)) + 1):
        if under and draw(st.booleans()):
            gone = draw(st.sampled_from(sorted(under)))
            told.append(undone(under.pop(gone), gone, revision))
            continue
        free = [each for each in firms if each not in under]
        if len(free) > 1:
            survivor, gone = draw(st.permutations(free))[:2]
            under[gone] = survivor
            told.append(merged(survivor, gone, revision))
    return told


@st.composite
def shuffled(draw: st.DrawFn, told: st.SearchStrategy[list[Message]]) -> Any:
    """A history in its order; and in any order with some of it repeated."""
    in_order = draw(told)
    again = draw(st.lists(st.sampled_from(in_order), max_size=6)) if in_order else []
    return in_order, draw(st.permutations(in_order + again))


def _sealed(event: type[Any], survivor: UUID, gone: UUID, revision: int) -> Message:
    fact = event(
        merge_id=uuid5(survivor, str(gone)),
        revision=revision,
        survivor_id=survivor,
        merged_id=gone,
        since=ON,
    )
    about = f"enterprise/{gone}"
    envelope = seal(fact, about=about, source="/610300/registry")
    identity = uuid5(gone, f"{event.__name__} {revision}")
    return Envelope(**vars(envelope) | {"id": identity})
