"""A small demonstration city with its pages, in one process, and people who log in to it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

from services.chassis import clock
from services.chassis.settings import Settings
from services.command.one_process import OneProcess
from services.portal.model import Role
from services.portal.store import users
from tests.support.parts import clean_environ

PASSWORD = "a sentence of one's own"  # noqa: S105 - a test's own
FACTOR = "0.005"


class House:
    """The pages, and whoever looks at them."""

    def __init__(self, platform: OneProcess) -> None:
        self.platform = platform
        self.pages = platform.pages()
        self.database = platform.portal.database

    def user(
        self,
        name: str,
        *roles: Role,
        divisions: str = "610300",
        enterprise_id: UUID | None = None,
    ) -> None:
        """Somebody with a password."""
        with self.database.transaction() as session:
            made = users.add(
                session,
                name=name,
                display_name=name,
                roles=roles,
                divisions=divisions,
                enterprise_id=enterprise_id,
                now=clock.now(),
            )
            users.set_password(session, made.id, PASSWORD)

    def visitor(self) -> FlaskClient:
        """A browser that nobody has logged in with."""
        return self.pages.test_client()

    def browser(self, name: str) -> FlaskClient:
        """A browser in which somebody is logged in."""
        client = self.visitor()
        answer = send(client, "/login", "/login", name=name, password=PASSWORD)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return client

    def someone(self, name: str, *roles: Role, **more: Any) -> FlaskClient:
        """A new user's browser."""
        self.user(name, *roles, **more)
        return self.browser(name)

    def rows(self, service: str, query: str) -> list[tuple[Any, ...]]:
        """Asked of a service's own database."""
        database = self.platform.services[service].database
        with database.reading() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(query)]

    def forget_reminders(self) -> None:
        """As if nobody had been reminded of anything: the days of the city remind of all."""
        with self.platform.services["inspection"].database.transaction() as session:
            for table in ("reminder", "overdue_digest", "hand_reminder", "reminder_batch"):
                session.connection().exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608


def token_of(page: str) -> str:
    """The secret of a form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def send(client: FlaskClient, page: str, action: str, **fields: Any) -> Any:
    """Open a page, fill its form in, send it."""
    opened = client.get(page).get_data(as_text=True)
    return client.post(action, data={"csrf_token": token_of(opened), **fields})


def make_city(var: Path) -> None:
    """`bianque demo`, once."""
    subprocess.run(
        [sys.executable, "-m", "services.command.main", "demo", "--factor", FACTOR],
        env={**clean_environ(), "BIANQUE_VAR": str(var)},
        check=True,
        capture_output=True,
        timeout=240,
    )


@contextmanager
def house_of(var: Path) -> Iterator[House]:
    """The city of a state folder, with nothing going on by itself."""
    settings = Settings.read({"BIANQUE_VAR": str(var)})
    with OneProcess(settings) as platform:
        yield House(platform)
