"""What a mapping can say of rows: which are taken, several columns, units, defaults."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from services.registry.mapping import MappingBroken
from services.registry.mapping.units import NotANumber, alike, converted, units
from services.registry.model import ImportReport
from tests.services.registry_stories import (
    ELEVATORS,
    TODAY,
    Registry,
    classes,
    codes,
    elevator,
    mapping_of,
    opened,
)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(f"sqlite:///{tmp_path}/registry.db") as database:
        yield Registry(database, tmp_path)


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(MappingBroken) as caught:
        mapping_of(text)
    return [(fault.code, fault.place) for fault in caught.value.faults]


def accounted(report: ImportReport) -> bool:
    return report.rows == sum(classes(report).values()) + report.skipped


def test_only_some_rows_are_taken_and_the_others_are_accounted_for(registry: Registry) -> None:
    mapping = ELEVATORS + "only: {状态: [在用, 停用]}\nskip: {名称: [测试, ''], 上次: 待检}\n"
    rows = [
        elevator(1, 状态="在用"),
        elevator(2, 状态="报废", 上次="这不是日期"),
        elevator(3, 状态="停用", 名称="测试"),
        elevator(4, 状态="停用", 名称=""),
        elevator(5, 状态="停用", 上次="待检"),
        elevator(6, 状态="在用", 上次="这不是日期"),
    ]

    report = registry.take(rows, mapping)

    assert classes(report) == {"new": 1, "wrong": 1}
    assert report.skips == {"状态不是 停用、在用": 1, "名称是 测试、空": 2, "上次是 待检": 1}
    assert accounted(report)


def test_rows_with_nothing_in_them_are_not_skipped_they_are_none(registry: Registry) -> None:
    report = registry.take([elevator(1, 状态="在用"), {}], ELEVATORS + "only: {状态: 在用}\n")

    assert (report.rows, report.skipped) == (1, 0)


def test_of_several_columns_the_first_that_states_something_is_taken(
    registry: Registry,
) -> None:
    mapping = ELEVATORS.replace("label: 名称", "label: {first: [名称, 单位]}")
    mapping += "blank: [无]\n"

    registry.take([elevator(1), elevator(2, 名称="无"), elevator(3, 名称=" ")], mapping)

    labels = [row["label"] for row in registry.kept("object")]
    assert sorted(labels) == ["1号电梯", "单位0", "单位2"]


def test_a_key_of_several_columns_needs_all_of_them(registry: Registry) -> None:
    mapping = ELEVATORS.replace("key: 编号", 'key: {columns: [编号, 名称], join: "-"}', 1)
    rows = [
        elevator(1, 编号="A", 名称="B-C"),
        elevator(1, 编号="A-B", 名称="C"),
        elevator(1, 编号="A", 名称=""),
    ]

    report = registry.take(rows, mapping)

    assert classes(report) == {"new": 2, "wrong": 1}
    assert codes(report) == [(4, "编号、名称", "key_missing")]


def test_a_cycle_in_years_is_read_in_months(registry: Registry) -> None:
    mapping = ELEVATORS.replace(
        "stated_due_on: 下次}", "cycle_months: {column: 投用, unit: 年}}"
    ).replace("  commissioned_on: 投用\n", "")
    cells = ["2", "1.5", "18个月", "半", "3季"]

    report = registry.take([elevator(n, 投用=cell) for n, cell in enumerate(cells)], mapping)

    kept = {row["key"]: row["records"] for row in registry.kept("object")}
    assert [kept[f"E{n:05}"].rsplit("/", 1)[1] for n in (0, 1, 2, 4)] == ["24", "18", "18", "9"]
    assert codes(report) == [(5, "投用", "number_unreadable")]


def test_a_measure_is_turned_into_the_unit_that_is_wanted(registry: Registry) -> None:
    mapping = ELEVATORS.replace("label: 名称", "label: 名称\n  traits: 状态").replace(
        "  status: 状态\n", ""
    )
    mapping += "units: {traits: {from: 吨, to: kg}}\n"

    report = registry.take([elevator(1, 状态="3.2"), elevator(2, 状态="重")], mapping)

    assert [row["traits"] for row in registry.kept("object")] == ["3200"]
    assert codes(report) == [(3, "状态", "number_unreadable")]


def test_a_default_holds_where_the_cell_is_empty(registry: Registry) -> None:
    mapping = ELEVATORS.replace("status: in_use}", "}").replace(", status: in_use", "")
    mapping += "defaults: {status: stopped}\n"

    registry.take([elevator(1), elevator(2, 状态="报废")], mapping)

    assert sorted(row["status"] for row in registry.kept("object")) == ["scrapped", "stopped"]


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ("defaults: {status: stopped}", ("said_twice", "defaults.status")),
        ("defaults: {maker: 甲}", ("default_without_column", "defaults.maker")),
        ("units: {label: {from: 斤, to: kg}}", ("unit_unknown", "units.label")),
        ("units: {label: {from: 元, to: kg}}", ("unit_unlike", "units.label")),
        ("units: {status: {from: 吨, to: kg}}", ("field_unknown", "units.status")),
        ("units: {label: {from: 吨}}", ("shape", "units.label.to")),
        ("only: {状态: {在用: 1}}", ("shape", "only.状态")),
        ("skip: {状态: []}", ("shape", "skip.状态")),
        ("onli: {状态: 在用}", ("key_unknown", "onli")),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(more: str, wrong: Any) -> None:
    assert wrong in faults(f"{ELEVATORS}\n{more}\n")


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = ELEVATORS.replace("label:", "lable:")
    found = faults(text + "defaults: {maker: 甲}\nunits: {label: {from: 斤, to: kg}}\n")

    assert {code for code, _ in found} >= {
        "default_without_column",
        "field_unknown",
        "unit_unknown",
    }


@pytest.mark.parametrize(
    ("text", "unit", "to", "is_"),
    [
        ("1.5", "万元", "分", "1500000"),
        ("1,200.50元", "万元", "分", "120050"),
        ("2吨", "kg", "kg", "2000"),
        (" 2.50 ", "MPa", "kPa", "2500"),
        ("0", "年", "月", "0"),
        ("1", "mm", "m", "0.001"),
    ],
)
def test_units_are_exact(text: str, unit: str, to: str, is_: str) -> None:
    assert converted(text, unit, to) == is_


@pytest.mark.parametrize(
    "text", ["", "约3", "3斤", "3 元", "1e5", "--1", "1.2.3", "NaN", "9" * 40]
)
def test_what_is_no_number_in_its_unit_is_none(text: str) -> None:
    with pytest.raises(NotANumber):
        converted(text, "吨", "kg")


@given(st.decimals(0, 10**9, places=3), st.sampled_from(["万元", "吨", "年", "km", "MPa"]))
def test_into_the_smallest_unit_and_back_is_the_same(number: Decimal, unit: str) -> None:
    smallest = min(alike(unit), key=lambda name: units()[name][1])

    there = converted(f"{number:f}", unit, smallest)
    assert Decimal(converted(there, smallest, unit)) == number
