"""A write with an Idempotency-Key counts once, however often its caller asks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Blueprint
from flask.testing import FlaskClient
from marshmallow import Schema, fields
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.chassis import answers, api, outbox
from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.tables import AnswerRow, ChassisTable
from services.events.registry import EnterpriseRecorded, EnterpriseStatus

TOKEN = "the installation's secret"  # noqa: S105 - a test's own


class Naming(Schema):
    """What the view below wants."""

    name = fields.String(required=True)


class Registry:
    """A service with one write: it announces an enterprise under the name that was sent."""

    name = "registry"

    def __init__(self, database: Database) -> None:
        self.database = database
        self.refuse = False

    def views(self) -> Blueprint:
        blueprint = Blueprint("own", __name__)

        @blueprint.post("/names")
        def name() -> Any:
            return api.write(self.database, self._announce, status=201)

        return blueprint

    def _announce(self, session: Session) -> dict[str, Any]:
        named = api.body(Naming)["name"]
        event = EnterpriseRecorded(
            enterprise_id=uuid4(),
            revision=1,
            name=named,
            uscc=None,
            division="610303",
            status=EnterpriseStatus.ACTIVE,
            industry=None,
        )
        outbox.announce(session, event, about=f"enterprise/{event.enterprise_id}")
        if self.refuse:
            raise api.Refused("not_now", "现在不行,明天可以", 409)
        return {"announced": outbox.count_waiting(session)}


@pytest.fixture(name="service")
def _service(database_url: Callable[[str], str]) -> Iterator[Registry]:
    database = Database(database_url("registry"), source="/610300/registry")
    ChassisTable.metadata.create_all(database.engine)
    yield Registry(database)
    database.close()


@pytest.fixture(name="client")
def _client(service: Registry) -> FlaskClient:
    return create_app(service, TOKEN, service.views()).test_client()


def post(
    client: FlaskClient,
    name: str,
    key: str | None,
    *,
    caller: str = "portal",
    scope: str = "610300",
) -> Any:
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "X-Bianque-Scope": scope,
        "X-Bianque-Caller": caller,
    }
    if key is not None:
        headers["Idempotency-Key"] = key
    return client.post("/names", json={"name": name}, headers=headers)


def announced(service: Registry) -> int:
    with service.database.reading() as session:
        return outbox.count_waiting(session)


def test_the_same_key_again_gets_the_first_answer_and_does_nothing(
    service: Registry, client: FlaskClient
) -> None:
    first = post(client, "宝钛", "k1")
    again = post(client, "宝钛", "k1")

    assert (first.status_code, first.json) == (201, {"announced": 1})
    assert (again.status_code, again.json) == (201, {"announced": 1})
    assert announced(service) == 1


def test_without_a_key_every_call_is_one_of_its_own(
    service: Registry, client: FlaskClient
) -> None:
    post(client, "宝钛", None)
    post(client, "宝钛", None)

    assert announced(service) == 2


def test_a_key_that_came_with_another_request_is_refused(
    service: Registry, client: FlaskClient
) -> None:
    post(client, "宝钛", "k1")
    other = post(client, "宝成", "k1")
    other_rows = post(client, "宝钛", "k1", scope="610303")

    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert other_rows.json["code"] == "idempotency_key_reused"
    assert announced(service) == 1


def test_two_callers_may_use_the_same_words_as_key(
    service: Registry, client: FlaskClient
) -> None:
    post(client, "宝钛", "k1", caller="portal")
    post(client, "宝成", "k1", caller="clerk")

    assert announced(service) == 2


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_of_no_use_is_refused(client: FlaskClient, service: Registry, key: str) -> None:
    answer = post(client, "宝钛", key)

    assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key_wrong")
    assert announced(service) == 0


def test_a_refused_write_leaves_nothing_and_its_key_free(
    service: Registry, client: FlaskClient
) -> None:
    service.refuse = True
    refused = post(client, "宝钛", "k1")
    service.refuse = False
    later = post(client, "宝钛", "k1")

    assert refused.json["code"] == "not_now"
    assert (later.status_code, later.json) == (201, {"announced": 1})


def test_the_same_key_many_times_at_once_counts_once(
    service: Registry, client: FlaskClient
) -> None:
    said: list[Any] = []
    threads = [
        threading.Thread(
            target=lambda: said.append(
                post(client.application.test_client(), "宝钛", "k1").json
            )
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said == [{"announced": 1}] * 6
    assert announced(service) == 1


def test_answers_are_forgotten_after_a_while(service: Registry, client: FlaskClient) -> None:
    post(client, "宝钛", "k1")
    with service.database.transaction() as session:
        kept = answers.forget(session, older_than_days=1)
        forgotten = answers.forget(session, older_than_days=-1)

        assert (kept, forgotten) == (0, 1)
        assert session.scalar(select(func.count()).select_from(AnswerRow)) == 0
