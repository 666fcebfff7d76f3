"""The census: coverage, plans and findings, against their case books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from services.registry.model import RowKind
from services.registry.rules.census import (
    Finding,
    PlanBroken,
    PlanLine,
    Share,
    percent,
    planned_anew,
    shares,
)
from services.registry.rules.census.findings import (
    Demands,
    needs_operator,
    of_equipment,
    user_missing,
)
from tests.services.registry_stories import POLICY

CASES = Path(__file__).parent / "cases"


def book(name: str) -> list[dict[str, Any]]:
    text = (CASES / f"census_{name}.yaml").read_text(encoding="utf-8")
    cases: list[dict[str, Any]] = yaml.safe_load(text)["案例"]
    return cases


def lines(said: list[str]) -> list[PlanLine]:
    pieces = [line.split() for line in said]
    return [PlanLine(grid, RowKind(kind), int(many)) for grid, kind, many in pieces]


@pytest.mark.parametrize("case", book("coverage"), ids=lambda case: case["情形"])
def test_coverage(case: dict[str, Any]) -> None:
    share = Share("total", case["计划"], case["已普查"], 0, 0)

    expected = None if case["覆盖率"] == "无" else Decimal(case["覆盖率"])
    assert (share.percent, share.left) == (expected, case["尚余"])


@pytest.mark.parametrize("case", book("plan"), ids=lambda case: case["情形"])
def test_plans(case: dict[str, Any]) -> None:
    def made() -> list[PlanLine]:
        return planned_anew(lines(case["上一版"]), lines(case["写明"]), grids={"A", "B"})

    if "退回" not in case:
        assert made() == lines(case["新版"])
        return
    with pytest.raises(PlanBroken) as refused:
        made()
    assert refused.value.code == case["退回"]


@pytest.mark.parametrize("case", book("findings"), ids=lambda case: case["情形"])
def test_findings(case: dict[str, Any]) -> None:
    demands = Demands.on(case.get("日", date(2013, 12, 13)), POLICY)
    if "要持证" in case:
        assert needs_operator([case["类别"]], demands) == (case["要持证"] is True)
        return
    if "租用" in case:
        leased = case["租用"] is True
        missing = user_missing(leased=leased, user=case["使用人"], demands=demands)
        found = [Finding.USER] if missing else []
    else:
        found = of_equipment(
            case.get("类别", "4110"),
            maker=case["制造单位"],
            installation_filing=case["安装告知"],
            filing_number=case["登记证"],
            demands=demands,
        )

    assert [finding.value for finding in found] == case["问题"]


CELLS = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.fixed_dictionaries(
            {
                name: st.integers(0, 500)
                for name in ("planned", "surveyed", "not_found", "refused")
            }
        ),
    )
)


@given(CELLS)
def test_any_cut_of_the_cells_has_the_same_total(
    cells: list[tuple[str, dict[str, int]]],
) -> None:
    cut = shares(cells)
    whole = shares([("total", counts) for _, counts in cells])

    assert sum(share.planned for share in cut) == sum(share.planned for share in whole)
    assert sum(share.surveyed for share in cut) == sum(share.surveyed for share in whole)
    assert [share.key for share in cut] == sorted({key for key, _ in cells})


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_percentage_is_within_a_twentieth_of_the_ratio(surveyed: int, planned: int) -> None:
    found = percent(surveyed, planned)

    assert found is not None
    assert abs(found - Decimal(100) * surveyed / planned) <= Decimal("0.05")
