"""公示的终止 — how a public record ends, and what the public sees meanwhile.

依据: 《行政处罚法》第四十八条(三日内撤回); 市场监管总局令第44号、第45号; 国家发展改革委令第36号.
A record that ends stays in the archive; nobody outside sees it from that moment on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.chassis.policy import Policy
from services.credit.model import Record, RecordState, RecordStep, What
from services.credit.rules.privacy import screen
from services.credit.rules.records.publishing import findings
from services.credit.rules.records.terms import withdraw_by
from services.credit.rules.refusal import NotAllowed
from services.events.credit import Ending, RecordKind

IN_PUBLIC_EYE = frozenset({RecordState.PUBLISHED, RecordState.SUSPENDED})


def expire(record: Record, *, today: date) -> RecordStep | None:
    """公示期届满次日起,不再公示;列入名单期满的,移出名单."""
    until = record.periods.until
    if record.state not in IN_PUBLIC_EYE or until is None or today <= until:
        return None
    listed = record.kind is RecordKind.SERIOUS_LIST
    ending = Ending.REMOVED if listed else Ending.EXPIRED
    return _end(record, ending, rule="expire", because="公示期届满。", today=today)


def withdraw(
    record: Record,
    *,
    because: str,
    today: date,
    by: str | None = None,
    caused_by: UUID | None = None,
) -> RecordStep:
    """依据被撤销、变更或者经复核不应公示的,撤回并说明理由;尚未公示的,不再公示."""
    if record.state is RecordState.ENDED:
        raise NotAllowed("record_ended", "这条记录已经不再公示。", "无需再次撤回。")
    if not because.strip():
        raise NotAllowed("reason_missing", "撤回须说明理由。", "请填写撤回理由。")
    if caused_by is None and not (by or "").strip():
        raise NotAllowed("name_missing", "撤回须由具名人员作出。", "请以本人账号登录后再撤回。")
    return _end(
        record,
        Ending.WITHDRAWN,
        rule="withdraw_record",
        because=because,
        today=today,
        by=by,
        caused_by=caused_by,
    )


def annul(
    record: Record, *, annulled_on: date, by: str, today: date, policy: Policy
) -> RecordStep:
    """处罚决定被撤销或变更的,登记在案,三个工作日内撤回公示信息;逾期系统督办."""
    if record.state is RecordState.ENDED:
        raise NotAllowed("record_ended", "这条记录已经不再公示。", "无需登记。")
    if not by.strip():
        raise NotAllowed("name_missing", "须由具名人员登记。", "请以本人账号登录后再登记。")
    due = withdraw_by(annulled_on, policy)
    after = replace(record, annulled_on=annulled_on)
    return RecordStep(
        what=What.ANNUL,
        record=after,
        rule="annul",
        on=today,
        by=by,
        particulars={"annulled_on": str(annulled_on), "withdraw_by": str(due)},
    )


def repaired(record: Record, *, by: str, because: str, today: date) -> RecordStep:
    """准予信用修复的,即时停止公示、共享和使用."""
    _in_public_eye(record)
    return _end(record, Ending.REPAIRED, rule="repaired", because=because, today=today, by=by)


def removed(record: Record, *, by: str, because: str, today: date) -> RecordStep:
    """列入满一年并符合条件的,准予提前移出名单;满三年的,期满移出."""
    _in_public_eye(record)
    return _end(record, Ending.REMOVED, rule="removed", because=because, today=today, by=by)


def suspend(record: Record, *, by: str, because: str, today: date) -> RecordStep:
    """企业破产重整,法院裁定批准重整计划的,可以临时修复: 暂停公示,保留恢复的可能."""
    _public(record)
    after = replace(record, state=RecordState.SUSPENDED)
    return RecordStep(
        what=What.SUSPEND,
        record=after,
        rule="suspend",
        on=today,
        by=by,
        particulars={"because": because},
    )


def resume(
    record: Record,
    *,
    own: Sequence[str | None],
    by: str,
    because: str,
    today: date,
    policy: Policy,
) -> RecordStep:
    """暂停公示的事由消失、内容未见个人信息的,由具名人员恢复公示;公示期不因暂停延长."""
    if record.state is not RecordState.SUSPENDED:
        raise NotAllowed("not_suspended", "这条记录没有暂停公示。", "无需恢复。")
    if not by.strip() or not because.strip():
        raise NotAllowed(
            "reason_missing", "恢复公示须由具名人员说明理由。", "请填写恢复公示的理由。"
        )
    if record.annulled_on is not None:
        raise NotAllowed("decision_annulled", "所依据的决定已被撤销。", "请撤回这条记录。")
    if found := findings(record, own=own, on=today, policy=policy):
        fields = "、".join(sorted({one.field for one in found}))
        raise NotAllowed(
            "personal_data_found", f"公示内容疑含个人信息({fields})。", "请先改写再恢复公示。"
        )
    return RecordStep(
        what=What.RESUME,
        record=replace(record, state=RecordState.PUBLISHED, blocked_on=None, blocked_fields=()),
        rule="resume",
        on=today,
        by=by,
        particulars={"because": because},
    )


def object_to(record: Record, *, today: date, by: str) -> RecordStep:
    """收到异议的,一个工作日内在公示信息旁标注异议处理中."""
    _public(record)
    after = replace(record, under_objection=True)
    return RecordStep(what=What.OBJECT, record=after, rule="object_to", on=today, by=by)


def settle_objection(record: Record, *, today: date, by: str, because: str) -> RecordStep:
    """异议处理完毕的,取消标注并答复异议人."""
    after = replace(record, under_objection=False)
    return RecordStep(
        what=What.SETTLE,
        record=after,
        rule="settle_objection",
        on=today,
        by=by,
        particulars={"because": because},
    )


def reply(
    record: Record,
    words: str,
    *,
    own: Sequence[str | None],
    by: str,
    today: date,
    policy: Policy,
) -> RecordStep:
    """企业可以在公示信息旁作出一份回应,可以替换;回应不得含个人信息."""
    _public(record)
    check_reply(words, own=own, today=today, policy=policy)
    after = replace(record, reply=words, replied_on=today)
    return RecordStep(what=What.REPLY, record=after, rule="reply", on=today, by=by)


def check_reply(words: str, *, own: Sequence[str | None], today: date, policy: Policy) -> None:
    """回应不得为空,不得含个人信息. Raises NotAllowed."""
    if not words.strip():
        raise NotAllowed("reply_empty", "回应没有内容。", "请填写回应内容。")
    found = screen(policy, on=today).findings({"reply": words}, own=own)
    if found:
        kinds = "、".join(sorted(one.kind for one in found))
        raise NotAllowed(
            "personal_data_found",
            f"回应疑含个人信息({kinds}),不得公示。",
            "请删去姓名、电话、住址、证件号和账号后再提交。",
        )


def correct(
    record: Record,
    *,
    corrected_on: date,
    today: date,
    by: str | None = None,
    caused_by: UUID | None = None,
) -> RecordStep:
    """所涉问题已经改正的,在记录旁注明;公示期不因此缩短,修复另行申请."""
    if record.state is RecordState.ENDED:
        raise NotAllowed("record_ended", "这条记录已经不再公示。", "无需登记改正。")
    after = replace(record, corrected_on=corrected_on)
    return RecordStep(
        what=What.CORRECT,
        record=after,
        rule="correct_record",
        on=today,
        by=by,
        caused_by=caused_by,
        particulars={"corrected_on": str(corrected_on)},
    )


def perform(
    record: Record, *, done_on: date | None, today: date, caused_by: UUID | None = None
) -> RecordStep:
    """处罚决定确定的义务履行完毕而结案的,记录在案,申请修复时视为具备该项条件;公示期不因此缩短."""
    words = f"处罚决定确定的义务已于{done_on}履行完毕" if done_on else "处罚决定尚未履行完毕"
    return RecordStep(
        what=What.PERFORM,
        record=replace(record, duties_done_on=done_on),
        rule="perform_record",
        on=today,
        caused_by=caused_by,
        particulars={"words": words},
    )


def _end(
    record: Record,
    ending: Ending,
    *,
    rule: str,
    because: str,
    today: date,
    by: str | None = None,
    caused_by: UUID | None = None,
) -> RecordStep:
    after = replace(
        record,
        state=RecordState.ENDED,
        ending=ending,
        ended_on=today,
        ended_by=by,
        ended_because=because,
        under_objection=False,
    )
    return RecordStep(
        what=What.END,
        record=after,
        rule=rule,
        on=today,
        by=by,
        caused_by=caused_by,
        particulars={"because": because, "ending": ending.value},
    )


def _public(record: Record) -> None:
    if not record.is_public:
        raise NotAllowed(
            "not_published", "这条记录没有在公示,不适用这一步。", "可以查看其档案。"
        )


def _in_public_eye(record: Record) -> None:
    """暂停公示的也可以修复、移出: 决定变更后停止公示的,不因此失去修复的机会."""
    if record.state not in IN_PUBLIC_EYE:
        _public(record)
