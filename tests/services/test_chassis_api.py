"""The internal API: who calls, whose rows, and how refusals look."""

from datetime import datetime
from uuid import uuid4

import pytest
from flask import Blueprint, jsonify
from marshmallow import Schema, fields
from sqlalchemy import event
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.chassis import api, outbox, parked
from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.scope import Scope, ScopeBroken
from services.chassis.tables import ChassisTable
from services.events.registry import EnterpriseRecorded, EnterpriseStatus

TOKEN = "the installation's secret"  # noqa: S105 - a test's own


class Quiet:
    """A service that does nothing."""

    name = "registry"

    def __init__(self, database):
        self.database = database


class Wanted(Schema):
    """What the view below wants."""

    on = fields.Date(required=True)


def views():
    blueprint = Blueprint("own", __name__)

    @blueprint.get("/mine")
    def mine():
        return jsonify(
            name=api.caller().name, sees=[d for d in ("610303", "610402") if sees(d)]
        )

    @blueprint.post("/day")
    def day():
        return jsonify(on=api.body(Wanted)["on"].isoformat())

    @blueprint.get("/refused")
    def refused():
        raise api.Refused("not_now", "现在不行,明天可以", 409, field="on")

    @blueprint.get("/away")
    def away():
        raise PoolTimeout("the database went away")

    @blueprint.get("/broken")
    def broken():
        raise ZeroDivisionError

    return blueprint


def sees(division):
    return api.caller().scope.covers(division)


