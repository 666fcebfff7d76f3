"""Complaints handed in by the public and by clerks, over the internal API."""

from __future__ import annotations

from typing import Any

from tests.services.order_stories import JINTAI, TWO, Bureau

NAME, PHONE = "王小明", "13800001234"


def handed_in(bureau: Bureau, **changes: Any) -> Any:
    """A consumer's complaint by the public page; what he gets in return."""
    body: dict[str, Any] = {
        "kind": "complaint",
        "words": "买的电热水壶漏电,商店不肯退货",
        "target": "宝鸡某商店",
        "division": JINTAI,
        "name": NAME,
        "phone": PHONE,
    }
    return bureau.post("/public/complaints", by="visitor", scope="*", **body | changes)


def a_lead(bureau: Bureau, **changes: Any) -> Any:
    """An anonymous lead."""
    return handed_in(bureau, **{"kind": "lead", "name": "", "phone": ""} | changes)


def step(bureau: Bureau, given: Any, name: str, /, **body: Any) -> Any:
    return bureau.post(f"/complaints/{given['complaint_id']}/{name}", **body)


def file_of(bureau: Bureau, given: Any, **how: Any) -> Any:
    return bureau.get(f"/complaints/{given['complaint_id']}/explanation", **how)


def receipt(bureau: Bureau, given: Any) -> Any:
    path = f"/public/complaints/{given['number']}/receipt"
    return bureau.post(path, by="visitor", scope="*", code=given["code"])


def mediated(bureau: Bureau, given: Any) -> Any:
    step(bureau, given, "acceptance")
    return step(bureau, given, "mediation", end="agreed", note="商店同意退货")


def answered(bureau: Bureau, given: Any, answer: str = "商店已退货") -> Any:
    mediated(bureau, given)
    return step(bureau, given, "answer", answer=answer)


def case_of(bureau: Bureau, given: Any) -> Any:
    """The lead was checked and is filed as a case."""
    step(bureau, given, "check", finding="现场有两台秤未检定")
    return step(bureau, given, "case", matter="label_defect", officers=TWO)
