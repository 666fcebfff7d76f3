"""Another department: its pages, what it reads there, the record that it enters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest

from services.portal.model import Role
from tests.services.portal_house import PASSWORD, House, house_of, make_city, send

LINK = re.compile(r'href="(/[^"#]*)"')
NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
WORDS = "欠缴税款，已公告"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    with house_of(var) as made:
        made.user("tax", Role.AGENCY)
        made.user("tax-610302", Role.AGENCY, divisions="610302")
        yield made


def firm_of(house: House) -> str:
    [(found,)] = house.rows(
        "inspection",
        "SELECT enterprise_id FROM warning WHERE cleared_on IS NULL "
        "AND division <> '610302' LIMIT 1",
    )
    return str(UUID(str(found)))


def test_after_the_login_a_department_is_on_its_own_page(house: House) -> None:
    answer = send(house.visitor(), "/login", "/login", name="tax", password=PASSWORD)

    assert answer.location == "/agency/"


def test_every_link_that_is_shown_opens(house: House) -> None:
    client, firm = house.browser("tax"), firm_of(house)
    todo = ["/agency/", "/agency/?q=宝鸡", f"/agency/enterprises/{firm}", "/account"]
    seen, opened = {NUMBER.sub("ID", each) for each in todo}, []

    while todo:
        path = todo.pop(0)
        answer = client.get(path)
        opened.append(path)
        assert answer.status_code in (200, 302), path
        text = answer.get_data(as_text=True)
        assert "没有应答" not in text, path
        assert "不在您的权限" not in text, path
        for link in LINK.findall(text):
            found = link.replace("&amp;", "&")
            if found.startswith(("/agency", "/desk", "/my")) and (
                (shape := NUMBER.sub("ID", found)) not in seen
            ):
                seen.add(shape)
                todo.append(found)

    assert {"/agency/warnings", "/agency/records", "/agency/objects/ID"} <= seen
    assert not any(path.startswith("/my") for path in opened)


def test_a_record_of_its_own_source_is_entered_and_read(house: House) -> None:
    client, firm = house.browser("tax"), firm_of(house)
    page = f"/desk/credit/records/new?enterprise_id={firm}"
    fields = {
        "enterprise_id": firm,
        "kind": "bad_information",
        "source": "department",
        "content": WORDS,
        "basis": "税收征收管理法",
        "authority": "市税务局",
    }

    refused = send(client, page, "/desk/credit/records/new", **fields)
    made = send(client, page, "/desk/credit/records/new", **fields, severity="slight")
    assert made.location, made.get_data(as_text=True)
    shown = client.get(made.location).get_data(as_text=True)
    listed = client.get("/agency/records").get_data(as_text=True)
    other = house.browser("tax-610302").get(made.location)

    assert refused.status_code == 422
    assert WORDS in refused.get_data(as_text=True)
    assert made.location.startswith("/agency/records/")
    assert WORDS in shown
    assert WORDS in listed
    assert other.status_code == 404


def test_what_lies_elsewhere_is_not_there(house: House) -> None:
    client, firm = house.browser("tax-610302"), firm_of(house)

    assert client.get(f"/agency/enterprises/{firm}").status_code == 404


@pytest.mark.parametrize("path", ["/desk/", "/desk/warnings/", "/desk/credit/requests", "/my/"])
def test_the_pages_of_the_bureau_stay_its_own(house: House, path: str) -> None:
    assert house.browser("tax").get(path).status_code == 403


@pytest.mark.parametrize("path", ["/agency/", "/agency/warnings", "/agency/records"])
def test_the_pages_of_departments_are_nobody_elses(house: House, path: str) -> None:
    house.user(f"li{len(path)}", Role.INSPECTOR)

    assert house.browser(f"li{len(path)}").get(path).status_code == 403
