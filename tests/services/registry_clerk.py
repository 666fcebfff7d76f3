"""A clerk at the registry's API, with a name and a scope."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient

from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.registry.api import blueprint
from services.registry.service import RegistryService
from tests.services.registry_stories import POLICY, SEALS

TOKEN = "the installation's secret"  # noqa: S105 - a test's own


class Clerk:
    """Calls the registry's API, by default as 王经办 of the whole bureau."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, *, scope: str = "610300") -> Any:
        return self._call("GET", path, None, scope, "clerk-wang")

    def post(
        self, path: str, body: Any, *, scope: str = "610300", name: str = "clerk-wang"
    ) -> Any:
        return self._call("POST", path, body, scope, name)

    def patch(
        self, path: str, body: Any, *, scope: str = "610300", name: str = "clerk-wang"
    ) -> Any:
        return self._call("PATCH", path, body, scope, name)

    def _call(self, method: str, path: str, body: Any, scope: str, name: str) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": scope}
        if name:
            headers["X-Bianque-Caller"] = name
        return self.client.open(path, method=method, json=body, headers=headers)


def a_clerk(database: Database) -> Clerk:
    """A clerk at a registry over this database."""
    service = RegistryService()
    service.policy = POLICY
    service.database = database
    service.settings = replace(Settings.read({}), bureau="610300")
    service.seals = SEALS
    return Clerk(create_app(service, TOKEN, blueprint(service)).test_client())
