"""The census over HTTP: plans in versions, sheets that count once, coverage, gaps, scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.chassis import aliases
from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.registry.api import blueprint
from services.registry.handlers.census import note_past_days
from services.registry.rules.census.findings import Demands, of_equipment
from services.registry.service import RegistryService
from services.registry.store.tables import CensusDayRow, ObjectRow
from tests.services.registry_stories import ELEVATORS, POLICY, Registry, Urls, elevator, opened

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
JINTAI, WEIBIN = "610303", "610302"
OPERATORS = """
mapping: 1
source: special
kind: operator
columns: {key: 编号, holder: 名称, owner.key: 单位编号, owner.name: 单位}
constants: {class_code: TSGZ6001, division: "610303"}
records: [{duty: review, done_on: 上次}]
"""
OF_CRANES = ELEVATORS.replace(
    "  commissioned_on: 投用\n",
    "  maker: 制造\n  installation_filing: 告知\n  filing_number: 证\n",
)
CRANES = """编号,类别,名称,区县,状态,制造,告知,证,单位编号,单位,上次,下次
C1,4110,一号行车,,,不详,,无,U1,单位甲,2013-05-20,
C2,4110,二号行车,,,西府厂,,起11陕Z00001(13),U1,单位甲,,
V1,7310,一号安全阀,,,西府厂,,,U2,单位乙,2013-05-20,
C3,3110,三号电梯,,,无锡厂,告2013-12,,U2,单位乙,2013-05-20,
C4,5110,一号叉车,,,西府厂,,,U1,单位甲,2013-05-20,
"""

SHEET = """
mapping: 1
kind: census
columns: {grid: 网格, key: 编号, outcome: 结果, surveyed_on: 日期, surveyor: 普查员}
constants: {kind: equipment, source: special}
values:
  outcome: {已普查: surveyed, 新发现: new, 未找到: not_found}
dates: "%Y/%m/%d"
"""
GOOD = """网格,编号,结果,日期,普查员
A,E00001,已普查,2013/12/2,赵一
A,E00002,未找到,2013/12/2,赵一
"""


class Portal:
    """A caller of the census API, and one campaign with two grids."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        begun = self.post("/census", {"name": "2013年普查", "begins_on": "2013-12-01"})
        self.path = f"/census/{begun.get_json()['id']}"
        self.post(f"{self.path}/grids", {"grids": [grid("A", JINTAI), grid("B", WEIBIN)]})

    def get(self, path: str, *, scope: str = "610300") -> Any:
        answer = self.client.get(f"{self.path}{path}", headers=self._headers(scope))
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def post(
        self, path: str, body: dict[str, Any], *, scope: str = "610300", **more: str
    ) -> Any:
        return self.client.post(path, json=body, headers=self._headers(scope) | more)

    def plan(self, *lines: tuple[str, str, int], on: str = "2013-12-01", **more: Any) -> Any:
        stated = [{"grid": g, "kind": k, "planned": n} for g, k, n in lines]
        body = {"why": "下达", "in_force_on": on, "lines": stated}
        return self.post(f"{self.path}/plans", body, **more)

    def send(self, *lines: dict[str, Any], **more: Any) -> Any:
        return self.post(f"{self.path}/visits", {"lines": list(lines)}, **more)

    def hand_in(
        self, sheet: str | bytes, mapping: str = "", *, scope: str = "610300", query: str = ""
    ) -> Any:
        content = sheet.encode() if isinstance(sheet, str) else sheet
        files = {
            "file": (BytesIO(content), "普查表.csv"),
            "mapping": (BytesIO((mapping or SHEET).encode()), "sheet.yaml"),
        }
        path = f"{self.path}/sheets{query}"
        return self.client.post(path, data=files, headers=self._headers(scope))

    def _headers(self, scope: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": scope,
            "X-Bianque-Caller": "li.wen",
        }


def grid(code: str, division: str) -> dict[str, str]:
    return {"code": code, "division": division, "name": f"{code}网格", "surveyor": "zhao"}


