"""Records as the tests of credit enter them: the ordinary case, changed; and what is read."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from services.chassis.envelope import Envelope
from services.credit.service import CreditService
from services.events.inspection import (
    CaseClosed,
    CaseDecided,
    CaseEnd,
    DecisionChange,
    DecisionChanged,
    OrderClosed,
    OrderEnd,
    OrderOverdue,
    PenaltyKind,
    RefusalGround,
    RefusalRecorded,
    RefusalWithdrawn,
    ViolationClass,
)
from tests.services.credit_portal import Portal
from tests.services.credit_stories import CITY, firm, sealed

DAY = date(2026, 5, 11)
DECIDED = date(2026, 5, 6)
OF_A_PENALTY = (
    "source_document",
    "ordinary_procedure",
    "decision_served",
    "publication_notice",
    "repair_notice",
    "review",
)
OF_THE_LIST = (
    "source_document",
    "listed_violation",
    "heavier_penalty",
    "seriousness",
    "notice",
    "statement",
    "hearing",
    "decision_served",
    "superior_approval",
    "publication_notice",
    "repair_notice",
    "review",
)


def case(number: int) -> UUID:
    return uuid5(CITY, f"case {number}")


def order(number: int) -> UUID:
    return uuid5(CITY, f"order {number}")


def refusal(number: int) -> UUID:
    return uuid5(CITY, f"refusal {number}")


def decided(number: int = 1, **changes: Any) -> Envelope[CaseDecided]:
    facts: dict[str, Any] = {
        "case_id": case(number),
        "revision": 10,
        "enterprise_id": firm(number % 3),
        "division": ("610303", "610302", "610304")[number % 3],
        "number": f"宝市监罚〔2026〕{number}号",
        "decided_on": DECIDED,
        "authority": "宝鸡市市场监督管理局",
        "authority_uscc": None,
        "ordinary_procedure": True,
        "warning_only": False,
        "violation_class": ViolationClass.ORDINARY,
        "heavier": False,
        "kinds": (PenaltyKind.FINE,),
        "fine_fen": 3_000_000,
        "confiscated_fen": 0,
        "matter": "uninspected",
        "violation": "使用未经定期检验的起重机械",
        "facts": "当事人王小明使用未经检验的行吊",
        "legal_basis": "《特种设备安全法》第八十四条第一项",
        "content": "罚款三万元",
        "order_id": None,
        "object_ids": (),
    }
    return sealed(CaseDecided(**facts | changes), f"case/{case(number)}")


def changed(number: int = 1, **changes: Any) -> Envelope[DecisionChanged]:
    facts: dict[str, Any] = {
        "case_id": case(number),
        "revision": 20,
        "enterprise_id": firm(number % 3),
        "division": ("610303", "610302", "610304")[number % 3],
        "number": f"宝市监罚〔2026〕{number}号",
        "changed_on": DAY,
        "what": DecisionChange.ANNULLED,
        "changed_by": "宝鸡市人民政府",
        "reason": "复议撤销",
        "warning_only": False,
        "violation_class": ViolationClass.ORDINARY,
        "heavier": False,
        "kinds": (),
        "fine_fen": 0,
        "confiscated_fen": 0,
        "content": None,
    }
    return sealed(DecisionChanged(**facts | changes), f"case/{case(number)}")


def case_closed(number: int = 1, **changes: Any) -> Envelope[CaseClosed]:
    facts: dict[str, Any] = {
        "case_id": case(number),
        "revision": 30,
        "enterprise_id": firm(number % 3),
        "division": ("610303", "610302", "610304")[number % 3],
        "number": f"宝市监罚〔2026〕{number}号",
        "closed_on": DAY,
        "end": CaseEnd.PERFORMED,
    }
    return sealed(CaseClosed(**facts | changes), f"case/{case(number)}")


def overdue(number: int = 1, **changes: Any) -> Envelope[OrderOverdue]:
    facts: dict[str, Any] = {
        "order_id": order(number),
        "revision": 10,
        "enterprise_id": firm(number % 3),
        "division": ("610303", "610302", "610304")[number % 3],
        "number": f"(宝)市监责改〔2026〕{number}号",
        "item_ids": (uuid5(order(number), "item"),),
        "overdue_on": DECIDED,
        "again": False,
    }
    return sealed(OrderOverdue(**facts | changes), f"order/{order(number)}")


def order_closed(number: int = 1, **changes: Any) -> Envelope[OrderClosed]:
    facts: dict[str, Any] = {
        "order_id": order(number),
        "revision": 20,
        "enterprise_id": firm(number % 3),
        "division": ("610303", "610302", "610304")[number % 3],
        "number": f"(宝)市监责改〔2026〕{number}号",
        "closed_on": DAY,
        "end": OrderEnd.RECTIFIED,
        "in_time": False,
    }
    return sealed(OrderClosed(**facts | changes), f"order/{order(number)}")


def refused(number: int = 1, **changes: Any) -> Envelope[RefusalRecorded]:
    facts: dict[str, Any] = {
        "refusal_id": refusal(number),
        "revision": 10,
        "enterprise_id": firm(number % 3),
        "division": ("610303", "610302", "610304")[number % 3],
        "ground": RefusalGround.WRITTEN,
        "recorded_on": DECIDED,
        "order_id": None,
        "case_id": None,
        "object_ids": (),
        "endangers_safety": False,
    }
    return sealed(RefusalRecorded(**facts | changes), f"refusal/{refusal(number)}")


def unrefused(number: int = 1, **changes: Any) -> Envelope[RefusalWithdrawn]:
    facts: dict[str, Any] = {
        "refusal_id": refusal(number),
        "revision": 20,
        "enterprise_id": firm(number % 3),
        "division": ("610303", "610302", "610304")[number % 3],
        "withdrawn_on": DAY,
        "reason": "记录有误",
    }
    return sealed(RefusalWithdrawn(**facts | changes), f"refusal/{refusal(number)}")


HEARD_BY = {
    CaseDecided: "on_case_decided",
    DecisionChanged: "on_decision_changed",
    CaseClosed: "on_case_closed",
    OrderOverdue: "on_order_overdue",
    OrderClosed: "on_order_closed",
    RefusalRecorded: "on_refusal_recorded",
    RefusalWithdrawn: "on_refusal_withdrawn",
}


def hear(service: CreditService, heard: list[Envelope[Any]]) -> None:
    """One batch of one event, as after the inbox."""
    method = getattr(service, HEARD_BY[type(heard[0].event)])
    with service.database.transaction() as session:
        method(heard, session)


def penalty(**changes: Any) -> dict[str, Any]:
    """What a clerk sends of a penalty of another department."""
    content: dict[str, Any] = {
        "severity": "ordinary",
        "content": "销售不符合国家标准的电线电缆",
        "basis": "《产品质量法》第四十九条",
        "authority": "宝鸡市市场监督管理局",
        "document_number": "宝市监罚〔2026〕88号",
        "decided_on": DECIDED.isoformat(),
        "penalty": "罚款三万元",
    }
    return {
        "enterprise_id": str(firm(1)),
        "kind": "penalty",
        "source": "department",
        "content": content | changes,
    }


def ground(kind: str, on: date = DECIDED, **changes: Any) -> dict[str, Any]:
    return {"kind": kind, "on": on.isoformat(), "words": "见案卷"} | changes


def entered(portal: Portal, body: dict[str, Any], *kinds: str) -> str:
    """The id of a record that was entered with these grounds on file."""
    answer = portal.post("/records", body | {"grounds": [ground(kind) for kind in kinds]})
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def published(portal: Portal, body: dict[str, Any] | None = None, *kinds: str) -> str:
    """The id of a record that is public."""
    record_id = entered(portal, body or penalty(), *(kinds or OF_A_PENALTY))
    answer = portal.post(f"/records/{record_id}/publication")
    assert answer.status_code == 200, answer.json
    assert answer.json["state"] == "published", answer.json
    return record_id


def public_ids(portal: Portal, number: int = 1) -> set[str]:
    """What the public finds of an enterprise, over all classes."""
    archive = portal.get(f"/public/enterprises/{firm(number)}").json
    return {item["id"] for items in archive["records"].values() for item in items}
