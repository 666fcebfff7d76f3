"""Logging in, links, forged forms, what a browser is told, the audit."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from services.chassis import clock
from services.chassis.settings import Settings
from services.command.one_process import OneProcess
from services.portal.model import Role
from services.portal.store import audit, secrets_kept, users
from tests.services.portal_house import PASSWORD, House, send, token_of

WRONG = "not the one"
COMMON = "1234567890"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An installation in which nothing was imported."""
    with OneProcess(Settings.read({"BIANQUE_VAR": str(tmp_path / "var")})) as platform:
        yield House(platform)


def test_who_is_not_logged_in_is_led_to_the_login_and_back(house: House) -> None:
    house.user("li", Role.INSPECTOR)
    client = house.visitor()

    led = client.get("/desk/warnings/?colour=red")
    client.get(led.location)
    after = send(
        client,
        led.location,
        "/login",
        name="li",
        password=PASSWORD,
        next="/desk/warnings/?colour=red",
    )

    assert led.location.startswith("/login?next=")
    assert after.location == "/desk/warnings/?colour=red"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example"]
)
def test_a_login_never_leads_outside(house: House, target: str) -> None:
    house.user("li", Role.INSPECTOR)

    after = send(house.visitor(), "/login", "/login", name="li", password=PASSWORD, next=target)

    assert after.location == "/desk/"


def test_nobody_learns_whether_a_name_exists(house: House) -> None:
    house.user("li", Role.INSPECTOR)
    client = house.visitor()

    known = send(client, "/login", "/login", name="li", password=WRONG).get_data(as_text=True)
    unknown = send(client, "/login", "/login", name="xx", password=WRONG).get_data(as_text=True)

    assert "登录名或口令不正确" in known
    assert known.replace('value="li"', "").count("不正确") == unknown.count("不正确")


def test_five_failures_lock_out_also_the_right_password(house: House) -> None:
    house.user("li", Role.INSPECTOR)
    client = house.visitor()

    for _ in range(5):
        send(client, "/login", "/login", name="li", password=WRONG)
    locked = send(client, "/login", "/login", name="li", password=PASSWORD)

    assert locked.status_code == 422
    assert "登录失败次数过多" in locked.get_data(as_text=True)


def test_the_old_password_is_not_guessed_either(house: House) -> None:
    client = house.someone("li", Role.INSPECTOR)
    own = "渭河春水向东流去不回头"
    form = "/account/password"

    for _ in range(5):
        send(client, "/account", form, old=WRONG, password=own, again=own)
    right = send(client, "/account", form, old=PASSWORD, password=own, again=own)
    login = send(house.visitor(), "/login", "/login", name="li", password=PASSWORD)

    assert (right.status_code, login.status_code) == (422, 422)
    assert "登录失败次数过多" in right.get_data(as_text=True)


