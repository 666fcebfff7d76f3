"""Which value is in force on a day, what is told about it, and the version of them all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from services.chassis.policy import NotInForce, Policy
from services.chassis.policy_file import DatedValue, Entry

NAME = "days_to_correct"
ENTRY = (
    NAME + ": {label: 改正期限, unit: 日, source: 报道, silent_on: 未说明工作日, values: %s}"
)
OWN = NAME + ": {source: 本局文件, values: %s}"
DAY = date(2020, 6, 1)

Read = Callable[..., Policy]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads what the two files say: the shipped one and, if there is one, the bureau's own."""

    def policy(shipped: str, own: str | None = None, *, profile: str = "cn-current") -> Policy:
        file, over = tmp_path / "policy.yaml", tmp_path / "own.yaml"
        file.write_text(shipped, encoding="utf-8")
        if own is not None:
            over.write_text(own, encoding="utf-8")
        return Policy.read(file, profile, None if own is None else over)

    return policy


@pytest.mark.parametrize(
    ("day", "days"),
    [(date(2013, 12, 13), 15), (date(2019, 12, 31), 15), (date(2020, 1, 1), 20), (DAY, 20)],
)
def test_the_latest_value_that_has_taken_effect_holds(read: Read, day: date, days: int) -> None:
    policy = read(ENTRY % "{2020-01-01: 20, 2013-12-13: 15, 2021-01-01: 30}")

    assert policy.number(NAME, on=day) == days


@pytest.mark.parametrize(
    ("values", "own", "days"),
    [
        ("{all: {2013-01-01: 1}}", None, 1),
        ("{all: {2013-01-01: 1}, cn-current: {2013-01-01: 2}}", None, 2),
        ("{all: {2013-01-01: 1, 2020-01-01: 3}, cn-current: {2014-01-01: 2}}", None, 2),
        ("{all: {2013-01-01: 1}, cn-current: {2021-01-01: 2}}", None, 1),
        ("{all: {2013-01-01: 1}, baoji-2013: {2014-01-01: 2}}", None, 1),
        ("{2013-01-01: 1}", "{2014-01-01: 9}", 9),
        ("{2013-01-01: 1}", "{2013-01-01: 9}", 9),
        ("{2013-01-01: 1}", "{2021-01-01: 9}", 1),
        ("{2013-01-01: 1, 2020-01-01: 3}", "{2014-01-01: 9}", 9),
        ("{cn-current: {2020-01-01: 2}}", "{all: {2013-01-01: 9}}", 9),
        ("{2013-01-01: 1}", "{all: {2020-01-01: 9}, cn-current: {2014-01-01: 8}}", 8),
        ("{2013-01-01: 1}", "{baoji-2013: {2014-01-01: 9}}", 1),
    ],
)
def test_the_nearest_series_that_has_begun_decides(
    read: Read, values: str, own: str | None, days: int
) -> None:
    policy = read(ENTRY % values, None if own is None else OWN % own)

    assert policy.number(NAME, on=DAY) == days


DATED = st.dictionaries(
    st.dates(date(2013, 1, 1), date(2016, 1, 1)), st.integers(0, 9), max_size=4
)


@given(own=DATED, profile=DATED, common=DATED, day=st.dates(date(2012, 1, 1), date(2017, 1, 1)))
def test_any_mixture_of_series_is_decided_by_the_one_rule(
    own: dict[date, int], profile: dict[date, int], common: dict[date, int], day: date
) -> None:
    def entry(**series: dict[date, int]) -> Entry:
        file = Path("policy.yaml")
        dated = {
            under.replace("_", "-"): tuple(
                DatedValue(since, value, "报道", "", own=False, file=file)
                for since, value in sorted(days.items())
            )
            for under, days in series.items()
            if days
        }
        return Entry(NAME, "改正期限", "日", file, dated)

    shipped = {NAME: entry(cn_current=profile, all=common)}
    policy = Policy("cn-current", shipped, {NAME: entry(cn_current=own)})
    begun = [
        series[max(since for since in series if since <= day)]
        for series in (own, profile, common)
        if any(since <= day for since in series)
    ]

    if begun:
        assert policy.number(NAME, on=day) == begun[0]
    else:
        with pytest.raises(NotInForce):
            policy.number(NAME, on=day)


def test_every_kind_of_value_is_read_as_what_it_is(read: Read) -> None:
    policy = read(
        "a: {label: 甲, unit: 日, source: 报道, values: {2013-01-01: 15}}\n"
        "b: {label: 乙, unit: 文字, source: 报道, values: {2013-01-01: list}}\n"
        "c: {label: 丙, unit: 是否, source: 报道, values: {2013-01-01: true}}\n"
        "d: {label: 丁, unit: 表, source: 报道, values: {2013-01-01: [{档: A, 分: 90}]}}\n"
    )

    assert policy.names == ["a", "b", "c", "d"]
    assert policy.number("a", on=DAY) == 15
    assert policy.text("b", on=DAY) == "list"
    assert policy.flag("c", on=DAY) is True
    assert policy.table("d", on=DAY) == [{"档": "A", "分": 90}]


