"""Brings a service's database to the version of this program.

Two histories live in one database: the chassis's tables and the service's own, each
numbered, each with one head and a version table of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from services.chassis.database import Database

CHASSIS = Path(__file__).with_name("migrations")


class DatabaseNewer(Exception):
    """The database was migrated by a newer version of this program."""


class DatabaseOlder(Exception):
    """The database has not been migrated to this version of the program."""


def migrate(database: Database, folder: Path, service: str) -> list[str]:
    """Apply what is missing of both histories. Returns the steps taken, oldest first.

    Two processes may do it at the same moment. Raises DatabaseNewer.
    """
    steps: list[str] = []
    with database.engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            if database.dialect == "postgresql":
                lock = text("SELECT pg_advisory_xact_lock(hashtext('migrate'))")
                connection.execute(lock)
            for history, where in _histories(folder):
                steps += _upgrade(connection, history, where, service)
    return steps


def check(database: Database, folder: Path, service: str) -> None:
    """Raise DatabaseNewer or DatabaseOlder unless the database fits this program."""
    with database.engine.connect() as connection:
        for history, where in _histories(folder):
            script = _script(where)
            current = _current(connection, script, history, service)
            if current != script.get_current_head():
                raise DatabaseOlder(
                    f"the database of {service} is at {history} {current or 'nothing'}, this "
                    f"program needs {script.get_current_head()}: run `bianque migrate` first"
                )


def _histories(folder: Path) -> list[tuple[str, Path]]:
    return [("chassis", CHASSIS), ("own", folder / "migrations")]


def _script(where: Path) -> ScriptDirectory:
    return ScriptDirectory(str(where), version_locations=[str(where)])


def _context(connection: Connection, history: str, **options: Any) -> MigrationContext:
    return MigrationContext.configure(
        connection, opts={"version_table": f"{history}_version", **options}
    )


def _current(
    connection: Connection, script: ScriptDirectory, history: str, service: str
) -> str | None:
    current = _context(connection, history).get_current_revision()
    try:
        script.get_revision(current or "base")
    except CommandError:
        raise DatabaseNewer(
            f"the database of {service} is at {history} version {current}, which this program "
            f"does not know (it knows up to {script.get_current_head()}): it was migrated by a "
            "newer release. Run that release, or restore the backup made before the upgrade."
        ) from None
    return current


def _upgrade(connection: Connection, history: str, where: Path, service: str) -> list[str]:
    script = _script(where)
    _current(connection, script, history, service)
    steps: list[str] = []

    def upgrade(revision: Any, _context: MigrationContext) -> Any:
        planned = script._upgrade_revs("head", revision)
        steps.extend(f"{history} {step.revision.revision}" for step in planned)
        return planned

    context = _context(connection, history, fn=upgrade)
    with Operations.context(context):
        context.run_migrations()
    return steps
