"""The migrations make exactly the tables that the store declares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

import services.notify
from services.chassis.database import Database
from services.chassis.migrating import migrate
from services.notify.store.tables import Table
from tests.services.notify_stories import enterprise, messages, opened, red, service_on, tell

FOLDER = Path(services.notify.__file__).parent


def test_the_migrations_make_the_tables_of_the_store(
    database_url: Callable[[str], str],
) -> None:
    migrated = Database(database_url("migrated"))
    migrate(migrated, FOLDER, "notify")

    with migrated.engine.connect() as connection:
        own = frozenset(Table.metadata.tables)
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _parents: kind != "table" or name in own,
            },
        )
        different = compare_metadata(context, Table.metadata)
        made = _definitions(connection)
    migrated.close()
    with opened(database_url("declared")) as declared, declared.engine.connect() as connection:
        wanted = _definitions(connection)

    assert different == []
    assert made == wanted


def test_a_migrated_database_takes_a_red_warning(
    database_url: Callable[[str], str], tmp_path: Path
) -> None:
    database = Database(database_url("notify"))
    migrate(database, FOLDER, "notify")

    tell(service_on(database, tmp_path), [enterprise(), red()])

    assert len(messages(database)) == 3
    database.close()


def _definitions(connection: Connection) -> dict[str, str]:
    """Each index of the service's tables as the database describes it, conditions included."""
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        if connection.dialect.name == "sqlite"
        else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    )
    return {
        name: definition
        for name, definition in connection.execute(text(query))
        if name.startswith(tuple(Table.metadata.tables))
    }
