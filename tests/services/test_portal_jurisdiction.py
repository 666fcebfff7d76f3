"""No page, export or answer holds a row of another county, for any role, also under load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.chassis import clock
from services.portal.model import STAFF, Role
from services.portal.web import limits
from services.portal.web.in_process import InProcess
from services.portal.web.services import Asking, Identity, Services
from tests.services.portal_house import House, house_of, make_city, send

COUNTIES = ("610302", "610303", "610304")
LINK = re.compile(r'(?:href|src|hx-get)="(/[^"#]*)"')
NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PUBLIC = re.compile(
    r"^/($|about|data|feeds|lists|search|enterprises|items|e/|v|complaint|static|language"
    r"|desk/imports/samples)"  # the program's own files, with the invented city's names
)
MOST_PAGES = 70


@dataclass(frozen=True)
class Foreign:
    """What somebody of a county must never see: ids and names of what lies only elsewhere."""

    objects: frozenset[str]
    enterprises: frozenset[str]
    complaints: frozenset[str]
    names: frozenset[str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    with house_of(var) as made:
        made.forget_reminders()
        for county in COUNTIES:
            for role in STAFF:
                made.user(f"{role}-{county}", role, divisions=county)
            complain(made, county)
            remind_and_book(made, county)
        limits.limiter.enabled = False  # a limit is no answer to what is asked
        try:
            yield made
        finally:
            limits.limiter.enabled = True


def complain(house: House, county: str) -> None:
    """Two leads about the same shop: the later one's page shows the earlier one, too."""
    client = house.visitor()
    for _ in "12":
        answer = send(
            client,
            "/complaint",
            "/complaint",
            kind="lead",
            target=f"{county}的商店",
            division=county,
            words=f"{county}的商店卖过期食品",
        )
        assert answer.status_code == 201, answer.get_data(as_text=True)


def remind_and_book(house: House, county: str) -> None:
    """So that every county has a batch of reminders and a booking of its own."""
    inside = InProcess(house.platform.apps)
    services = Services(inside.urls, house.platform.token, inside)
    chief = Asking(services, Identity("chief-zhao", "chief", county))
    found = chief.get("inspection", "/warnings", kind="equipment", limit=100)["items"]
    previewed = chief.send(
        "POST",
        "inspection",
        "/reminders/preview",
        json={"duty_ids": [each["duty_id"] for each in found]},
    )
    telling = [one["duty_id"] for one in previewed["items"] if one["outcome"] == "tell"]
    chief.send("POST", "inspection", "/reminders", json={"duty_ids": telling[:3]})
    day = clock.today().isoformat()
    wish = {"duty": found[0]["duty"], "wished_from": day, "wished_until": day}
    path = f"/objects/{found[0]['object_id']}/bookings"
    chief.send("POST", "inspection", path, json=wish)
    services.close()


def foreign_to(house: House, county: str) -> Foreign:
    """Enterprises without seat and objects in the county; objects outside it."""
    objects = house.rows(
        "registry", "SELECT id, enterprise_id, proprietor_id, division FROM object"
    )
    firms = house.rows("registry", "SELECT id, division, name FROM enterprise")
    complaints = house.rows("inspection", "SELECT complaint_id, division FROM complaint")
    here = {str(UUID(str(p))) for row in objects if row[3] == county for p in row[1:3] if p}
    elsewhere = [
        (str(UUID(str(number))), name)
        for number, division, name in firms
        if division != county and str(UUID(str(number))) not in here
    ]
    return Foreign(
        objects=frozenset(str(UUID(str(row[0]))) for row in objects if row[3] != county),
        enterprises=frozenset(number for number, _name in elsewhere),
        complaints=frozenset(str(UUID(str(row[0]))) for row in complaints if row[1] != county),
        names=frozenset(name for _number, name in elsewhere)
        | {f"{other}的商店" for other in COUNTIES if other != county},
    )


def shape(path: str) -> str:
    """The same page of another record is the same shape, and of another template of a message."""
    path = re.sub(r"(/system/templates/)\w+", r"\1NAME", path)
    return re.sub(r"(after|before)=[^&]*", r"\1=", NUMBER.sub("ID", path))


def walked(client: FlaskClient, start: str) -> Iterator[tuple[str, str]]:
    """Every kind of page that can be reached by links, once, with its text."""
    todo, seen, opened = [start], {shape(start)}, 0
    while todo and opened < MOST_PAGES:
        path, opened = todo.pop(0), opened + 1
        answer = client.get(path)
        assert answer.status_code in (200, 302), f"{path} {answer.status_code}"
        text = answer.get_data().decode("utf-8", "replace") if _is_text(answer) else ""
        yield path, text
        for link in LINK.findall(text):
            found = link.replace("&amp;", "&")
            if not PUBLIC.match(found) and shape(found) not in seen:
                seen.add(shape(found))
                todo.append(found)


def _is_text(answer: Any) -> bool:
    """Also a file of the old encoding: what it holds of ours is ASCII."""
    return "text" in str(answer.mimetype)


def offences(text: str, foreign: Foreign) -> set[str]:
    numbers = set(NUMBER.findall(text))
    return (
        (numbers & foreign.objects)
        | (numbers & foreign.enterprises)
        | (numbers & foreign.complaints)
        | {name for name in foreign.names if name in text}
    )