def test_tries_at_once_are_not_more_tries(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.user("li", Role.INSPECTOR)
    fits, compared, go_on = secrets_kept.fits, Event(), Event()

    def slow(password: str, kept: str | None) -> bool:
        found = fits(password, kept)
        if found:  # five others are counted before the right one is
            compared.set()
            assert go_on.wait(20)
        return found

    monkeypatch.setattr(secrets_kept, "fits", slow)
    with ThreadPoolExecutor(1) as beside:
        right = beside.submit(
            send, house.visitor(), "/login", "/login", name="li", password=PASSWORD
        )
        assert compared.wait(20)
        for _ in range(5):
            send(house.visitor(), "/login", "/login", name="li", password=WRONG)
        go_on.set()

    assert right.result().status_code == 422
    assert "登录失败次数过多" in right.result().get_data(as_text=True)


def test_many_right_ones_at_once_lock_nobody_out(house: House) -> None:
    house.user("li", Role.INSPECTOR)

    with ThreadPoolExecutor(8) as crowd:
        clients = list(crowd.map(lambda _: house.browser("li"), range(8)))

    assert len(clients) == 8


def test_a_link_sets_a_password_once(house: House) -> None:
    house.user("li", Role.INSPECTOR)
    with house.database.transaction() as session:
        user = users.find(session, "li")
        assert user
        link = house.platform.portal.login_link(session, user.id)
    path = link[link.index("/first/") :]
    own = "渭河春水向东流去不回头"

    weak = send(house.visitor(), path, path, password=COMMON, again=COMMON)
    set_ = send(house.visitor(), path, path, password=own, again=own)
    again = house.visitor().get(path)

    assert weak.status_code == 422
    assert set_.location == "/desk/"
    assert again.status_code == 410
    assert send(house.visitor(), "/login", "/login", name="li", password=own).status_code == 302


def test_a_form_from_elsewhere_is_refused(house: House) -> None:
    client = house.someone("li", Role.ADMINISTRATOR)

    forged = client.post("/desk/people/", data={"name": "eve", "roles": "administrator"})

    assert forged.status_code == 400
    with house.database.reading() as session:
        assert users.find(session, "eve") is None


def test_a_browser_is_told_to_run_nothing_that_stands_in_the_page(house: House) -> None:
    answer = house.visitor().get("/")

    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_session_cookie_is_kept_from_scripts(house: House) -> None:
    house.user("li", Role.INSPECTOR)

    answer = send(house.visitor(), "/login", "/login", name="li", password=PASSWORD)

    [cookie] = [c for c in answer.headers.getlist("Set-Cookie") if "bianque_session" in c]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_an_untouched_session_is_over(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client = house.someone("li", Role.INSPECTOR)
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert client.get("/account").location.startswith("/login")


def test_who_is_disabled_is_out_at_once(house: House) -> None:
    client = house.someone("li", Role.INSPECTOR)
    boss = house.someone("boss", Role.ADMINISTRATOR)
    with house.database.reading() as session:
        user = users.find(session, "li")
    assert user

    send(boss, "/desk/people/", f"/desk/people/{user.id}/disable")

    assert client.get("/account").status_code == 302
    refused = send(house.visitor(), "/login", "/login", name="li", password=PASSWORD)
    assert refused.status_code == 422


def test_an_administrator_of_a_county_makes_no_user_beyond_it(house: House) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR, divisions="610303")

    refused = send(
        boss,
        "/desk/people/",
        "/desk/people/",
        name="eve",
        roles="inspector",
        divisions="610302",
    )

    assert refused.status_code == 422
    assert "不能超出您自己的管辖范围" in refused.get_data(as_text=True)


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.INSPECTOR, "/desk/people/"),
        (Role.INSPECTOR, "/desk/imports/"),
        (Role.COORDINATOR, "/desk/people/audit"),
        (Role.REGISTRAR, "/desk/system/parked"),
        (Role.AGENCY, "/desk/"),
        (Role.INSPECTOR, "/my/"),
    ],
)
def test_a_page_of_another_role_is_not_opened(house: House, role: Role, path: str) -> None:
    assert house.someone("li", role).get(path).status_code == 403


def test_every_change_leaves_two_lines_and_the_chain_holds(house: House) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR)

    send(boss, "/desk/people/", "/desk/people/", name="new", roles="inspector")

    with house.database.reading() as session:
        lines = audit.latest(session)
        assert audit.broken_at(session) is None
    made = [(line.action, line.outcome) for line in lines if line.action == "新建用户"]
    assert made == [("新建用户", "done"), ("新建用户", "asked")]


def test_a_removed_line_of_the_audit_shows(house: House) -> None:
    house.someone("boss", Role.ADMINISTRATOR)
    house.browser("boss")
    with house.database.transaction() as session:
        session.execute(text("DELETE FROM audit WHERE position = 1"))

    with house.database.reading() as session:
        assert audit.broken_at(session) == 1


def test_a_change_that_is_refused_is_in_the_audit_too(house: House) -> None:
    client = house.someone("li", Role.COORDINATOR)
    nothing = "00000000-0000-4000-8000-000000000000"
    token = token_of(client.get("/account").get_data(as_text=True))

    client.post(
        f"/desk/credit/bad-information/{nothing}/publication",
        data={"csrf_token": token},
    )

    with house.database.reading() as session:
        outcomes = [line.outcome for line in audit.latest(session)]
    assert outcomes[:2] == ["refused no_such_bad_information", "asked"]
