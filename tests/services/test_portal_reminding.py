"""批量提醒 on the pages: ticked or all, previewed, sent once; each enterprise gets its message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.portal.model import Role
from services.portal.web.services import Away, Services
from tests.services.portal_house import House, house_of, make_city, token_of

COUNTY = "610303"
PICK = re.compile(r'name="pick" value="([^"]+)"')
DUTY = re.compile(r'name="duty_id" value="([^"]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    with house_of(var) as made:
        made.user("li", Role.INSPECTOR, divisions=COUNTY)
        made.user("sun", Role.COORDINATOR, divisions="610300")
        made.user("wei", Role.CHIEF, divisions="610302")
        yield made


@pytest.fixture
def house(city: House) -> House:
    city.forget_reminders()
    return city


def opened(client: FlaskClient, **query: str) -> str:
    return client.get("/desk/warnings/", query_string=query).get_data(as_text=True)


def preview(client: FlaskClient, page: str, **fields: Any) -> Any:
    data = {"csrf_token": token_of(page), **fields}
    return client.post("/desk/reminders/", data=data)


def form_of(page: str) -> dict[str, Any]:
    """What the button of the preview sends."""
    once = ONCE.search(page)
    assert once
    return {"csrf_token": token_of(page), "once": once[1], "duty_id": DUTY.findall(page)}


def told(house: House) -> int:
    [(count,)] = house.rows("inspection", "SELECT count(*) FROM hand_reminder")
    return int(count)


def test_what_is_ticked_is_previewed_and_nothing_is_sent_yet(house: House) -> None:
    client = house.browser("li")
    page = opened(client, colour="red", kind="equipment")
    picks = PICK.findall(page)[:3]

    text = preview(client, page, pick=picks, colour="red").get_data(as_text=True)

    assert DUTY.findall(text) != []
    assert set(DUTY.findall(text)) == {each.partition("~")[0] for each in picks}
    assert "将向" in text
    assert "【质监通】本局提醒：特种设备" in text
    assert "已逾期" in text
    assert "colour=red" in text
    assert told(house) == 0


def test_a_form_that_is_sent_twice_counts_once_and_shows_what_it_told(house: House) -> None:
    client = house.browser("li")
    page = opened(client, colour="red")
    form = form_of(preview(client, page, pick=PICK.findall(page)[:2]).get_data(as_text=True))

    first, second = (client.post("/desk/reminders/sent", data=form) for _ in "12")

    assert first.location == second.location
    assert told(house) == 2
    shown = client.get(first.location).get_data(as_text=True)
    assert "li" in shown
    thing = re.search(r"/desk/objects/([0-9a-f-]{36})", shown)
    assert thing
    assert "人工提醒" in client.get(f"/desk/objects/{thing[1]}").get_data(as_text=True)


def test_each_enterprise_gets_one_message_for_each_duty(house: House) -> None:
    client = house.browser("li")
    page = opened(client, colour="red")
    form = form_of(preview(client, page, pick=PICK.findall(page)[:2]).get_data(as_text=True))

    client.post("/desk/reminders/sent", data=form)
    house.platform.carry()

    rows = house.rows(
        "notify",
        "SELECT cause_id, account FROM message "
        "WHERE template = 'duty_reminded_by_hand_enterprise'",
    )
    of_form = [row for row in rows if str(UUID(str(row[0]))) in form["duty_id"]]
    assert len(of_form) == len(form["duty_id"]) == 2
    assert all(account.startswith("enterprise:") for _cause, account in of_form)


def test_all_that_the_filter_finds(house: House) -> None:
    client = house.browser("li")
    wanted = {"colour": "red", "kind": "instrument"}
    page = opened(client, **wanted)
    [(there,)] = house.rows(
        "inspection",
        "SELECT count(*) FROM warning WHERE state = 'red' AND kind = 'instrument' "  # noqa: S608
        f"AND division = '{COUNTY}'",
    )

    text = preview(client, page, all="1", **wanted).get_data(as_text=True)

    assert len(DUTY.findall(text)) == there > 0


def test_who_was_reminded_lately_is_shown_and_passed_over(house: House) -> None:
    client = house.browser("li")
    page = opened(client, colour="red")
    one, two = PICK.findall(page)[:2]
    form = form_of(preview(client, page, pick=[one]).get_data(as_text=True))
    client.post("/desk/reminders/sent", data=form)

    again = preview(client, page, pick=[one, two]).get_data(as_text=True)
    nobody = preview(client, page, pick=[one]).get_data(as_text=True)

    assert DUTY.findall(again) == [two.partition("~")[0]]
    assert "近期已提醒" in again
    assert DUTY.findall(nobody) == []
    assert "没有需要提醒的事项" in nobody


def test_nothing_ticked_leads_back_with_a_word(house: House) -> None:
    client = house.browser("li")
    page = opened(client, colour="red")
    [action] = set(re.findall(r'formaction="(/desk/reminders/[^"]*)"', page))

    answer = client.post(action, data={"csrf_token": token_of(page), "colour": "red"})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请先勾选要提醒的事项" in text
    assert re.findall(r'<option value="(\w+)" selected', text) == ["red"]


def test_what_was_ticked_stays_ticked_while_inspection_is_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = house.browser("li")
    page = opened(client, colour="red")
    picks = PICK.findall(page)[:2]
    send = Services.send

    def away(self: Any, identity: Any, method: str, service: str, *rest: Any, **m: Any) -> Any:
        if method == "POST" and service == "inspection":
            raise Away(service)
        return send(self, identity, method, service, *rest, **m)

    monkeypatch.setattr(Services, "send", away)
    answer = client.post(
        "/desk/reminders/?colour=red", data={"csrf_token": token_of(page), "pick": picks}
    )

    text = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert re.findall(r'name="pick" value="([^"]+)" checked', text) == picks


def test_the_forms_of_the_worklist_lead_nowhere_else_whatever_was_asked(house: House) -> None:
    page = opened(house.browser("li"), _external="1", _scheme="ftp", endpoint="x", colour="red")

    found = re.findall(r'(?:form)?action="([^"]*desk/(?:reminders|warnings)[^"]*)"', page)
    assert set(found) == {"/desk/warnings/orders?colour=red", "/desk/reminders/?colour=red"}


def test_another_county_previews_sends_and_sees_nothing_of_it(house: House) -> None:
    client, other = house.browser("li"), house.browser("wei")
    page = opened(client, colour="red")
    picks = PICK.findall(page)[:2]
    form = form_of(preview(client, page, pick=picks).get_data(as_text=True))
    token = token_of(other.get("/desk/").get_data(as_text=True))
    stolen = form | {"csrf_token": token}

    refused = [
        preview(other, opened(other), pick=picks),
        other.post("/desk/reminders/sent", data=stolen),
    ]
    sent = client.post("/desk/reminders/sent", data=form).location

    assert [each.status_code for each in refused] == [404, 404]
    assert other.get(sent).status_code == 404
    assert told(house) == 2


def test_who_may_look_may_not_remind(house: House) -> None:
    client = house.browser("sun")
    page = opened(client, colour="red")
    token = token_of(client.get("/account").get_data(as_text=True))

    answers = [
        client.post(path, data={"csrf_token": token})
        for path in ("/desk/reminders/", "/desk/reminders/sent")
    ]

    assert "提醒企业" not in page
    assert [each.status_code for each in answers] == [403, 403]


def test_while_notify_is_away_the_rest_of_the_preview_is_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = house.browser("li")
    page = opened(client, colour="red")
    send = Services.send

    def away(
        self: Any, identity: Any, method: str, service: str, *rest: Any, **more: Any
    ) -> Any:
        if service == "notify":
            raise Away(service)
        return send(self, identity, method, service, *rest, **more)

    monkeypatch.setattr(Services, "send", away)
    text = preview(client, page, pick=PICK.findall(page)[:1]).get_data(as_text=True)

    assert len(DUTY.findall(text)) == 1
    assert "没有应答" in text


def test_orders_are_still_drafted_from_the_same_ticks(house: House) -> None:
    client = house.browser("li")
    page = opened(client, colour="red")
    data = {"csrf_token": token_of(page), "pick": PICK.findall(page)[:2]}

    text = client.post("/desk/warnings/orders", data=data).get_data(as_text=True)

    assert text.count('name="warning"') == 2


def test_the_preview_speaks_english(house: House) -> None:
    client = house.browser("li")
    client.set_cookie("bianque_language", "en")
    page = opened(client, colour="red")

    text = preview(client, page, pick=PICK.findall(page)[:1]).get_data(as_text=True)

    assert "Nothing is sent yet" in text
    assert "[Notice] A reminder from the bureau" in text