def test_a_value_has_its_own_source_or_that_of_its_entry(read: Read) -> None:
    policy = read(
        ENTRY % "{2013-01-01: 15, 2020-01-01: {value: 20, source: 新法, silent_on: 顺延}}"
    )

    assert policy.source(NAME, on=date(2019, 1, 1)) == "报道"
    assert policy.source(NAME, on=DAY) == "新法"
    assert [(dated.value, dated.source, dated.silent_on) for dated in policy.history(NAME)] == [
        (15, "报道", "未说明工作日"),
        (20, "新法", "顺延"),
    ]


def test_an_explanation_says_everything_a_person_asks(read: Read) -> None:
    policy = read(ENTRY % "{2013-01-01: 15}", OWN % "{2020-01-01: 20}")

    assert policy.explain(NAME, on=date(2019, 1, 1)) == {
        "name": NAME,
        "label": "改正期限",
        "unit": "日",
        "value": 15,
        "in_force_since": "2013-01-01",
        "source": "报道",
        "silent_on": "未说明工作日",
        "own": False,
    }
    assert policy.explain(NAME, on=DAY)["own"] is True
    assert policy.explain(NAME, on=DAY)["source"] == "本局文件"


def test_an_explanation_of_a_table_with_days_can_be_written_as_json(read: Read) -> None:
    policy = read(ENTRY % "{2013-01-01: [{自: 2013-01-01, 分: 90}]}")

    assert json.loads(json.dumps(policy.explain(NAME, on=DAY)))["value"] == [
        {"自": "2013-01-01", "分": 90}
    ]


def test_a_bureaus_value_older_than_a_shipped_one_is_pointed_out(read: Read) -> None:
    policy = read(ENTRY % "{2013-01-01: 15, 2020-01-01: 20}", OWN % "{2014-01-01: 10}")

    assert policy.overtaken(on=date(2019, 12, 31)) == []
    assert policy.overtaken(on=date(2020, 1, 1)) == [NAME]
    assert policy.number(NAME, on=date(2020, 1, 1)) == 10


def test_a_bureaus_file_with_nothing_in_it_changes_nothing(read: Read) -> None:
    policy = read(ENTRY % "{2013-01-01: 15}", "# 本局暂无自定的值\n")

    assert policy.number(NAME, on=DAY) == 15
    assert policy.version(on=DAY) == read(ENTRY % "{2013-01-01: 15}").version(on=DAY)


@pytest.mark.parametrize(
    "other",
    [
        ENTRY.replace("改正期限", "期限") % "{2013-01-01: 15}",
        ENTRY.replace("报道", "文件") % "{2013-01-01: 15}",
        ENTRY % "{2014-01-01: {value: 15, silent_on: 无}}",
        ENTRY % "{cn-current: {2013-01-01: 15}}",
        ENTRY % "{2013-01-01: 15, 2030-01-01: 20}",
        (ENTRY % "{2013-01-01: 15}") + "\n" + ENTRY.replace(NAME, "later") % "{2030-01-01: 1}",
    ],
)
def test_the_version_stays_while_the_values_in_force_stay(read: Read, other: str) -> None:
    version = read(ENTRY % "{2013-01-01: 15}").version(on=DAY)

    assert read(other).version(on=DAY) == version
    assert len(version) == 12
    assert set(version) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "other",
    [
        ENTRY % "{2013-01-01: 16}",
        ENTRY % '{2013-01-01: "15"}',
        ENTRY % "{2013-01-01: 15, 2020-01-01: 20}",
        ENTRY.replace(NAME, "days") % "{2013-01-01: 15}",
        (ENTRY % "{2013-01-01: 15}") + "\n" + ENTRY.replace(NAME, "more") % "{2013-01-01: 1}",
    ],
)
def test_the_version_changes_with_the_values_in_force(read: Read, other: str) -> None:
    assert read(other).version(on=DAY) != read(ENTRY % "{2013-01-01: 15}").version(on=DAY)


def test_the_version_changes_on_the_day_a_value_takes_effect(read: Read) -> None:
    policy = read(ENTRY % "{2013-01-01: 15, 2020-01-01: 20, 2021-01-01: 15}")
    versions = [policy.version(on=date(year, 1, 1)) for year in (2012, 2019, 2020, 2021)]

    assert versions[1] == policy.version(on=date(2019, 12, 31)) == versions[3]
    assert len(set(versions)) == 3
