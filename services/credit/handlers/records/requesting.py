"""Requests about records: received, marked, answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.chassis.policy import Policy
from services.credit import store
from services.credit.handlers.deciding import Unknown, withdraw
from services.credit.handlers.records import saying
from services.credit.handlers.records.deciding import Act, locked
from services.credit.handlers.records.keeping import keep_steps
from services.credit.model import BadInformation, Record
from services.credit.model.requests import Asker, Request
from services.credit.rules.records import requests as rules
from services.credit.rules.records.ending import check_reply
from services.credit.rules.records.showing import is_shown
from services.events.credit import RequestKind


def receive(
    session: Session,
    act: Act,
    subject_id: UUID,
    kind: RequestKind,
    *,
    asker: Asker,
    words: str,
    given: Mapping[str, Any],
) -> Request:
    """收到申请,期限开始. About a record or about bad information. Raises Unknown, NotAllowed."""
    subject = _subject(session, act, subject_id)
    rules.may_ask(kind, asker)
    asked = rules.new(uuid4(), subject, kind, by=act.by, today=act.today, words=words)
    asked = replace(asked, **given)
    if isinstance(subject, BadInformation):
        shown = is_shown(subject, today=act.today, policy=act.policy)
        asked = rules.receive_about_bad_information(
            asked, shown=shown, today=act.today, policy=act.policy
        )
    else:
        listed = store.is_listed(session, subject.enterprise_id)
        asked = rules.receive(asked, subject, listed=listed, today=act.today, policy=act.policy)
    return _said(session, asked)


def mark(session: Session, act: Act, request_id: UUID) -> Request:
    """标注异议. Raises Unknown, NotAllowed."""
    asked, subject = _both(session, act, request_id)
    if isinstance(subject, BadInformation):
        marked = rules.marked(asked, today=act.today)
    else:
        marked, step = rules.mark(asked, subject, by=act.by, today=act.today)
        keep_steps(session, [step], {subject.id: subject}, today=act.today, policy=act.policy)
    store.save_requests(session, [marked])
    return marked


def decide(
    session: Session, act: Act, request_id: UUID, *, accepted: bool, answer: str
) -> Request:
    """答复. Raises Unknown, NotAllowed."""
    asked, subject = _both(session, act, request_id)
    if isinstance(subject, BadInformation):
        decided = rules.answered(
            asked, accepted=accepted, answer=answer, by=act.by, today=act.today
        )
        if accepted and asked.kind is RequestKind.OBJECTION:
            withdraw(
                session,
                subject.id,
                scope=act.scope,
                by=act.by,
                because=answer,
                today=act.today,
                policy=act.policy,
            )
        return _said(session, decided)
    decided, steps = rules.decide(
        asked, subject, accepted=accepted, answer=answer, by=act.by, today=act.today
    )
    keep_steps(session, steps, {subject.id: subject}, today=act.today, policy=act.policy)
    return _said(session, decided)


def reply_to_entry(session: Session, act: Act, entry_id: UUID, *, words: str) -> None:
    """企业在不良信息旁的回应. Raises Unknown, NotAllowed."""
    found = store.find(session, entry_id, scope=act.scope)
    if found is None:
        raise Unknown(entry_id)
    own = store.own_names(session, [found.entry.enterprise_id])[found.entry.enterprise_id]
    rules.entry_can_be_answered(shown=is_shown(found.entry, today=act.today, policy=act.policy))
    check_reply(words, own=own, today=act.today, policy=act.policy)
    store.save_reply(session, entry_id, words, on=act.today, by=act.by)


def keep_recounted(session: Session, found: Sequence[Request], *, policy: Policy) -> int:
    """The terms of these as they are known now; said again where the last day moves."""
    moved = 0
    for asked in found:
        after = rules.recounted(asked, policy=policy)
        if after is None:
            continue
        if after.due_on == asked.due_on:
            store.save_requests(session, [after])
        else:
            _said(session, after)
            moved += 1
    return moved


def note_overrun(session: Session, asked: Request, *, today: date) -> Request:
    """Say once of each term that it has passed, and when to look again."""
    passed = rules.request_overrun(asked, today=today)
    after = replace(
        asked,
        revision=outbox.revision_after(asked.revision),
        overrun=(*asked.overrun, *(term.value for term in passed)),
    )
    after = replace(after, next_step_on=rules.looked_at_again(after))
    sayings = [
        saying.of_overrun(after, term, rules.last_day(after, term), after.revision)
        for term in passed
    ]
    outbox.announce_all(session, sayings)
    return after


def _both(
    session: Session, act: Act, request_id: UUID
) -> tuple[Request, Record | BadInformation]:
    """What it is about first, then the request: everybody takes them in this order."""
    seen = store.request(session, request_id, scope=act.scope)
    if seen is None:
        raise Unknown(request_id)
    subject = _subject(session, act, seen.record_id)
    asked = store.locked_request(session, request_id)
    if asked is None:
        raise Unknown(request_id)
    return asked, subject


def _subject(session: Session, act: Act, subject_id: UUID) -> Record | BadInformation:
    found = store.find(session, subject_id, scope=act.scope)
    if found is not None:
        return found.entry
    record, _ = locked(session, act.scope, subject_id)
    return record


def _said(session: Session, asked: Request) -> Request:
    numbered = replace(asked, revision=outbox.revision_after(asked.revision))
    store.save_requests(session, [numbered])
    outbox.announce_all(session, [saying.of_request(numbered)])
    return numbered
