"""Complaints on the pages: handed in by anybody, dealt with by the bureau, answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from PIL import Image

from services.portal.model import Role
from tests.services.portal_house import House, house_of, make_city, send, token_of

NAME, PHONE = "欧阳小明", "13800001234"
CODE = re.compile(r"<b>([2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){2})</b>")
NUMBER = re.compile(r"TS\d{6}-\d{4}-\d{5}")
ADDRESSES = count(1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    with house_of(var) as made:
        for county in ("610302", "610303"):
            for role in (Role.INSPECTOR, Role.CHIEF, Role.COORDINATOR):
                made.user(f"{role}-{county}", role, divisions=county)
        yield made


def somebody(house: House) -> FlaskClient:
    """A visitor from an address of his own: how often one may send is counted by address."""
    client = house.visitor()
    client.environ_base["REMOTE_ADDR"] = f"10.1.0.{next(ADDRESSES)}"
    return client


def form(client: FlaskClient, page: str = "/complaint", **fields: Any) -> dict[str, Any]:
    """The form of a page, filled in."""
    opened = client.get(page).get_data(as_text=True)
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', opened))
    filled = {
        "kind": "complaint",
        "words": "买的电热水壶漏电,商店不肯退货",
        "target": "某商店",
        "division": "610303",
        "name": NAME,
        "phone": PHONE,
    }
    return hidden | {"csrf_token": token_of(opened)} | filled | fields


def handed_in(client: FlaskClient, page: str = "/complaint", **fields: Any) -> tuple[str, str]:
    """Number and code."""
    answer = client.post("/complaint", data=form(client, page, **fields))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 201, text
    return NUMBER.findall(text)[0], CODE.findall(text)[0]


def looked_up(client: FlaskClient, number: str, code: str) -> Any:
    return send(client, f"/complaint/{number}", f"/complaint/{number}", code=code)


def id_of(house: House, number: str) -> str:
    [(found,)] = house.rows(
        "inspection",
        f"SELECT complaint_id FROM complaint WHERE number = '{number}'",  # noqa: S608
    )
    return str(UUID(str(found)))


def step(house: House, who: str, number: str, name: str, **fields: Any) -> Any:
    page = f"/desk/complaints/{id_of(house, number)}"
    return send(house.browser(who), page, f"{page}/steps/{name}", **fields)


def test_anybody_hands_in_a_complaint_and_reads_the_answer(house: House) -> None:
    client = somebody(house)
    number, code = handed_in(client)

    for name, fields in (
        ("accept", {}),
        ("mediate", {"end": "agreed", "note": "商店同意退货"}),
        ("answer", {"answer": "商店已为您退货"}),
    ):
        assert step(house, "inspector-610303", number, name, **fields).status_code == 302

    text = looked_up(client, number, code).get_data(as_text=True)
    assert "商店已为您退货" in text
    assert "已答复" in text
    assert "inspector-610303" not in text


def test_a_form_sent_twice_counts_once_and_shows_the_same_receipt(house: House) -> None:
    client = somebody(house)
    filled = form(client, target="一个只算一次的商店")
    count_all = "SELECT count(*) FROM complaint"
    [(before,)] = house.rows("inspection", count_all)

    pages = [client.post("/complaint", data=filled).get_data(as_text=True) for _ in "12"]

    assert CODE.findall(pages[0]) == CODE.findall(pages[1])
    assert NUMBER.findall(pages[0])[0] == NUMBER.findall(pages[1])[0]
    assert house.rows("inspection", count_all) == [(before + 1,)]


def test_without_its_code_a_receipt_is_not_shown(house: House) -> None:
    client = somebody(house)
    number, code = handed_in(client)

    asked = client.get(f"/complaint/{number}").get_data(as_text=True)
    wrong = looked_up(client, number, "AAAA-BBBB-CCCC")
    unknown = looked_up(client, "TS610303-2026-99999", code)

    assert "某商店" not in asked
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    said = "编号或者查询码不正确"
    assert said in wrong.get_data(as_text=True)
    assert said in unknown.get_data(as_text=True)


def test_from_a_units_page_the_form_knows_the_unit(house: House) -> None:
    [(code, division)] = house.rows(
        "registry",
        "SELECT number, division FROM object WHERE kind = 'equipment' AND number IS NOT NULL "
        "AND status = 'in_use' LIMIT 1",
    )
    client = somebody(house)
    unit = client.get(f"/e/{code}").get_data(as_text=True)

    number, _code = handed_in(
        client,
        f"/complaint?code={code}",
        kind="lead",
        target="",
        division="",
        name="",
        phone="",
    )

    assert f"/complaint?code={code}" in unit
    assert number.startswith(f"TS{division}-")
    [(file,)] = house.rows(
        "inspection",
        f"SELECT file FROM complaint WHERE number = '{number}'",  # noqa: S608
    )
    assert '"object_id": null' not in str(file)


def test_from_an_enterprises_record_the_form_knows_the_enterprise(house: House) -> None:
    [(found, name)] = house.rows(
        "registry", "SELECT id, name FROM enterprise WHERE division = '610303' LIMIT 1"
    )
    firm = UUID(str(found))
    client = somebody(house)
    record = client.get(f"/enterprises/{firm}").get_data(as_text=True)
    page = f"/complaint?enterprise={firm}"

    number, _code = handed_in(client, page, words="分量不足", target="", division="")

    assert page in record
    assert name in client.get(page).get_data(as_text=True)
    staff = house.browser("inspector-610303")
    assert number in staff.get(f"/desk/enterprises/{firm}").get_data(as_text=True)
    assert number not in client.get(f"/enterprises/{firm}").get_data(as_text=True)


def test_wrong_fields_come_back_with_what_was_written(house: House) -> None:
    client = somebody(house)

    answer = client.post("/complaint", data=form(client, phone="找我", words="漏电的水壶"))

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="e-phone"' in text
    assert "漏电的水壶" in text


def test_a_code_that_nothing_has_is_said_so(house: House) -> None:
    client = somebody(house)

    answer = client.post("/complaint", data=form(client, code="31103999000000001"))

    assert answer.status_code == 422
    assert 'id="e-code"' in answer.get_data(as_text=True)


def test_photographs_come_to_the_bureau_and_nowhere_else(house: House) -> None:
    drawn = BytesIO()
    Image.new("RGB", (9, 9), "blue").save(drawn, "JPEG")
    client = somebody(house)
    photograph = (BytesIO(drawn.getvalue()), "kettle.jpg")

    number, _code = handed_in(client, words="照片里的水壶", files=photograph)

    page = f"/desk/complaints/{id_of(house, number)}"
    staff = house.browser("inspector-610303")
    [link, *_] = re.findall(
        rf'href="({page}/evidence/[0-9a-f]+)"', staff.get(page).get_data(as_text=True)
    )
    assert staff.get(link).data == drawn.getvalue()
    assert house.browser("inspector-610302").get(link).status_code == 404
    assert client.get(link).status_code == 302


def test_too_many_from_one_address_have_to_wait(house: House) -> None:
    client = somebody(house)
    filled = form(client, kind="")  # refused by its fields, and counted all the same

    codes = [client.post("/complaint", data=filled).status_code for _ in range(11)]

    assert codes == [422] * 10 + [429]
    assert somebody(house).get("/complaint").status_code == 200


def test_its_sender_opens_it_again_once(house: House) -> None:
    client = somebody(house)
    number, code = handed_in(client)
    step(house, "inspector-610303", number, "refuse", ground="dealt_with", answer="法院已受理")
    shown = looked_up(client, number, code).get_data(as_text=True)
    path = f"/complaint/{number}/reopening"
    fields = {"csrf_token": token_of(shown), "code": code}

    empty = client.post(path, data=fields | {"reason": " "})
    again = client.post(path, data=fields | {"reason": "法院没有受理"})

    assert "法院已受理" in shown
    assert empty.status_code == 422
    assert "已要求重新办理" in again.get_data(as_text=True)
    assert "要求重新办理</button>" not in again.get_data(as_text=True)


def test_the_bureau_sees_a_name_whole_only_for_a_purpose_that_is_kept(house: House) -> None:
    number, _code = handed_in(somebody(house))
    page = f"/desk/complaints/{id_of(house, number)}"
    staff = house.browser("inspector-610303")

    masked = staff.get(page).get_data(as_text=True)
    short = send(staff, page, f"{page}/reveal", purpose="看")
    whole = send(staff, page, f"{page}/reveal", purpose="联系安排调解").get_data(as_text=True)

    after = staff.get(page).get_data(as_text=True)
    assert NAME not in masked
    assert "138****1234" in masked
    assert (short.status_code, PHONE in short.get_data(as_text=True)) == (422, False)
    assert NAME in whole
    assert PHONE in whole
    assert PHONE not in after
    assert "用途: 联系安排调解" in after
    coordinator = house.browser("coordinator-610303")
    assert (
        send(coordinator, page.replace(page, "/account"), f"{page}/reveal").status_code == 403
    )


def test_no_database_of_the_installation_holds_the_telephone(house: House) -> None:
    handed_in(somebody(house), phone="13700009876", name="诸葛大力")

    files = [
        path
        for path in house.platform.settings.var.rglob("*")
        if path.is_file() and path.suffix in {".db", ".db-wal", ".log"}
    ]

    assert len(files) > 4
    for path in files:
        kept = path.read_bytes()
        assert b"13700009876" not in kept, path
        assert "诸葛大力".encode() not in kept, path
        assert rb"\u8bf8\u845b\u5927\u529b" not in kept, path


def test_a_duplicate_is_proposed_and_joined_with_a_click(house: House) -> None:
    first, _ = handed_in(somebody(house), target="东风路小卖部", words="卖过期的牛奶和面包")
    again, code = handed_in(somebody(house), target="东风路小卖部", words="卖过期牛奶面包")
    page = f"/desk/complaints/{id_of(house, again)}"
    proposed = house.browser("inspector-610303").get(page).get_data(as_text=True)

    joined = step(house, "inspector-610303", again, "join", into=first)

    assert first in proposed
    assert joined.status_code == 302
    text = looked_up(somebody(house), again, code).get_data(as_text=True)
    assert "与较早的一件合并办理" in text


def test_a_lead_becomes_a_case_by_a_chief_alone(house: House) -> None:
    [(firm, name)] = house.rows(
        "registry",
        "SELECT uscc, name FROM enterprise WHERE division = '610303' AND uscc IS NOT NULL LIMIT 1",
    )
    number, _code = handed_in(somebody(house), kind="lead", words="用未检定的秤")
    page = f"/desk/complaints/{id_of(house, number)}"
    step(house, "inspector-610303", number, "identify", enterprise=firm)
    step(house, "inspector-610303", number, "check", finding="两台秤未检定")
    case = {"matter": "label_defect", "officers": "li, wang"}

    by_inspector = step(house, "inspector-610303", number, "open_case", **case)
    by_chief = step(house, "chief-610303", number, "open_case", **case)

    assert (by_inspector.status_code, by_chief.status_code) == (404, 302)
    text = house.browser("chief-610303").get(page).get_data(as_text=True)
    assert name in text
    assert "/desk/cases/" in text


def test_an_enterprise_that_is_not_one_is_asked_for_again(house: House) -> None:
    number, _code = handed_in(somebody(house), kind="lead")

    refused = step(house, "inspector-610303", number, "identify", enterprise="没有的厂")

    assert refused.status_code == 422
    assert "请写统一社会信用代码" in refused.get_data(as_text=True)


def test_a_transfer_leads_back_to_the_list_and_the_other_county_has_it(house: House) -> None:
    number, _code = handed_in(somebody(house))

    page = f"/desk/complaints/{id_of(house, number)}"
    offered = house.browser("inspector-610303").get(page).get_data(as_text=True)

    moved = step(house, "inspector-610303", number, "transfer", to="610302", reason="不在本区")

    assert '<option value="610300">' in offered
    assert moved.location == "/desk/complaints/"
    assert house.browser("inspector-610303").get(page).status_code == 404
    assert house.browser("inspector-610302").get(page).status_code == 200


def test_a_clerk_takes_one_down_and_is_told_number_and_code(house: House) -> None:
    staff = house.browser("inspector-610303")
    fields = {
        "channel": "media",
        "source": "宝鸡日报",
        "kind": "complaint",
        "target": "某水泥厂",
        "division": "610303",
        "words": "报道称水泥标号不足",
    }

    made = send(staff, "/desk/complaints/new", "/desk/complaints/new", **fields)
    wrong = send(
        staff, "/desk/complaints/new", "/desk/complaints/new", **fields | {"words": " "}
    )

    text = made.get_data(as_text=True)
    assert made.status_code == 201
    assert CODE.search(text)
    assert wrong.status_code == 422
    listed = staff.get("/desk/complaints/?channel=media").get_data(as_text=True)
    assert NUMBER.findall(text)[0] in listed


def test_the_point_leads_to_the_list_of_its_colour(house: House) -> None:
    handed_in(somebody(house), division="610302")
    staff = house.browser("inspector-610302")

    home = staff.get("/desk/").get_data(as_text=True)
    green = staff.get("/desk/complaints/?colour=green").get_data(as_text=True)
    red = staff.get("/desk/complaints/?colour=red").get_data(as_text=True)

    assert "/desk/complaints/?colour=green" in home
    assert NUMBER.search(green)
    assert not NUMBER.search(red)


def test_the_pages_are_there_in_english(house: House) -> None:
    client = somebody(house)
    client.set_cookie("bianque_language", "en")

    text = client.get("/complaint").get_data(as_text=True)

    assert "What happened" in text
    assert "发生了什么" not in text
