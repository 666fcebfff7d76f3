"""BIANQUE_PORTAL_PARTS=public: what stands in front of the firewall knows nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.chassis.settings import Settings
from services.command.one_process import OneProcess
from services.portal.model import Role
from services.portal.web import limits
from services.portal.web.me import COOKIE
from tests.services.portal_house import House, house_of, make_city
from tests.support.api_city import filled, prepared, token

LINK = re.compile(r'(?:href|src)="(/(?!static/)[^"#]*)"')
EXPECTED = {"nothing": 404, "language": 302}
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    return var


@dataclass(frozen=True)
class Behind:
    """From where people log in: a session, a token, the description of the whole API, ids."""

    cookie: str
    token: str
    document: dict[str, Any]
    known: dict[str, str]


@pytest.fixture(scope="module")
def behind(city: Path) -> Behind:
    with house_of(city) as house:
        client = house.someone("li", Role.INSPECTOR)
        cookie = client.get_cookie(COOKIE)
        assert cookie
        document = client.get("/api/v1/openapi.json").get_json()
        return Behind(cookie.value, token(house), document, prepared(house))


@pytest.fixture(scope="module")
def house(city: Path, behind: Behind) -> Iterator[House]:
    settings = Settings.read({"BIANQUE_VAR": str(city), "BIANQUE_PORTAL_PARTS": "public"})
    with OneProcess(settings) as platform:
        limits.limiter.enabled = False
        try:
            yield House(platform)
        finally:
            limits.limiter.enabled = True


@pytest.fixture
def client(house: House, behind: Behind) -> FlaskClient:
    """A browser in which somebody is logged in behind the firewall."""
    browser = house.visitor()
    browser.set_cookie(COOKIE, behind.cookie)
    return browser


def test_every_public_page_opens_for_whoever_has_a_session_elsewhere(
    client: FlaskClient,
) -> None:
    todo, seen = ["/", "/v", "/data", "/about", "/api/v1/docs", "/nothing"], set()
    while todo:
        path = todo.pop()
        if (shape := ID.sub("ID", path).partition("after=")[0]) in seen:
            continue
        seen.add(shape)
        answer = client.get(path)
        assert answer.status_code == EXPECTED.get(path.split("/")[1], 200), path
        if answer.mimetype == "text/html":
            todo += [link.replace("&amp;", "&") for link in LINK.findall(answer.text)]

    assert {"/complaint", "/enterprises/ID"} <= seen
    assert not {path for path in seen if path.startswith(("/desk", "/my", "/login"))}


def test_the_language_can_be_chosen_here_too(client: FlaskClient) -> None:
    assert 'href="/language/en?next=' in client.get("/complaint").text

    answer = client.get("/language/en?next=/complaint")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/complaint")
    assert 'lang="en"' in client.get("/complaint").text
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "\\\\elsewhere"):
        away = client.get("/language/zh", query_string={"next": elsewhere})
        assert away.headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/login", "/account", "/desk/", "/my/", "/first/x"])
def test_there_is_no_way_in(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_of_the_api_only_what_needs_no_token_is_there(
    client: FlaskClient, behind: Behind
) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    headers = {"Authorization": f"Bearer {behind.token}"}

    for path, methods in behind.document["paths"].items():
        for method in methods.keys() - {"parameters"}:
            said = methods[method]
            example = filled(said["x-example"], behind.known)
            answer = client.open(
                path.format(**example.get("path", {})),
                method=method.upper(),
                query_string=example.get("query"),
                json=example.get("body"),
                headers=headers,
            )
            public = {} in said["security"]
            assert answer.status_code == (200 if public else 404), (method, path)
            assert (method in document["paths"].get(path, {})) is public
    assert document["paths"]
    assert "securitySchemes" not in document["components"]


def test_a_wrong_token_is_not_even_looked_at(client: FlaskClient) -> None:
    answer = client.get("/api/v1/events", headers={"Authorization": "Bearer bq_wrong"})

    assert answer.status_code == 200


def test_a_complaint_is_taken_in(client: FlaskClient) -> None:
    form = client.get("/complaint").text
    secret = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert secret
    fields = {"kind": "lead", "target": "某商店", "division": "610303", "words": "卖过期食品"}

    answer = client.post("/complaint", data={"csrf_token": secret[1], **fields})

    assert answer.status_code == 201, answer.text
