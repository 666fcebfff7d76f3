"""The migrations make exactly the tables that the store declares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Select, event, inspect, text
from sqlalchemy.orm import ORMExecuteState, Session

import services.credit
from services.chassis.database import Database, insert_all
from services.chassis.migrating import migrate
from services.chassis.scope import Scope
from services.credit.store import Table, public
from services.events.credit import RecordKind
from tests.services.credit_stories import red, rows, service_on, tell
from tests.support.servers import GivenPostgres, Postgres

FOLDER = Path(services.credit.__file__).parent


@pytest.mark.filterwarnings("ignore:autogenerate skipping")  # tests/contracts compares that one
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


def plan(database: Database, statement: Select[Any], *, without: str) -> str:
    """How the server would go about it if some ways were closed to it."""
    said = statement.compile(database.engine, compile_kwargs={"literal_binds": True})
    with database.reading() as session:
        for way in ("seqscan", without):
            session.execute(text(f"SET LOCAL enable_{way} = off"))
        return "\n".join(str(row) for row in session.execute(text(f"EXPLAIN {said}")))


def test_the_public_list_and_search_read_an_index(postgres: Postgres | GivenPostgres) -> None:
    url = postgres.database("credit")
    database = Database(url)
    migrate(database, FOLDER, "credit")
    asked: list[Any] = []

    @event.listens_for(Session, "do_orm_execute")
    def note(state: ORMExecuteState) -> None:
        asked.append(state.statement)

    scope = Scope.parse("610303")
    with database.reading() as session:
        kind = RecordKind.BAD_INFORMATION
        public.public_list(session, kind, scope=scope, after=None, limit=5)
        public.search(session, "钛业", scope=scope, after=None, limit=5)
    event.remove(Session, "do_orm_execute", note)
    _records, entries, search = asked

    by_day = plan(database, entries, without="sort")
    by_name = plan(database, search, without="indexscan")
    database.close()
    postgres.drop(url)

    assert "bad_information_listed" in by_day
    assert "enterprise_name_pairs" in by_name
    assert "enterprise_uscc" in by_name


def test_a_name_is_found_by_any_two_letters_of_it(database_url: Callable[[str], str]) -> None:
    database = Database(database_url("credit"))
    migrate(database, FOLDER, "credit")
    with database.transaction() as session:
        row = {"revision": 1, "uscc": "91610303MA6X000017", "division": "610303"}
        row |= {"id": uuid4(), "name": "宝鸡某钛业_有限公司", "status": "active"}
        insert_all(session, public.ENTERPRISE, [row])

    def found(words: str) -> int:
        with database.reading() as session:
            scope = Scope.parse("610300")
            return len(public.search(session, words, scope=scope, after=None, limit=5))

    known = [
        found(words) for words in ("钛业", "业_", "鸡某钛业_有", "91610303ma6x000017", "司")
    ]
    unknown = [found(words) for words in ("业钛", "钛业有限", "某钛 ", "%%", "宝鸡公司")]
    database.close()

    assert known == [1] * 5
    assert unknown == [0] * 5
