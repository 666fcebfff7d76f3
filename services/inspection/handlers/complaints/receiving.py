"""收件 — a complaint or a lead comes in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis.sealing import Seals
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.bureaus import bureaus
from services.inspection.handlers.complaints import receipts, revealing
from services.inspection.handlers.complaints.keeping import filed
from services.inspection.model.complaints import (
    Channel,
    Complaint,
    ComplaintKind,
    ComplaintState,
)
from services.inspection.rules.complaints import intake
from services.inspection.rules.complaints.intake import Person
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import complaints, enterprises, numbering, subjects
from services.inspection.store.complaints import Sender


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What somebody sent. *object_id*, *enterprise_id*: else *target* and *division* say it."""

    kind: ComplaintKind
    channel: Channel
    words: str
    target: str | None = None
    division: str | None = None
    enterprise_id: UUID | None = None
    object_id: UUID | None = None
    wanted: str | None = None
    source: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """Whom or what it is about, and whose bureau deals with it."""

    division: str
    name: str
    enterprise_id: UUID | None = None
    object_id: UUID | None = None


def receive(
    session: Session, sent: Sent, person: Person, *, acting: Acting, seals: Seals
) -> Complaint:
    """Take one in; the number is taken last. Raises Unknown, NotAllowed."""
    kind = intake.kind_of(sent.channel, sent.kind)
    intake.may_be_received(kind, person)
    _few_enough(sent.evidence, acting)
    about = target_of(session, sent, acting)
    complaint_id, year = uuid4(), acting.today.year
    serial = numbering.take(session, bureau=about.division, kind="complaint", year=year)
    complaint = Complaint(
        complaint_id=complaint_id,
        number=intake.number_of(about.division, year, serial),
        kind=kind,
        channel=sent.channel,
        division=about.division,
        received_on=acting.today,
        clock_since=acting.today,
        state=ComplaintState.RECEIVED,
        target=about.name,
        words=sent.words,
        anonymous=person.anonymous,
        wanted=sent.wanted,
        source=sent.source,
        enterprise_id=about.enterprise_id,
        object_id=about.object_id,
        evidence=sent.evidence,
    )
    taken = intake.receive(complaint, today=acting.today, policy=acting.policy)
    received = filed(session, None, taken, acting)
    complaints.add(session, received, _sender(received, person, seals))
    return received


def target_of(session: Session, sent: Sent, acting: Acting) -> Target:
    """What is known of it decides; else the words, and the district that was named.

    Raises Unknown, NotAllowed.
    """
    if sent.object_id is not None:
        return _object(session, sent.object_id, acting)
    if sent.enterprise_id is not None:
        return enterprise(session, sent.enterprise_id, acting)
    if not sent.target:
        raise NotAllowed(
            "target_missing", "没有说明投诉举报的是谁。", "请填写单位名称或者设备编号。"
        )
    known = bureaus(acting.policy, on=acting.today)
    for division in intake.dealt_with_by(sent.division):
        if division in known and acting.scope.covers(division):
            return Target(division, sent.target)
    raise NotAllowed(
        "division_unknown", "没有说明在哪个县区, 或者不在管辖范围内。", "请选择县区。"
    )


def enterprise(session: Session, enterprise_id: UUID, acting: Acting) -> Target:
    """An enterprise within the scope. Raises Unknown."""
    found = enterprises.find(session, enterprise_id)
    if found is None or not acting.scope.covers(found.division):
        raise Unknown(
            "no_such_enterprise", f"没有编号为 {enterprise_id} 的企业, 或不在管辖范围内"
        )
    return Target(found.division, found.name, enterprise_id)


def _object(session: Session, object_id: UUID, acting: Acting) -> Target:
    """An object stands where it stands: its division is not always that of its enterprise."""
    subject = subjects.get(session, [object_id]).get(object_id)
    if subject is None or not acting.scope.covers(subject.facts.division):
        raise Unknown("no_such_object", f"没有编号为 {object_id} 的对象, 或不在管辖范围内")
    facts = subject.facts
    user = enterprises.find(session, facts.enterprise_id) if facts.enterprise_id else None
    name = f"{facts.label}（{user.name}）" if user else facts.label
    return Target(facts.division, name, facts.enterprise_id, object_id)


def _few_enough(evidence: tuple[str, ...], acting: Acting) -> None:
    most = acting.policy.number("complaint_photos", on=acting.today)
    if len(evidence) > most:
        raise NotAllowed("too_many_photos", f"附件超过 {most} 个。", "请选择最能说明情况的。")


def _sender(complaint: Complaint, person: Person, seals: Seals) -> Sender:
    code = receipts.code_of(seals, complaint.complaint_id)
    sealed, person_hash = revealing.sealed(person, seals)
    return Sender(
        code_hash=receipts.hash_of(complaint.number, code),
        sealed=sealed,
        person_hash=person_hash,
    )
