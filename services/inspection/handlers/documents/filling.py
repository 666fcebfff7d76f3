"""What a template may say: every field of every kind of document, by its name."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.events.inspection import PenaltyKind
from services.inspection.model.cases import Case, Penalty
from services.inspection.model.orders import Item, Order
from services.inspection.store.acts import Filed

_FEN = 100
KINDS = {
    PenaltyKind.WARNING: "警告",
    PenaltyKind.CRITICISM: "通报批评",
    PenaltyKind.FINE: "罚款",
    PenaltyKind.CONFISCATED_GAINS: "没收违法所得",
    PenaltyKind.CONFISCATED_GOODS: "没收非法财物",
    PenaltyKind.SUSPENDED: "暂扣许可证件",
    PenaltyKind.DOWNGRADED: "降低资质等级",
    PenaltyKind.REVOKED: "吊销许可证件",
    PenaltyKind.RESTRICTED: "限制开展生产经营活动",
    PenaltyKind.STOPPED: "责令停产停业",
    PenaltyKind.SHUT: "责令关闭",
    PenaltyKind.BARRED: "限制从业",
}


def heading(
    *,
    title: str,
    number: str,
    authority: str,
    enterprise: str,
    uscc: str | None,
    made_on: date,
    code: str,
) -> dict[str, Any]:
    """What every document has."""
    return {
        "title": title,
        "number": number,
        "authority": authority,
        "enterprise": enterprise,
        "uscc": uscc or "",
        "date": day(made_on),
        "code": code,
    }


def of_order(order: Order) -> dict[str, Any]:
    """责令整改通知书: every item with its basis, what is asked, and its last day."""
    return {
        "issued_on": day(order.issued_on),
        "first_offence": bool(order.first_offence),
        "items": [_item(place, item) for place, item in enumerate(order.items, start=1)],
    }


def of_extension(order: Order, act: Filed) -> dict[str, Any]:
    """延长整改期限通知书: which item, from which day to which, and why."""
    [item] = [item for item in order.items if item.item_id == act.item_id]
    told = act.particulars
    return {
        "order_number": order.number or "",
        "description": item.description,
        "was_due_on": day(date.fromisoformat(told["was_due_on"])),
        "due_on": day(date.fromisoformat(told["due_on"])),
        "because": told["because"],
    }


def of_notice(case: Case) -> dict[str, Any]:
    """行政处罚告知书: what is intended and why, and until when the party may answer."""
    if case.notice is None:
        raise ValueError(f"case {case.case_id} has no notice")
    return {
        **_penalty(case.notice.penalty),
        "case_number": case.number or "",
        "respond_by": day(case.notice.respond_by),
        "hearing_right": case.notice.hearing_right,
    }


def of_decision(case: Case) -> dict[str, Any]:
    """行政处罚决定书: facts, evidence, basis, content, how to perform and to appeal."""
    if case.decision is None:
        raise ValueError(f"case {case.case_id} has no decision")
    return {
        **_penalty(case.decision.penalty),
        "case_number": case.number or "",
        "decided_on": day(case.decision.decided_on),
        "evidence_count": len(case.evidence),
        "statement": case.statement or "",
        "ordinary": case.decision.ordinary,
    }


def of_receipt(case: Case, act: Filed) -> dict[str, Any]:
    """送达回证: which document was served, when and how; signed on paper."""
    decision = case.decision
    return {
        "served_number": decision.number if decision else "",
        "served_on": day(act.taken_on),
        "how": act.particulars.get("how", ""),
    }


def of_visit(form: dict[str, Any]) -> dict[str, Any]:
    """现场检查记录: as it is printed, its days in Chinese."""
    days = {name: day(form[name]) for name in ("planned_on", "concluded_on")}
    return form | days


def day(value: date | None) -> str:
    """2026年3月2日."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def yuan(fen: int) -> str:
    """Fen as yuan with two places: 20,000.00."""
    return f"{fen // _FEN:,}.{fen % _FEN:02d}"


def _item(place: int, item: Item) -> dict[str, Any]:
    return {
        "place": place,
        "description": item.description,
        "basis": item.basis,
        "requirement": item.requirement,
        "due_on": day(item.was_due_on or item.due_on),
    }


def _penalty(penalty: Penalty) -> dict[str, Any]:
    return {
        "facts": penalty.facts,
        "legal_basis": penalty.legal_basis,
        "content": penalty.content,
        "kinds": "、".join(KINDS[kind] for kind in penalty.kinds),
        "fine_yuan": yuan(penalty.fine_fen),
        "confiscated_yuan": yuan(penalty.confiscated_fen),
    }
