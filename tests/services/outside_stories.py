"""The pages beside an identity provider, and people who come in by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import requests
from flask.testing import FlaskClient

from services.chassis.settings import Settings
from services.command.one_process import OneProcess
from services.portal.model import Role, User
from services.portal.store import audit, users
from services.portal.store.tables import Table
from services.portal.web import limits
from tests.services.portal_house import House
from tests.support.identity_provider import (
    CLIENT,
    SECRET,
    IdentityProvider,
    an_identity_provider,
)

PORTAL = "https://zjy.bureau.example"
BACK = f"{PORTAL}/login/outside/back"
ACCOUNT = "u-1001"
BUTTON = "用本单位统一身份认证登录"
ENTERPRISE = UUID("00000000-0000-4000-8000-000000000001")


@dataclass(frozen=True)
class Beside:
    """The pages of one installation, and the provider they believe."""

    house: House
    provider: IdentityProvider

    def as_new(self) -> Beside:
        """The provider answers rightly; nobody was here but li, who may come in by it."""
        self.provider.mend()
        limits.limiter.reset()
        with self.house.database.transaction() as session:
            for table in Table.metadata.sorted_tables:
                session.execute(table.delete())
        self.house.user("li", Role.INSPECTOR)
        tie(self.house, "li", ACCOUNT)
        return self


@contextmanager
def beside_a_provider(folder: Path) -> Iterator[Beside]:
    """Nothing was imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        with an_identity_provider(BACK) as provider, opened(folder, provider) as platform:
            yield Beside(House(platform), provider)


def opened(tmp_path: Path, provider: IdentityProvider, **more: str) -> OneProcess:
    return OneProcess(Settings.read(environ(tmp_path, provider) | more))


def environ(tmp_path: Path, provider: IdentityProvider) -> dict[str, str]:
    return {
        "BIANQUE_VAR": str(tmp_path / "var"),
        "BIANQUE_PORTAL_URL": PORTAL,
        "BIANQUE_OIDC_ISSUER": provider.url,
        "BIANQUE_OIDC_CLIENT_ID": CLIENT,
        "BIANQUE_OIDC_CLIENT_SECRET": SECRET,
    }


def user_of(house: House, name: str) -> User:
    with house.database.reading() as session:
        found = users.find(session, name)
    assert found
    return found


def tie(house: House, name: str, account: str | None) -> None:
    with house.database.transaction() as session:
        found = users.find(session, name)
        assert found
        users.tie(session, found.id, account)


def browser(house: House) -> FlaskClient:
    """Which reaches the pages as people do: over https, through the bureau's web server."""
    client = house.visitor()
    client.environ_base["HTTP_X_FORWARDED_PROTO"] = "https"
    client.environ_base["HTTP_X_FORWARDED_HOST"] = urlsplit(PORTAL).netloc
    return client


def led_back(client: FlaskClient, start: str = "/login/outside") -> str:
    """From the start to the provider, which lets in at once: the way back into the pages."""
    to_provider = client.get(start)
    assert to_provider.status_code == 302, to_provider.get_data(as_text=True)
    there = requests.get(to_provider.location, allow_redirects=False, timeout=5)
    assert there.status_code == 302, there.text
    way = urlsplit(there.headers["Location"])
    assert way.geturl().startswith(BACK)
    return f"{way.path}?{way.query}"


def log_in(client: FlaskClient, start: str = "/login/outside") -> Any:
    return client.get(led_back(client, start))


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def logins(house: House) -> list[tuple[str, str, dict[str, str]]]:
    """What the audit has of logins, latest first."""
    with house.database.reading() as session:
        assert audit.broken_at(session) is None
        lines = [line for line in audit.latest(session) if line.action == "登录"]
    return [(line.subject, line.outcome, json.loads(line.detail)) for line in lines]
