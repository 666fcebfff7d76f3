"""Every list of the workbench taken away whole, and only what its reader may see."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from services.chassis import clock
from services.portal.model import Role
from services.portal.pages.desk import exports
from services.portal.store import audit
from services.portal.web import limits
from services.portal.web.in_process import InProcess
from services.portal.web.services import Asking, Identity, Services
from tests.services.portal_house import House
from tests.support.api_city import api_city, prepared

OFFICERS = [
    {"account": f"officer{n}", "name": name, "certificate": f"陕C{n:06}"}
    for n, name in ((1, "李娜"), (2, "王强"))
]

PAGES = {
    "warnings": "/desk/warnings/",
    "orders": "/desk/orders/",
    "bookings": "/desk/bookings/",
    "cases": "/desk/cases/",
    "complaints": "/desk/complaints/",
    "visits": "/desk/visits/",
    "bad-information": "/desk/credit/",
    "records": "/desk/credit/records",
    "requests": "/desk/credit/requests",
    "messages": "/desk/messages/sent",
    "directives": "/desk/directives/",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A small city with one thing at least in every list."""
    with api_city(tmp_path_factory.mktemp("city") / "var") as made:
        known = prepared(made)
        firm = known["enterprise_id"]
        inside = InProcess(made.platform.apps)
        services = Services(inside.urls, made.platform.token, inside)
        chief = Asking(services, Identity("chief-zhao", "chief", "610300"))
        coordinator = Asking(services, Identity("sun", "coordinator", "610300"))
        clue = {
            "enterprise_id": firm,
            "origin": "visit",
            "matter": "equipment_not_registered",
            "description": "使用未办理使用登记的起重机",
        }
        chief.send("POST", "inspection", "/cases", json=clue)
        lead = {"kind": "lead", "channel": "media", "words": "=1+1", "enterprise_id": firm}
        chief.send("POST", "inspection", "/complaints", json=lead)
        visit = {"enterprise_id": firm, "purpose": "routine", "officers": OFFICERS}
        visit |= {"planned_on": clock.today().isoformat()}
        chief.send("POST", "inspection", "/visits", json=visit)
        book(made, chief)
        order = {"title": "=1+1", "text": "节前检查", "receivers": ["bureau:610302"]}
        chief.send("POST", "notify", "/directives", json=order)
        asked = {"kind": "objection", "words": "已按期检验，请核实"}
        path = f"/bad-information/{known['item_id']}/requests"
        coordinator.send("POST", "credit", path, json=asked)
        made.user("zhao", Role.CHIEF)
        made.user("li", Role.INSPECTOR, divisions="610303")
        yield made
        services.close()


def book(house: House, chief: Asking) -> None:
    """An inspection of some object."""
    [(number, duty)] = house.rows("inspection", "SELECT object_id, duty FROM duty LIMIT 1")
    today = clock.today().isoformat()
    wish = {"duty": duty, "wished_from": today, "wished_until": today}
    chief.send("POST", "inspection", f"/objects/{UUID(str(number))}/bookings", json=wish)


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here more is taken away in a minute than anybody may."""
    monkeypatch.setattr(limits.limiter, "enabled", False)


@pytest.fixture(scope="module")
def chief(house: House) -> FlaskClient:
    return house.browser("zhao")


def lines(client: FlaskClient, name: str, **query: str) -> list[list[Any]]:
    """The rows of a workbook, with what stands above them."""
    answer = client.get(f"/desk/exports/{name}.xlsx", query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return (
        CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    )


@pytest.mark.parametrize("name", sorted(exports.LISTINGS))
def test_every_list_is_taken_away_whole_and_linked_from_its_page(
    house: House, chief: FlaskClient, name: str
) -> None:
    listing = exports.LISTINGS[name]

    above, titles, *rows = lines(chief, name)

    assert "全部" in above[0]
    assert "导出人：zhao" in above[0]
    assert [title for title in titles if title] == list(listing.columns)
    assert rows
    with house.database.reading() as session:
        line = audit.latest(session, limit=1)[0]
    assert (line.who, line.action, line.outcome) == ("zhao", listing.title, "done")
    assert f"/desk/exports/{name}.xlsx" in chief.get(PAGES[name]).get_data(as_text=True)


def test_it_has_every_row_and_not_only_a_page(
    house: House, chief: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PAGE", 7)
    [(entries,)] = house.rows("credit", "SELECT count(*) FROM bad_information")

    rows = lines(chief, "bad-information")[2:]

    assert entries > exports.PAGE
    assert len(rows) == entries
    assert len({row[-1] for row in rows}) == entries
    assert all(row[0] for row in rows)


def test_the_filter_of_the_page_applies(chief: FlaskClient) -> None:
    above, _titles, *red = lines(chief, "warnings", colour="red", division="610302")

    assert "colour=red division=610302" in above[0]
    assert {row[4] for row in red} == {"红"}
    assert 0 < len(red) < len(lines(chief, "warnings")[2:])


def test_what_is_cut_off_says_so(chief: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 3)

    above, _titles, *rows = lines(chief, "warnings")

    assert len(rows) == 3
    assert "只有前 3 行" in above[0]


def test_nothing_in_it_is_a_formula(chief: FlaskClient) -> None:
    rows = lines(chief, "directives")[2:]

    assert "=1+1" in {row[1] for row in rows}


def test_a_directive_names_its_bureaus(chief: FlaskClient) -> None:
    [row] = lines(chief, "directives")[2:]
    page = chief.get("/desk/directives/").get_data(as_text=True)

    assert row[2:4] == ["宝鸡市", "渭滨区"]
    assert "bureau:6103" not in page


def test_an_inspector_of_a_county_takes_away_its_own(house: House) -> None:
    client = house.browser("li")
    elsewhere = {
        name
        for (name,) in house.rows(
            "registry",
            "SELECT name FROM enterprise WHERE division <> '610303' AND id NOT IN "
            "(SELECT enterprise_id FROM object WHERE division = '610303' "
            "AND enterprise_id IS NOT NULL)",
        )
    }
    seen = {
        cell for name in exports.LISTINGS for row in lines(client, name)[2:] for cell in row
    }

    assert elsewhere
    assert not seen & elsewhere


def test_there_is_no_other_list(chief: FlaskClient) -> None:
    assert chief.get("/desk/exports/users.xlsx").status_code == 404
