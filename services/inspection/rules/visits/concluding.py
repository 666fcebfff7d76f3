"""检查结论 — what must be on file before a visit can end, and how it may end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from uuid import UUID

from services.events.inspection import VisitOutcome
from services.events.registry import ObjectStatus
from services.inspection.model.visits import (
    REPRESENTATIVE,
    Answer,
    Content,
    Finding,
    Problem,
    Signature,
    Visit,
    problem_id_of,
)
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.visits.checklists import Asked

_MANY = 5


def may_conclude(
    visit: Visit,
    content: Content,
    asked: Sequence[Asked],
    evidence: Collection[str],
    *,
    today: date,
) -> None:
    """每一项都有结论, 问题有说明, 严重问题有证据, 结论与问题相符, 合格记录可以核对.

    Raises NotAllowed.
    """
    for refusal in (
        *_unanswered(content, asked),
        *_answers(content, asked, evidence),
        *_records(visit, content, today),
        *_changes(visit, content, today),
        *_outcome(content, problems(visit.visit_id, content, asked)),
    ):
        raise refusal


def may_end(visit: Visit, signatures: Collection[Signature], digest: str) -> None:
    """全体检查人员和企业代表均已就现有记录签字; 企业代表拒绝签字的, 已记录原因和见证人.

    Raises NotAllowed.
    """
    valid = {each.signer for each in signatures if each.content_digest == digest}
    missing = [officer.name for officer in visit.officers if officer.account not in valid]
    if missing:
        raise NotAllowed(
            "officer_signature_missing",
            f"检查人员{'、'.join(missing)}尚未就现在的记录签字。",
            "请在记录改定以后由每名检查人员本人签字; 签字以后又改动的须重新签字。",
        )
    if REPRESENTATIVE not in valid:
        raise NotAllowed(
            "representative_signature_missing",
            "企业代表尚未就现在的记录签字。",
            "请由企业代表签字; 拒绝签字的, 记录原因和见证人。",
        )


def problems(visit_id: UUID, content: Content, asked: Sequence[Asked]) -> tuple[Problem, ...]:
    """The items that were found wrong, with what they are by the checklist."""
    items = {(each.object_id, each.item.id): each.item for each in asked}
    return tuple(
        Problem(
            problem_id=problem_id_of(visit_id, answer.object_id, answer.item),
            visit_id=visit_id,
            object_id=answer.object_id,
            item=answer.item,
            text=item.text,
            basis=item.basis,
            matter=item.matter,
            grave=item.grave,
            note=answer.note,
        )
        for answer in content.answers
        if answer.finding is Finding.PROBLEM
        and (item := items.get((answer.object_id, answer.item))) is not None
    )


def _unanswered(content: Content, asked: Sequence[Asked]) -> Iterator[NotAllowed]:
    answered = {(answer.object_id, answer.item) for answer in content.answers}
    left = [each for each in asked if (each.object_id, each.item.id) not in answered]
    if left:
        named = "、".join(each.item.text for each in left[:_MANY])
        more = f"等{len(left)}项" if len(left) > _MANY else ""
        yield NotAllowed(
            "items_unanswered",
            f"检查项目应逐项作出结论, 还缺: {named}{more}。",
            "请逐项填写符合、有问题或不适用。",
        )


def _answers(
    content: Content, asked: Sequence[Asked], evidence: Collection[str]
) -> Iterator[NotAllowed]:
    items = {(each.object_id, each.item.id): each.item for each in asked}
    for answer in content.answers:
        item = items.get((answer.object_id, answer.item))
        if item is None:
            yield NotAllowed(
                "item_not_asked",
                f"项目 {answer.item} 不在本次检查的项目表内。",
                "请按项目表填写; 项目表以检查当日有效的一版为准。",
            )
            continue
        yield from _answer(answer, item.text, item.grave, evidence)


def _answer(
    answer: Answer, text: str, grave: bool, evidence: Collection[str]
) -> Iterator[NotAllowed]:
    if answer.finding is not Finding.CONFORMS and not answer.note.strip():
        yield NotAllowed(
            "note_missing",
            f"“{text}”有问题或不适用, 应当写明情况。",
            "请在该项说明栏写明事实。",
        )
    if unknown := set(answer.evidence) - set(evidence):
        yield NotAllowed(
            "evidence_unknown",
            f"“{text}”引用的证据文件 {min(unknown)[:12]} 没有上传到本次检查。",
            "请先上传文件。",
        )
    if grave and answer.finding is Finding.PROBLEM and not answer.evidence:
        yield NotAllowed(
            "evidence_missing",
            f"“{text}”涉及人身健康和安全, 认定有问题应当有照片或者视频等证据。",
            "请上传现场证据并在该项引用。",
        )


def _records(visit: Visit, content: Content, today: date) -> Iterator[NotAllowed]:
    for record in content.passing_records:
        if record.object_id not in visit.object_ids:
            yield _not_of_this_visit(record.object_id)
        if record.done_on > today:
            yield NotAllowed(
                "record_in_the_future",
                f"合格记录的日期 {record.done_on} 在今天以后: 承诺和预约不是合格记录。",
                "请在检验、检定合格以后据证书填写。",
            )
        if record.stated_due_on is not None and record.stated_due_on <= record.done_on:
            yield NotAllowed(
                "stated_due_date_wrong",
                f"载明的下次日期 {record.stated_due_on} 不晚于完成日期 {record.done_on}。",
                "请核对证书。",
            )


def _changes(visit: Visit, content: Content, today: date) -> Iterator[NotAllowed]:
    for change in content.changes:
        if change.object_id not in visit.object_ids:
            yield _not_of_this_visit(change.object_id)
        if change.since > today:
            yield NotAllowed(
                "change_in_the_future",
                f"{change.since} 在今天以后: 打算停用、报废、过户或注销的, 不能确认为已经发生。",
                "请在事实发生并经现场核实以后再确认。",
            )
        if change.status is not ObjectStatus.IN_USE and not change.note.strip():
            yield NotAllowed(
                "note_missing",
                "停用、报废、移装过户、注销应当写明现场核实的情况。",
                "请写明停用或封存方式、去向或者注销文件。",
            )


def _outcome(content: Content, found: Sequence[Problem]) -> Iterator[NotAllowed]:
    """无问题的为合格; 有一般问题的为需整改或不合格; 有严重问题的为不合格."""
    grave = [problem for problem in found if problem.grave]
    allowed = {VisitOutcome.PASSED}
    if found:
        allowed = {VisitOutcome.RECTIFY, VisitOutcome.FAILED}
    if grave:
        allowed = {VisitOutcome.FAILED}
    if content.outcome in allowed:
        return
    words = {
        VisitOutcome.PASSED: "合格",
        VisitOutcome.RECTIFY: "需整改",
        VisitOutcome.FAILED: "不合格",
    }
    told = words[content.outcome] if content.outcome else "未填写"
    yield NotAllowed(
        "outcome_does_not_fit",
        f"有问题{len(found)}项, 其中严重{len(grave)}项, 结论“{told}”与之不符。",
        f"可以选择: {'、'.join(words[each] for each in sorted(allowed))}。",
    )


def _not_of_this_visit(object_id: UUID) -> NotAllowed:
    return NotAllowed(
        "object_not_of_visit",
        f"对象 {object_id} 不在本次检查范围内。",
        "请先把该对象列入本次检查。",
    )
