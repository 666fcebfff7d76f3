"""The census over HTTP: plans in versions, lines that count once, coverage, days, scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.chassis.database import Database
from services.registry.handlers.census import note_past_days
from services.registry.store.tables import CensusDayRow
from tests.services.census_stories import JINTAI, WEIBIN, Portal, grid, visit
from tests.services.registry_stories import Registry, Urls, elevator, opened


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", "2013-12-13")
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return Portal(database)


def figures(share: dict[str, Any]) -> tuple[int, int, float | None]:
    return share["planned"], share["surveyed"], share["percent"]


def test_coverage_is_surveyed_by_planned_in_every_cut(portal: Portal) -> None:
    portal.plan(("A", "equipment", 4), ("A", "instrument", 2), ("B", "equipment", 4))
    portal.send(
        visit(1),
        visit(2, outcome="new"),
        visit(3, outcome="not_found"),
        visit(4, outcome="refused"),
        visit(5, grid="B"),
    )

    by_grid = portal.get("/coverage?by=grid")

    assert {item["key"]: figures(item) for item in by_grid["items"]} == {
        "A": (6, 2, 33.3),
        "B": (4, 1, 25.0),
    }
    assert figures(by_grid["total"]) == (10, 3, 30.0)
    assert (by_grid["total"]["not_found"], by_grid["total"]["refused"]) == (1, 1)
    assert {item["key"] for item in portal.get("/coverage?by=district")["items"]} == {
        JINTAI,
        WEIBIN,
    }
    by_kind = {i["key"]: figures(i) for i in portal.get("/coverage?by=kind")["items"]}
    assert by_kind == {"equipment": (8, 3, 37.5), "instrument": (2, 0, 0.0)}


def test_the_same_sheet_twice_counts_once(portal: Portal) -> None:
    portal.plan(("A", "equipment", 4))
    sheet = [visit(1), visit(2)]

    first, again = (portal.send(*sheet).get_json() for _ in range(2))

    assert first == {"new": 2, "changed": 0, "same": 0}
    assert again == {"new": 0, "changed": 0, "same": 2}
    assert portal.get("/coverage")["total"]["surveyed"] == 2


def test_the_last_visit_holds_whatever_order_the_sheets_come_in(portal: Portal) -> None:
    portal.plan(("A", "equipment", 1))
    portal.send(visit(1, surveyed_on="2013-12-06"))

    portal.send(visit(1, surveyed_on="2013-12-04", outcome="refused"))

    on = {
        day: portal.get(f"/coverage?on={day}")["total"]
        for day in ("2013-12-03", "2013-12-05", "2013-12-06")
    }
    assert [share["surveyed"] for share in on.values()] == [0, 0, 1]
    assert [share["refused"] for share in on.values()] == [0, 1, 0]


def test_coverage_is_against_the_plan_in_force_on_the_day(portal: Portal) -> None:
    portal.plan(("A", "equipment", 2))
    portal.send(visit(1))

    made = portal.plan(("A", "equipment", 4), on="2013-12-10").get_json()
    same = portal.plan(("A", "equipment", 4), on="2013-12-11").get_json()

    assert made == {"version": 2, "changed": 1}
    assert same == {"version": 2, "changed": 0}
    before, after = (portal.get(f"/coverage?on=2013-12-{day}") for day in ("09", "10"))
    assert (before["plan_version"], before["total"]["percent"]) == (1, 50.0)
    assert (after["plan_version"], after["total"]["percent"]) == (2, 25.0)
    versions = portal.get("/plans")
    assert versions["in_force"] == 2
    assert [(v["version"], v["made_by"], v["why"]) for v in versions["items"]] == [
        (2, "li.wen", "下达"),
        (1, "li.wen", "下达"),
    ]


def test_the_figures_of_a_day_are_noted_once_and_can_be_computed_again(
    portal: Portal, database: Database
) -> None:
    portal.plan(("A", "equipment", 4))
    portal.send(visit(1), visit(2, surveyed_on="2013-12-03"))
    today = date(2013, 12, 13)

    noted = note_past_days(database, today=today)
    again = note_past_days(database, today=today)
    kept = rows(database)
    portal.post(f"{portal.path}/days/2013-12-02", {})

    assert (noted, again) == (12, 0)
    assert rows(database) == kept
    days = portal.get("/days")["items"]
    assert [(d["key"], d["surveyed"]) for d in days[:3]] == [
        ("2013-12-01", 0),
        ("2013-12-02", 1),
        ("2013-12-03", 2),
    ]


def test_a_sheet_that_comes_late_changes_the_days_it_speaks_of(
    portal: Portal, database: Database
) -> None:
    portal.plan(("A", "equipment", 4))
    portal.send(visit(1))
    note_past_days(database, today=date(2013, 12, 13))

    portal.send(visit(2, surveyed_on="2013-12-05"))
    noted = note_past_days(database, today=date(2013, 12, 13))

    assert noted == 8
    surveyed = {d["key"]: d["surveyed"] for d in portal.get("/days")["items"]}
    assert (surveyed["2013-12-04"], surveyed["2013-12-05"]) == (1, 2)


def test_a_county_sees_its_own_grids_only(
    portal: Portal, database: Database, tmp_path: Path
) -> None:
    Registry(database, tmp_path).take([elevator(1), elevator(2, 区县=WEIBIN)])
    portal.plan(("A", "equipment", 4), ("B", "equipment", 4))
    portal.send(visit(3), visit(4, grid="B"))
    note_past_days(database, today=date(2013, 12, 13))

    seen = {
        path: portal.get(path, scope=WEIBIN)
        for path in ("/grids", "/coverage?by=grid", "/gaps", "/days")
    }

    assert [item["code"] for item in seen["/grids"]["items"]] == ["B"]
    assert [item["key"] for item in seen["/coverage?by=grid"]["items"]] == ["B"]
    assert seen["/coverage?by=grid"]["total"]["planned"] == 4
    assert seen["/gaps"]["records"]["registered_not_surveyed"] == 2
    assert seen["/gaps"]["records"]["surveyed_not_registered"] == 1
    assert {item["planned"] for item in seen["/days"]["items"]} == {4}


@pytest.mark.parametrize(
    ("act", "status", "code"),
    [
        (lambda p: p.send(visit(1), scope=WEIBIN), 403, "grid_out_of_scope"),
        (lambda p: p.send(visit(1, grid="Z")), 403, "grid_out_of_scope"),
        (lambda p: p.send(visit(1, surveyed_on="2013-12-14")), 422, "surveyed_in_future"),
        (lambda p: p.send(visit(1, outcome="seen")), 422, "fields_wrong"),
        (lambda p: p.send(visit(1, kind="licence")), 422, "fields_wrong"),
        (lambda p: p.send(visit(1, key=None)), 422, "fields_wrong"),
        (lambda p: p.send(), 422, "fields_wrong"),
        (lambda p: p.plan(("A", "equipment", 1), scope=WEIBIN), 403, "grid_out_of_scope"),
        (lambda p: p.plan(("Z", "equipment", 1)), 422, "grid_unknown"),
        (lambda p: p.plan(("A", "equipment", 1), ("A", "equipment", 2)), 422, "planned_twice"),
        (
            lambda p: p.post(f"{p.path}/grids", {"grids": [grid("A", WEIBIN)]}),
            422,
            "grid_elsewhere",
        ),
        (
            lambda p: p.post(f"{p.path}/grids", {"grids": [grid("C", JINTAI)]}, scope=WEIBIN),
            403,
            "grid_out_of_scope",
        ),
        (
            lambda p: p.post("/census", {"name": "x", "begins_on": "2013-01-01"}, scope=WEIBIN),
            403,
            "scope_too_narrow",
        ),
        (
            lambda p: p.post(
                "/census", {"name": "x", "begins_on": "2013-02-01", "ends_on": "2013-01-01"}
            ),
            422,
            "fields_wrong",
        ),
        (lambda p: p.post(f"{p.path}/days/13", {}), 400, "not_a_day"),
    ],
)
def test_what_is_not_right_is_refused_in_words(
    portal: Portal, act: Any, status: int, code: str
) -> None:
    answer = act(portal)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert portal.get("/coverage")["total"]["surveyed"] == 0


def test_a_sheet_with_one_foreign_grid_leaves_nothing(portal: Portal) -> None:
    portal.send(visit(1), visit(2, grid="B"), scope=JINTAI)

    assert portal.get("/coverage")["total"]["surveyed"] == 0


def test_no_name_and_no_identity_number_of_a_person_is_kept(
    portal: Portal, database: Database, tmp_path: Path
) -> None:
    number = "610302198002290013"
    portal.send(
        visit(1, kind="operator", key=number),
        visit(2, kind="operator", key="CZ1", label="王小明"),
    )

    kept = str(Registry(database, tmp_path).kept("census_visit"))

    assert number not in kept
    assert "小明" not in kept


def rows(database: Database) -> list[Any]:
    with database.reading() as session:
        columns = CensusDayRow.__table__.columns
        return sorted(map(tuple, session.execute(select(*columns))), key=str)
