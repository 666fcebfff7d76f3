"""异议、更正、纠错、修复、移出 — who may ask what, until when it is answered, what follows.

依据: 市场监管总局《市场监督管理信用修复管理办法》(2025-12-25起施行); 国家发展改革委令第36号;
国办发〔2025〕22号; 《企业信息公示暂行条例》第十三条.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.chassis.policy import Policy
from services.credit.model import BadInformation, Record, RecordState, RecordStep
from services.credit.model.requests import Asker, Request, RequestState
from services.credit.rules.records.ending import (
    object_to,
    removed,
    repaired,
    settle_objection,
    suspend,
    withdraw,
)
from services.credit.rules.records.terms import NEXT_DAY, request_term
from services.credit.rules.refusal import NotAllowed
from services.events.credit import RecordKind, RequestKind, Term

REPAIRS = frozenset({RequestKind.REPAIR, RequestKind.REMOVAL, RequestKind.TEMPORARY_REPAIR})
ENDS_FOR_GOOD = frozenset({RequestKind.REPAIR, RequestKind.REMOVAL})  # also while it is paused
NEEDS = {
    "corrected": ("corrected_on", "违法失信行为已经改正"),
    "duties_done": ("duties_done_on", "处罚决定规定的义务已经履行"),
    "promise": ("promised_on", "公开作出的信用承诺"),
    "ruling": ("court_ruling", "法院批准重整计划的裁定文号"),
}


def may_ask(kind: RequestKind, asker: Asker) -> None:
    """修复、移出、异议和更正由企业提出,或者由协调中心代为登记;公众只可纠错. Raises NotAllowed."""
    if asker is Asker.PUBLIC and kind is not RequestKind.ERROR_REPORT:
        raise NotAllowed(
            "not_yours_to_ask",
            "这类申请只能由企业本身提出,或者由信息协调中心代为登记。",
            "发现公示内容有误的,可以纠错。",
        )


def receive(
    asked: Request, record: Record, *, listed: bool, today: date, policy: Policy
) -> Request:
    """申请针对在公示的记录提出;修复和移出须已满最短公示期并具备条件,缺少的逐项列明;
    案卷中已有的条件 (已改正、已履行义务) 以案卷为准,不要求企业另行证明.

    *listed*: whether the enterprise stands on the serious list today.
    """
    paused = record.state is RecordState.SUSPENDED and asked.kind in ENDS_FOR_GOOD
    _complete(asked, public=record.is_public or paused)
    if asked.kind in REPAIRS:
        asked = _with_what_is_on_file(asked, record)
        _repairable(asked, record, listed=listed, today=today, policy=policy)
    return _received(asked, today=today, policy=policy)


def receive_about_bad_information(
    asked: Request, *, shown: bool, today: date, policy: Policy
) -> Request:
    """对红色预警升级的不良信息,可以提出异议、更正和纠错;改正即予注明,不另行修复."""
    _complete(asked, public=shown)
    if asked.kind in REPAIRS:
        raise NotAllowed(
            "not_repairable",
            "红色预警升级的不良信息不另行修复。",
            "检验、检定合格后即注明已改正,公示期满不再公示。",
        )
    return _received(asked, today=today, policy=policy)


def recounted(asked: Request, *, policy: Policy) -> Request | None:
    """当年节假日安排公布后,据以确定答复期限;已告知的日期只延后,不提前."""
    if not asked.provisional or asked.state is not RequestState.RECEIVED:
        return None
    term = request_term(asked.kind, asked.received_on, policy)
    due_on = max(term.due_on, asked.due_on)
    if term.provisional and due_on == asked.due_on:
        return None
    after = replace(asked, due_on=due_on, provisional=term.provisional)
    return replace(after, next_step_on=looked_at_again(after))


def marked(asked: Request, *, today: date) -> Request:
    """收到异议的,一个工作日内在公示信息旁标注."""
    if asked.kind is not RequestKind.OBJECTION:
        raise NotAllowed("no_objection", "只有异议需要标注。", "请直接答复这份申请。")
    if asked.marked_on is not None or asked.state is not RequestState.RECEIVED:
        raise NotAllowed("marked_already", "这份异议已经标注或已经答复。", "无需再次标注。")
    after = replace(asked, marked_on=today)
    return replace(after, next_step_on=looked_at_again(after))


def mark(asked: Request, record: Record, *, by: str, today: date) -> tuple[Request, RecordStep]:
    """The request marked, and the record that shows it."""
    after = marked(asked, today=today)
    return after, object_to(record, today=today, by=by)


def answered(asked: Request, *, accepted: bool, answer: str, by: str, today: date) -> Request:
    """答复由具名人员作出并说明理由."""
    if asked.state is not RequestState.RECEIVED:
        raise NotAllowed("decided_already", "这份申请已经答复。", "不服的可以另行提出。")
    if not by.strip():
        raise NotAllowed("name_missing", "答复须由具名人员作出。", "请以本人账号登录后再答复。")
    if not answer.strip():
        raise NotAllowed("reason_missing", "答复须说明理由。", "请填写答复内容。")
    return replace(
        asked,
        state=RequestState.ACCEPTED if accepted else RequestState.REJECTED,
        decided_on=today,
        decided_by=by,
        answer=answer,
        next_step_on=None,
    )


def decide(
    asked: Request,
    record: Record,
    *,
    accepted: bool,
    answer: str,
    by: str,
    today: date,
) -> tuple[Request, list[RecordStep]]:
    """采纳的当日生效: 修复、移出、撤回即停止公示,更正另行改写."""
    decided = answered(asked, accepted=accepted, answer=answer, by=by, today=today)
    return decided, _effects(
        asked, record, accepted=accepted, answer=answer, by=by, today=today
    )


def entry_can_be_answered(*, shown: bool) -> None:
    """企业可以在公示的不良信息旁作出回应. Raises NotAllowed."""
    if not shown:
        raise NotAllowed(
            "not_published", "这条不良信息没有在公示。", "可以查询在公示的不良信息。"
        )


def _complete(asked: Request, *, public: bool) -> None:
    if not asked.words.strip():
        raise NotAllowed("request_empty", "申请没有写明事项和理由。", "请填写后再提交。")
    if not public:
        raise NotAllowed(
            "not_published", "这条记录没有在公示,不适用申请。", "可以查询在公示的记录。"
        )
    if asked.kind is RequestKind.ERROR_REPORT and not asked.field:
        raise NotAllowed(
            "field_missing", "纠错须指明有误的字段。", "请选择有误的字段后再提交。"
        )


def _received(asked: Request, *, today: date, policy: Policy) -> Request:
    term = request_term(asked.kind, today, policy)
    received = replace(
        asked,
        state=RequestState.RECEIVED,
        received_on=today,
        mark_by=term.mark_by,
        due_on=term.due_on,
        provisional=term.provisional,
    )
    return replace(received, next_step_on=looked_at_again(received))


def request_overrun(asked: Request, *, today: date) -> list[Term]:
    """期限届满未标注或者未答复的,记为超期;每个期限只记一次."""
    return [
        term
        for term, last_day in _terms(asked).items()
        if today > last_day and term.value not in asked.overrun
    ]


def looked_at_again(asked: Request) -> date | None:
    """The first day on which a term of it will have passed that has not been said."""
    days = [
        last_day + NEXT_DAY
        for term, last_day in _terms(asked).items()
        if term.value not in asked.overrun
    ]
    return min(days, default=None)


def last_day(asked: Request, term: Term) -> date:
    """The last day of a term of a request."""
    return _terms(asked)[term]


def _terms(asked: Request) -> dict[Term, date]:
    if asked.state is not RequestState.RECEIVED:
        return {}
    marks = asked.mark_by is not None and asked.marked_on is None
    return ({Term.MARK: asked.mark_by} if marks and asked.mark_by else {}) | {
        Term.DECIDE: asked.due_on
    }


def _effects(
    asked: Request, record: Record, *, accepted: bool, answer: str, by: str, today: date
) -> list[RecordStep]:
    """What an answer does to the record; on one that has ended meanwhile, nothing."""
    steps: list[RecordStep] = []
    if record.under_objection and asked.kind is RequestKind.OBJECTION:
        steps.append(settle_objection(record, today=today, by=by, because=answer))
        record = steps[-1].record
    if not accepted or record.state is RecordState.ENDED:
        return steps
    match asked.kind:
        case RequestKind.REPAIR:
            steps.append(repaired(record, by=by, because=answer, today=today))
        case RequestKind.REMOVAL:
            steps.append(removed(record, by=by, because=answer, today=today))
        case RequestKind.TEMPORARY_REPAIR:
            steps.append(suspend(record, by=by, because=answer, today=today))
        case RequestKind.OBJECTION:
            steps.append(withdraw(record, by=by, because=answer, today=today))
        case RequestKind.CORRECTION | RequestKind.ERROR_REPORT:
            return steps  # the words are put right by a rewriting of their own
    return steps


def _repairable(
    asked: Request, record: Record, *, listed: bool, today: date, policy: Policy
) -> None:
    _fits(asked.kind, record.kind)
    if asked.kind is not RequestKind.TEMPORARY_REPAIR:
        _long_enough(record, today=today)
        if record.content.restricting:
            raise NotAllowed(
                "not_repairable",
                "责令停产停业、吊销许可证件等处罚信息不适用提前修复。",
                f"公示至{record.periods.until}届满。",
            )
    off_the_list = record.kind is not RecordKind.SERIOUS_LIST
    refused = policy.flag("repair_refused_while_listed", on=today)
    if listed and off_the_list and refused and asked.kind is RequestKind.REPAIR:
        raise NotAllowed(
            "still_listed",
            "企业仍在严重违法失信名单上,其他记录不予修复。",
            "请先申请移出名单。",
        )
    lacking = _lacking(asked, today=today, policy=policy)
    if lacking:
        raise NotAllowed(
            "repair_conditions_missing",
            f"修复条件尚未具备,缺少: {'、'.join(lacking)}。",
            "请补齐后再申请。",
        )


def _with_what_is_on_file(asked: Request, record: Record) -> Request:
    return replace(
        asked,
        corrected_on=record.corrected_on or asked.corrected_on,
        duties_done_on=record.duties_done_on or asked.duties_done_on,
    )


def _lacking(asked: Request, *, today: date, policy: Policy) -> list[str]:
    rows = policy.table("repair_needs", on=today)
    [needs] = [row["needs"] for row in rows if row["request"] == asked.kind.value]
    lacking = []
    for need in needs:
        name, words = NEEDS[need]
        given = getattr(asked, name)
        if not given or (isinstance(given, date) and given > today):
            lacking.append(words)
    return lacking


def _fits(asked: RequestKind, kind: RecordKind) -> None:
    listed = kind is RecordKind.SERIOUS_LIST
    if asked is RequestKind.REPAIR and listed:
        raise NotAllowed("ask_for_removal", "名单的提前移出另有程序。", "请提出提前移出申请。")
    if asked is RequestKind.REMOVAL and not listed:
        raise NotAllowed("ask_for_repair", "这条记录不是名单信息。", "请提出信用修复申请。")


def _long_enough(record: Record, *, today: date) -> None:
    if record.repairable_from is None:
        raise NotAllowed(
            "not_repairable", "这类记录不适用信用修复。", "有误的,请提出异议或者更正。"
        )
    if today < record.repairable_from:
        raise NotAllowed(
            "minimum_period",
            "公示未满最短公示期,现在不能修复。",
            f"自{record.repairable_from}起可以申请。",
        )


def new(
    request_id: UUID,
    record: Record | BadInformation,
    kind: RequestKind,
    *,
    by: str,
    today: date,
    words: str,
) -> Request:
    """A request as it is asked, before anybody looked whether it may be."""
    return Request(
        id=request_id,
        record_id=record.id,
        enterprise_id=record.enterprise_id,
        division=record.division,
        kind=kind,
        state=RequestState.RECEIVED,
        words=words,
        received_on=today,
        received_by=by,
        due_on=today,
    )
