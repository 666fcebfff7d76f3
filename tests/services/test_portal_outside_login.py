"""Logging in at the bureau's own identity provider: what lets in, what does not, what it says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import pytest
import requests
from click.testing import CliRunner
from flask.testing import FlaskClient

from services.chassis import clock
from services.chassis.settings import Settings
from services.command.main import main
from services.command.one_process import OneProcess
from services.portal.model import Role, User
from services.portal.store import audit, users
from services.portal.store.tables import Table
from services.portal.web import limits, provider as portal_provider
from tests.services.portal_house import PASSWORD, House, send
from tests.support.identity_provider import (
    CLIENT,
    SECRET,
    IdentityProvider,
    an_identity_provider,
    new_key,
)

PORTAL = "https://zjy.bureau.example"
BACK = f"{PORTAL}/login/outside/back"
ACCOUNT = "u-1001"
BUTTON = "用本单位统一身份认证登录"
ENTERPRISE = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture(scope="module")
def _running() -> Iterator[IdentityProvider]:
    with an_identity_provider(BACK) as running:
        yield running


@pytest.fixture
def provider(_running: IdentityProvider, monkeypatch: pytest.MonkeyPatch) -> IdentityProvider:
    """One that answers rightly."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    _running.mend()
    return _running


@pytest.fixture(scope="module")
def _built(
    tmp_path_factory: pytest.TempPathFactory, _running: IdentityProvider
) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("house"), _running) as platform:
        yield House(platform)


@pytest.fixture
def house(_built: House, provider: IdentityProvider) -> House:
    """Nothing was imported; nobody was here but li, who may come in by the provider."""
    limits.limiter.reset()
    with _built.database.transaction() as session:
        for table in Table.metadata.sorted_tables:
            session.execute(table.delete())
    _built.user("li", Role.INSPECTOR)
    tie(_built, "li", ACCOUNT)
    return _built


def opened(tmp_path: Path, provider: IdentityProvider, **more: str) -> OneProcess:
    return OneProcess(Settings.read(environ(tmp_path, provider) | more))


def environ(tmp_path: Path, provider: IdentityProvider) -> dict[str, str]:
    return {
        "BIANQUE_VAR": str(tmp_path / "var"),
        "BIANQUE_PORTAL_URL": PORTAL,
        "BIANQUE_OIDC_ISSUER": provider.url,
        "BIANQUE_OIDC_CLIENT_ID": CLIENT,
        "BIANQUE_OIDC_CLIENT_SECRET": SECRET,
    }


def user_of(house: House, name: str) -> User:
    with house.database.reading() as session:
        found = users.find(session, name)
    assert found
    return found


def tie(house: House, name: str, account: str | None) -> None:
    with house.database.transaction() as session:
        found = users.find(session, name)
        assert found
        users.tie(session, found.id, account)


def browser(house: House) -> FlaskClient:
    """Which reaches the pages as people do: over https, through the bureau's web server."""
    client = house.visitor()
    client.environ_base["HTTP_X_FORWARDED_PROTO"] = "https"
    client.environ_base["HTTP_X_FORWARDED_HOST"] = urlsplit(PORTAL).netloc
    return client


def led_back(client: FlaskClient, start: str = "/login/outside") -> str:
    """From the start to the provider, which lets in at once: the way back into the pages."""
    to_provider = client.get(start)
    assert to_provider.status_code == 302, to_provider.get_data(as_text=True)
    there = requests.get(to_provider.location, allow_redirects=False, timeout=5)
    assert there.status_code == 302, there.text
    way = urlsplit(there.headers["Location"])
    assert way.geturl().startswith(BACK)
    return f"{way.path}?{way.query}"


def log_in(client: FlaskClient, start: str = "/login/outside") -> Any:
    return client.get(led_back(client, start))


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def logins(house: House) -> list[tuple[str, str, dict[str, str]]]:
    """What the audit has of logins, latest first."""
    with house.database.reading() as session:
        assert audit.broken_at(session) is None
        lines = [line for line in audit.latest(session) if line.action == "登录"]
    return [(line.subject, line.outcome, json.loads(line.detail)) for line in lines]


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


def other_key(provider: IdentityProvider) -> None:
    provider.signs_with = new_key()


def unsigned(provider: IdentityProvider) -> None:
    provider.algorithm = "none"


