"""A visit with its checklists, and as a printed form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.events.inspection import VisitOutcome, VisitPurpose
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.visits.finding import visit as find
from services.inspection.model.visits import REPRESENTATIVE, Content, Finding, Signature, Visit
from services.inspection.rules.visits import content as contents
from services.inspection.rules.visits.checklists import Asked, Checklists
from services.inspection.rules.words import DUTIES, STATUSES
from services.inspection.store import visit_papers, visits

PURPOSES = {
    VisitPurpose.ROUTINE: "日常监督检查",
    VisitPurpose.SPECIAL: "专项检查",
    VisitPurpose.FOLLOW_UP: "整改复查",
    VisitPurpose.LICENCE: "证后监管检查",
    VisitPurpose.LEAD: "投诉举报或转办线索核查",
}
OUTCOMES = {
    VisitOutcome.PASSED: "合格",
    VisitOutcome.RECTIFY: "需整改",
    VisitOutcome.FAILED: "不合格",
}
FINDINGS = {
    Finding.CONFORMS: "符合",
    Finding.PROBLEM: "有问题",
    Finding.NOT_APPLICABLE: "不适用",
}
_ITSELF = "单位本身"


def whole(
    session: Session, acting: Acting, visit_id: UUID, checklists: Checklists
) -> dict[str, Any]:
    """Everything on file about a visit. Raises Unknown."""
    visit = find(session, acting, visit_id)
    asked = _asked(session, acting, visit, checklists)
    digest = contents.digest(visit.content)
    return {
        **vars(visit),
        "content_digest": digest,
        "corrected_by": visits.corrected_by(session, visit_id),
        "checklists": sorted({each.checklist.version_id for each in asked}),
        "asked": [
            {
                "object_id": each.object_id,
                "checklist": each.checklist.version_id,
                "item": each.item.id,
                "text": each.item.text,
                "basis": each.item.basis,
                "grave": each.item.grave,
                "matter": each.item.matter,
            }
            for each in asked
        ],
        "objects": visits.facing(session, visit.object_ids),
        "evidence": visit_papers.evidence(session, visit_id),
        "signatures": [
            {**vars(each), "holds": each.content_digest == digest}
            for each in visit_papers.signatures(session, visit_id)
        ],
        "problems": visits.problems(session, visit_id),
    }


def form(
    session: Session, acting: Acting, visit_id: UUID, checklists: Checklists
) -> dict[str, Any]:
    """现场检查记录: what is printed, in Chinese, in reading order. Raises Unknown."""
    visit = find(session, acting, visit_id)
    content = contents.read(visit.content)
    labels = {each.object_id: each.label for each in visits.facing(session, visit.object_ids)}
    digest = contents.digest(visit.content)
    return {
        "title": "现场检查记录",
        "number": str(visit.visit_id),
        "enterprise": visit.enterprise_name,
        "purpose": PURPOSES[visit.purpose],
        "planned_on": visit.planned_on,
        "concluded_on": visit.concluded_on,
        "officers": [f"{each.name} ({each.certificate})" for each in visit.officers],
        "items": _items(_asked(session, acting, visit, checklists), content, labels),
        "records": _records(content, labels),
        "changes": [
            f"{labels.get(each.object_id, '')}: "
            f"自{each.since}起{STATUSES[each.status]}。{each.note}"
            for each in content.changes
        ],
        "conclusion": OUTCOMES[content.outcome] if content.outcome else "",
        "summary": content.summary,
        "signatures": [
            _signed(each, holds=each.content_digest == digest)
            for each in visit_papers.signatures(session, visit_id)
        ],
        "evidence": [
            f"{row['name']} (SHA-256 {row['sha256']})"
            for row in visit_papers.evidence(session, visit_id)
        ],
        "corrects": str(visit.corrects) if visit.corrects else "",
        "digest": digest,
    }


def _asked(
    session: Session, acting: Acting, visit: Visit, checklists: Checklists
) -> list[Asked]:
    """By the wording of the day of the conclusion; before it, of today."""
    facing = visits.facing(session, visit.object_ids)
    return checklists.asked(facing, on=visit.concluded_on or acting.today)


def _items(
    asked: list[Asked], content: Content, labels: dict[UUID, str]
) -> list[dict[str, str]]:
    answers = {(each.object_id, each.item): each for each in content.answers}
    rows = []
    for number, each in enumerate(asked, start=1):
        answer = answers.get((each.object_id, each.item.id))
        rows.append(
            {
                "number": str(number),
                "object": labels.get(each.object_id, "") if each.object_id else _ITSELF,
                "text": each.item.text,
                "basis": each.item.basis,
                "finding": FINDINGS[answer.finding] if answer else "",
                "note": answer.note if answer else "",
                "evidence": "、".join(e[:12] for e in answer.evidence) if answer else "",
            }
        )
    return rows


def _records(content: Content, labels: dict[UUID, str]) -> list[str]:
    return [
        f"{labels.get(each.object_id, '')}: {DUTIES[each.duty]}于{each.done_on}合格, "
        f"{each.body}, 证书编号{each.certificate}"
        + (f", 下次日期{each.stated_due_on}" if each.stated_due_on else "")
        for each in content.passing_records
    ]


def _signed(signature: Signature, *, holds: bool) -> str:
    who = "企业代表" if signature.signer == REPRESENTATIVE else "检查人员"
    if signature.refused:
        return f"{who}{signature.name}拒绝签字: {signature.reason} (见证人{signature.witness})"
    since = "" if holds else " (签字以后记录有改动, 须重新签字)"
    return f"{who}{signature.name}{since}"
