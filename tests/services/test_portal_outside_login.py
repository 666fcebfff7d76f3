"""Logging in at the bureau's own identity provider: who comes in, and who does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from services.chassis import clock
from services.chassis.settings import Settings
from services.command.one_process import OneProcess
from services.portal.model import Role
from services.portal.store import users
from tests.services.outside_stories import (
    ACCOUNT,
    BACK,
    BUTTON,
    ENTERPRISE,
    Beside,
    beside_a_provider,
    browser,
    is_in,
    led_back,
    log_in,
    logins,
    opened,
    tie,
)
from tests.services.portal_house import House
from tests.support.identity_provider import (
    IdentityProvider,
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    with beside_a_provider(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture
def house(built: Beside) -> House:
    return built.as_new().house


@pytest.fixture
def provider(built: Beside) -> IdentityProvider:
    return built.provider


def test_whoever_the_provider_names_is_in_and_where_they_wanted(
    house: House, provider: IdentityProvider
) -> None:
    client = browser(house)
    page = client.get("/login?next=/desk/warnings/").get_data(as_text=True)

    after = log_in(client, "/login/outside?next=/desk/warnings/?colour%3Dred")

    assert BUTTON in page
    assert 'href="/login/outside?next=/desk/warnings/"' in page
    assert (after.status_code, after.location) == (302, "/desk/warnings/?colour=red")
    assert is_in(client)
    [asked] = provider.authorized
    assert len(asked["nonce"]) >= 20
    assert len(asked["state"]) >= 20
    assert logins(house) == [("li", "done", {"account": ACCOUNT, "by": "outside"})]


def test_the_cookie_is_the_same_as_after_a_password(house: House) -> None:
    after = log_in(browser(house))

    [cookie] = [c for c in after.headers.getlist("Set-Cookie") if "bianque_session" in c]
    assert after.location == "/desk/"
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=Lax"))


def test_a_secret_travels_in_the_way_the_provider_takes(
    house: House, provider: IdentityProvider
) -> None:
    provider.secret_in = "client_secret_post"  # noqa: S105 - the way, not the secret

    assert log_in(browser(house)).location == "/desk/"


def test_another_claim_may_be_the_account(tmp_path: Path, provider: IdentityProvider) -> None:
    with opened(tmp_path, provider, BIANQUE_OIDC_CLAIM="preferred_username") as platform:
        house = House(platform)
        house.user("li", Role.INSPECTOR)
        tie(house, "li", "li.na")

        assert log_in(browser(house)).location == "/desk/"


def test_without_a_provider_there_is_no_button_and_no_page(tmp_path: Path) -> None:
    with OneProcess(Settings.read({"BIANQUE_VAR": str(tmp_path / "var")})) as platform:
        house = House(platform)
        boss = house.someone("boss", Role.ADMINISTRATOR)

        assert BUTTON not in house.visitor().get("/login").get_data(as_text=True)
        assert "统一身份账号" not in boss.get("/desk/people/").get_data(as_text=True)
        for path in ("/login/outside", "/login/outside/back?code=1&state=1"):
            assert house.visitor().get(path).status_code == 404


def test_who_is_not_known_makes_no_user_and_learns_whom_to_ask(
    house: House, provider: IdentityProvider
) -> None:
    provider.person = {"sub": "u-<2>"}
    client = browser(house)

    after = log_in(client)

    page = after.get_data(as_text=True)
    assert after.status_code == 422
    assert "u-&lt;2&gt;" in page
    assert "请把这个账号告诉系统管理员" in page
    assert not is_in(client)
    assert logins(house) == [("u-<2>", "refused unknown", {"by": "outside"})]
    with house.database.reading() as session:
        assert [user.name for user in users.listed(session)] == ["li"]


def test_a_login_name_alone_is_no_account(house: House, provider: IdentityProvider) -> None:
    house.user("wang", Role.CHIEF)
    provider.person = {"sub": "wang"}

    assert log_in(browser(house)).status_code == 422


def test_who_is_disabled_stays_out(house: House) -> None:
    with house.database.transaction() as session:
        found = users.find(session, "li")
        assert found
        users.change(session, found.id, disabled_at=clock.now())
    client = browser(house)

    after = log_in(client)

    assert after.status_code == 422
    assert "已停用" in after.get_data(as_text=True)
    assert not is_in(client)
    assert logins(house) == [(ACCOUNT, "refused disabled", {"by": "outside"})]


def test_an_enterprise_logs_in_with_a_password_only(
    house: House, provider: IdentityProvider
) -> None:
    house.user("qiye", Role.ENTERPRISE, enterprise_id=ENTERPRISE)
    with house.database.transaction() as session:
        found = users.find(session, "qiye")
        assert found
        users.change(
            session, found.id, outside_id="u-9"
        )  # as if a row had been written by hand
    provider.person = {"sub": "u-9"}

    after = log_in(browser(house))

    assert after.status_code == 422
    assert "企业用户请用口令登录" in after.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"state": "another"}, "不是从本页面开始的"),
        ({"state": "anöther"}, "不是从本页面开始的"),
        ({"state": ""}, "不是从本页面开始的"),
        ({"code": ""}, "没有完成登录"),
        ({"error": "access_denied"}, "没有完成登录"),
        ({"code": "another"}, "应答不能确认"),
    ],
)
def test_another_way_back_lets_nobody_in(
    house: House, changed: dict[str, str], said: str
) -> None:
    client = browser(house)
    way = urlsplit(led_back(client))
    query = dict(pair.split("=", 1) for pair in way.query.split("&")) | changed

    after = client.get(f"{way.path}?{urlencode(query)}")

    assert after.status_code == 422
    assert said in after.get_data(as_text=True)
    assert not is_in(client)


def test_a_way_back_counts_once_and_in_its_own_browser(house: House) -> None:
    client = browser(house)
    way = led_back(client)

    elsewhere = browser(house).get(way)
    here, again = client.get(way), client.get(way)

    assert (elsewhere.status_code, here.status_code, again.status_code) == (422, 302, 422)
    assert "不是从本页面开始的" in elsewhere.get_data(as_text=True)


def test_who_takes_too_long_begins_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser(house)
    way = led_back(client)
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)

    after = client.get(way)

    assert after.status_code == 422
    assert "登录用时太久" in after.get_data(as_text=True)


def test_who_is_in_already_goes_on(house: House, provider: IdentityProvider) -> None:
    client = browser(house)
    log_in(client)

    assert client.get("/login/outside?next=/desk/people/").location == "/desk/people/"
    assert len(provider.authorized) == 1


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"]
)
def test_a_login_never_leads_outside(house: House, target: str) -> None:
    after = log_in(browser(house), f"/login/outside?{urlencode({'next': target})}")

    assert after.location == "/desk/"


def test_a_forged_host_leads_the_code_nowhere_else(
    house: House, provider: IdentityProvider
) -> None:
    client = browser(house)
    client.environ_base["HTTP_X_FORWARDED_HOST"] = "evil.example"

    led_back(client)

    assert provider.authorized[0]["redirect_uri"] == BACK


def test_an_old_attempt_is_none(house: House) -> None:
    client = browser(house)
    with client.session_transaction() as kept:
        kept["outside"] = {"state": "x", "nonce": "n", "verifier": "v", "back": "//e", "at": 0}

    after = client.get("/login/outside/back?state=x&code=y")

    assert after.status_code == 422
    assert "登录用时太久" in after.get_data(as_text=True)


def test_asking_is_limited_as_with_a_password(house: House) -> None:
    client = browser(house)

    found = [client.get("/login/outside/back").status_code for _ in range(130)]

    assert found[0] == 422
    assert found[-1] == 429
