"""The migrations make exactly the tables that the store declares; people's numbers are hidden."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, strategies as st
from sqlalchemy import inspect, text

import services.registry
from services.chassis.database import Database
from services.chassis.migrating import migrate
from services.events.registry import DutyKind, DutyRecord
from services.registry.store import packing
from services.registry.store.tables import Table
from tests.services.registry_stories import TODAY, Registry, Urls, classes, elevator, written
from tests.support.databases import of_this_kind

FOLDER = Path(services.registry.__file__).parent

OPERATORS = """
mapping: 1
source: special
kind: operator
columns:
  {key: 证号, number: 证号, holder: 姓名, class_code: 项目, owner.key: 单位, owner.name: 单位}
constants: {division: "610303"}
checks: {key: resident_id}
records: [{duty: review, done_on: 批准}]
"""
PEOPLE = (
    "证号,姓名,项目,单位,批准\n11010519491231002X,王小明,N1,甲厂,2013-05-20\n"
    "610302198002290013,王小红,N1,甲厂,2013-05-20\n"
)


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    database = Database(database_url("registry"))
    migrate(database, FOLDER, "registry")
    yield database
    database.close()


def test_the_migrations_make_the_tables_of_the_store(database: Database) -> None:
    with database.engine.connect() as connection:
        own = frozenset(Table.metadata.tables)
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _parents: kind != "table" or name in own,
                "include_object": lambda what, *_: of_this_kind(what, database.dialect),
            },
        )
        different = compare_metadata(context, Table.metadata)
        present = own <= set(inspect(connection).get_table_names())

    assert different == []
    assert present


def test_a_migrated_database_takes_a_file(database: Database, tmp_path: Path) -> None:
    report = Registry(database, tmp_path).take([elevator(1)])

    assert classes(report) == {"new": 1}


def test_no_identity_number_and_no_name_of_a_person_is_kept_or_said(
    database: Database, tmp_path: Path
) -> None:
    registry = Registry(database, tmp_path)
    path = written(tmp_path, PEOPLE)

    first, again = (registry.take_file(path, OPERATORS) for _ in range(2))

    kept = [registry.kept(table) for table in Table.metadata.tables]
    everything = json.dumps([kept, registry.said()], ensure_ascii=False, default=str)
    assert classes(first) == {"new": 2}
    assert classes(again) == {"same": 2}
    assert sorted(row["key"] for row in registry.kept("object")) == [
        "110***********002X",
        "610***********0013",
    ]
    assert {row["label"] for row in registry.kept("object")} == {"王* (N1)"}
    assert not any(word in everything for word in ("19491231", "19800229", "小明", "小红"))
    assert not any("***" in json.dumps(message) for message in registry.said())


DAYS = st.none() | st.dates()
RECORDS = st.lists(
    st.builds(
        DutyRecord,
        duty=st.sampled_from(DutyKind),
        done_on=DAYS,
        stated_due_on=DAYS,
        cycle_months=st.none() | st.integers(1, 600),
    ),
    max_size=3,
).map(tuple)
TRAITS = st.lists(st.text(min_size=1).filter(lambda text: ";" not in text), max_size=3).map(
    tuple
)


@given(RECORDS, TRAITS)
def test_records_and_traits_come_back_as_they_were_packed(
    records: tuple[DutyRecord, ...], traits: tuple[str, ...]
) -> None:
    assert packing.records_of(packing.packed_records(records)) == records
    assert packing.traits_of(packing.packed_traits(traits)) == traits


def test_a_salt_is_made_once(database: Database, tmp_path: Path) -> None:
    registry = Registry(database, tmp_path)
    registry.take([elevator(1)])
    [before] = registry.kept("salt")

    registry.take([elevator(1)])

    [after] = registry.kept("salt")
    assert before == after
    assert len(before["salt"]) == 32


def test_nothing_is_left_of_the_staging(database: Database, tmp_path: Path) -> None:
    registry = Registry(database, tmp_path)
    registry.take([elevator(1)])
    registry.take([elevator(1)], dry_run=True)

    with database.reading() as session:
        listed = {
            "sqlite": "SELECT name FROM sqlite_temp_master",
            "postgresql": "SELECT relname FROM pg_class WHERE relname ~ '^(staged|settled)'",
        }
        assert session.execute(text(listed[database.dialect])).all() == []
