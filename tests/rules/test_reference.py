"""Code tables: the case book, what a newer edition changes, and the shipped editions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from services.demo.vocabulary import crafts, instruments
from services.registry.model import RowError, RowKind
from services.registry.rules.divisions import Divisions
from services.registry.rules.reference import (
    SUBJECTS,
    Change,
    ChangeKind,
    Edition,
    EditionBroken,
    References,
    changes,
    class_check,
    read_edition,
)
from services.registry.rules.verdict import Standing

CASES = Path(__file__).with_name("cases")
EDITIONS, CODES_READ = (
    yaml.safe_load((CASES / f"reference_{book}.yaml").read_text("utf-8"))["案例"]
    for book in ("editions", "codes")
)
DIVISIONS = SUBJECTS["divisions"]
HEAD = "code,name,valid_from,valid_until,successor,origin,source"
DAY = date(2026, 11, 25)


def text_of(*lines: str) -> str:
    """From lines of the case book, which leave out origin and source."""
    return "\n".join([HEAD, *(f"{line},own,本局" for line in lines)])


def edition(*lines: str) -> Edition:
    return read_edition(DIVISIONS, text_of(*lines))


def faults_of(text: str) -> list[RowError]:
    """What an edition is refused for; nothing: it is taken."""
    try:
        read_edition(DIVISIONS, text)
    except EditionBroken as broken:
        return list(broken.faults)
    return []


@pytest.mark.parametrize("case", EDITIONS, ids=lambda case: case["情形"])
def test_the_case_book(case: dict[str, Any]) -> None:
    faults = faults_of(text_of(*case["表"]))

    assert [f"{f.line} {f.column} {f.code}" for f in faults] == case["退回"]
    assert all(fault.reason and fault.right for fault in faults)


@pytest.mark.parametrize("case", CODES_READ, ids=lambda case: case["情形"])
def test_how_a_code_is_read(case: dict[str, Any]) -> None:
    verdict = edition(*case["表"]).check(
        case["代码"], day=case["日"], label="表", complete=True
    )

    assert (verdict.value, verdict.code) == (case["读作"], case["提示"])
    assert verdict.standing is (Standing.SUSPICIOUS if case["提示"] else Standing.OK)


def test_what_a_newer_edition_changes_is_told_code_by_code() -> None:
    before = edition(
        "610301,甲,,,", "610302,乙,,,", "610303,丙,,,", "610304,丁,,,", "610305,戊,,,"
    )
    after = edition(
        "610301,甲,,,",
        "610302,乙,,2026-12-31,610306",
        "610303,丙区,,,",
        "610304,丁,2020-01-01,,",
        "610306,己,,,",
    )

    assert list(changes(before, after, on=DAY)) == [
        Change(ChangeKind.ENDED, "610302", "乙", until=date(2026, 12, 31), successor="610306"),
        Change(ChangeKind.RENAMED, "610303", "丙区", was="丙"),
        Change(ChangeKind.AMENDED, "610304", "丁"),
        Change(ChangeKind.ENDED, "610305", "戊"),
        Change(ChangeKind.NEW, "610306", "己"),
    ]
    assert list(changes(before, before, on=DAY)) == []


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=lambda subject: subject.name)
def test_what_is_shipped_is_in_order_and_names_its_sources(subject: Any) -> None:
    shipped = References.shipped().edition(subject.name)

    assert len(list(shipped.on(DAY))) >= 4
    assert all(entry.source for entry in shipped.entries)


def test_the_shipped_catalogue_has_157_codes_and_says_which_are_from_memory() -> None:
    entries = References.shipped().edition("equipment_catalogue").entries

    assert len(entries) == 157
    assert {e.code for e in entries if "凭记忆" in e.source} == {"7210", "7220", "7230"}


def test_the_shipped_industries_are_the_20_sections_and_97_divisions() -> None:
    entries = References.shipped().edition("industries").entries

    assert sum(entry.more["level"] == "门类" for entry in entries) == 20
    assert [e.code for e in entries if e.more["level"] == "大类"] == [
        f"{n:02}" for n in range(1, 98)
    ]


def test_the_partners_of_2013_are_a_profile_of_the_table() -> None:
    of_2013 = {
        entry.name
        for entry in References.shipped().edition("partners").entries
        if "baoji-2013" in entry.more["profiles"].split("|")
    }

    assert len(of_2013) == 6
    assert "市地方税务局" in of_2013


@pytest.mark.parametrize(
    ("kind", "code", "value", "said"),
    [
        (RowKind.EQUIPMENT, "3100", "3100", ""),
        (RowKind.EQUIPMENT, "４１７０", "4170", ""),
        (RowKind.EQUIPMENT, "3999", "3999", "class_not_in_table"),
        (RowKind.EQUIPMENT, "某种设备", "某种设备", "class_not_in_table"),
        (RowKind.INSTRUMENT, "jjg539", "JJG539", ""),
        (RowKind.INSTRUMENT, "JJG9999", "JJG9999", ""),
        (RowKind.OPERATOR, "TSGZ6001", "TSGZ6001", ""),
    ],
)
def test_a_class_code_is_held_against_the_table_of_its_kind(
    kind: RowKind, code: str, value: str, said: str
) -> None:
    check = class_check(References.shipped(), kind, today=DAY)
    assert check is not None

    verdict = check(code)

    assert (verdict.value, verdict.code) == (value, said)
    assert verdict.standing is not Standing.IMPOSSIBLE


def test_there_is_no_table_of_licences() -> None:
    assert class_check(References.shipped(), RowKind.LICENCE, today=DAY) is None


def test_a_county_of_a_city_whose_counties_are_not_in_the_table_is_taken_as_it_is() -> None:
    divisions = Divisions.shipped()

    assert divisions.check("110105", today=DAY).standing is Standing.OK
    assert divisions.check("610399", today=DAY).standing is Standing.IMPOSSIBLE
    assert divisions.check("西安市", today=DAY).value == "610100"
    assert divisions.check("371200", today=DAY).value == "370100"


CODES = st.sampled_from(["610301", "610302", "610303", "610304"])
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2004, 12, 31))
LINES = st.lists(
    st.tuples(CODES, DAYS, DAYS, st.none() | CODES).map(
        lambda line: f"{line[0]},甲,{line[1] or ''},{line[2] or ''},{line[3] or ''}"
    ),
    min_size=1,
    max_size=6,
)


@given(LINES, CODES, st.dates(date(1999, 1, 1), date(2006, 1, 1)))
def test_whatever_is_taken_gives_every_code_one_meaning_a_day(
    lines: list[str], code: str, day: date
) -> None:
    """And looking for an heir always comes to an end, with a code that is valid."""
    try:
        taken = edition(*lines)
    except EditionBroken:
        return

    assert sum(entry.code == code for entry in taken.on(day)) <= 1
    heir = taken.successor(code, day)
    assert heir is None or heir.valid(day)


@given(st.text(max_size=300))
def test_any_text_is_refused_with_places(text: str) -> None:
    """No text of chance has the right heading; none makes the reader fail."""
    faults = faults_of(text)

    assert faults
    assert all(fault.line >= 0 and fault.reason for fault in faults)


def test_the_demonstration_city_speaks_of_certificates_and_instruments_as_the_tables_do() -> (
    None
):
    items = References.shipped().edition("certificate_items")
    kinds = References.shipped().edition("instrument_kinds")

    named = {code: entry.name for code in crafts() if (entry := items.at(code, DAY))}
    assert named == crafts()
    assert {ware.code for ware in instruments().values()} <= set(kinds.codes)
