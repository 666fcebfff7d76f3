"""What the notify service does when something happens: load, decide, save."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.envelope import Envelope
from services.events.credit import (
    BadInformationCorrected,
    BadInformationDrafted,
    BadInformationPublished,
    BadInformationWithdrawn,
    EnterpriseBlacklisted,
    EscalationLifted,
    EscalationProposed,
    SafetyAlertRaised,
)
from services.events.inspection import WarningCleared, WarningTurnedRed
from services.events.registry import ContactRecorded, EnterpriseRecorded
from services.notify import rules
from services.notify.model import Facts, Message, Occasion, Progress, Text
from services.notify.practice import Practice
from services.notify.store import deliveries, facts, messages
from services.notify.store.messages import Entry, Wanting

OfWarning = WarningTurnedRed | WarningCleared
OfBadInformation = (
    BadInformationDrafted
    | BadInformationPublished
    | BadInformationCorrected
    | BadInformationWithdrawn
    | EnterpriseBlacklisted
    | SafetyAlertRaised
    | EscalationProposed
    | EscalationLifted
)
Tells = TypeVar("Tells", bound=OfWarning | OfBadInformation)

AT_ONCE = 500


def tell(session: Session, heard: Sequence[Envelope[Tells]], practice: Practice) -> None:
    """发生了什么,就告知该告知的人,每人每事一条."""
    known = facts.known(session, {received.event.enterprise_id for received in heard})
    entries = [
        entry
        for received in heard
        for entry in _entries(received, known[received.event.enterprise_id], practice)
    ]
    messages.add(session, entries, now=clock.now())


def keep_enterprises(
    session: Session, heard: Sequence[Envelope[EnterpriseRecorded]], practice: Practice
) -> None:
    """企业档案已到: what waited for it goes on."""
    changed = facts.keep_enterprises(session, [received.event for received in heard])
    resume(session, practice, changed)


def keep_contacts(
    session: Session, heard: Sequence[Envelope[ContactRecorded]], practice: Practice
) -> None:
    """联系方式已到: what waited for it goes on."""
    changed = facts.keep_contacts(session, [received.event for received in heard])
    resume(session, practice, changed)


def resume(
    session: Session, practice: Practice, enterprise_ids: Collection[UUID] | None = None
) -> int:
    """Let messages go on as far as the facts now allow. Returns how many were looked at.

    Without ids: those whose facts came while the message itself was being stored.
    """
    limit = AT_ONCE if enterprise_ids is None else None
    waiting = messages.wanting(session, enterprise_ids, limit=limit)
    known = facts.known(session, {each.enterprise_id for each in waiting})
    resumed = [_resumed(each, known[each.enterprise_id], practice) for each in waiting]
    messages.go_on(session, resumed, now=clock.now())
    return len(waiting)


def catch_up(database: Database, practice: Practice) -> None:
    """补办: facts that came just then; 没有邮箱的企业,邮件逾时作罢,站内通知早已送达."""
    looked_at = AT_ONCE
    while looked_at == AT_ONCE:
        with database.transaction() as session:
            looked_at = resume(session, practice)
    patience = practice.patience(clock.today())
    with database.transaction() as session:
        deliveries.give_up_without_address(
            session, stored_before=clock.now() - patience.give_up_after
        )


def retry(session: Session, message_id: UUID) -> int:
    """重新发送: deliveries that failed or were given up are due at once. Returns how many."""
    return deliveries.make_due(session, message_id, now=clock.now())


def _entries(received: Envelope[Tells], known: Facts, practice: Practice) -> list[Entry]:
    """One for each who is told of it."""
    occasion, day = _occasion(received), _day(received.happened_at)
    values: Mapping[str, str] | None = None
    entries = []
    for told in practice.told_of(type(received.event), day):
        message = Message(
            id=rules.message_id(occasion.cause_id, told, occasion.parameters),
            occasion=occasion,
            told=told,
        )
        account = rules.account_of(
            told,
            enterprise_id=occasion.enterprise_id,
            division=occasion.division,
            centre=practice.installation.bureau,
        )
        progress = rules.progress(told.addressee, account, told.ways, known)
        text = None
        if progress.can_be_read:
            values = values or _values(told.template, occasion.parameters, day, known, practice)
            text = _text(told.template, message.id, values, practice)
        entries.append(Entry(message=message, progress=progress, text=text))
    return entries


def _occasion(received: Envelope[Tells]) -> Occasion:
    event = received.event
    parameters = event.to_wire()
    return Occasion(
        cause_id=event.warning_id if isinstance(event, OfWarning) else event.bad_information_id,
        caused_by=received.id,
        caused_at=received.happened_at,
        event=event.full_name,
        enterprise_id=event.enterprise_id,
        division=event.division,
        parameters=parameters,
        wire=json.dumps(parameters, ensure_ascii=False, separators=(",", ":")),
    )


def _resumed(
    waiting: Wanting, known: Facts, practice: Practice
) -> tuple[Wanting, Progress, Text | None]:
    progress = rules.progress(waiting.addressee, waiting.account, waiting.ways, known)
    if waiting.is_written or not progress.can_be_read:
        return waiting, progress, None
    day = _day(waiting.caused_at)
    values = _values(waiting.template, waiting.parameters, day, known, practice)
    return waiting, progress, _text(waiting.template, waiting.id, values, practice)


def _values(
    template: str, parameters: Mapping[str, Any], day: date, known: Facts, practice: Practice
) -> Mapping[str, str]:
    if known.enterprise is None:
        raise ValueError(f"{template} cannot be written: the enterprise is not known")
    return practice.wording.values(
        template,
        practice.installation.language,
        parameters=parameters,
        enterprise=known.enterprise,
        house=practice.house(day),
        happened_on=day,
    )


def _text(
    template: str, message_id: UUID, values: Mapping[str, str], practice: Practice
) -> Text:
    """The words, as soon as the message can be read anywhere; then they are frozen."""
    language = practice.installation.language
    return practice.wording.write(template, language, values, reference=str(message_id))


def _day(instant: datetime) -> date:
    """The day in Beijing: what was in force then applies."""
    return instant.astimezone(clock.BEIJING).date()
