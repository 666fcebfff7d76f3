"""What a bureau's identity provider answers when it is wrong, spoilt or away: nobody comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.portal.web import provider as portal_provider
from tests.services.outside_stories import (
    Beside,
    beside_a_provider,
    browser,
    is_in,
    led_back,
    log_in,
    logins,
)
from tests.services.portal_house import PASSWORD, House, send
from tests.support.identity_provider import (
    CLIENT,
    SECRET,
    IdentityProvider,
    new_key,
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
