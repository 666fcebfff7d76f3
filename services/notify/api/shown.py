"""How messages and deliveries look in JSON. Every state is also said in words."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.notify.model import Addressee, DeliveryState, Medium, Wants
from services.notify.rules.masking import masked, without_numbers
from services.notify.store import reading
from services.notify.store.messages import NOBODY
from services.notify.store.reading import Page
from services.notify.words import LANGUAGES, Words

if TYPE_CHECKING:
    from enum import Enum

    from sqlalchemy.orm import Session

    from services.notify.store.tables import DeliveryRow, MessageRow


class Shown:
    """How rows look in JSON. Every state is also said in words."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def page(self, session: Session, page: Page) -> dict[str, Any]:
        deliveries = reading.deliveries_of(session, [row.id for row in page.rows])
        return {
            "messages": [
                {**self._head(row), "deliveries": self._deliveries(row, deliveries[row.id])}
                for row in page.rows
            ],
            "next": str(page.next) if page.next else None,
        }

    def whole(self, session: Session, row: MessageRow) -> dict[str, Any]:
        deliveries = reading.deliveries_of(session, [row.id])[row.id]
        return {
            **self._head(row),
            "parameters": json.loads(row.parameters),
            "body": row.body,
            "language": row.language,
            "template_version": row.template_version,
            "written_at": instant(row.written_at),
            "deliveries": self._deliveries(row, deliveries),
        }

    def _head(self, row: MessageRow) -> dict[str, Any]:
        return {
            "id": str(row.id),
            "event": row.event,
            "cause_id": str(row.cause_id),
            "caused_by": str(row.caused_by),
            "caused_at": instant(row.caused_at),
            "stored_at": instant(row.stored_at),
            "addressee": row.addressee,
            "addressee_in_words": self._said(Addressee(row.addressee)),
            "account": row.account,
            "enterprise_id": None if row.enterprise_id == NOBODY else str(row.enterprise_id),
            "division": row.division,
            "template": row.template,
            "subject": row.subject,
            "wants": row.wants,
            "wants_in_words": self._said(Wants(row.wants)) if row.wants else None,
            "no_channel": row.no_channel,
            "urgent": row.urgent,
            "read_at": instant(row.read_at),
            "read_by": row.read_by,
        }

    def _deliveries(self, row: MessageRow, leaving: list[DeliveryRow]) -> list[dict[str, Any]]:
        """The inbox first: there it is as soon as it is written."""
        in_inbox = (
            DeliveryState.DELIVERED if row.written_at else DeliveryState.WAITING_FOR_FACTS
        )
        return [
            {
                **self._stands(Medium.INBOX, in_inbox),
                "delivered_at": instant(row.written_at),
                "sent_to": row.account,
            },
            *(
                {
                    **self._stands(Medium(delivery.medium), DeliveryState(delivery.state)),
                    "attempts": delivery.attempts,
                    "next_try_at": instant(delivery.next_try_at),
                    "delivered_at": instant(delivery.delivered_at),
                    "sent_to": masked(delivery.sent_to) if delivery.sent_to else None,
                    "receipt": _unnumbered(delivery.receipt),
                    "reason": _unnumbered(delivery.reason),
                    "resent_at": instant(delivery.resent_at),
                    "resent_by": delivery.resent_by,
                }
                for delivery in leaving
            ),
        ]

    def _stands(self, medium: Medium, state: DeliveryState) -> dict[str, Any]:
        return {
            "medium": medium.value,
            "medium_in_words": self._said(medium),
            "state": state.value,
            "state_in_words": self._said(state),
        }

    def _said(self, member: Enum) -> dict[str, str]:
        return {language: self.words.of(member, language) for language in LANGUAGES}


def instant(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _unnumbered(said: str | None) -> str | None:
    return without_numbers(said) if said else None
