"""What credit publishing does when it hears of orders, refusals and cases.

Facts are kept first; what they call for follows from all that is known of the same case,
order or refusal, so that any order and any repetition ends in the same record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.envelope import Envelope
from services.chassis.policy import Policy
from services.credit import store
from services.credit.handlers.records.keeping import keep_steps
from services.credit.model import Heard, OriginFacts, Record, RecordStep, record_id_of
from services.credit.rules.records.enforcement import (
    Standing,
    settle_case,
    settle_order,
    settle_refusal,
)
from services.credit.rules.records.showing import bureau_of

Settle = Callable[[OriginFacts, Record | None, Standing], list[RecordStep]]


def note_cases(
    session: Session, heard: Sequence[Envelope[Any]], *, today: date, policy: Policy
) -> None:
    """案件的决定、变更和结案."""
    _note(session, heard, "case_id", settle_case, today=today, policy=policy)


def note_orders(
    session: Session, heard: Sequence[Envelope[Any]], *, today: date, policy: Policy
) -> None:
    """责令整改的逾期和办结."""
    _note(session, heard, "order_id", settle_order, today=today, policy=policy)


def note_refusals(
    session: Session, heard: Sequence[Envelope[Any]], *, today: date, policy: Policy
) -> None:
    """拒绝整改、严重违法的记录及其撤回."""
    _note(session, heard, "refusal_id", settle_refusal, today=today, policy=policy)


def _note(
    session: Session,
    heard: Sequence[Envelope[Any]],
    named_by: str,
    settle: Settle,
    *,
    today: date,
    policy: Policy,
) -> None:
    facts = store.note_origins(session, _newest(heard, named_by))
    if not facts:
        return
    known = store.locked_records(session, [record_id_of(each.origin_id) for each in facts])
    own = store.own_names(session, [record.enterprise_id for record in known.values()])
    steps: list[RecordStep] = []
    for each in facts:
        record = known.get(record_id_of(each.origin_id))
        standing = _standing(each, record, own, today=today, policy=policy)
        steps += settle(each, record, standing)
    keep_steps(session, steps, known, today=today, policy=policy)


def _newest(heard: Iterable[Envelope[Any]], named_by: str) -> dict[UUID, Heard]:
    """Of several messages of one event about one origin, the highest revision."""
    newest: dict[UUID, Heard] = {}
    for envelope in heard:
        origin_id = getattr(envelope.event, named_by)
        known = newest.get(origin_id)
        if known is None or envelope.event.revision > known.revision:
            newest[origin_id] = Heard(envelope.event.revision, envelope.id, envelope.event)
    return newest


def _standing(
    known: OriginFacts,
    record: Record | None,
    own: Mapping[UUID, Sequence[str | None]],
    *,
    today: date,
    policy: Policy,
) -> Standing:
    some: Any = next(iter(known.facts.values())).event
    return Standing(
        own=own[record.enterprise_id] if record else (),
        authority=bureau_of(some.division, on=today, policy=policy),
        today=today,
        policy=policy,
    )
