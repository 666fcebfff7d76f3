"""疑似重复、曾用名与合并: likeness, former names and merging, against their case books."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from services.registry.rules import former_names, likeness, merging
from services.registry.rules.likeness import File, Likeness
from services.registry.rules.merging import NotMergeable, Side
from tests.services.registry_stories import POLICY, uscc

CASES = Path(__file__).parent / "cases"
BY = likeness.measure(POLICY, on=date(2013, 12, 13))
CODES = {"甲": uscc(1), "乙": uscc(2), "无": None}
YES = {"是": True, "否": False}
ONE, OTHER = UUID(int=1), UUID(int=2)


def book(name: str) -> Any:
    cases = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))["案例"]
    return pytest.mark.parametrize("case", cases, ids=lambda case: case["情形"])


def a_file(said: dict[str, Any], at: UUID) -> File:
    organisation = said.get("机构代码")
    return File(
        id=at,
        names=tuple(said["名称"]),
        division=said.get("区县", "610303"),
        address=said.get("地址"),
        email=said.get("邮箱"),
        uscc=CODES[said.get("代码", "无")],
        organisation_code=uscc(1)[8:17] if organisation == "甲中" else None,
        registration_number=said.get("注册号"),
    )


@book("likeness")
def test_who_may_be_the_same(case: dict[str, Any]) -> None:
    one, other = a_file(case["甲"], ONE), a_file(case["乙"], OTHER)

    found = [likeness.compare(one, other, BY), likeness.compare(other, one, BY)]
    if case["分"] == "不提请":
        assert found == [None, None]
        return
    assert [each and each.points for each in found] == [case["分"]] * 2
    assert [each and each.in_words for each in found] == [case["理由"]] * 2
    assert likeness.blocks(one) & likeness.blocks(other), "they would never be compared"


@book("likeness_closest")
def test_whom_to_ask_about(case: dict[str, Any]) -> None:
    alike = {UUID(int=at): Likeness(points, ()) for at, points in enumerate(case["分"])}

    asked = likeness.closest(alike, BY)
    assert sorted((alike[each].points for each in asked), reverse=True) == case["问"]


@book("distinctive_names")
def test_what_distinguishes_a_name(case: dict[str, Any]) -> None:
    assert likeness.core(case["名称"]) == case["去地名和形式"]
    assert likeness.distinctive(case["名称"]) == case["字号"]


def a_side(said: dict[str, Any], at: UUID) -> Side:
    return Side(
        id=at,
        uscc=CODES[said["代码"]],
        active=YES[said["存续"]],
        has=said["对象"],
        keys=said["来源"],
    )


@book("merging")
def test_which_file_stands_for_both(case: dict[str, Any]) -> None:
    one, other = a_side(case["甲"], ONE), a_side(case["乙"], OTHER)

    kept = {"甲": ONE, "乙": OTHER, "编号大的": OTHER}[case["保留"]]
    assert merging.stands_for_both(one, other) == merging.stands_for_both(other, one) == kept


@book("merging_allowed")
def test_what_a_merge_needs(case: dict[str, Any]) -> None:
    facts = {"active": True, "has": 1, "keys": 1}
    survivor = Side(id=ONE, uscc=CODES[case["保留"]], **facts)
    itself = case["并入"] == "自己"
    merged = survivor if itself else Side(id=OTHER, uscc=CODES[case["并入"]], **facts)
    reason = "代码登记有误" if YES[case["理由"]] else None

    if case["结果"] == "可以":
        merging.check(survivor, merged, reason=reason)
        return
    with pytest.raises(NotMergeable) as refused:
        merging.check(survivor, merged, reason=reason)
    assert refused.value.code == case["结果"]


@book("former_names")
def test_names_of_a_cell(case: dict[str, Any]) -> None:
    packed = former_names.packed(case["填写"])

    assert list(former_names.unpacked(packed)) == case["曾用名"]
    assert former_names.packed("、".join(case["曾用名"])) == packed


def test_a_sign_that_the_bureau_leaves_out_counts_nothing() -> None:
    assert set(BY.weights) == set(likeness.WORDS)
