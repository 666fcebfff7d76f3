"""While a service is away its part of a page says so, and the rest of the page works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import requests
from flask.testing import FlaskClient

from services.chassis.settings import SERVICES
from services.portal.model import Role
from services.portal.web.in_process import InProcess
from services.portal.web.names import SERVICES as NAMES
from tests.services.portal_house import House, house_of, make_city, token_of

SHARED = ("/", "/desk/", "/desk/enterprises/{firm}", "/my/")
OF_ONE = {
    "registry": ("/desk/search/?q=公司", "/desk/imports/", "/desk/imports/identity"),
    "inspection": ("/desk/warnings/", "/desk/orders/", "/desk/cases/", "/desk/visits/"),
    "credit": ("/desk/credit/records", "/desk/credit/requests", "/lists/bad-information"),
    "notify": ("/desk/messages/", "/desk/messages/sent", "/desk/directives/"),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    with house_of(var) as made:
        made.user("zhao", Role.CHIEF, Role.REGISTRAR)
        made.user("firm", Role.ENTERPRISE, enterprise_id=firm_of(made))
        yield made


def firm_of(house: House) -> UUID:
    """An enterprise of which every service knows something."""
    [(firm,)] = house.rows("credit", "SELECT enterprise_id FROM bad_information LIMIT 1")
    return UUID(str(firm))


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Services that do not answer from now on."""
    gone: set[str] = set()
    answer = InProcess.send

    def send(self: InProcess, request: requests.PreparedRequest, *a: Any, **k: Any) -> Any:
        if str(request.url).split("/")[2].removeprefix("in-process.") in gone:
            raise requests.ConnectionError("refused")
        return answer(self, request, *a, **k)

    monkeypatch.setattr(InProcess, "send", send)
    return gone


def browser_for(house: House, path: str) -> FlaskClient:
    if path == "/":
        return house.visitor()
    return house.browser("firm" if path.startswith("/my") else "zhao")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("path", SHARED)
def test_a_page_of_many_parts_stays(
    house: House, away: set[str], path: str, service: str
) -> None:
    address = path.format(firm=firm_of(house))
    client = browser_for(house, path)
    whole = client.get(address).get_data(as_text=True)

    away.add(service)
    answer = client.get(address)
    page = answer.get_data(as_text=True)

    assert "没有应答" not in whole
    assert answer.status_code == 200
    if page != whole:
        assert f"{NAMES[service]}没有应答" in page or is_named_by_code_only(service, page)


def is_named_by_code_only(service: str, page: str) -> bool:
    """Where the registry gives names alone, codes stand in their place and nothing is missing."""
    return service == "registry" and "没有应答" not in page


@pytest.mark.parametrize(
    ("service", "path"), [(s, path) for s, paths in OF_ONE.items() for path in paths]
)
def test_a_page_of_that_service_alone_says_which_one_is_away(
    house: House, away: set[str], service: str, path: str
) -> None:
    client = house.browser("zhao")
    assert client.get(path).status_code == 200

    away.add(service)
    answer = client.get(path)

    assert answer.status_code in (200, 503)
    assert f"{NAMES[service]}没有应答" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", [path for paths in OF_ONE.values() for path in paths])
def test_a_page_does_not_need_a_service_that_it_does_not_show(
    house: House, away: set[str], path: str
) -> None:
    [own] = [service for service, paths in OF_ONE.items() if path in paths]
    client = house.browser("zhao")

    away.update(set(SERVICES) - {own})

    assert client.get(path).status_code == 200


def test_a_ticked_line_that_could_not_be_looked_up_is_not_told_as_cleared(
    house: House, away: set[str]
) -> None:
    reds = house.rows("inspection", "SELECT warning_id FROM warning WHERE cleared_on IS NULL")
    zhao = house.browser("zhao")
    secret = token_of(zhao.get("/desk/warnings/").get_data(as_text=True))
    fields = {"csrf_token": secret, "warning": [str(UUID(str(one))) for (one,) in reds[:2]]}
    away.add("inspection")

    asked = zhao.post("/desk/warnings/orders", data=fields).get_data(as_text=True)
    done = zhao.post("/desk/warnings/orders/confirmed", data=fields).get_data(as_text=True)

    assert "2 个事项没有查到" in asked
    assert "2 份没有拟成" in done
    for page in (asked, done):
        assert page.count(f"{NAMES['inspection']}没有应答。") == 2
        assert "已经消除" not in page
