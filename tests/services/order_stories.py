"""A bureau at work on orders and cases, over the internal API; days are told as they come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.chassis import api
from services.chassis.envelope import seal
from services.chassis.policy import Policy
from services.chassis.settings import Settings
from services.events.registry import EnterpriseRecorded, EnterpriseStatus
from services.inspection.api import blueprint
from services.inspection.service import InspectionService
from services.inspection.store import evidence_files
from tests.services.inspection_stories import FOLDER, SEALS, firm, opened, said, thing

TOKEN = "a token"  # noqa: S105 - of this test
CITY, JINTAI, WEIBIN = "610300", "610303", "610302"
TWO = ["officer-li", "officer-wang"]
PICTURE = b"\x89PNG\r\n\x1a\n a photograph of a crane"
PHOTO = sha256(PICTURE).hexdigest()


class Bureau:
    """One installation: its service, its API, and the day that it is."""

    def __init__(self, service: InspectionService, monkeypatch: pytest.MonkeyPatch) -> None:
        self.service = service
        self.client: FlaskClient = api.create_app(
            service, TOKEN, blueprint(service)
        ).test_client()
        self._monkeypatch = monkeypatch

    def day(self, day: str) -> None:
        """It is that day now, and what the days do by themselves has been done."""
        self._monkeypatch.setenv("BIANQUE_TODAY", day)
        self.service.pass_terms()

    def knows(self, number: int = 1, division: str = JINTAI, name: str = "宝鸡某钛材厂") -> str:
        """The registry has told of an enterprise. Returns its id."""
        event = EnterpriseRecorded(
            enterprise_id=firm(number),
            revision=10,
            name=name,
            uscc=None,
            division=division,
            status=EnterpriseStatus.ACTIVE,
            industry=None,
        )
        heard = seal(event, about=f"enterprise/{firm(number)}", source="/610300/registry")
        with self.service.database.transaction() as session:
            self.service.on_enterprise_recorded([heard], session)
        return str(firm(number))

    def post(self, path: str, *, scope: str = CITY, by: str = "li", **body: Any) -> Any:
        """What the API answers to a call that it must take."""
        answer = self.call("POST", path, scope=scope, by=by, **body)
        assert answer.status_code in (200, 201), answer.json
        return answer.json

    def refused(self, path: str, *, scope: str = CITY, by: str = "li", **body: Any) -> Any:
        """The problem that it answers to a call that it must not take."""
        answer = self.call("POST", path, scope=scope, by=by, **body)
        assert answer.status_code in (403, 404, 409, 422), answer.json
        return answer.json

    def call(
        self, method: str, path: str, *, scope: str = CITY, by: str = "li", **body: Any
    ) -> TestResponse:
        headers = {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": scope,
            "X-Bianque-Caller": by,
            "Idempotency-Key": str(uuid4()),
        }
        return self.client.open(path, method=method, json=body, headers=headers)

    def get(self, path: str, *, scope: str = CITY) -> Any:
        answer = self.client.get(
            path, headers={"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": scope}
        )
        assert answer.status_code == 200, answer.json
        return answer.json

    def seen_from_outside(
        self, path: str, role: str, *, own: str | None = None
    ) -> TestResponse:
        """What a party (*own*: its id) or a program of another department is answered."""
        headers = {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": "*" if own else CITY,
            "X-Bianque-Role": role,
        }
        return self.client.get(path, headers=headers | ({"X-Bianque-Own": own} if own else {}))

    def said(self, name: str) -> list[dict[str, Any]]:
        """What was announced under a name, in order."""
        return said(self.service.database, f"inspection.{name}.v1")

    def draft(self, enterprise: str, *matters: str, **changes: Any) -> Any:
        """A draft with an item for each kind of violation."""
        body: dict[str, Any] = {
            "enterprise_id": enterprise,
            "origin": "visit",
            "items": [an_item(matter) for matter in matters or ("label_defect",)],
        }
        return self.post("/orders", **body | changes)

    def issue(self, enterprise: str, *matters: str, **changes: Any) -> Any:
        """An order, issued."""
        order = self.draft(enterprise, *matters, **changes)
        return self.post(f"/orders/{order['order_id']}/issue", officers=TWO)

    def picture(self, words: str) -> str:
        """Another photograph, kept as evidence. Returns its SHA-256."""
        return evidence_files.keep(self.service.settings.var, f"{PICTURE!r} {words}".encode())

    def on_item(self, order: Any, place: int, what: str, **body: Any) -> Any:
        """Something is done with an item; `place` counts from 0."""
        return self.post(self.item(order, place, what), **body)

    def item(self, order: Any, place: int, what: str) -> str:
        item = order["items"][place]["item_id"]
        return f"/orders/{order['order_id']}/items/{item}/{what}"

    def recheck(self, order: Any, place: int, *, rectified: bool) -> Any:
        """Two officers look."""
        return self.on_item(
            order, place, "recheck", rectified=rectified, note="现场查看", officers=TWO
        )


def an_item(matter: str, **changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "matter": matter,
        "description": f"检查发现: {matter}",
        "basis": "有关法律条文",
        "requirement": "限期改正",
        "object_id": str(thing(1)),
    }
    return facts | changes


@contextmanager
def a_bureau(
    url: str, var: Path, monkeypatch: pytest.MonkeyPatch, *, profile: str = "cn-current"
) -> Iterator[Bureau]:
    """An installation with an empty database, under one profile."""
    with opened(url) as database:
        service = InspectionService()
        service.database = database
        service.policy = Policy.read(FOLDER / "policy.yaml", profile)
        service.settings = Settings(var=var)
        service.seals = SEALS
        monkeypatch.setenv("BIANQUE_TODAY", "2026-03-02")
        evidence_files.keep(var, PICTURE)
        yield Bureau(service, monkeypatch)