def visit(number: int, **changes: Any) -> dict[str, Any]:
    """A line about the elevator of that number, as the source `special` knows it."""
    return {
        "grid": "A",
        "kind": "equipment",
        "outcome": "surveyed",
        "surveyed_on": "2013-12-02",
        "surveyor": "zhao",
        "source": "special",
        "key": f"E{number:05}",
    } | changes


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", "2013-12-13")
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    service = RegistryService()
    service.policy = POLICY
    service.database = database
    service.settings = Settings(bureau="610300")
    return Portal(create_app(service, TOKEN, blueprint(service)).test_client())


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


def test_where_registry_and_census_differ_the_records_can_be_opened(
    portal: Portal, database: Database, tmp_path: Path
) -> None:
    Registry(database, tmp_path).take([elevator(number) for number in range(1, 6)])
    portal.plan(("A", "equipment", 9))
    unknown = visit(0, source=None, key=None, label="东院无牌叉车", outcome="new")
    owner = visit(0, kind="enterprise", key="U0")
    portal.send(visit(1), visit(2), visit(99), unknown, owner)

    gaps = portal.get("/gaps")

    assert gaps["planned_not_surveyed"] == 5
    assert gaps["records"]["registered_not_surveyed"] == 5
    assert gaps["records"]["surveyed_not_registered"] == 2
    opened = portal.get("/gaps/registered_not_surveyed")["items"]
    assert {item["label"] for item in opened} == {
        *("3号电梯", "4号电梯", "5号电梯"),
        *("单位1", "单位2"),
    }
    opened = portal.get("/gaps/surveyed_not_registered")["items"]
    assert {item["label"] for item in opened} == {"E00099", "东院无牌叉车"}


def test_what_is_registered_later_is_no_gap_any_more(
    portal: Portal, database: Database, tmp_path: Path
) -> None:
    portal.plan(("A", "equipment", 1))
    portal.send(visit(1))
    before = portal.get("/gaps")["records"]["surveyed_not_registered"]

    Registry(database, tmp_path).take([elevator(1)])

    assert before == 1
    assert portal.get("/gaps")["records"]["surveyed_not_registered"] == 0


def test_findings_name_the_records(portal: Portal, database: Database, tmp_path: Path) -> None:
    registry = Registry(database, tmp_path)
    path = tmp_path / "cranes.csv"
    path.write_text(CRANES, encoding="utf-8")
    registry.take_file(path, OF_CRANES)
    portal.send(visit(1, key="C1", leased=True, used_by="不详"))

    records = portal.get("/gaps")["records"]

    named = {
        which: {item["label"] for item in portal.get(f"/gaps/{which}")["items"]}
        for which in records
        if which.endswith("_missing")
    }
    assert named == {
        "maker_missing": {"一号行车"},
        "filing_missing": {"一号行车"},
        "registration_missing": {"一号行车", "三号电梯", "一号叉车"},
        "operator_missing": {"单位甲"},
        "due_date_missing": {"二号行车"},
        "user_missing": {"C1"},
    }
    assert {which: records[which] for which in named} == {w: len(n) for w, n in named.items()}
    with database.reading() as session:
        for row in session.scalars(select(ObjectRow)):
            said = of_equipment(
                row.class_code,
                maker=row.maker,
                installation_filing=row.installation_filing,
                filing_number=row.filing_number,
                demands=Demands.on(date(2013, 12, 13), POLICY),
            )
            assert {each.value for each in said} == {
                which
                for which in ("maker_missing", "filing_missing", "registration_missing")
                if row.label in named[which]
            }


