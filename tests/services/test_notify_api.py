"""The internal API: messages and inboxes, each within the caller's scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from services.chassis.api import create_app
from services.chassis.database import Database
from services.notify.api import blueprint
from services.notify.service import NotifyService
from tests.services.notify_mail_servers import Post, open_for_mail
from tests.services.notify_stories import (
    cleared,
    contact,
    delivery,
    empty,
    enterprise,
    entry,
    firm,
    kept,
    message,
    messages,
    published,
    red,
    service_on,
    tell,
    warning,
)

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
NOBODY = "smtp://127.0.0.1:1"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def _database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with kept(request.param, request) as database:
        yield database


@pytest.fixture
def database(_database: Database) -> Database:
    """Every test begins with an empty one."""
    empty(_database)
    return _database


@pytest.fixture
def service(database: Database, tmp_path: Path) -> NotifyService:
    return service_on(database, tmp_path, smtp_url=NOBODY)


class Portal:
    """A caller of the API of one service."""

    def __init__(self, service: NotifyService) -> None:
        app = create_app(service, TOKEN, blueprint(service))
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, scope: str = "610300", **who: str) -> Any:
        return self.client.get(path, headers=self._headers(scope, **who))

    def post(self, path: str, body: Any = None, scope: str = "610300", **who: str) -> Any:
        return self.client.post(path, json=body, headers=self._headers(scope, **who))

    def _headers(
        self, scope: str, by: str = "li.na", role: str = "inspector"
    ) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": scope,
            "X-Bianque-Caller": by.encode().decode("latin-1"),
            "X-Bianque-Role": role,
        }


@pytest.fixture
def portal(service: NotifyService) -> Portal:
    """Of a city where three warnings turned red in three divisions; the third firm is unknown."""
    tell(service, [enterprise(1), enterprise(2), contact(1), contact(2)])
    tell(service, [red(1), red(2), red(3)])
    return Portal(service)


def ids(answer: Any) -> list[str]:
    return [found["id"] for found in answer.json["messages"]]


def test_a_list_has_every_message_with_its_deliveries_in_words(portal: Portal) -> None:
    answer = portal.get("/messages?addressee=enterprise")
    by_division = {found["division"]: found for found in answer.json["messages"]}

    assert set(by_division) == {"610302", "610304", "610303"}
    assert [
        (one["medium"], one["state"], one["state_in_words"]["zh"])
        for one in by_division["610302"]["deliveries"]
    ] == [("inbox", "delivered", "已送达"), ("email", "due", "待发送")]
    assert by_division["610303"]["wants_in_words"]["zh"] == "企业档案尚未收到"
    assert by_division["610303"]["deliveries"][0]["state_in_words"]["en"] == "waiting for facts"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 9),
        ("addressee=officer", 3),
        ("state=waiting_for_facts", 3),
        ("state=delivered", 6),
        ("state=due", 2),
        ("state=given_up", 0),
        ("division=610302", 3),
        ("division=610300", 9),
        ("division=620000", 0),
        (f"enterprise_id={firm(2)}", 3),
        (f"cause_id={warning(3)}", 3),
        (f"cause_id={warning(3)}&addressee=bureau", 1),
    ],
)
def test_a_list_can_be_narrowed(portal: Portal, query: str, found: int) -> None:
    assert len(ids(portal.get(f"/messages?{query}"))) == found


def test_pages_follow_one_another_without_gap_or_repetition(portal: Portal) -> None:
    page = portal.get("/messages?limit=4")
    seen = ids(page)
    while page.json["next"]:
        page = portal.get(f"/messages?limit=4&before={page.json['next']}")
        seen += ids(page)

    assert len(seen) == 9
    assert seen == ids(portal.get("/messages"))


def test_a_page_behind_a_message_that_is_not_there_is_empty(portal: Portal) -> None:
    assert ids(portal.get(f"/messages?before={uuid4()}")) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("addressee=mayor", "addressee"),
        ("state=lost", "state"),
        ("division=61", "division"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("before=yesterday", "before"),
        ("colour=red", "colour"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_by_its_field(
    portal: Portal, query: str, field: str
) -> None:
    answer = portal.get(f"/messages?{query}")

    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [field]


def test_a_message_shows_its_words_its_cause_and_where_it_stands(
    portal: Portal, database: Database
) -> None:
    stored = next(row for row in messages(database) if row.account == f"enterprise:{firm(1)}")
    shown = portal.get(f"/messages/{stored.id}").json

    assert shown["subject"] == "【质监通】行吊1号到期未完成定期检验，请立即办理"
    assert shown["body"] == stored.body
    assert shown["cause_id"] == str(warning(1))
    assert shown["caused_by"] == str(red(1).id)
    assert shown["parameters"]["was_due_on"] == "2026-03-01"
    assert shown["template_version"] == stored.template_version
    assert shown["deliveries"][0]["sent_to"] == f"enterprise:{firm(1)}"
    assert shown["deliveries"][1]["state"] == "due"


def test_a_county_sees_its_own_messages_and_no_others(
    portal: Portal, database: Database
) -> None:
    own = ids(portal.get("/messages", scope="610302"))
    foreign = {str(row.id) for row in messages(database)} - set(own)

    assert len(own) == 3
    assert [portal.get(f"/messages/{one}", scope="610302").status_code for one in own] == [
        200
    ] * 3
    for one in foreign:
        answer = portal.get(f"/messages/{one}", scope="610302")
        assert (answer.status_code, answer.json["code"]) == (404, "no_such_message")


def test_a_call_without_a_scope_sees_nothing(portal: Portal) -> None:
    answer = portal.get("/messages", scope="")

    assert (answer.status_code, answer.json["code"]) == (403, "scope_missing")


def test_an_inbox_has_what_is_written_for_its_account(
    portal: Portal, service: NotifyService
) -> None:
    tell(service, [cleared(1), published(1)])
    officers = portal.get("/inbox/officer.1", by="officer.1").json
    enterprises = portal.get(f"/inbox/enterprise:{firm(1)}").json

    assert [one["template"] for one in officers["messages"]] == [
        "warning_cleared_staff",
        "warning_turned_red_staff",
    ]
    assert officers["unread"] == 2
    assert {one["template"] for one in enterprises["messages"]} == {
        "warning_turned_red_enterprise",
        "bad_information_published_enterprise",
    }
    assert {one["cause_id"] for one in enterprises["messages"]} == {
        str(warning(1)),
        str(entry(1)),
    }


def test_what_waits_for_facts_is_not_in_an_inbox_yet(
    portal: Portal, service: NotifyService
) -> None:
    assert portal.get("/inbox/bureau:610303").json["messages"] == []

    tell(service, [enterprise(3)])
    assert len(portal.get("/inbox/bureau:610303").json["messages"]) == 1


def test_reading_is_noted_once_with_the_first_reader(
    portal: Portal, database: Database
) -> None:
    (unread,) = ids(portal.get("/inbox/officer.1?unread=true", by="officer.1"))
    first = portal.post("/inbox/officer.1/read", {"messages": [unread]}, by="officer.1")
    noted = message_read_at(database, unread)
    second = portal.post("/inbox/officer.1/read", {"messages": [unread]}, by="officer.1")

    assert first.json == second.json == {"read": [unread], "unknown": []}
    assert noted is not None
    assert message_read_at(database, unread) == noted
    assert portal.get("/inbox/officer.1", by="officer.1").json["unread"] == 0
    assert ids(portal.get("/inbox/officer.1?unread=true", by="officer.1")) == []
    assert (
        portal.get("/inbox/officer.1", by="officer.1").json["messages"][0]["read_by"]
        == "officer.1"
    )


def test_nobody_reads_for_another_inbox_or_another_county(portal: Portal) -> None:
    (foreign,) = ids(portal.get("/inbox/officer.2", by="officer.2"))
    by_another = portal.post("/inbox/officer.1/read", {"messages": [foreign]}, by="officer.1")
    by_county = portal.post(
        "/inbox/officer.2/read", {"messages": [foreign]}, scope="610302", by="officer.2"
    )

    assert by_another.json == by_county.json == {"read": [], "unknown": [foreign]}
    assert portal.get("/inbox/officer.2", by="officer.2").json["unread"] == 1
    assert portal.get("/inbox/officer.2", by="officer.2", scope="610302").json["messages"] == []


@pytest.mark.parametrize("body", [{}, {"messages": []}, {"messages": ["x"]}, {"all": True}])
def test_a_reading_without_messages_is_refused(portal: Portal, body: Any) -> None:
    assert portal.post("/inbox/officer.1/read", body, by="officer.1").status_code == 422


@pytest.mark.parametrize("role", ["inspector", "chief", "coordinator", "registrar"])
def test_a_persons_inbox_is_for_that_person(portal: Portal, role: str) -> None:
    looked = portal.get("/inbox/officer.1", role=role)
    read = portal.post("/inbox/officer.1/read", {"messages": [str(uuid4())]}, role=role)

    assert [looked.status_code, read.status_code] == [403, 403]
    assert looked.json["code"] == read.json["code"] == "not_your_inbox"


def test_an_administrator_looks_into_a_persons_inbox_and_reads_nothing_for_it(
    portal: Portal,
) -> None:
    as_administrator = {"by": "li.na", "role": "administrator"}
    looked = portal.get("/inbox/officer.1", **as_administrator)
    body = {"messages": ids(looked)}

    assert body["messages"]
    assert portal.post("/inbox/officer.1/read", body, **as_administrator).status_code == 403
    assert portal.get("/inbox/officer.1", by="officer.1").json["unread"] == 1


def test_a_person_with_a_chinese_name_has_an_inbox(portal: Portal) -> None:
    assert portal.get("/inbox/李娜", by="李娜").json["messages"] == []
    assert portal.get("/inbox/李娜", by="王芳").status_code == 403


def test_a_bureaus_inbox_is_for_everybody_who_works_there(portal: Portal) -> None:
    assert portal.get("/inbox/bureau:610302").status_code == 200


def test_what_was_given_up_can_be_sent_again(database: Database, tmp_path: Path) -> None:
    answers = iter(["550 no such user", "250 OK"])
    with open_for_mail(Post(rcpt=lambda _: next(answers))) as post:
        service = service_on(database, tmp_path, smtp_url=post.url)
        portal = Portal(service)
        tell(service, [enterprise(), contact(), red()])
        service.deliver_due()
        given_up = str(message(database, "warning_turned_red_enterprise").id)
        assert ids(portal.get("/messages?state=given_up")) == [given_up]

        answer = portal.post(f"/messages/{given_up}/retry")
        service.deliver_due()

    assert answer.json == {"id": given_up, "deliveries": 1}
    assert delivery(database).state == "delivered"
    assert delivery(database).delivered_at - delivery(database).due_since < timedelta(minutes=5)


def test_sending_again_needs_the_scope_and_something_that_failed(portal: Portal) -> None:
    (mine,) = ids(portal.get(f"/messages?cause_id={warning(1)}&addressee=enterprise"))

    assert portal.post(f"/messages/{mine}/retry").json["deliveries"] == 0
    assert portal.post(f"/messages/{mine}/retry", scope="610304").status_code == 404
    assert portal.post(f"/messages/{uuid4()}/retry").status_code == 404


def test_the_status_page_has_the_counts(portal: Portal) -> None:
    found = portal.get("/status").json

    assert found["busy"] == 2
    assert found["facts"]["waiting_for_facts"] == {"enterprise": 3}


def message_read_at(database: Database, message_id: str) -> Any:
    (found,) = [row for row in messages(database) if str(row.id) == message_id]
    return found.read_at
