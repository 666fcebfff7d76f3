"""Files into the registry: every row in one class, nothing twice, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, event

from services.chassis.database import Database
from services.chassis.tables import OutboxRow
from services.registry.model import Outcome, RowKind
from services.registry.store import identity
from services.registry.store.tables import EnterpriseRow
from tests.services.registry_stories import (
    TODAY,
    Registry,
    Urls,
    classes,
    codes,
    elevator,
    opened,
)


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    return Registry(database, tmp_path)


def test_new_rows_go_in_and_are_announced(registry: Registry) -> None:
    report = registry.take([elevator(number) for number in range(6)])

    assert classes(report) == {"new": 6}
    assert report.outcome is Outcome.IMPORTED
    assert len(registry.kept("object")) == 6
    assert [one["name"] for one in registry.kept("enterprise")] == ["单位0", "单位2", "单位1"]
    assert (
        registry.said_since(0)
        == ["registry.enterprise_recorded.v1"] * 3 + ["registry.object_recorded.v1"] * 6
    )


def test_an_object_is_announced_as_the_source_states_it(registry: Registry) -> None:
    registry.take([elevator(1, 下次="2014-05-31", 投用="2010/3/1", 状态="停用")])

    [owner, thing] = registry.said()
    assert thing["subject"] == f"object/{thing['data']['object_id']}"
    assert thing["data"] | {"revision": 0} == {
        "object_id": str(UUID(identity.thing("special", RowKind.EQUIPMENT, "E00001"))),
        "revision": 0,
        "kind": "equipment",
        "class_code": "3000",
        "label": "1号电梯",
        "enterprise_id": owner["data"]["enterprise_id"],
        "division": "610303",
        "status": "stopped",
        "commissioned_on": "2010-03-01",
        "traits": [],
        "records": [
            {
                "duty": "inspection",
                "done_on": "2013-05-20",
                "stated_due_on": "2014-05-31",
                "cycle_months": None,
            }
        ],
    }


def test_the_same_file_again_writes_and_says_nothing(registry: Registry) -> None:
    rows = [elevator(number) for number in range(6)]
    registry.take(rows)
    before = registry.kept("object"), registry.kept("enterprise"), registry.said()

    report = registry.take(rows)

    assert classes(report) == {"same": 6}
    assert (registry.kept("object"), registry.kept("enterprise"), registry.said()) == before


def test_only_what_changed_is_written_and_announced_with_a_higher_revision(
    registry: Registry,
) -> None:
    rows = [elevator(number) for number in range(6)]
    registry.take(rows)
    before = {row["key"]: row["revision"] for row in registry.kept("object")}
    said = len(registry.said())

    report = registry.take([*rows[:5], elevator(5, 上次="2013-11-02")])

    after = {row["key"]: row["revision"] for row in registry.kept("object")}
    assert classes(report) == {"changed": 1, "same": 5}
    assert registry.said_since(said) == ["registry.object_recorded.v1"]
    assert {key for key in after if after[key] != before[key]} == {"E00005"}
    assert after["E00005"] > before["E00005"]


def test_a_key_that_stands_twice_counts_once_and_points_at_the_first(
    registry: Registry,
) -> None:
    report = registry.take([elevator(1), elevator(2), elevator(1, 名称="又一次")])

    assert classes(report) == {"new": 2, "wrong": 1}
    assert codes(report) == [(4, "编号", "duplicate_key")]
    assert "第2行" in report.errors[0].reason
    assert {row["label"] for row in registry.kept("object")} == {"1号电梯", "2号电梯"}


def test_a_wrong_first_row_does_not_hide_a_good_second_one(registry: Registry) -> None:
    report = registry.take([elevator(1, 上次="2013-02-30"), elevator(1)])

    assert classes(report) == {"new": 1, "wrong": 1}
    assert codes(report) == [(2, "上次", "date_impossible")]


def test_a_dry_run_gives_the_same_answer_and_writes_nothing(registry: Registry) -> None:
    rows = [elevator(0), elevator(1), elevator(1), elevator(2, 上次="2014-01-01")]

    dry = registry.take(rows, dry_run=True)

    nothing = {table: registry.kept(table) for table in ("object", "enterprise", "import_run")}
    real = registry.take(rows)
    assert nothing == {"object": [], "enterprise": [], "import_run": []}
    assert dry.outcome is Outcome.CHECKED
    assert dry.run_id is None
    assert classes(dry) == classes(real) == {"new": 2, "wrong": 2}
    assert dry.errors == real.errors


@pytest.mark.parametrize(
    "wrong", [elevator(1, 上次="2013-02-30"), elevator(0)], ids=["unreadable", "duplicate"]
)
def test_all_or_nothing_refuses_the_file_for_one_wrong_row(
    registry: Registry, wrong: dict[str, str]
) -> None:
    report = registry.take([elevator(0), wrong], all_or_nothing=True)

    [run] = registry.kept("import_run")
    assert report.outcome is Outcome.REFUSED
    assert classes(report) == {"new": 1, "wrong": 1}
    assert registry.kept("object") == []
    assert registry.said() == []
    assert (run["outcome"], run["wrong"]) == ("refused", 1)


def test_all_or_nothing_takes_a_file_without_a_wrong_row(registry: Registry) -> None:
    report = registry.take([elevator(0), elevator(1)], all_or_nothing=True)

    assert report.outcome is Outcome.IMPORTED
    assert len(registry.kept("object")) == 2


def test_an_import_that_fails_on_the_way_leaves_nothing(
    registry: Registry, database: Database
) -> None:
    def fail(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "INSERT INTO outbox" in statement:
            raise OSError("the disk is full")

    event.listen(database.engine, "before_cursor_execute", fail)
    with pytest.raises(OSError, match="the disk is full"):
        registry.take([elevator(0)])
    event.remove(database.engine, "before_cursor_execute", fail)

    left = registry.kept("object"), registry.kept("enterprise"), registry.kept("import_run")
    again = registry.take([elevator(0)])
    assert left == ([], [], [])
    assert classes(again) == {"new": 1}


def test_products_are_kept_and_not_announced(registry: Registry) -> None:
    products = """
