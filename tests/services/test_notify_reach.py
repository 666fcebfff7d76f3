"""The address book and the webhooks over HTTP: kept sealed, shown masked, each in its scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient

from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.sealing import Seals
from services.notify.api import blueprint
from services.notify.service import NotifyService
from services.notify.store import webhooks
from services.notify.store.tables import AddressRow, WebhookRow
from tests.services.notify_stories import enterprise, firm, opened, service_on, tell

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
FIRM = f"enterprise:{firm(1)}"


@pytest.fixture
def service(database_url: Callable[[str], str], tmp_path: Path) -> Iterator[NotifyService]:
    """A bureau that lets accounts register webhooks."""
    path = tmp_path / "channels.yaml"
    path.write_text(yaml.safe_dump({"webhooks": {}}), encoding="utf-8")
    with opened(database_url("notify")) as database:
        made = service_on(database, tmp_path, channels=path)
        tell(made, [enterprise(1)])
        yield made


class Portal:
    """A caller of the API."""

    def __init__(self, service: NotifyService) -> None:
        self.client: FlaskClient = create_app(service, TOKEN, blueprint(service)).test_client()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        scope: str = "610302",
        by: str = "li.na",
        role: str = "",
    ) -> Any:
        headers = {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": scope,
            "X-Bianque-Caller": by,
            "X-Bianque-Role": role,
        }
        return self.client.open(path, method=method, json=body, headers=headers)


@pytest.fixture
def portal(service: NotifyService) -> Portal:
    return Portal(service)


def kept(database: Database, table: Any, key: Any) -> Any:
    with database.reading() as session:
        row = session.get(table, key)
        assert row is not None
        return dict(vars(row))


def test_a_number_is_kept_sealed_and_shown_masked(
    portal: Portal, service: NotifyService
) -> None:
    put = portal.call("PUT", f"/addresses/{FIRM}/sms", {"address": "13800001234"})
    shown = portal.call("GET", f"/addresses/{FIRM}").json["addresses"]
    row = kept(service.database, AddressRow, (FIRM, "sms"))

    assert put.json == {"account": FIRM, "medium": "sms", "address": "138****1234"}
    assert [each["address"] for each in shown] == ["138****1234"]
    assert "1380000" not in row["address"]
    assert service.seals.open(row["address"]) == "13800001234"


def test_a_number_is_struck_out_again(portal: Portal) -> None:
    portal.call("PUT", "/addresses/section:610302/特设股/sms", {"address": "13800001234"})
    gone = portal.call("DELETE", "/addresses/section:610302/特设股/sms")
    again = portal.call("DELETE", "/addresses/section:610302/特设股/sms")

    assert gone.status_code == 200
    assert (again.status_code, again.json["code"]) == (404, "no_such_address")


@pytest.mark.parametrize(
    ("account", "body", "scope", "code"),
    [
        (FIRM, {"address": "12345678901"}, "610302", "address_wrong"),
        (FIRM, {"address": "13800001234"}, "610304", "not_in_scope"),
        ("bureau:610304", {"address": "13800001234"}, "610302", "not_in_scope"),
        ("li.na", {"address": "13800001234"}, "610302", "division_missing"),
        (f"enterprise:{firm(9)}", {"address": "13800001234"}, "610302", "no_such_account"),
        ("enterprise:x", {"address": "13800001234"}, "610302", "no_such_account"),
        (FIRM, {}, "610302", "fields_wrong"),
    ],
)
def test_an_address_that_cannot_be_kept_is_refused_in_words(
    portal: Portal, account: str, body: Any, scope: str, code: str
) -> None:
    answer = portal.call("PUT", f"/addresses/{account}/sms", body, scope)

    assert answer.json["code"] == code
    assert answer.status_code in (403, 404, 422)


def test_a_person_says_where_he_belongs(portal: Portal) -> None:
    body = {"address": "li.na@example.com", "division": "610302"}
    portal.call("PUT", "/addresses/li.na/email", body)

    assert portal.call("GET", "/addresses/li.na").json["addresses"][0]["division"] == "610302"
    assert portal.call("GET", "/addresses/li.na", scope="610304").json["addresses"] == []


def test_the_secret_of_a_webhook_is_shown_once_and_kept_sealed(
    portal: Portal, service: NotifyService
) -> None:
    body = {"url": "https://hooks.example/secret/path"}
    made = portal.call("PUT", f"/webhooks/{FIRM}", body)
    shown = portal.call("GET", f"/webhooks/{FIRM}").json
    rotated = portal.call("POST", f"/webhooks/{FIRM}/rotate")
    row = kept(service.database, WebhookRow, FIRM)

    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    assert shown["host"] == "hooks.example"
    assert "secret" not in shown
    assert "path" not in str(shown)
    assert service.seals.open(row["secret"]) == rotated.json["secret"]
    assert service.seals.open(row["former_secret"]) == made.json["secret"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example/x", "webhook_not_https"),
        ("https://user:word@hooks.example/x", "webhook_wrong"),
        ("https:///nowhere", "webhook_wrong"),
        ("ftp://hooks.example/x", "webhook_not_https"),
    ],
)
def test_an_address_that_must_not_be_posted_to_is_refused(
    portal: Portal, url: str, code: str
) -> None:
    answer = portal.call("PUT", f"/webhooks/{FIRM}", {"url": url})

    assert (answer.status_code, answer.json["code"]) == (409, code)


def test_another_county_neither_sees_nor_changes_a_webhook(portal: Portal) -> None:
    portal.call("PUT", f"/webhooks/{FIRM}", {"url": "https://hooks.example/x"})
    foreign = [
        portal.call("GET", f"/webhooks/{FIRM}", scope="610304"),
        portal.call("POST", f"/webhooks/{FIRM}/rotate", scope="610304"),
        portal.call("DELETE", f"/webhooks/{FIRM}", scope="610304"),
    ]

    assert [answer.status_code for answer in foreign] == [404, 404, 404]
    assert portal.call("DELETE", f"/webhooks/{FIRM}").status_code == 200
    assert portal.call("GET", f"/webhooks/{FIRM}").json["code"] == "no_webhook"


def test_where_webhooks_are_not_described_none_is_taken(
    service: NotifyService, tmp_path: Path
) -> None:
    plain = service_on(service.database, tmp_path)
    answer = Portal(plain).call("PUT", f"/webhooks/{FIRM}", {"url": "https://hooks.example/x"})

    assert (answer.status_code, answer.json["code"]) == (409, "no_webhooks")


def test_a_program_has_what_it_registered_itself_and_nothing_of_another(portal: Portal) -> None:
    account, body = "/webhooks/bureau:610302", {"url": "https://hooks.example/x"}
    made = portal.call("PUT", account, body, by="fire", role="agency")

    again = portal.call("PUT", account, body, by="fire", role="agency")
    others = [
        portal.call(method, path, body, by="water", role="agency")
        for method, path in (
            ("PUT", account),
            ("GET", account),
            ("POST", f"{account}/rotate"),
            ("DELETE", account),
        )
    ]

    assert (made.status_code, again.status_code) == (201, 201)
    assert {(o.status_code, o.json["code"]) for o in others} == {(409, "webhook_of_another")}
    assert portal.call("GET", account, by="fire", role="agency").json["set_by"] == "fire"
    replaced = portal.call("PUT", account, body, by="li.na", role="administrator")
    assert replaced.status_code == 201


def test_after_a_new_key_everything_is_sealed_under_it(
    service: NotifyService, portal: Portal
) -> None:
    old, new = f"k1:{'0123456789abcdef' * 4}", f"k2:{'fedcba9876543210' * 4}"
    portal.call(
        "PUT", "/addresses/officer.1/sms", {"address": "13800001234", "division": "610302"}
    )
    portal.call("PUT", f"/webhooks/{FIRM}", {"url": "https://hooks.example/x"})
    former = portal.call("POST", f"/webhooks/{FIRM}/rotate").json["secret"]
    service.seals = Seals.parse(f"{new} {old}")

    asked = [portal.call("POST", "/seals/renew", scope="610300") for _ in range(2)]

    service.seals = Seals.parse(new)
    shown = portal.call("GET", "/addresses/officer.1").json["addresses"]
    with service.database.reading() as session:
        hook = webhooks.of(session, FIRM)
        assert hook is not None
        assert service.seals.open(hook.secret) == former
        assert service.seals.open(hook.former_secret or "").startswith("whsec_")
    assert [answer.json["renewed"] for answer in asked] == [2, 0]
    assert shown[0]["address"].endswith("1234")
    refused = portal.call("POST", "/seals/renew", scope="610302")
    assert refused.json["code"] == "scope_too_narrow"


@pytest.mark.parametrize(
    "account", [FIRM, "li.na", "bureau:61030", "section:610302", "bureau:610302/x"]
)
def test_a_program_has_nothing_of_an_enterprise_or_a_person(
    portal: Portal, account: str
) -> None:
    body = {"url": "https://hooks.example/x", "division": "610302"}
    path = f"/webhooks/{account}"
    answers = [
        portal.call("PUT", path, body, by="fire", role="agency"),
        portal.call("GET", path, by="fire", role="agency"),
        portal.call("POST", f"{path}/rotate", by="fire", role="agency"),
        portal.call("DELETE", path, by="fire", role="agency"),
    ]

    assert {(a.status_code, a.json["code"]) for a in answers} == {(403, "not_a_units_account")}


def test_a_program_has_what_a_section_within_its_divisions_is_told(portal: Portal) -> None:
    body = {"url": "https://hooks.example/x"}

    made = portal.call("PUT", "/webhooks/section:610302/特设科", body, by="fire", role="agency")
    other = portal.call(
        "PUT", "/webhooks/section:610303/特设科", body, by="fire", role="agency"
    )

    assert (made.status_code, made.json["account"]) == (201, "section:610302/特设科")
    assert (other.status_code, other.json["code"]) == (403, "not_in_scope")
