"""Requests about records: received, marked, answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.credit import store
from services.credit.handlers.deciding import Unknown
from services.credit.handlers.records import saying
from services.credit.handlers.records.deciding import Act, locked
from services.credit.handlers.records.keeping import keep_steps
from services.credit.model.requests import Request
from services.credit.rules.records import requests as rules
from services.events.credit import RequestKind


def receive(
    session: Session,
    act: Act,
    record_id: UUID,
    kind: RequestKind,
    *,
    words: str,
    given: Mapping[str, Any],
) -> Request:
    """收到申请,期限开始. Raises Unknown, NotAllowed."""
    record, _ = locked(session, act.scope, record_id)
    asked = rules.new(uuid4(), record, kind, by=act.by, today=act.today, words=words)
    asked = rules.receive(
        replace(asked, **given),
        record,
        listed=store.is_listed(session, record.enterprise_id),
        today=act.today,
        policy=act.policy,
    )
    return _said(session, asked)


def mark(session: Session, act: Act, request_id: UUID) -> Request:
    """标注异议. Raises Unknown, NotAllowed."""
    asked, record = _both(session, act, request_id)
    marked, step = rules.mark(asked, record, by=act.by, today=act.today)
    keep_steps(session, [step], {record.id: record}, today=act.today, policy=act.policy)
    store.save_requests(session, [marked])
    return marked


def decide(
    session: Session, act: Act, request_id: UUID, *, accepted: bool, answer: str
) -> Request:
    """答复. Raises Unknown, NotAllowed."""
    asked, record = _both(session, act, request_id)
    decided, steps = rules.decide(
        asked, record, accepted=accepted, answer=answer, by=act.by, today=act.today
    )
    keep_steps(session, steps, {record.id: record}, today=act.today, policy=act.policy)
    return _said(session, decided)


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


def _both(session: Session, act: Act, request_id: UUID) -> tuple[Request, Any]:
    """The record first, then the request: everybody takes them in this order."""
    seen = store.request(session, request_id, scope=act.scope)
    if seen is None:
        raise Unknown(request_id)
    record, _ = locked(session, act.scope, seen.record_id)
    asked = store.locked_request(session, request_id)
    if asked is None:
        raise Unknown(request_id)
    return asked, record


def _said(session: Session, asked: Request) -> Request:
    numbered = replace(asked, revision=outbox.revision_after(asked.revision))
    store.save_requests(session, [numbered])
    outbox.announce_all(session, [saying.of_request(numbered)])
    return numbered
