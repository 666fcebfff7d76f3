"""Every operation of the public API is called with the example of its own description."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from services.chassis import clock
from services.portal.model import Role
from services.portal.store import audit
from tests.services.portal_house import House
from tests.support.api_city import SCOPES, api_city, filled, prepared, token

BASE = "/api/v1"
IN_TURN = ("put", "post", "get", "delete")


@dataclass
class Program:
    """A program with a token, and the document it reads."""

    house: House
    client: FlaskClient
    document: dict[str, Any]
    known: dict[str, str]
    secret: str

    def send(self, method: str, path: str, **more: Any) -> Any:
        """One call with the token."""
        headers = {"Authorization": f"Bearer {self.secret}"} | more.pop("headers", {})
        return self.client.open(path, method=method, headers=headers, **more)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A small city, and a program of another department that covers all of it."""
    with api_city(tmp_path_factory.mktemp("city") / "var") as house:
        known = prepared(house)
        client = house.visitor()
        document = client.get(f"{BASE}/openapi.json").get_json()
        yield Program(house, client, document, known, token(house))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and what is said of each; a thing is made before it is read or ended."""
    for method in IN_TURN:
        for path, methods in document["paths"].items():
            if method in methods:
                yield method, path, methods[method]


def test_every_operation_answers_its_example_as_described(program: Program) -> None:
    seen = 0
    for method, path, said in operations(program.document):
        example = filled(said["x-example"], program.known)
        address = path.format(**example.get("path", {}))
        answer = program.send(
            method.upper(),
            address,
            query_string=example.get("query"),
            json=example.get("body"),
        )
        place = f"{method} {address}: {answer.get_data(as_text=True)}"
        assert answer.status_code in (200, 201), place
        described = said["responses"][str(answer.status_code)]["content"]["application/json"]
        schema = described["schema"] | {"components": program.document["components"]}
        Draft202012Validator(schema).validate(answer.get_json())
        seen += 1

    assert seen >= 20


def test_every_operation_has_a_summary_and_names_its_scope(program: Program) -> None:
    for method, path, said in operations(program.document):
        assert said["summary"], (method, path)
        for wanted in said["security"]:
            assert set(wanted.get("token", [])) <= set(SCOPES), (method, path)


def test_without_a_token_only_what_is_public_is_answered(program: Program) -> None:
    for method, path, said in operations(program.document):
        if {} in said["security"]:
            continue
        address = path.format(**filled(said["x-example"], program.known).get("path", {}))

        answer = program.client.open(address, method=method.upper())

        assert answer.status_code == 401, (method, address)
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["code"] == "not_authenticated"


def test_a_token_without_the_scope_is_refused_and_told_which(program: Program) -> None:
    secret = token(program.house, "registry:read")

    answer = program.client.get(
        f"{BASE}/records", headers={"Authorization": f"Bearer {secret}"}
    )

    assert answer.status_code == 403
    assert answer.get_json()["code"] == "scope_not_granted"
    assert 'scope="credit:read"' in answer.headers["WWW-Authenticate"]


def test_a_token_of_a_county_does_not_see_another(program: Program) -> None:
    secret = token(program.house, divisions="610322")
    address = f"{BASE}/enterprises/{program.known['enterprise_id']}"

    answer = program.client.get(address, headers={"Authorization": f"Bearer {secret}"})

    assert answer.status_code == 404
    assert answer.get_json()["code"] == "no_such_enterprise"


def test_an_ended_token_is_no_token(program: Program) -> None:
    secret = token(program.house, ends_at=clock.now())

    answer = program.client.get(
        f"{BASE}/records", headers={"Authorization": f"Bearer {secret}"}
    )

    assert answer.status_code == 401


def test_a_login_is_no_token(program: Program) -> None:

    browser = program.house.someone("li", Role.COORDINATOR)

    answer = browser.get(f"{BASE}/records")

    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_following_next_reaches_every_enterprise_once(program: Program) -> None:
    address: str | None = f"{BASE}/enterprises?limit=5"
    seen: list[str] = []
    while address:
        answer = program.send("GET", address)
        told = answer.get_json()
        seen += [one["id"] for one in told["items"]]
        address = told["next"]
        assert address is None or answer.headers["Link"] == f'<{address}>; rel="next"'

    [(held,)] = program.house.rows("registry", "SELECT count(*) FROM enterprise")
    assert len(seen) == len(set(seen)) == held > 5


def test_what_did_not_change_is_not_sent_again(program: Program) -> None:
    address = f"{BASE}/enterprises/{program.known['enterprise_id']}"
    tag = program.send("GET", address).headers["ETag"]

    same = program.send("GET", address, headers={"If-None-Match": tag})
    other = program.send("GET", address, headers={"If-None-Match": '"another"'})

    assert (same.status_code, same.get_data()) == (304, b"")
    assert other.status_code == 200


def test_a_sections_webhook_is_registered_by_its_account(program: Program) -> None:
    path = f"{BASE}/webhooks/section:610303/特设科"

    made = program.send("PUT", path, json={"url": "https://hooks.example.org/bianque"})
    known = program.send("GET", path)
    rotated = program.send("POST", f"{path}/rotate")
    ended = program.send("DELETE", path)

    assert made.get_json()["account"] == "section:610303/特设科"
    assert [one.status_code for one in (made, known, rotated, ended)] == [201, 200, 200, 200]
    assert program.send("GET", path).status_code == 404


def test_a_record_sent_twice_under_one_key_is_entered_once(program: Program) -> None:
    said = program.document["paths"][f"{BASE}/records"]["post"]
    body = filled(said["x-example"], program.known)["body"]
    key = {"Idempotency-Key": "7a1f"}

    first = program.send("POST", f"{BASE}/records", json=body, headers=key)
    again = program.send("POST", f"{BASE}/records", json=body, headers=key)
    other = program.send(
        "POST", f"{BASE}/records", json=body | {"kind": "qualification"}, headers=key
    )

    assert first.get_json() == again.get_json()
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")


def test_wrong_fields_are_each_named_with_their_place(program: Program) -> None:
    body = {"enterprise_id": "x", "kind": "penalty", "content": {"basis": "", "more": 1}}

    answer = program.send("POST", f"{BASE}/records", json=body)

    assert answer.status_code == 422
    places = {(one["in"], one["pointer"]) for one in answer.get_json()["errors"]}
    assert ("body", "/enterprise_id") in places
    assert ("body", "/content/basis") in places
    assert ("body", "/content/more") in places


def test_a_token_asks_as_often_as_it_may_and_no_more(program: Program) -> None:
    secret = token(program.house, per_minute=3)
    headers = {"Authorization": f"Bearer {secret}"}

    answers = [program.client.get(f"{BASE}/events", headers=headers) for _ in range(4)]

    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[-1].get_json()["code"] == "too_many_requests"
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("POST", "/api/v1/events", 405, "method_not_allowed"),
    ],
)
def test_under_api_nothing_is_answered_as_a_page(
    program: Program, method: str, path: str, status: int, code: str
) -> None:
    answer = program.client.open(path, method=method)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == code
    assert program.client.get("/nothing").content_type.startswith("text/html")


def test_a_failure_is_a_problem_without_its_insides(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("secret insides")

    monkeypatch.setattr("services.portal.web.services.Asking.get", broken)

    answer = program.send("GET", f"{BASE}/orders")

    assert (answer.status_code, answer.get_json()["code"]) == (500, "failed")
    assert "insides" not in answer.get_data(as_text=True)


def test_a_write_leaves_two_lines_in_the_audit_under_the_token(program: Program) -> None:
    said = program.document["paths"][f"{BASE}/records"]["post"]
    body = filled(said["x-example"], program.known)["body"]

    program.send("POST", f"{BASE}/records", json=body)

    with program.house.database.reading() as session:
        lines = audit.latest(session)[:2]
    assert [(line.action, line.outcome) for line in lines] == [
        ("接口登记诚信记录", "done"),
        ("接口登记诚信记录", "asked"),
    ]
    assert lines[0].who.startswith("token:")


def test_the_page_of_the_api_runs_nothing_from_elsewhere(program: Program) -> None:
    page = program.client.get(f"{BASE}/docs").get_data(as_text=True)

    assert "swagger-ui-bundle.js" in page
    assert "http" not in page.replace("http-equiv", "")
