"""改写 — how the words of a record are put right, also while it is public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.chassis.policy import Policy
from services.credit.model import Content, GroundKind, Record, RecordState, RecordStep, What
from services.credit.rules.records.entering import complete
from services.credit.rules.records.publishing import block, findings
from services.credit.rules.records.terms import periods, repairable_from
from services.credit.rules.refusal import NotAllowed


def rewrite(
    record: Record,
    content: Content,
    *,
    own: Sequence[str | None],
    by: str,
    because: str,
    today: date,
    policy: Policy,
) -> RecordStep:
    """公示内容有误或者疑含个人信息的,由具名人员改写并说明理由;未公示的,改写后须重新审核."""
    if record.state is RecordState.ENDED:
        raise NotAllowed("record_ended", "这条记录已经不再公示。", "档案内容不再改写。")
    if not by.strip():
        raise NotAllowed("name_missing", "须由具名人员改写。", "请以本人账号登录后再改写。")
    if not because.strip():
        raise NotAllowed("reason_missing", "改写公示内容须说明理由。", "请填写改写理由。")
    complete(record.kind, content, today=today)
    after = _rewritten(record, content, policy=policy)
    if record.is_public and (found := findings(after, own=own, on=today, policy=policy)):
        fields = "、".join(sorted({one.field for one in found}))
        raise NotAllowed(
            "personal_data_found",
            f"改写后的内容疑含个人信息({fields}),不得公示。",
            "请删去姓名、电话、住址、证件号和账号后再改写。",
        )
    return RecordStep(
        what=What.REWRITE,
        record=after,
        rule="rewrite",
        on=today,
        by=by,
        particulars={"because": because},
    )


def change_decision(
    record: Record,
    content: Content,
    *,
    own: Sequence[str | None],
    today: date,
    policy: Policy,
    caused_by: UUID,
) -> list[RecordStep]:
    """处罚决定被变更的,公示内容随之变更;变更后的内容疑含个人信息的,停止公示待改写."""
    after = _rewritten(record, content, policy=policy)
    changed = RecordStep(
        what=What.REWRITE,
        record=after,
        rule="change_decision",
        on=today,
        caused_by=caused_by,
        particulars={"because": "处罚决定已变更"},
    )
    if not record.is_public:
        return [changed]
    found = findings(after, own=own, on=today, policy=policy)
    if not found:
        return [changed]
    # the new words are never public: it is stopped before they are said
    return [replace(block(after, found, today=today, by=None), caused_by=caused_by)]


def _rewritten(record: Record, content: Content, *, policy: Policy) -> Record:
    kept = {
        kind: ground
        for kind, ground in record.grounds.items()
        # what was reviewed is not what stands there now
        if record.published_on is not None or kind is not GroundKind.REVIEW
    }
    after = replace(record, content=content, grounds=kept, blocked_on=None, blocked_fields=())
    if record.published_on is None:
        return after
    since = record.published_on
    counted = periods(record.kind, content, published_on=since, policy=policy)
    return replace(
        after,
        periods=counted,
        repairable_from=repairable_from(
            record.kind, content, published_on=since, policy=policy
        ),
    )