def says(**claims: Any) -> Callable[[IdentityProvider], None]:
    return lambda provider: provider.claims.update(claims)


def answers(path: str, status: int, body: bytes) -> Callable[[IdentityProvider], None]:
    return lambda provider: provider.answers.update({path: (status, body)})


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(other_key, id="another's signature"),
        pytest.param(unsigned, id="no signature"),
        pytest.param(says(nonce="another"), id="another nonce"),
        pytest.param(says(nonce=None), id="no nonce"),
        pytest.param(says(aud="another"), id="another audience"),
        pytest.param(says(aud="another", azp=CLIENT), id="another audience, bought for us"),
        pytest.param(says(aud=[CLIENT, "another"], azp="another"), id="another party"),
        pytest.param(says(iss="https://evil.example"), id="another issuer"),
        pytest.param(says(iat=1, exp=2), id="expired"),
        pytest.param(says(exp=None), id="without an end"),
        pytest.param(says(exp="soon"), id="an end that is none"),
        pytest.param(says(sub=None), id="no account"),
        pytest.param(says(sub=7), id="an account that is a number"),
        pytest.param(says(sub=""), id="an empty account"),
        pytest.param(says(sub="u-1001\x00"), id="an account with a NUL"),
        pytest.param(says(sub="u" * 301), id="an account too long"),
        pytest.param(answers("/token", 200, b'{"access_token": "x"}'), id="no id_token"),
        pytest.param(answers("/token", 200, b'{"id_token": "x"}'), id="no token at all"),
        pytest.param(answers("/token", 200, b'{"id_token": ["x"]}'), id="a list for a token"),
        pytest.param(answers("/token", 400, b'{"error": "invalid_grant"}'), id="refused code"),
        pytest.param(answers("/keys", 200, b'{"keys": []}'), id="no keys"),
        pytest.param(answers("/keys", 200, b'{"keys": 5}'), id="keys that are none"),
        pytest.param(answers("/keys", 200, b"[]"), id="a list for the keys"),
    ],
)
def test_an_answer_that_is_not_to_be_believed_lets_nobody_in(
    house: House, provider: IdentityProvider, spoil: Callable[[IdentityProvider], None]
) -> None:
    spoil(provider)
    client = browser(house)

    after = log_in(client)

    assert after.status_code == 422
    assert "应答不能确认" in after.get_data(as_text=True)
    assert not is_in(client)
    assert logins(house) == [("", "refused refused", {"by": "outside"})]


def test_a_secret_both_know_signs_nothing(house: House, provider: IdentityProvider) -> None:
    provider.described["id_token_signing_alg_values_supported"] = ["HS256"]
    provider.algorithm, provider.signs_with = "HS256", shared_secret()
    client = browser(house)

    assert log_in(client).status_code == 422
    assert not is_in(client)


def shared_secret() -> Any:
    from joserfc.jwk import OctKey  # noqa: PLC0415 - for this one test

    return OctKey.import_key(SECRET.ljust(32, "."))


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": "http://sso.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://sso.example/token"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": ["https://sso.example"]},
        {"token_endpoint_auth_methods_supported": ["private_key_jwt"]},
        {"token_endpoint_auth_methods_supported": 5},
    ],
    ids=str,
)
def test_a_provider_that_describes_itself_wrongly_is_asked_for_nothing(
    house: House, provider: IdentityProvider, described: dict[str, Any]
) -> None:
    provider.described = described

    answer = browser(house).get("/login/outside")

    assert answer.status_code == 422
    assert "应答不能确认" in answer.get_data(as_text=True)


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


