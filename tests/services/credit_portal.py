"""A caller of the credit service's internal API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

from services.chassis.api import create_app
from services.chassis.database import Database
from services.credit.api import blueprint
from tests.services.credit_stories import enterprise, entry_id, red, service_on, tell

TOKEN = "the installation's secret"  # noqa: S105 - a test's own

Asked = Any


class Portal:
    """A caller of the API of one service."""

    def __init__(
        self, client: FlaskClient, *, role: str = "coordinator", own: UUID | None = None
    ) -> None:
        self.client = client
        self.role, self.own = role, own

    def get(self, path: str, *, scope: str = "610300", who: str | None = None) -> Asked:
        return self.client.get(path, headers=self._headers(scope, who))

    def as_role(self, role: str, *, own: UUID | None = None) -> Portal:
        """The same, called in that role; *own*: for that enterprise alone."""
        return Portal(self.client, role=role, own=own)

    def post(
        self,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        scope: str = "610300",
        who: str | None = "zhangsan",
    ) -> Asked:
        return self.client.post(path, json=body, headers=self._headers(scope, who))

    def put(
        self,
        path: str,
        body: dict[str, Any],
        *,
        scope: str = "610300",
        who: str | None = "zhangsan",
    ) -> Asked:
        return self.client.put(path, json=body, headers=self._headers(scope, who))

    def _headers(self, scope: str, who: str | None) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": scope,
            "X-Bianque-Role": self.role,
        }
        if self.own is not None:
            headers |= {"X-Bianque-Own": str(self.own)}
        return headers | ({"X-Bianque-Caller": who} if who else {})


def portal_of(database: Database, profile: str = "cn-current") -> Portal:
    service = service_on(database, profile)
    return Portal(create_app(service, TOKEN, blueprint(service)).test_client())


def with_three_drafts(database: Database) -> Portal:
    """Of a bureau where a person confirms; three drafts, one in each of three divisions."""
    tell(service_on(database), [enterprise(1), enterprise(2)])
    tell(service_on(database, "cn-current"), [red(1), red(2), red(3)])
    return portal_of(database)


def of(number: int, after: str = "") -> str:
    return f"/bad-information/{entry_id(number)}{after}"
