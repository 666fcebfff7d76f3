"""曾用名 as a source states them: kept like every fact, found, and asked about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.chassis.database import Database
from services.registry.handlers import finding, resembling
from services.registry.rules.former_names import together
from services.registry.store.tables import CandidateRow
from tests.services.registry_clerk import Clerk, a_clerk
from tests.services.registry_stories import (
    ELEVATORS,
    ENTERPRISES,
    POLICY,
    TODAY,
    Registry,
    Urls,
    classes,
    elevator,
    enterprise,
    mapping_of,
    opened,
)

NOW, BEFORE, EARLIEST = "宝鸡鹏盛钛业有限公司", "宝鸡市有色金属加工厂", "渭滨五金社"
WITH_FORMER = ENTERPRISES.replace("kind: enterprise\n", "kind: enterprise\nblank: [无]\n")
WITH_FORMER += "  former_names: 曾用名\n"


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    return Registry(database, tmp_path)


@pytest.fixture
def clerk(database: Database) -> Clerk:
    return a_clerk(database)


def named(former: str, **changes: str) -> list[dict[str, str]]:
    """The table of the code system, with the column 曾用名."""
    every = {"住所": "", "状态": "", "邮箱": "", "责任人": ""}
    return [every | enterprise(1, **{"名称": NOW, "曾用名": former} | changes)]


def asked(database: Database) -> list[tuple[str, ...]]:
    """Why somebody is asked, of each candidate."""
    resembling.find_all(database, policy=POLICY)
    with database.reading() as session:
        return [tuple(row.signs) for row in session.query(CandidateRow)]


def found(clerk: Clerk, text: str) -> list[tuple[str, list[str]]]:
    items = clerk.get(f"/search?text={text}&kind=enterprise").get_json()["items"]
    return [(item["name"], item["former_names"]) for item in items]


@pytest.mark.parametrize("stated_first", [True, False])
def test_an_old_register_with_the_old_name_is_asked_about(
    registry: Registry, database: Database, stated_first: bool
) -> None:
    """It knows the enterprise by a key of its own only, in a name that it gave up."""

    def state() -> None:
        registry.take_table(named(f"{EARLIEST};{BEFORE}"), WITH_FORMER)

    def register() -> None:
        registry.take([elevator(1, 单位=BEFORE)], ELEVATORS)

    for step in (state, register) if stated_first else (register, state):
        step()
        resembling.find_all(database, policy=POLICY)

    assert asked(database) == [("former_name_same", "division_same")]


def test_without_the_column_nobody_is_asked(registry: Registry, database: Database) -> None:
    registry.take([enterprise(1, 名称=NOW)], ENTERPRISES)
    registry.take([elevator(1, 单位=BEFORE)], ELEVATORS)

    assert asked(database) == []


def test_it_is_found_by_any_name_that_it_had(registry: Registry, clerk: Clerk) -> None:
    registry.take_table(named(f"{BEFORE}、{EARLIEST}"), WITH_FORMER)

    expected = [(NOW, [BEFORE, EARLIEST])]
    assert found(clerk, "五金") == found(clerk, "有色金属") == found(clerk, "鹏盛") == expected
    assert found(clerk, "wbwj") == expected


def test_a_name_that_was_stated_by_mistake_is_not_found_any_more(
    registry: Registry, clerk: Clerk, database: Database
) -> None:
    registry.take_table(named(BEFORE), WITH_FORMER)
    registry.take_table(named(EARLIEST), WITH_FORMER)

    assert found(clerk, "有色金属") == []
    [row] = registry.kept("enterprise")
    clerk.patch(
        f"/enterprises/{row['id']}",
        {"fields": {"former_names": "千阳布社"}, "reason": "核对登记档案原件"},
    )
    finding.follow_names(database)
    assert found(clerk, "五金") == []
    assert found(clerk, "千阳") == [(NOW, ["千阳布社"])]


def test_what_it_was_called_here_and_what_is_stated_stand_together(
    registry: Registry, clerk: Clerk
) -> None:
    registry.take_table(named(EARLIEST, 名称=BEFORE), WITH_FORMER)
    registry.take_table(named(f"{EARLIEST};{BEFORE}"), WITH_FORMER)
    [row] = registry.kept("enterprise")

    file = clerk.get(f"/enterprises/{row['id']}").get_json()
    assert file["former_names"] == [BEFORE, EARLIEST]
    assert file["sources"]["former_names"] == "codes"


def test_the_same_file_again_is_the_same_and_another_name_a_change(registry: Registry) -> None:
    reports = [
        registry.take_table(named(former), WITH_FORMER)
        for former in (BEFORE, BEFORE, f"{BEFORE} ； {BEFORE}", "无", EARLIEST)
    ]

    assert [classes(report) for report in reports] == [
        {"new": 1},
        {"same": 1},
        {"same": 1},
        {"same": 1},  # an empty cell erases nothing
        {"changed": 1},
    ]


def test_its_change_is_history_and_no_news_for_other_services(
    registry: Registry, clerk: Clerk
) -> None:
    registry.take_table(named(BEFORE), WITH_FORMER)
    said = len(registry.said())
    registry.take_table(named(EARLIEST), WITH_FORMER)
    [row] = registry.kept("enterprise")

    [latest, _first] = clerk.get(f"/enterprises/{row['id']}/history").get_json()["items"]
    assert _changed(latest) == {"former_names": (BEFORE, EARLIEST)}
    assert registry.said_since(said) == []


def _changed(change: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (one["before"], one["after"]) for name, one in change["changed"].items()}


def test_an_owner_may_have_them_too(registry: Registry, clerk: Clerk) -> None:
    mapping = ELEVATORS.replace(
        "  owner.name: 单位\n", "  owner.name: 单位\n  owner.former_names: 曾用名\n"
    )
    registry.take_table(
        [
            {"区县": "", "类别": "", "状态": "", "投用": "", "下次": ""}
            | elevator(1, 曾用名=BEFORE)
        ],
        mapping,
    )

    assert found(clerk, "有色金属") == [("单位1", [BEFORE])]


def test_a_cell_that_is_too_long_is_no_name(registry: Registry) -> None:
    report = registry.take_table(named("长" * 600), WITH_FORMER)

    assert [(e.column, e.code) for e in report.errors] == [("曾用名", "too_long")]


def test_names_together() -> None:
    assert together(("甲", "乙"), ("乙", "丙"), ()) == ("甲", "乙", "丙")


def test_the_mapping_knows_the_field() -> None:
    assert mapping_of(WITH_FORMER).columns["former_names"].names == ("曾用名",)
