"""The migrations make exactly the tables that the store declares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import services.credit
from services.chassis.database import Database
from services.chassis.migrating import migrate
from services.credit.store import Table
from tests.services.credit_stories import red, rows, service_on, tell

FOLDER = Path(services.credit.__file__).parent


def test_the_migrations_make_the_tables_of_the_store(
    database_url: Callable[[str], str],
) -> None:
    database = Database(database_url("credit"))
    migrate(database, FOLDER, "credit")

    with database.engine.connect() as connection:
        own = frozenset(Table.metadata.tables)
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _parents: kind != "table" or name in own,
            },
        )
        different = compare_metadata(context, Table.metadata)
        present = own <= set(inspect(connection).get_table_names())
    database.close()

    assert different == []
    assert present


def test_a_migrated_database_takes_a_red_warning(database_url: Callable[[str], str]) -> None:
    database = Database(database_url("credit"))
    migrate(database, FOLDER, "credit")

    tell(service_on(database), [red(1)])

    assert len(rows(database, "bad_information")) == 1
    database.close()
