"""With which account of the identity provider a user comes in: given, refused, taken away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from services.command.main import main
from services.portal.model import Role
from services.portal.store import audit, users
from tests.services.outside_stories import (
    ACCOUNT,
    ENTERPRISE,
    PORTAL,
    Beside,
    beside_a_provider,
    browser,
    environ,
    is_in,
    log_in,
    opened,
    tie,
    user_of,
)
from tests.services.portal_house import House, send
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
    [(Role.ADMINISTRATOR, "610302", 404), (Role.CHIEF, "610300", 403)],
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
