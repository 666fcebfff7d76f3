"""The tests of what notify tells: counted, compared, told again."""

from __future__ import annotations

from collections import Counter
from typing import Any

from services.chassis.database import Database
from services.notify.service import NotifyService
from tests.services.notify_stories import (
    deliveries,
    messages,
    sealed,
)

MAIL = "smtp://127.0.0.1:1"


def told(database: Database) -> Counter[tuple[str, str]]:
    return Counter((row.template, row.addressee) for row in messages(database))


class Said(list[tuple[Any, ...]]):
    """All that was said; too long to be shown whole when a test fails."""

    def __repr__(self) -> str:
        return f"{len(self)} things that were said"


def said(database: Database) -> Said:
    """Everything that must not depend on order: who, which inbox, what words, what leaves."""
    rows = [
        (row.id, row.account, row.wants, row.subject, row.body, row.parameters, row.division)
        for row in messages(database)
    ]
    leaving = [(row.message_id, row.medium, row.state) for row in deliveries(database)]
    return Said([*rows, *leaving])


def status(service: NotifyService) -> dict[str, Any]:
    with service.database.reading() as session:
        return service.status(session)


def sealed_again(story: Any) -> Any:
    """The same fact in another envelope, under a higher revision."""
    changed = {**vars(story.event), "revision": story.event.revision + 1}
    return sealed(type(story.event)(**changed))