def test_of_enterprises_that_are_one_each_others_operators_count(
    portal: Portal, database: Database, tmp_path: Path
) -> None:
    registry = Registry(database, tmp_path)
    registry.take(
        [elevator(1, 类别="5110", 单位编号="U1"), elevator(2, 类别="5110", 单位编号="U2")]
    )
    registry.take([elevator(3, 单位编号="U9")], OPERATORS)
    before = portal.get("/gaps")["records"]["operator_missing"]
    ids = {row["key"]: UUID(str(row["id"])) for row in registry.kept("enterprise")}

    with database.transaction() as session:
        aliases.note(session, [aliases.Link(ids["U9"], ids["U1"], 1)])

    assert before == 2
    assert {i["id"] for i in portal.get("/gaps/operator_missing")["items"]} == {str(ids["U2"])}


def test_records_come_in_slices(portal: Portal, database: Database, tmp_path: Path) -> None:
    Registry(database, tmp_path).take([elevator(number) for number in range(7)])

    seen: list[str] = []
    after = ""
    while True:
        page = portal.get(f"/gaps/registered_not_surveyed?limit=3{after}")
        seen += [item["label"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert sorted(seen) == sorted(
        [*(f"{number}号电梯" for number in range(7)), "单位0", "单位1", "单位2"]
    )


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


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_sheet_that_is_a_file_is_read_through_its_mapping(
    portal: Portal, encoding: str
) -> None:
    portal.plan(("A", "equipment", 4))

    dry = portal.hand_in(GOOD.encode(encoding), query="?dry_run=1").get_json()
    first, again = (portal.hand_in(GOOD.encode(encoding)).get_json() for _ in range(2))
    as_lines = portal.send(visit(1, surveyor="赵一")).get_json()

    assert (dry["rows"], dry["good"], dry["new"]) == (2, 2, 0)
    assert (first["new"], first["wrong"]) == (2, 0)
    assert (again["new"], again["same"]) == (0, 2)
    assert as_lines == {"new": 0, "changed": 0, "same": 1}
    assert portal.get("/coverage")["total"]["surveyed"] == 1


def test_wrong_lines_of_a_sheet_are_listed_and_the_others_go_in(portal: Portal) -> None:
    sheet = GOOD + (
        "Z,E00003,已普查,2013/12/2,赵一\nA,E00004,看过,2013/12/2,赵一\n"
        "A,E00005,已普查,十二月二日,赵一\nA,E00006,已普查,2013/12/14,赵一\nA,E00007,已普查,2013/12/2,\n"
    )

    told = portal.hand_in(sheet).get_json()

    assert (told["rows"], told["new"], told["wrong"]) == (7, 2, 5)
    assert [(e["line"], e["column"], e["code"]) for e in told["errors"]] == [
        (4, "网格", "grid_out_of_scope"),
        (5, "结果", "value_unknown"),
        (6, "日期", "date_unreadable"),
        (7, "日期", "surveyed_in_future"),
        (8, "普查员", "field_wrong"),
    ]


@pytest.mark.parametrize(
    ("sheet", "mapping", "code"),
    [
        (GOOD, SHEET.replace("grid: 网格", "place: 网格"), "mapping_broken"),
        (GOOD, SHEET.replace("kind: census", "kind: survey"), "mapping_broken"),
        (GOOD, SHEET.replace('"%Y/%m/%d"', '"%y"'), "mapping_broken"),
        (GOOD, "- 1", "mapping_broken"),
        (GOOD, SHEET.replace("key: 编号", "key: 号码"), "column_missing"),
        ("", SHEET, "empty"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused_in_words(
    portal: Portal, sheet: str, mapping: str, code: str
) -> None:
    answer = portal.hand_in(sheet, mapping)

    assert 400 <= answer.status_code < 500
    assert answer.get_json()["code"] == code
    assert portal.get("/coverage")["total"]["surveyed"] == 0


def test_a_countys_sheet_speaks_of_its_own_grids_only(portal: Portal) -> None:
    told = portal.hand_in(GOOD, scope=WEIBIN).get_json()

    assert (told["new"], told["wrong"]) == (0, 2)


def rows(database: Database) -> list[Any]:
    with database.reading() as session:
        columns = CensusDayRow.__table__.columns
        return sorted(map(tuple, session.execute(select(*columns))), key=str)