@pytest.mark.parametrize("county", COUNTIES)
def test_no_page_of_any_role_holds_a_foreign_row(house: House, county: str) -> None:
    foreign = foreign_to(house, county)
    assert foreign.objects
    assert foreign.names

    for role in sorted(STAFF):
        client = house.browser(f"{role}-{county}")
        pages = dict(walked(client, "/desk/"))
        assert len(pages) > 15, role
        assert {"/desk/complaints/", "/desk/complaints/ID"} <= {shape(path) for path in pages}
        wrong = {path: bad for path, text in pages.items() if (bad := offences(text, foreign))}
        assert wrong == {}, role


@pytest.mark.parametrize("county", COUNTIES)
def test_what_lies_elsewhere_is_not_found_by_its_address(house: House, county: str) -> None:
    foreign = foreign_to(house, county)
    client = house.browser(f"{Role.INSPECTOR}-{county}")
    warning = house.rows(
        "inspection",
        f"SELECT warning_id FROM warning WHERE division <> '{county}' LIMIT 1",  # noqa: S608
    )
    addresses = [
        *(f"/desk/objects/{number}" for number in sorted(foreign.objects)[:5]),
        *(f"/desk/enterprises/{number}" for number in sorted(foreign.enterprises)[:5]),
        *(f"/desk/warnings/{UUID(str(row[0]))}" for row in warning),
        *(f"/desk/complaints/{number}" for number in sorted(foreign.complaints)),
    ]

    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert offences(answer.get_data(as_text=True), foreign) <= set(NUMBER.findall(address))


def batches(house: House) -> dict[str, UUID]:
    """The batch of reminders of each county."""
    rows = house.rows("inspection", "SELECT DISTINCT division, batch_id FROM hand_reminder")
    return {division: UUID(str(number)) for division, number in rows}


@pytest.mark.parametrize("county", COUNTIES)
def test_reminders_and_bookings_are_those_of_the_county(house: House, county: str) -> None:
    foreign, sent = foreign_to(house, county), batches(house)
    rows = house.rows("inspection", "SELECT object_id, division FROM booking")
    [booked] = [UUID(str(number)) for number, division in rows if division == county]
    assert set(sent) == set(COUNTIES)

    for role in sorted(STAFF):
        client = house.browser(f"{role}-{county}")
        own = {
            f"/desk/reminders/{sent[county]}": "/desk/objects/",
            "/desk/bookings/": str(booked),
            f"/desk/objects/{booked}": "/desk/bookings/",
        }
        for path, holds in own.items():
            text = client.get(path).get_data(as_text=True)
            assert holds in text, (role, path)
            assert offences(text, foreign) == set(), (role, path)
        for other in set(COUNTIES) - {county}:
            assert client.get(f"/desk/reminders/{sent[other]}").status_code == 404


@pytest.mark.parametrize("county", COUNTIES)
def test_a_preview_of_all_that_is_found_stays_within_the_county(
    house: House, county: str
) -> None:
    foreign = foreign_to(house, county)
    wanted = ({"kind": "equipment"}, *({"division": other} for other in COUNTIES))

    for role in (Role.INSPECTOR, Role.CHIEF):
        client = house.browser(f"{role}-{county}")
        for fields in wanted:
            answer = send(
                client, "/desk/warnings/?colour=red", "/desk/reminders/", all="1", **fields
            )
            text = answer.get_data(as_text=True)
            if fields.get("division", county) == county:
                assert "/desk/objects/" in text, (role, fields)
            assert offences(text, foreign) == set(), (role, fields)


def test_asking_for_another_county_in_the_address_shows_nothing_of_it(house: House) -> None:
    foreign = foreign_to(house, "610303")
    client = house.browser(f"{Role.CHIEF}-610303")

    for path in (
        "/desk/warnings/",
        "/desk/credit/",
        "/desk/visits/plan",
        "/desk/analysis/",
        "/desk/complaints/",
        "/desk/bookings/",
    ):
        text = client.get(f"{path}?division=610302").get_data(as_text=True)
        assert offences(text, foreign) == set(), path


def test_many_at_once_each_see_their_own(house: House) -> None:
    foreign = {county: foreign_to(house, county) for county in COUNTIES}

    def look(number: int) -> set[str]:
        county = COUNTIES[number % len(COUNTIES)]
        client = house.browser(f"{Role.INSPECTOR}-{county}")
        found: set[str] = set()
        for path in ("/desk/", "/desk/warnings/?colour=red", "/desk/search/?q=公司"):
            found |= offences(client.get(path).get_data(as_text=True), foreign[county])
        return found

    with ThreadPoolExecutor(6) as crowd:
        assert set().union(*crowd.map(look, range(18))) == set()


def test_an_enterprise_sees_its_own_and_nobody_elses(house: House) -> None:
    rows = house.rows(
        "registry", "SELECT id, enterprise_id FROM object WHERE division = '610303'"
    )
    mine = UUID(str(rows[0][1]))
    house.user("firm", Role.ENTERPRISE, divisions="610303", enterprise_id=mine)
    client = house.browser("firm")

    others = [row for row in rows if UUID(str(row[1])) != mine]

    home = client.get("/my/").get_data(as_text=True)
    assert str(mine) not in {str(UUID(str(row[1]))) for row in others}
    assert not set(NUMBER.findall(home)) & {str(UUID(str(row[0]))) for row in others}
    for number, _firm in others[:10]:
        assert client.get(f"/my/objects/{UUID(str(number))}").status_code == 404
