"""What is announced of a step of a record, of a request, of a grade."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.chassis.outbox import Saying
from services.credit.model import (
    BadInformation,
    GroundKind,
    Record,
    RecordState,
    RecordStep,
    What,
)
from services.credit.model.grades import EnterpriseGrade
from services.credit.model.requests import Request, RequestState
from services.events.contract import Event
from services.events.credit import (
    Ending,
    GradeChanged,
    NoticeServed,
    PublicationBlocked,
    RecordDrafted,
    RecordEnded,
    RecordKind,
    RecordPublished,
    RequestDecided,
    RequestReceived,
    Term,
    TermOverrun,
)

PUBLIC_SAYS_AGAIN = frozenset(
    {What.PUBLISH, What.RESUME, What.OBJECT, What.SETTLE, What.REWRITE}
)
# a record that is blocked while it is public is not public any more
ENDS = frozenset({What.SUSPEND, What.END, What.BLOCK})


def of_step(step: RecordStep) -> list[Saying]:
    """The announcements of a step; none where nobody need hear it."""
    about = f"enterprise/{step.record.enterprise_id}"
    return [Saying(event, about, step.caused_by) for event in _events(step)]


def of_request(request: Request) -> Saying:
    """That a request was received, or answered."""
    about = f"enterprise/{request.enterprise_id}"
    if request.state is RequestState.RECEIVED:
        return Saying(_received(request), about)
    return Saying(_decided(request), about)


def of_overrun(record: Record | Request, term: Term, due_on: date, revision: int) -> Saying:
    """That the bureau let a term pass."""
    request = record if isinstance(record, Request) else None
    event = TermOverrun(
        record_id=request.record_id if request else record.id,
        revision=revision,
        enterprise_id=record.enterprise_id,
        division=record.division,
        request_id=request.id if request else None,
        term=term,
        due_on=due_on,
    )
    return Saying(event, f"enterprise/{record.enterprise_id}")


def _events(step: RecordStep) -> Iterator[Event]:
    record = step.record
    if record.is_public and step.what in PUBLIC_SAYS_AGAIN:
        yield _published(record)
    if step.what is What.ENTER:
        yield _drafted(record, step.on)
    if step.what is What.FILE and step.particulars.get("kind") == GroundKind.NOTICE:
        yield _noticed(record)
    if step.what is What.BLOCK:
        yield _blocked(record, step.on)
    if step.what in ENDS and record.published_on is not None:
        yield _ended(record, step.on)


def _about(record: Record) -> dict[str, Any]:
    return {
        "record_id": record.id,
        "revision": record.revision,
        "enterprise_id": record.enterprise_id,
        "division": record.division,
        "kind": record.kind,
    }


def _drafted(record: Record, on: date) -> RecordDrafted:
    return RecordDrafted(
        **_about(record),
        source=record.source,
        lead=record.state is RecordState.LEAD,
        drafted_on=on,
    )


def _noticed(record: Record) -> NoticeServed:
    served_on = record.grounds[GroundKind.NOTICE].on
    return NoticeServed(
        **_about(record),
        served_on=served_on,
        statement_until=record.statement_until or served_on,
    )


def _blocked(record: Record, on: date) -> PublicationBlocked:
    return PublicationBlocked(**_about(record), fields=record.blocked_fields, blocked_on=on)


def _published(record: Record) -> RecordPublished:
    if record.published_on is None:
        raise ValueError(f"record {record.id} is public without a day of publication")
    said = record.content
    return RecordPublished(
        **_about(record),
        record_class=record.record_class,
        severity=said.severity,
        source=record.source,
        content=said.content,
        basis=said.basis,
        document_number=said.document_number,
        authority=said.authority,
        decided_on=said.decided_on,
        published_on=record.published_on,
        public_until=record.periods.until,
        counted_from=record.periods.counted_from,
        under_objection=record.under_objection,
        supersedes=record.supersedes,
        evidence_sha256=said.evidence_sha256,
    )


def _ended(record: Record, on: date) -> RecordEnded:
    ending = record.ending or Ending.SUSPENDED
    return RecordEnded(**_about(record), ended_on=on, ending=ending)


def _received(request: Request) -> RequestReceived:
    return RequestReceived(
        **_asked(request), received_on=request.received_on, due_on=request.due_on
    )


def _decided(request: Request) -> RequestDecided:
    if request.decided_on is None:
        raise ValueError(f"request {request.id} is decided without a day")
    return RequestDecided(
        **_asked(request),
        accepted=request.state is RequestState.ACCEPTED,
        decided_on=request.decided_on,
    )


def _asked(request: Request) -> dict[str, Any]:
    return {
        "request_id": request.id,
        "revision": request.revision,
        "record_id": request.record_id,
        "enterprise_id": request.enterprise_id,
        "division": request.division,
        "kind": request.kind,
    }


def of_expiry(entry: BadInformation, revision: int, *, on: date) -> Saying:
    """That corrected bad information is no longer public."""
    event = RecordEnded(
        record_id=entry.id,
        revision=revision,
        enterprise_id=entry.enterprise_id,
        division=entry.division,
        kind=RecordKind.BAD_INFORMATION,
        ended_on=on,
        ending=Ending.EXPIRED,
    )
    return Saying(event, f"enterprise/{entry.enterprise_id}")


def of_grade(grade: EnterpriseGrade) -> Saying:
    """That a grade changed."""
    event = GradeChanged(
        enterprise_id=grade.enterprise_id,
        revision=grade.revision,
        division=grade.division,
        grade=grade.grade,
        points=grade.points,
        graded_on=grade.graded_on,
    )
    return Saying(event, f"enterprise/{grade.enterprise_id}")
