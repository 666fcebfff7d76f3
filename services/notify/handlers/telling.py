"""Telling: what was heard becomes messages, and they go on as far as the facts allow."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from services.chassis import clock, sweeping
from services.chassis.database import Database
from services.chassis.envelope import Envelope
from services.events.contract import Event
from services.events.registry import ContactRecorded, EnterpriseRecorded
from services.notify import rules
from services.notify.model import Facts, Medium, Message, Occasion, Progress, Text, Told
from services.notify.practice import Practice
from services.notify.rules.nights import may_leave_at
from services.notify.rules.refusal import NotAllowed
from services.notify.store import addresses, deliveries, facts, messages
from services.notify.store.messages import NOBODY, Entry, LeavesAt, Wanting
from services.notify.wording import Subject, cause_field

AT_ONCE = 500
UNNAMED = "unnamed"  # what the internal API calls a caller that gives no name
REGISTERED = frozenset({Medium.EMAIL, Medium.SMS, Medium.WEBHOOK})  # in the address book


def tell(session: Session, heard: Sequence[Envelope[Any]], practice: Practice) -> None:
    """发生了什么,就告知该告知的人,每人每事一条."""
    occasions = [(type(received.event), _occasion(received)) for received in heard]
    tell_of(session, occasions, practice)


def tell_of(
    session: Session, occasions: Sequence[tuple[Subject, Occasion]], practice: Practice
) -> None:
    """告知一批事项. Also what this service itself has to say, which nobody else announced."""
    known = facts.known(session, {o.enterprise_id for _, o in occasions if o.enterprise_id})
    named = [
        (event, occasion, known.get(occasion.enterprise_id or NOBODY, Facts()))
        for event, occasion in occasions
    ]
    reach = _reach(session, practice, named)
    entries = [
        entry
        for event, occasion, about in named
        for entry in _entries(event, occasion, replace(about, reach=reach), practice)
    ]
    now = clock.now()
    messages.add(session, entries, now=now, leaves_at=leaving(practice, now))


def leaving(practice: Practice, now: datetime) -> LeavesAt:
    """When something by a medium may leave: at once, or in the morning."""
    quiet = practice.quiet(_day(now))
    return lambda medium, urgent: may_leave_at(now, medium, urgent=urgent, quiet=quiet)


def keep_enterprises(
    session: Session, heard: Sequence[Envelope[EnterpriseRecorded]], practice: Practice
) -> None:
    """企业档案已到: what waited for it goes on."""
    changed = facts.keep_enterprises(session, [received.event for received in heard])
    resume(session, practice, messages.about(session, changed))


def keep_contacts(
    session: Session, heard: Sequence[Envelope[ContactRecorded]], practice: Practice
) -> None:
    """联系方式已到: what waited for it goes on."""
    changed = facts.keep_contacts(session, [received.event for received in heard])
    resume(session, practice, messages.about(session, changed))


def resume(session: Session, practice: Practice, which: ColumnElement[bool]) -> None:
    """Let messages go on as far as the facts now allow."""
    waiting = messages.wanting(session, which)
    known = facts.known(session, {each.enterprise_id for each in waiting})
    accounts = {
        contact.officer
        for about in known.values()
        if (contact := about.contact) is not None and contact.officer is not None
    } | {each.account for each in waiting if each.account is not None}
    reach = addresses.reach(session, accounts) | practice.installation.robots
    resumed = [
        _resumed(each, replace(known[each.enterprise_id], reach=reach), practice)
        for each in waiting
    ]
    now = clock.now()
    messages.go_on(session, resumed, now=now, leaves_at=leaving(practice, now))


def catch_up(database: Database, practice: Practice) -> None:
    """补办: facts that came just then; 没有邮箱的企业,邮件逾时作罢,站内通知早已送达."""

    def due(session: Session, _after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return messages.whose_facts_came(session, limit=AT_ONCE, without=without)

    def resumed(session: Session, some: Sequence[UUID]) -> None:
        resume(session, practice, messages.among(some))

    sweeping.by_id("facts_that_came", due, resumed).run(database)
    patience = practice.patience(clock.today())
    with database.transaction() as session:
        deliveries.give_up_without_address(
            session, stored_before=clock.now() - patience.give_up_after
        )


def retry(session: Session, message_id: UUID, *, by: str) -> int:
    """重新发送: deliveries that failed or were given up are due at once. Returns how many.

    Raises NotAllowed: whoever sends again is named, and nothing is sent that is on its way.
    """
    if by == UNNAMED:
        raise NotAllowed("name_missing", "重新发送须写明经办人;请以本人账号办理")
    return deliveries.make_due(session, message_id, by=by, now=clock.now())


def _entries(
    event: Subject, occasion: Occasion, known: Facts, practice: Practice
) -> list[Entry]:
    """One for each who is told of it."""
    day = _day(occasion.caused_at)
    values: Mapping[str, str] | None = None
    entries = []
    for told in practice.told_of(event, day):
        if told.account_from is not None and occasion.parameters[told.account_from] is None:
            continue  # the event names nobody there
        message = Message(
            id=rules.message_id(occasion.cause_id, told, occasion.parameters),
            occasion=occasion,
            told=told,
            former_id=rules.former_id(occasion.cause_id, told, occasion.parameters),
        )
        progress = rules.progress(
            told.addressee,
            _account(told, occasion, practice),
            told.ways,
            known,
            about_enterprise=occasion.enterprise_id is not None,
        )
        text = None
        if progress.can_be_read:
            values = values or _values(told.template, occasion.parameters, day, known, practice)
            text = _text(told.template, message.id, values, practice)
        entries.append(Entry(message=message, progress=progress, text=text))
    return entries


def _reach(
    session: Session,
    practice: Practice,
    named: Sequence[tuple[Subject, Occasion, Facts]],
) -> frozenset[tuple[str, Medium]]:
    """Who of them can be reached by what; asked only if something could leave that way."""
    accounts = set()
    for event, occasion, known in named:
        officer = known.contact.officer if known.contact else None
        for told in practice.told_of(event, _day(occasion.caused_at)):
            if REGISTERED & set(told.ways):
                accounts.add(_account(told, occasion, practice) or officer)
    asked = {account for account in accounts if account is not None}
    return addresses.reach(session, asked) | practice.installation.robots


def _account(told: Told, occasion: Occasion, practice: Practice) -> str | None:
    return rules.account_of(
        told,
        enterprise_id=occasion.enterprise_id,
        division=occasion.division,
        centre=practice.installation.bureau,
        parameters=occasion.parameters,
    )


def _occasion(received: Envelope[Any]) -> Occasion:
    event: Event = received.event
    parameters = event.to_wire()
    return Occasion(
        cause_id=getattr(event, cause_field(type(event))),
        caused_by=received.id,
        caused_at=received.happened_at,
        event=event.full_name,
        enterprise_id=getattr(event, "enterprise_id", None),
        division=parameters["division"],
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
    return practice.wording.write(
        template,
        language,
        values,
        reference=str(message_id),
        trial=practice.installation.trial,
    )


def _day(instant: datetime) -> date:
    """The day in Beijing: what was in force then applies."""
    return instant.astimezone(clock.BEIJING).date()
