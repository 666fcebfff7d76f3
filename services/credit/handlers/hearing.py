"""What credit publishing does when it hears something.

The day of a publication is the bureau's own day on which it is made, also when the warning
turned red long before: publication is an act of today, and the enterprise's term runs from
the day on which it could read it. Drills fix the whole process's day (BIANQUE_TODAY).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.envelope import Envelope
from services.chassis.policy import Policy
from services.credit import store
from services.credit.handlers.settling import settle
from services.credit.model import Cleared, Red
from services.events.inspection import WarningCleared, WarningTurnedRed
from services.events.registry import EnterpriseRecorded

F = TypeVar("F", Red, Cleared)


def note_red_warnings(
    session: Session,
    heard: Sequence[Envelope[WarningTurnedRed]],
    *,
    today: date,
    policy: Policy,
) -> None:
    """凡信息平台显示的红色预警的信息,均升级为不良信息: published or drafted, by the policy."""
    reds = _newest((envelope.event.warning_id, _red(envelope)) for envelope in heard)
    settle(session, store.note_reds(session, reds), today=today, policy=policy)


def note_cleared_warnings(
    session: Session, heard: Sequence[Envelope[WarningCleared]], *, today: date, policy: Policy
) -> None:
    """红色预警消除的,记录改正或撤销. One that arrives before its red waits for it."""
    cleared = _newest((envelope.event.warning_id, _cleared(envelope)) for envelope in heard)
    settle(session, store.note_cleared(session, cleared), today=today, policy=policy)


def note_enterprises(session: Session, heard: Sequence[Envelope[EnterpriseRecorded]]) -> None:
    """Keep the names to show beside the entries."""
    store.note_enterprises(session, [envelope.event for envelope in heard])


def _newest(heard: Iterable[tuple[UUID, F]]) -> dict[UUID, F]:
    """Of several messages about one warning, the highest revision."""
    newest: dict[UUID, F] = {}
    for warning_id, fact in heard:
        known = newest.get(warning_id)
        if known is None or fact.revision > known.revision:
            newest[warning_id] = fact
    return newest


def _red(envelope: Envelope[WarningTurnedRed]) -> Red:
    warning = envelope.event
    return Red(
        revision=warning.revision,
        message_id=envelope.id,
        enterprise_id=warning.enterprise_id,
        division=warning.division,
        object_id=warning.object_id,
        object_kind=warning.object_kind,
        object_label=warning.object_label,
        duty=warning.duty,
        was_due_on=warning.was_due_on,
        turned_red_on=warning.turned_red_on,
        endangers_safety=warning.endangers_safety,
    )


def _cleared(envelope: Envelope[WarningCleared]) -> Cleared:
    warning = envelope.event
    return Cleared(
        revision=warning.revision,
        message_id=envelope.id,
        cleared_on=warning.cleared_on,
        cleared_by=warning.cleared_by,
    )
