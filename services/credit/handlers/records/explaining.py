"""为什么 — why a record or a request stands as it does: grounds, terms, every step."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.chassis.scope import Scope
from services.credit import store
from services.credit.handlers.deciding import Unknown
from services.credit.handlers.records.wording import (
    ENDINGS,
    REQUEST_STATES,
    REQUESTS,
    STATES,
    step_in_words,
)
from services.credit.handlers.wording import NAMES
from services.credit.model import Record, RecordState
from services.credit.model.requests import Request
from services.credit.rules import RECORD_RULES
from services.credit.rules.records.days import terms_of
from services.credit.rules.records.grounds import WORDS, missing


def explain_record(
    session: Session, record_id: UUID, *, scope: Scope, today: date, policy: Policy
) -> dict[str, Any]:
    """The explanation of one record. Raises Unknown."""
    record = store.records(session, [record_id]).get(record_id)
    if record is None or not scope.covers(record.division):
        raise Unknown(record_id)
    [names] = store.own_names(session, [record.enterprise_id]).values()
    return {
        "record_id": record.id,
        "enterprise_id": record.enterprise_id,
        "enterprise": names[0],
        "kind": record.kind.value,
        "kind_label": NAMES[record.kind],
        "state": record.state.value,
        "state_label": _state_label(record),
        "grounds": [
            {
                "kind": ground.kind.value,
                "words": f"{ground.on} {WORDS[ground.kind]}: {ground.words}",
                "document_number": ground.document_number,
                "authority": ground.authority,
                "by": ground.by,
                "evidence_sha256": ground.evidence_sha256,
            }
            for ground in sorted(record.grounds.values(), key=lambda each: each.on)
        ],
        "missing": _missing(record, today=today, policy=policy),
        "period": _period(record, policy),
        "terms": {
            term.value: last_day for term, last_day in terms_of(record, policy=policy).items()
        },
        "blocked_fields": list(record.blocked_fields),
        "steps": [_step(row, policy) for row in store.logged_steps(session, record.id)],
        "requests": [
            _request(asked, policy) for asked in store.requests_about(session, record.id)
        ],
    }


def explain_request(
    session: Session, request_id: UUID, *, scope: Scope, policy: Policy
) -> dict[str, Any]:
    """The explanation of one request. Raises Unknown."""
    asked = store.request(session, request_id, scope=scope)
    if asked is None:
        raise Unknown(request_id)
    return _request(asked, policy)


def _state_label(record: Record) -> str:
    if record.state is RecordState.ENDED and record.ending is not None:
        return f"{STATES[record.state]}({ENDINGS[record.ending]})"
    return STATES[record.state]


def _missing(record: Record, *, today: date, policy: Policy) -> list[str]:
    if record.state in {RecordState.LEAD, RecordState.DRAFTED}:
        return missing(record, today=today, policy=policy)
    return []


def _period(record: Record, policy: Policy) -> dict[str, Any] | None:
    if record.published_on is None:
        return None
    names = ("publication_periods", "period_counted_from")
    until = record.periods.until
    return {
        "published_on": record.published_on,
        "from_decision": record.periods.from_decision,
        "from_publication": record.periods.from_publication,
        "counted_from": record.periods.counted_from.value,
        "public_until": until,
        "repairable_from": record.repairable_from,
        "corrected_on": record.corrected_on,
        "duties_done_on": record.duties_done_on,
        "words": f"{record.published_on}公示,"
        + (f"至{until}届满。" if until else "公示至解除或撤回。"),
        "numbers": [policy.explain(name, on=record.published_on) for name in names],
    }


def _step(row: dict[str, Any], policy: Policy) -> dict[str, Any]:
    rule = RECORD_RULES[row["rule"]]
    on = row["taken_on"]
    return {
        "number": row["number"],
        "what": row["what"],
        "on": on,
        "by": row["taken_by"],
        "caused_by": row["caused_by"],
        "words": step_in_words(row["what"], on, row["taken_by"], row["particulars"]),
        "rule": {"name": rule.name, "words": rule.words},
        "numbers": [policy.explain(name, on=on) for name in rule.rests_on],
        "policy_version": row["policy_version"],
        "policy_unchanged": row["policy_version"] == policy.version(on=on),
    }


def _request(asked: Request, policy: Policy) -> dict[str, Any]:
    doubt = "当年节假日安排尚未公布,该日期为暂定。" if asked.provisional else ""
    answered = f"{asked.decided_on}答复: {asked.answer}" if asked.answer else "尚未答复"
    return {
        "request_id": asked.id,
        "record_id": asked.record_id,
        "kind": asked.kind.value,
        "state": asked.state.value,
        "state_label": REQUEST_STATES[asked.state],
        "received_on": asked.received_on,
        "mark_by": asked.mark_by,
        "marked_on": asked.marked_on,
        "due_on": asked.due_on,
        "overrun": list(asked.overrun),
        "words": f"{asked.received_on}收到{REQUESTS[asked.kind]},应于{asked.due_on}前答复;"
        f"{answered}。{doubt}",
        "numbers": [policy.explain("request_terms", on=asked.received_on)],
    }
