"""公示 — nothing adverse is public whose grounds are not on file; each missing one is named.

依据: 《行政处罚法》第四十八条; 市场监管总局令第44号、第45号; 《政府信息公开条例》.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.chassis.policy import Policy
from services.credit.model import Content, Record, RecordState, RecordStep, What
from services.credit.rules.privacy import Finding, screen
from services.credit.rules.records.grounds import missing
from services.credit.rules.records.terms import periods, repairable_from
from services.credit.rules.refusal import NotAllowed
from services.events.credit import RecordKind


def publish(
    record: Record, *, own: Sequence[str | None], by: str, today: date, policy: Policy
) -> RecordStep:
    """前提齐备、内容未见个人信息的,由具名人员公示;疑含个人信息的停止公示,待具名人员改写.

    *own*: name and code of the enterprise, which are not a person's even where they look so.
    """
    _publishable(record, by=by, today=today, policy=policy)
    found = findings(record, own=own, on=today, policy=policy)
    if found:
        return block(record, found, today=today, by=by)
    counted = periods(record.kind, record.content, published_on=today, policy=policy)
    if counted.until is not None and counted.until < today:
        raise NotAllowed(
            "period_over",
            f"按现行起算,公示期已于{counted.until}届满,不得再公示。",
            "可以存档,不予公示。",
        )
    after = replace(
        record,
        state=RecordState.PUBLISHED,
        published_on=today,
        published_by=by,
        periods=counted,
        repairable_from=repairable_from(
            record.kind, record.content, published_on=today, policy=policy
        ),
        blocked_on=None,
        blocked_fields=(),
    )
    particulars = {"until": str(counted.until or "")}
    return RecordStep(
        what=What.PUBLISH,
        record=after,
        rule="publish",
        on=today,
        by=by,
        particulars=particulars,
    )


def block(
    record: Record, found: Sequence[Finding], *, today: date, by: str | None
) -> RecordStep:
    """公示内容疑含个人信息的,立即停止公示,由具名人员改写;不得放行."""
    fields = tuple(sorted({finding.field for finding in found}))
    state = RecordState.SUSPENDED if record.is_public else record.state
    after = replace(record, state=state, blocked_on=today, blocked_fields=fields)
    return RecordStep(
        what=What.BLOCK,
        record=after,
        rule="block",
        on=today,
        by=by,
        particulars={
            "fields": "、".join(fields),
            "kinds": "、".join(sorted({finding.kind for finding in found})),
        },
    )


def findings(
    record: Record, *, own: Sequence[str | None], on: date, policy: Policy
) -> list[Finding]:
    """What a screen finds in the texts of a record that can become public."""
    texts = texts_of(record.content) | {"reply": record.reply}
    return screen(policy, on=on).findings(texts, own=own)


def texts_of(content: Content) -> dict[str, str | None]:
    """The texts of a record, by field."""
    return {
        "content": content.content,
        "basis": content.basis,
        "authority": content.authority,
        "document_number": content.document_number,
        "penalty": content.penalty,
    }


def _publishable(record: Record, *, by: str, today: date, policy: Policy) -> None:
    if not by.strip():
        raise NotAllowed("name_missing", "公示须由具名人员审核。", "请以本人账号登录后再公示。")
    if record.state is RecordState.LEAD:
        raise NotAllowed(
            "lead_only", "媒体报道未经核实,只作线索,不得公示。", "请先核实并附核实材料。"
        )
    if record.state is RecordState.PUBLISHED:
        raise NotAllowed("published_already", "这条记录已经公示。", "无需再次公示。")
    if record.state is RecordState.ENDED:
        raise NotAllowed(
            "record_ended", "这条记录已经不再公示。", "确有新的依据的,请另行登记。"
        )
    if record.annulled_on is not None:
        raise NotAllowed("decision_annulled", "所依据的决定已被撤销。", "请撤回这条记录。")
    _not_for_publication(record, today=today, policy=policy)
    if lacking := missing(record, today=today, policy=policy):
        raise NotAllowed(
            "grounds_missing",
            f"公示的前提尚未齐备,缺少: {';'.join(lacking)}。",
            "请逐项登记在案后再公示。",
        )


def _not_for_publication(record: Record, *, today: date, policy: Policy) -> None:
    """仅给予警告的行政处罚不予公示."""
    is_warning = record.kind is RecordKind.PENALTY and record.content.warning_only
    if is_warning and not policy.flag("warning_only_is_published", on=today):
        raise NotAllowed(
            "warning_only", "仅给予警告的行政处罚不予公示。", "可以存档,不予公示。"
        )