@pytest.mark.parametrize(
    ("status", "body"),
    [(503, b"{}"), (404, b"{}"), (200, b"<html>"), (302, b""), (0, b"")],
    ids=str,
)
def test_while_the_provider_is_away_a_password_works(
    house: House,
    provider: IdentityProvider,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    body: bytes,
) -> None:
    monkeypatch.setattr(portal_provider, "SECONDS", 0.3)
    client = browser(house)
    provider.answers["/.well-known/openid-configuration"] = (status, body)

    away = client.get("/login/outside?next=/account")
    after = send(client, "/login", "/login", name="li", password=PASSWORD)

    assert away.status_code == 503
    page = away.get_data(as_text=True)
    assert "统一身份认证暂时没有应答" in page
    assert 'name="next" value="/account"' in page
    assert after.location == "/desk/"


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [("/token", 502, b"<html>"), ("/token", 0, b""), ("/keys", 500, b"{}")],
    ids=str,
)
def test_a_provider_that_goes_away_in_between_says_so(
    house: House,
    provider: IdentityProvider,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    status: int,
    body: bytes,
) -> None:
    monkeypatch.setattr(portal_provider, "SECONDS", 0.3)
    client = browser(house)
    way = led_back(client)
    provider.answers[path] = (status, body)

    after = client.get(way)

    assert after.status_code == 503
    assert not is_in(client)


def test_a_key_that_is_changed_is_taken_at_once_and_the_old_one_no_longer(
    house: House, provider: IdentityProvider
) -> None:
    before, old = log_in(browser(house)), provider.key

    provider.rotate()
    changed = log_in(browser(house))
    provider.signs_with = old
    stolen = log_in(browser(house))

    assert (before.status_code, changed.status_code, stolen.status_code) == (302, 302, 422)


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


def test_an_administrator_ties_an_account_and_takes_it_away(house: House) -> None:
    house.user("wang", Role.CHIEF)
    boss = house.someone("boss", Role.ADMINISTRATOR)
    tie(house, "li", None)
    form = f"/desk/people/{user_of(house, 'wang').id}/account"

    send(boss, "/desk/people/", form, account=f" {ACCOUNT} ")
    client = browser(house)
    came = log_in(client)
    shown = boss.get("/desk/people/").get_data(as_text=True)
    send(boss, "/desk/people/", form, account="")

    assert came.status_code == 302
    assert f'value="{ACCOUNT}"' in shown
    assert not is_in(client)  # whoever came in with it is out
    assert user_of(house, "wang").outside_id is None
    with house.database.reading() as session:
        lines = [x for x in audit.latest(session) if x.action == "对应统一身份账号"]
    assert [line.outcome for line in lines] == ["done", "asked", "done", "asked"]


@pytest.mark.parametrize(
    ("name", "account", "said"),
    [
        ("wang", ACCOUNT, "已对应其他用户"),
        ("wang", "u" * 301, "不超过 300 个字符"),
        ("qiye", "u-7", "企业用户用口令登录"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    house: House, name: str, account: str, said: str
) -> None:
    house.user("wang", Role.CHIEF)
    house.user("qiye", Role.ENTERPRISE, enterprise_id=ENTERPRISE)
    boss = house.someone("boss", Role.ADMINISTRATOR)
    form = f"/desk/people/{user_of(house, name).id}/account"

    refused = send(boss, "/desk/people/", form, account=account)

    assert refused.status_code == 422
    assert said in refused.get_data(as_text=True)
    assert user_of(house, name).outside_id is None
    assert user_of(house, "li").outside_id == ACCOUNT


@pytest.mark.parametrize(
    ("role", "divisions", "status"),
    [(Role.ADMINISTRATOR, "610302", 302), (Role.CHIEF, "610300", 403)],
)
def test_only_an_administrator_of_the_place_ties(
    house: House, role: Role, divisions: str, status: int
) -> None:
    other = house.someone("other", role, divisions=divisions)
    form = f"/desk/people/{user_of(house, 'li').id}/account"

    answer = send(other, "/account", form, account="u-8")

    assert answer.status_code == status
    assert user_of(house, "li").outside_id == ACCOUNT


def test_the_command_creates_a_user_with_an_account_that_nobody_has(
    tmp_path: Path, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ(tmp_path, provider).items():
        monkeypatch.setenv(name, value)

    def create(name: str) -> Any:
        asked = ["user", "create", name, "--role", "inspector", "--account", ACCOUNT]
        return CliRunner().invoke(main, asked)

    made, taken = create("li"), create("wang")

    assert made.exit_code == 0, made.output
    assert made.output.startswith(f"{PORTAL}/first/")
    assert taken.exit_code == 2  # refused
    assert "已对应其他用户" in taken.output
    with opened(tmp_path, provider) as platform:
        house = House(platform)
        assert log_in(browser(house)).location == "/desk/"
        with house.database.reading() as session:
            assert [user.name for user in users.listed(session)] == ["li"]
