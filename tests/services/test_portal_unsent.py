"""A form that is sent after the session was over: on the login page, and then before the writer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from services.chassis import clock
from services.portal.model import Role
from services.portal.store import users
from services.portal.web import written
from tests.services.portal_house import PASSWORD, House, house_of, token_of

TITLE = "查清三家门店的电梯"
TEXT = "请于本周内核对维保记录，\n“逐台”填写。"
HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"]*)"')
PAGE = "/desk/directives/new"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_of(tmp_path / "var") as made:
        made.user("zhao", Role.CHIEF)
        made.user("qian", Role.CHIEF)
        made.user("li", Role.INSPECTOR)
        yield made


def hidden_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to *action*."""
    [form] = re.findall(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    return {name: unescape(value) for name, value in HIDDEN.findall(form)}


def late(
    house: House, monkeypatch: pytest.MonkeyPatch, **fields: str
) -> tuple[FlaskClient, str]:
    """A browser in which a directive was sent an hour too late, and what it shows."""
    client = house.browser("zhao")
    token = token_of(client.get(PAGE).get_data(as_text=True))
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    sent = {"csrf_token": token, "once": "k-1", "title": TITLE, "text": TEXT} | fields
    answer = client.post(PAGE, data=sent)
    assert answer.status_code == 401
    return client, answer.get_data(as_text=True)


def log_in(client: FlaskClient, page: str, name: str, password: str = PASSWORD) -> str:
    answer = client.post(
        "/login", data=hidden_of(page, "/login") | {"name": name, "password": password}
    )
    return answer.get_data(as_text=True)


def test_what_was_written_is_there_after_the_login_ready_to_be_sent(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, page = late(house, monkeypatch, receiver="610303")

    missed = log_in(client, page, "zhao", "no")
    shown = log_in(client, missed, "zhao")
    form = client.post(PAGE, data=hidden_of(shown, PAGE)).get_data(as_text=True)
    words = {"title": TITLE, "text": TEXT, "receiver": "610303"}
    done = client.post(PAGE, data=hidden_of(form, PAGE) | words)

    assert TITLE not in page  # nobody is logged in
    assert TITLE in shown
    assert "核对维保记录" in shown
    assert f'value="{TITLE}"' in form
    assert "核对维保记录" in form
    assert 'value="610303" checked' in form
    assert "还没有提交" in form
    assert done.status_code == 302, done.get_data(as_text=True)


def test_nothing_is_sent_by_logging_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client, page = late(house, monkeypatch, receiver="610303")

    shown = log_in(client, page, "qian")
    client.post(PAGE, data=hidden_of(shown, PAGE))

    assert "qian 的名义" in shown
    assert house.rows("notify", "SELECT count(*) FROM directive") == [(0,)]


def test_who_may_not_send_it_can_still_copy_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, page = late(house, monkeypatch)

    shown = log_in(client, page, "li")
    refused = client.post(PAGE, data=hidden_of(shown, PAGE))

    assert refused.status_code == 403
    assert TITLE in refused.get_data(as_text=True)


def test_who_logs_in_in_another_window_goes_on_in_this_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, page = late(house, monkeypatch)
    waiting = hidden_of(page, "/login/unsent")

    too_early = client.post("/login/unsent", data=waiting)
    other = client.get("/login").get_data(as_text=True)
    log_in(client, other, "zhao")
    shown = client.post("/login/unsent", data=waiting)

    assert too_early.status_code == 401
    assert hidden_of(too_early.get_data(as_text=True), "/login")["unsent"] == waiting["unsent"]
    assert TITLE in shown.get_data(as_text=True)


def test_neither_passwords_nor_anybody_elses_form_are_carried(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = house.browser("zhao")
    page = client.get("/account").get_data(as_text=True)
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)

    secret = client.post(
        "/account/password", data={"csrf_token": token_of(page), "old": PASSWORD}
    )
    foreign = client.post(
        PAGE,
        data={"title": TITLE, "text": TEXT},
        headers={"Origin": "https://evil.example"},
    )
    forged = client.post(
        "/login",
        data=hidden_of(secret.get_data(as_text=True), "/login")
        | {"name": "zhao", "password": PASSWORD, "unsent": "eyJhY3Rpb24iOiIvIn0.x"},
    )

    for answer in (secret, foreign):
        assert answer.status_code == 401
        assert 'name="unsent"' not in answer.get_data(as_text=True)
        assert PASSWORD not in unescape(answer.get_data(as_text=True))
    assert forged.location == "/desk/"


def test_what_is_too_long_to_travel_stands_on_the_page(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "MOST_CARRIED", 20)

    _client, page = late(house, monkeypatch)

    assert 'name="unsent"' not in page
    assert TITLE in page


def test_a_disabled_user_gets_nothing_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, page = late(house, monkeypatch)
    with house.database.transaction() as session:
        zhao = users.find(session, "zhao")
        assert zhao
        users.change(session, zhao.id, disabled_at=clock.now())

    assert TITLE not in log_in(client, page, "zhao")
