"""The tests of sending mail: a bureau that owes mails, and channels that fail in every way."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from services.chassis import clock
from services.chassis.database import Database
from services.notify.model import Outgoing, Patience
from services.notify.service import NotifyService
from tests.services.notify_stories import (
    contact,
    corrected,
    deliveries,
    enterprise,
    published,
    red,
    service_on,
    tell,
)

PATIENCE = Patience(
    pauses=(timedelta(seconds=5), timedelta(seconds=15)),
    give_up_after=timedelta(hours=72),
    lease=timedelta(seconds=120),
)


SECOND = timedelta(seconds=1)


class Bureau:
    """A service whose mails go to some server."""

    def __init__(self, database: Database, var: Path, url: str | None, **settings: Any) -> None:
        self.database = database
        self.var = var
        self.service: NotifyService = service_on(
            database, var, smtp_url=url, mail_from="质监通 <notice@bureau.example>", **settings
        )

    def owes(self, mails: int) -> None:
        """So many enterprises are to get a mail."""
        numbers = range(1, mails + 1)
        tell(self.service, [enterprise(number) for number in numbers])
        tell(self.service, [contact(number) for number in numbers])
        tell(self.service, [red(number) for number in numbers])

    def deliver(self) -> None:
        self.service.deliver_due()

    def states(self) -> Counter[str]:
        return Counter(row.state for row in deliveries(self.database))


def outgoing(number: int, **changes: Any) -> Outgoing:
    facts: dict[str, Any] = {
        "delivery_id": published(number).id,
        "message_id": corrected(number).id,
        "caused_by": red(number).id,
        "addressee": "enterprise",
        "account": f"enterprise:{number}",
        "address": f"firm{number}@example.com",
        "subject": "【质监通】主题",
        "body": "正文\n",
        "language": "zh",
        "written_at": clock.now(),
    }
    return Outgoing(**facts | changes)
