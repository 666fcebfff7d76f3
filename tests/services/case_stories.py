"""The tests of enforcement cases: the ordinary case, step by step."""

from __future__ import annotations

from typing import Any

from tests.services.order_stories import Bureau


def step(bureau: Bureau, case: Any, name: str, /, **body: Any) -> Any:
    return bureau.post(f"/cases/{case['case_id']}/{name}", **body)


def a_clue(bureau: Bureau, enterprise: str, matter: str = "equipment_not_registered") -> Any:
    return bureau.post(
        "/cases",
        enterprise_id=enterprise,
        origin="visit",
        matter=matter,
        description="使用未办理使用登记的起重机",
    )
