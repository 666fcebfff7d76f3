"""A caller of the registry's API, with the worker that does what was asked for."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.registry.api import blueprint
from services.registry.service import RegistryService
from tests.services.registry_stories import ELEVATORS, POLICY, SEALS

TOKEN = "the installation's secret"  # noqa: S105 - a test's own


class Portal:
    """A caller of the registry's API."""

    def __init__(self, database: Database, **settings: Any) -> None:
        self.service = RegistryService()
        self.service.policy = POLICY
        self.service.database = database
        self.service.settings = replace(Settings.read({}), bureau="610300", **settings)
        self.service.seals = SEALS
        self.client = create_app(self.service, TOKEN, blueprint(self.service)).test_client()

    def get(self, path: str, *, scope: str = "610300") -> Any:
        return self.client.get(path, headers=headers(scope))

    def post(self, path: str, body: Any, *, scope: str = "610300", **more: str) -> Any:
        return self.client.post(path, json=body, headers=headers(scope) | more)

    def send(
        self,
        table: str | bytes,
        mapping: str = ELEVATORS,
        *,
        scope: str = "610300",
        query: str = "",
        key: str = "",
    ) -> Any:
        """Ask for an import; nothing is done yet."""
        content = table.encode() if isinstance(table, str) else table
        files = {
            "file": (BytesIO(content), "台账.csv"),
            "mapping": (BytesIO(mapping.encode()), "m.yaml"),
        }
        said = headers(scope) | ({"Idempotency-Key": key} if key else {})
        return self.client.post(f"/imports{query}", data=files, headers=said)

    def job(self, job_id: str) -> dict[str, Any]:
        """How an import stands."""
        told: dict[str, Any] = self.get(f"/imports/{job_id}").get_json()
        return told

    def take(
        self, table: str | bytes, mapping: str = ELEVATORS, *, query: str = ""
    ) -> dict[str, Any]:
        """Ask for an import and see it done."""
        answer = self.send(table, mapping, query=query)
        assert answer.status_code == 202, answer.get_json()
        self.service.work_off_imports()
        return self.job(answer.get_json()["id"])


def headers(scope: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": scope}
