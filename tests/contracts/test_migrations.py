"""The numbered migrations of a database make exactly the tables that the code declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, inspect

from services.chassis.database import Database
from services.chassis.migrating import CHASSIS, check, migrate
from services.chassis.settings import DATABASE_OWNERS
from services.chassis.tables import ChassisTable

ROOT = Path(__file__).parents[2]
VERSION_TABLES = {"chassis_version", "own_version"}
HISTORIES = {"chassis": CHASSIS} | {
    s: ROOT / "services" / s / "migrations" for s in DATABASE_OWNERS
}

each_service = pytest.mark.parametrize("service", DATABASE_OWNERS)
each_history = pytest.mark.parametrize("folder", HISTORIES.values(), ids=HISTORIES)


def own_metadata(service: str) -> MetaData:
    """The tables of a service: of all its modules, whichever were loaded before."""
    import_module(f"services.{service}.service")
    metadata: MetaData = import_module(f"services.{service}.store.tables").Table.metadata
    return metadata


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.py"))


@pytest.fixture
def made(database_url: Callable[[str], str]) -> Iterator[Callable[[str], Database]]:
    """Gives a database by name, and closes it."""
    opened: list[Database] = []

    def database(name: str) -> Database:
        opened.append(Database(database_url(name)))
        return opened[-1]

    yield database
    for each in opened:
        each.close()


def shape(engine: Engine) -> dict[str, Any]:
    """Everything that a database knows of its tables, in a form that can be compared."""
    seen = inspect(engine)
    names = set(seen.get_table_names()) - VERSION_TABLES
    return {
        name: {
            "columns": {c["name"]: column(c) for c in seen.get_columns(name)},
            "key": seen.get_pk_constraint(name)["constrained_columns"],
            "unique": {tuple(u["column_names"]) for u in seen.get_unique_constraints(name)},
            "foreign": {
                (*f["constrained_columns"], f["referred_table"], *f["referred_columns"])
                for f in seen.get_foreign_keys(name)
            },
            "checks": {str(c["sqltext"]) for c in seen.get_check_constraints(name)},
            "indexes": {str(i["name"]): index(i) for i in seen.get_indexes(name)},
        }
        for name in sorted(names)
    }


def column(seen: Any) -> tuple[str, ...]:
    how = ("nullable", "default", "identity", "computed")
    return (repr(seen["type"]), *(str(seen.get(name)) for name in how))


def index(seen: Any) -> tuple[Any, ...]:
    options = {name: str(value) for name, value in seen.get("dialect_options", {}).items()}
    return (tuple(seen["column_names"]), bool(seen["unique"]), tuple(sorted(options.items())))


@each_history
def test_migrations_are_numbered_with_four_digits_and_no_gap(folder: Path) -> None:
    numbers = [re.match(r"(\d{4})_[a-z0-9_]+\.py$", path.name) for path in files(folder)]

    assert files(folder)
    assert [n and int(n[1]) for n in numbers] == list(range(1, len(numbers) + 1))


@each_history
def test_each_migration_follows_the_one_before_it(folder: Path) -> None:
    script = ScriptDirectory(str(folder), version_locations=[str(folder)])

    told = [(step.revision, step.down_revision) for step in script.walk_revisions()][::-1]

    numbers = [path.name[:4] for path in files(folder)]
    assert told == list(zip(numbers, [None, *numbers[:-1]], strict=True))
    assert script.get_heads() == numbers[-1:]


@each_history
def test_every_migration_says_what_it_brings(folder: Path) -> None:
    script = ScriptDirectory(str(folder), version_locations=[str(folder)])

    assert [step.revision for step in script.walk_revisions() if not step.doc.strip()] == []


@each_service
def test_migrations_make_what_is_declared_and_nothing_else(
    service: str, made: Callable[[str], Database]
) -> None:
    migrated, declared = made(f"{service}_migrated"), made(f"{service}_declared")
    migrate(migrated, HISTORIES[service].parent, service)
    for metadata in (ChassisTable.metadata, own_metadata(service)):
        metadata.create_all(declared.engine)

    assert shape(migrated.engine) == shape(declared.engine)


@each_service
def test_a_migrated_database_fits_the_program_and_needs_nothing_more(
    service: str, made: Callable[[str], Database]
) -> None:
    database = made(service)

    first = migrate(database, HISTORIES[service].parent, service)

    count = {kind: len(files(HISTORIES[kind])) for kind in ("chassis", service)}
    assert len(first) == count["chassis"] + count[service]
    assert migrate(database, HISTORIES[service].parent, service) == []
    check(database, HISTORIES[service].parent, service)


@each_service
def test_no_table_of_a_service_stands_in_the_way_of_the_mechanics(service: str) -> None:
    own = set(own_metadata(service).tables)

    assert own & (set(ChassisTable.metadata.tables) | VERSION_TABLES) == set()


def test_a_difference_would_be_seen(made: Callable[[str], Database]) -> None:
    database = made("credit")
    migrate(database, HISTORIES["credit"].parent, "credit")
    before = shape(database.engine)

    for change in (
        "DROP INDEX bad_information_state",
        "ALTER TABLE escalation ADD COLUMN extra TEXT",
        "CREATE INDEX another ON escalation (division)",
        "CREATE TABLE extra (id INTEGER PRIMARY KEY)",
    ):
        with database.engine.connect() as connection:
            connection.exec_driver_sql(change)
            connection.commit()
        after = shape(database.engine)
        assert after != before, change
        before = after
