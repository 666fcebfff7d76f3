"""Tokens of programs: given and revoked within the own divisions, and every step is on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from services.chassis import clock
from services.portal.model import Role
from services.portal.store import tokens
from services.portal.store.tokens import Token
from tests.services.administering import emptied, told
from tests.services.portal_house import House, house_of, make_city, send

COUNTY = "610303"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    with house_of(var) as made:
        yield made


@pytest.fixture
def house(city: House) -> House:
    return emptied(city)


def token_of(house: House, label: str, divisions: str) -> Token:
    with house.database.transaction() as session:
        made, _secret = tokens.make(
            session,
            label=label,
            scopes=["credit:read"],
            divisions=divisions,
            made_by="boss",
            now=clock.now(),
        )
    return made


def holds(house: House, token: Token) -> bool:
    with house.database.reading() as session:
        kept = tokens.by_id(session, token.id)
    return kept is not None and kept.holds(clock.now())


@pytest.mark.parametrize("divisions", ["*", "610302", "610300"])
def test_a_token_of_more_than_ones_own_is_not_revoked(house: House, divisions: str) -> None:
    token = token_of(house, "foreign", divisions)
    boss = house.someone("boss", Role.ADMINISTRATOR, divisions=COUNTY)

    listed = boss.get("/desk/people/tokens").get_data(as_text=True)
    answer = send(boss, "/account", f"/desk/people/tokens/{token.id}/revoke")

    assert answer.status_code == 404
    assert "foreign" not in listed
    assert holds(house, token)


def test_ones_own_token_is_revoked(house: House) -> None:
    token = token_of(house, "发改委", COUNTY)
    boss = house.someone("boss", Role.ADMINISTRATOR, divisions=COUNTY)

    send(boss, "/desk/people/tokens", f"/desk/people/tokens/{token.id}/revoke")

    assert not holds(house, token)
    assert [outcome for outcome, _ in told(house, "撤销接口令牌")] == ["asked", "done"]
    assert told(house, "撤销接口令牌")[-1][1]["ended"] is True


def test_a_token_is_on_record_without_its_secret(house: House) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR)

    page = send(
        boss, "/desk/people/tokens", "/desk/people/tokens", label="发改委", scopes="credit:read"
    ).get_data(as_text=True)

    [asked, done] = told(house, "发放接口令牌")
    assert asked[1] == {"scopes": ["credit:read"], "divisions": "610300"} | {
        "last_day": None,
        "per_minute": None,
    }
    assert UUID(done[1]["token"])
    secret = page[page.index("bq_") :][:46]
    assert secret not in json.dumps(done)


def test_a_token_is_good_through_its_last_day(house: House) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR)
    last_day = clock.today() + timedelta(days=3)

    page = send(
        boss,
        "/desk/people/tokens",
        "/desk/people/tokens",
        label="发改委",
        scopes="credit:read",
        ends_on=last_day.isoformat(),
    ).get_data(as_text=True)

    with house.database.reading() as session:
        [token] = tokens.listed(session)
    assert token.holds(clock.end_of(last_day) - timedelta(seconds=1))
    assert not token.holds(clock.end_of(last_day))
    assert last_day.isoformat() in page


@pytest.mark.parametrize(("typed", "kept"), [("30", 30), ("", None)])
def test_a_token_has_the_number_of_calls_that_was_entered(
    house: House, typed: str, kept: int | None
) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR)
    form = {"label": "发改委", "scopes": "credit:read"}

    send(boss, "/desk/people/tokens", "/desk/people/tokens", per_minute=typed, **form)

    with house.database.reading() as session:
        assert [token.per_minute for token in tokens.listed(session)] == [kept]


@pytest.mark.parametrize("typed", ["0", "²", "-1", "x"])
def test_a_number_of_calls_that_cannot_be_is_refused(house: House, typed: str) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR)
    form = {"label": "发改委", "scopes": "credit:read"}

    refused = send(boss, "/desk/people/tokens", "/desk/people/tokens", per_minute=typed, **form)

    assert refused.status_code == 422
    with house.database.reading() as session:
        assert tokens.listed(session) == []


@pytest.mark.parametrize("day", ["2020-01-01", "tomorrow", "²"])
def test_a_last_day_that_cannot_be_is_refused(house: House, day: str) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR)

    refused = send(
        boss,
        "/desk/people/tokens",
        "/desk/people/tokens",
        label="发改委",
        scopes="credit:read",
        ends_on=day,
    )

    assert refused.status_code == 422
    with house.database.reading() as session:
        assert tokens.listed(session) == []
