"""A complaint with ordinary facts, and its steps by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from services.chassis.policy import Policy
from services.inspection.model.complaints import (
    Channel,
    Complaint,
    ComplaintKind,
    ComplaintState,
    MediationEnd,
)
from services.inspection.model.procedure import Taken
from services.inspection.rules.complaints import handling
from services.inspection.rules.complaints.terms import with_term

POLICY = Policy.read(Path(__file__).parents[2] / "services" / "inspection" / "policy.yaml")
SPACE = UUID("6f2a1e0c-8d8a-4a53-9a5e-61030000beef")
RECEIVED_ON = date(2026, 3, 2)


def a_complaint(number: int = 1, **changes: Any) -> Complaint:
    """Received on a Monday in Jintai."""
    on = changes.pop("received_on", RECEIVED_ON)
    facts: dict[str, Any] = {
        "complaint_id": uuid5(SPACE, f"complaint {number}"),
        "number": f"TS610303-2026-{number:05d}",
        "kind": ComplaintKind.COMPLAINT,
        "channel": Channel.PAGE,
        "division": "610303",
        "received_on": on,
        "clock_since": on,
        "state": ComplaintState.RECEIVED,
        "target": "宝鸡某商店",
        "words": "买的电热水壶漏电,商店不肯退货",
        "anonymous": False,
    }
    return with_term(Complaint(**facts | changes), policy=POLICY)


def a_lead(number: int = 1, **changes: Any) -> Complaint:
    return a_complaint(number, kind=ComplaintKind.LEAD, **changes)


STEPS: dict[str, Callable[[Complaint, date], Taken[Complaint]]] = {
    "accept": lambda one, on: handling.accept_complaint(one, today=on),
    "refuse": lambda one, on: handling.refuse_complaint(
        one, ground="too_late", answer="已超过三年", today=on, policy=POLICY
    ),
    "mediate": lambda one, on: handling.mediate(
        one, end=MediationEnd.AGREED, note="退货", evidence=(), today=on
    ),
    "extend": lambda one, on: handling.extend_check(one, because="等待检验报告"),
    "check": lambda one, on: handling.check_lead(
        one, finding="现场没有发现", evidence=(), today=on
    ),
    "no_case": lambda one, on: handling.no_case(one, because="没有证据", today=on),
    "answer": lambda one, on: handling.answer_complaint(one, answer="已处理", today=on),
    "close": lambda one, on: handling.close_complaint(one, today=on),
    "reopen": lambda one, on: handling.reopen(one, because="有新证据", today=on),
}


def taken(complaint: Complaint, *steps: tuple[date, str]) -> Complaint:
    """After these steps, with the term that runs then."""
    for on, step in steps:
        complaint = with_term(STEPS[step](complaint, on).after, policy=POLICY)
    return complaint


def in_state(state: ComplaintState, **changes: Any) -> Complaint:
    return replace(a_complaint(**changes), state=state)
