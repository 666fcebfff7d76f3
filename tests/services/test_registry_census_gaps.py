"""Where the census and the registry differ, and what records lack: each opens its records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from services.chassis import aliases
from services.chassis.database import Database
from services.registry.rules.census.findings import Demands, of_equipment
from services.registry.store.tables import ObjectRow
from tests.services.census_stories import Portal, visit
from tests.services.registry_stories import ELEVATORS, POLICY, Registry, Urls, elevator, opened

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


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", "2013-12-13")
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return Portal(database)


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