mapping: 1
source: quality
kind: product
columns: {key: 编号, name: 名称, class_code: 类别, owner.key: 单位编号, owner.name: 单位}
constants: {owner.division: "610303"}
"""
    rows = [elevator(number) for number in range(4)]

    first, again = registry.take(rows, products), registry.take(rows, products)
    changed = registry.take([*rows[:3], elevator(3, 名称="钛棒")], products)

    assert [classes(report) for report in (first, again, changed)] == [
        {"new": 4},
        {"same": 4},
        {"changed": 1, "same": 3},
    ]
    assert "钛棒" in {row["name"] for row in registry.kept("product")}
    assert set(registry.said_since(0)) == {"registry.enterprise_recorded.v1"}


def test_a_product_of_an_enterprise_without_a_place_is_wrong(registry: Registry) -> None:
    products = """
mapping: 1
source: quality
kind: product
columns: {key: 编号, name: 名称, owner.key: 单位编号, owner.name: 单位}
"""
    report = registry.take([elevator(0)], products)

    assert codes(report) == [(2, "单位编号", "owner_unknown")]


def test_two_files_at_once_count_every_row_once(database: Database, tmp_path: Path) -> None:
    rows = [elevator(number) for number in range(300)]
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()

    with ThreadPoolExecutor(2) as both:
        reports = list(both.map(lambda folder: Registry(database, folder).take(rows), folders))

    registry = Registry(database, tmp_path)
    assert sorted((classes(report) for report in reports), key=str) == [
        {"new": 300},
        {"same": 300},
    ]
    assert len(registry.kept("object")) == 300
    assert len(registry.said()) == 303


def test_an_import_leaves_a_record(registry: Registry) -> None:
    report = registry.take([elevator(0), elevator(0)])

    [run] = registry.kept("import_run")
    assert run["id"] == report.run_id
    assert (run["source"], run["kind"], run["mapping_name"]) == (
        "special",
        "equipment",
        "test.yaml",
    )
    assert (run["rows"], run["new"], run["wrong"]) == (2, 1, 1)
    assert len(run["file_sha256"]) == 64
    assert run["started_at"] <= run["finished_at"]


def test_revisions_grow_even_after_the_clock_was_ahead(
    registry: Registry, database: Database
) -> None:
    registry.take([elevator(0)])
    with database.transaction() as session:
        session.execute(EnterpriseRow.__table__.update().values(revision=9 * 10**18 // 10))
        session.execute(delete(OutboxRow))

    registry.take([elevator(0, 单位="新名")])

    [renamed] = registry.said()
    assert renamed["data"]["revision"] == 9 * 10**18 // 10 + 1