@pytest.fixture(name="database")
def _database(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/registry.db", source="/610300/registry")
    ChassisTable.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture(name="client")
def _client(database):
    return create_app(Quiet(database), TOKEN, views()).test_client()


def headers(scope="610300", token=TOKEN):
    return {
        "Authorization": f"Bearer {token}",
        "X-Bianque-Scope": scope,
        "X-Bianque-Caller": "portal",
    }


def test_a_call_without_the_token_is_refused(client):
    answer = client.get("/mine", headers=headers(token="a guess"))  # noqa: S106 - wrong on purpose

    assert (answer.status_code, answer.json["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("scope", ["", " , ", "6103", "everything", "61030３"])
def test_a_call_without_a_scope_never_reaches_a_view(client, scope):
    answer = client.get("/mine", headers=headers(scope=scope.encode().decode("latin-1")))

    assert (answer.status_code, answer.json["code"]) == (403, "scope_missing")


def test_a_view_knows_its_caller_and_its_scope(client):
    answer = client.get("/mine", headers=headers())

    assert answer.json == {"name": "portal", "sees": ["610303"]}


def test_a_wrong_field_is_named(client):
    answer = client.post("/day", json={"on": "2015-02-30"}, headers=headers())

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == "fields_wrong"
    assert "on" in answer.json["fields"]


def test_a_body_that_is_no_object_is_refused(client):
    answer = client.post("/day", data="[]", content_type="application/json", headers=headers())

    assert (answer.status_code, answer.json["code"]) == (400, "not_json")


def test_a_refusal_carries_its_code_its_words_and_its_place(client):
    answer = client.get("/refused", headers=headers())

    assert answer.status_code == 409
    assert answer.json == {
        "status": 409,
        "code": "not_now",
        "title": "not_now",
        "detail": "现在不行,明天可以",
        "field": "on",
    }


def test_a_fault_that_passes_asks_to_try_again(client):
    answer = client.get("/away", headers=headers())

    assert (answer.status_code, answer.json["code"]) == (503, "try_again")


def test_our_own_mistake_tells_nothing_of_the_inside(client):
    answer = client.get("/broken", headers=headers())

    assert (answer.status_code, answer.json["code"]) == (500, "failed")
    assert "ZeroDivision" not in answer.text


def test_an_unknown_path_is_a_problem_too(client):
    answer = client.get("/nowhere", headers=headers())

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_health_and_metrics_are_open_to_the_supervisor(client):
    assert client.get("/healthz").json == {"status": "alive", "service": "registry"}
    assert client.get("/readyz").json == {"status": "ready", "troubles": {}}
    assert b"bianque_messages_heard_total" in client.get("/metrics").data


def test_status_counts_what_waits_and_what_is_parked(client, database):
    with database.transaction() as session:
        recorded = EnterpriseRecorded(
            enterprise_id=uuid4(),
            revision=1,
            name="甲",
            uscc=None,
            division="610303",
            status=EnterpriseStatus.ACTIVE,
            industry=None,
        )
        outbox.announce(session, recorded, about="enterprise/1")
        parked.park(session, "not json", ValueError("no"), heard_by="registry.on_nothing")

    status = client.get("/status", headers=headers()).json

    assert (status["outbox_waiting"], status["parked"], status["inbox"]) == (1, 1, 0)


def test_what_waits_is_told_without_counting_what_is_kept(client, database):
    asked = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _note(_connection, _cursor, statement, *_):
        asked.append(statement)

    status = client.get("/status?counts=no", headers=headers()).json

    assert (status["outbox_waiting"], status["parked"], status["busy"]) == (0, 0, 0)
    assert {"inbox", "facts"} & set(status) == set()
    assert not [each for each in asked if "inbox" in each]


def test_parked_messages_are_listed_shown_and_missed_by_name(client, database):
    with database.transaction() as session:
        number = parked.park(session, "x", ValueError("no"), heard_by="registry.on_nothing")

    [listed] = client.get("/parked", headers=headers()).json
    shown = client.get(f"/parked/{number}", headers=headers()).json
    missing = client.get(f"/parked/{uuid4()}", headers=headers())

    assert listed == shown
    assert shown["reason"] == "ValueError: no"
    assert datetime.fromisoformat(shown["parked_at"]).utcoffset() is not None
    assert (missing.status_code, missing.json["code"]) == (404, "no_such_parked_message")


@pytest.mark.parametrize("path", ["/parked", "/parked/{}", "/parked/{}/replay"])
def test_a_parked_message_is_of_no_division_but_of_the_bureau(client, database, path):
    with database.transaction() as session:
        number = parked.park(session, "x", ValueError("no"), heard_by="registry.on_nothing")

    method = client.post if path.endswith("replay") else client.get
    answer = method(path.format(number), headers=headers(scope="610303"))

    assert (answer.status_code, answer.json["code"]) == (403, "scope_too_narrow")
    assert "610300" in answer.json["detail"]


@pytest.mark.parametrize(
    "name", ["李明", "老张", "li.wen", "token:7a1f", "100% 李", "%E6%9D%8E", "a/b?c#d", "Ünal"]
)
def test_a_caller_is_known_by_its_own_name(client, name):
    written = api.written_name(name)
    answer = client.get("/mine", headers=headers() | {"X-Bianque-Caller": written})

    assert written.isascii()
    assert answer.json["name"] == name


@pytest.mark.parametrize("name", ["李明", "老张"])
def test_a_caller_that_writes_utf_8_as_it_is_is_understood(client, name):
    raw = name.encode().decode("latin-1")

    assert (
        client.get("/mine", headers=headers() | {"X-Bianque-Caller": raw}).json["name"] == name
    )


@pytest.mark.parametrize("raw", ["%FF", "\xff"])
def test_a_caller_whose_name_cannot_be_read_is_refused(client, raw):
    answer = client.get("/mine", headers=headers() | {"X-Bianque-Caller": raw})

    assert (answer.status_code, answer.json["code"]) == (400, "caller_wrong")


@pytest.mark.parametrize(
    ("scope", "division", "covered"),
    [
        ("610303", "610303", True),
        ("610303", "610302", False),
        ("610300", "610303", True),
        ("610300", "610402", False),
        ("610000", "610402", True),
        ("*", "990001", True),
        ("610303,610302", "610302", True),
    ],
)
def test_a_citys_code_covers_its_counties(scope, division, covered):
    assert Scope.parse(scope).covers(division) is covered


def test_a_scope_without_a_division_is_broken():
    with pytest.raises(ScopeBroken):
        Scope.parse("")
