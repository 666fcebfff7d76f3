"""The tests of the ways out of the house: providers, and services that owe texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from services.notify import handlers
from services.notify.model import Medium
from services.notify.service import NotifyService
from tests.services.notify_http_servers import (
    Answer,
)
from tests.services.notify_stories import (
    enterprise,
    firm,
    red,
    tell,
)

OK = Answer(body='{"code": "0", "id": "4711"}')


NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


MOBILE = "13800001234"


Open = Callable[..., NotifyService]


def provider(name: str, url: str, **changes: Any) -> dict[str, Any]:
    facts = {
        "name": name,
        "url": f"{url}/send",
        "headers": {"X-Token": "${token}"},
        "body": '{"to": "${address}", "text": "${subject}", "ref": "${reference}"}',
        "success": '"code": "0"',
        "refused": '"code": "42"',
        "secrets": {"token": "s3cret"},
    }
    return facts | changes


def owes_texts(service: NotifyService, number: int = 1) -> None:
    """So many enterprises with a mobile number are to get a text."""
    numbers = range(1, number + 1)
    with service.database.transaction() as session:
        for each in numbers:
            handlers.note_address(
                session,
                f"enterprise:{firm(each)}",
                Medium.SMS,
                MOBILE,
                division="610302",
                by="li.na",
                seals=service.seals,
            )
    tell(service, [enterprise(each) for each in numbers])
    tell(service, [red(each) for each in numbers])
