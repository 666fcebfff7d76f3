"""What people put into addresses: never a failure, never another address, never in a log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient

from services.portal.model import Role
from services.portal.web import limits
from services.portal.web.services import Services
from tests.services.portal_house import House, house_of, send


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_of(tmp_path_factory.mktemp("house") / "var") as made:
        limits.limiter.reset()
        made.user("all", *(set(Role) - {Role.PUBLIC, Role.ENTERPRISE, Role.AGENCY}))
        yield made


@pytest.fixture
def client(house: House) -> FlaskClient:
    limits.limiter.reset()
    return house.browser("all")


LISTS = (
    "/desk/warnings/",
    "/desk/orders/",
    "/desk/cases/",
    "/desk/visits/",
    "/desk/complaints/",
    "/desk/credit/",
    "/desk/credit/records",
    "/desk/credit/requests",
    "/desk/bookings/",
    "/desk/messages/",
    "/desk/messages/sent",
    "/desk/directives/",
    "/desk/imports/identity",
    "/desk/analysis/",
    "/desk/people/audit",
    "/search",
    "/lists/bad-information",
    "/",
)
QUERIES = (
    "limit=²",
    "limit=x",
    "limit=99999999999999999999",
    "enterprise_id=x",
    "division=²",
    "after=²",
    "before=²",
    "duty=x&kind=x&colour=x",
    "endpoint=x&_external=1&_scheme=ftp&_anchor=y&_method=z&self=q",
    "q=%00",
)


@pytest.mark.parametrize("query", QUERIES)
def test_whatever_a_list_is_asked_it_does_not_fail(client: FlaskClient, query: str) -> None:
    answers = {path: client.get(f"{path}?{query}").status_code for path in LISTS}

    assert {path: code for path, code in answers.items() if code >= 500} == {}


@pytest.mark.parametrize(
    "path",
    [
        "/desk/visits/new",
        "/desk/orders/new",
        "/desk/cases/new",
        "/desk/credit/records/new",
        "/desk/complaints/new",
    ],
)
def test_an_enterprise_that_is_no_id_is_a_bad_request(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?enterprise_id=x").status_code == 400


def test_a_query_does_not_lead_the_pages_links_elsewhere(client: FlaskClient) -> None:
    page = client.get("/desk/people/audit?_external=1&_scheme=ftp&endpoint=x")

    assert page.status_code == 200
    assert "ftp:" not in page.get_data(as_text=True)


def asked_of_services(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every path that a service is asked for from now on."""
    paths: list[str] = []
    known = Services.send

    def noted(
        self: Services, identity: Any, method: str, service: str, path: str, **m: Any
    ) -> Any:
        paths.append(path)
        return known(self, identity, method, service, path, **m)

    monkeypatch.setattr(Services, "send", noted)
    return paths


@pytest.mark.parametrize(
    "address",
    [
        "/e/{}",
        "/v/{}",
        "/desk/documents/{}",
        "/desk/system/reference/{}",
        "/desk/system/templates/{}",
        "/desk/imports/samples/{}/{}",
        "/desk/complaints/00000000-0000-4000-8000-000000000001/evidence/{}",
        "/desk/visits/00000000-0000-4000-8000-000000000001/evidence/{}",
        "/desk/census/00000000-0000-4000-8000-000000000001/gaps/{}",
        "/api/v1/public/documents/{}",
        "/api/v1/public/equipment/{}",
    ],
)
def test_a_typed_code_is_one_part_of_a_services_address(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    paths = asked_of_services(monkeypatch)

    asked = client.get(address.replace("{}", "TS%3Fx%3D1%23y"))
    above = client.get(address.replace("{}", "%2E%2E"))

    assert any("TS%3Fx%3D1%23y" in path for path in paths), paths
    assert not any("?" in path or "#" in path or ".." in path for path in paths)
    assert (asked.status_code, above.status_code) in {(404, 404), (422, 404), (400, 404)}


def test_a_complaint_is_asked_for_by_its_number_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits.limiter.reset()
    paths = asked_of_services(monkeypatch)

    for action in ("/complaint/N%3Fx%231", "/complaint/N%3Fx%231/reopening"):
        answer = send(house.visitor(), "/complaint", action, code="c", reason="r")
        assert answer.status_code < 500
    unit = send(house.visitor(), "/complaint", "/complaint", code="TS?x#1", words="w")

    assert unit.status_code == 422
    complaints = [path for path in paths if path.startswith("/public/complaints/")]
    assert complaints
    assert all(path.startswith("/public/complaints/N%3Fx%231/") for path in complaints)
    assert "/public/equipment/TS%3Fx%231" in paths


def test_a_log_does_not_hold_what_opens_a_login(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits.limiter.reset()

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("of the test")

    with structlog.testing.capture_logs() as logs:
        house.visitor().post("/first/only-once", data={"password": "x"})
        monkeypatch.setattr("services.portal.store.users.open_link", broken)
        house.visitor().get("/first/only-once")
        monkeypatch.setattr(Services, "send", broken)
        house.visitor().get("/api/v1/public/documents/only-once")
        house.visitor().get("/enterprises/00000000-0000-4000-8000-000000000001")

    assert [(line["event"], line["path"]) for line in logs if "path" in line] == [
        ("form_refused", "/first/***"),
        ("page_failed", "/first/***"),
        ("api_failed", "/api/v1/public/documents/***"),
        ("page_failed", "/enterprises/00000000-0000-4000-8000-000000000001"),
    ]
