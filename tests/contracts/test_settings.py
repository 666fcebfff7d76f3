"""Settings and deploy/settings.md agree, and a wrong setting teaches."""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.chassis.settings import DATABASE_OWNERS, SERVICES, SettingBroken, Settings

PAGE = (Path(__file__).parents[2] / "deploy" / "settings.md").read_text(encoding="utf-8")
BUS = {
    "BIANQUE_BROKER_URL": "amqp://u:p@broker:5672/bianque",
    **{
        f"BIANQUE_{s.upper()}_DATABASE_URL": f"postgresql+psycopg://u:p@database/{s}"
        for s in SERVICES
    },
}


def rows() -> list[list[str]]:
    """Name, default, meaning, 含义 and example of each setting on the page."""
    table = re.findall(r"^\| (`BIANQUE_.*) \|$", PAGE, re.MULTILINE)
    return [[cell.strip() for cell in row.split(" | ")] for row in table]


def spelled(setting: Field[Any]) -> str:
    """A default as one would write it; — for absent."""
    if setting.default is MISSING or setting.default is None:
        return "—"
    if isinstance(setting.default, bool):
        return f"`{int(setting.default)}`"
    return f"`{setting.default}`"


def owners(name: str) -> tuple[str, ...]:
    """Whose setting it is: every service's own, or the installation's."""
    if "<SERVICE>" not in name:
        return ("",)
    return DATABASE_OWNERS if "DATABASE" in name else SERVICES


def blocks() -> list[str]:
    return re.findall(r"```\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


def kept(var: Path, text: str) -> dict[str, str]:
    """An environment whose state folder has a settings.env."""
    var.mkdir()
    (var / "settings.env").write_text(text, encoding="utf-8")
    return {"BIANQUE_VAR": str(var)}


def test_the_page_lists_every_setting_in_order_with_its_default_and_meaning() -> None:
    declared = [
        [f"`{s.metadata['name']}`", spelled(s), s.metadata["meaning"]] for s in fields(Settings)
    ]

    assert [row[:3] for row in rows()] == declared


def test_the_page_says_it_in_chinese_too() -> None:
    assert [row[0] for row in rows() if not re.search(r"[\u4e00-\u9fff]", row[3])] == []


def test_what_the_page_gives_as_examples_is_accepted_all_at_once() -> None:
    given = {}
    for name, _, _, _, example in rows():
        for service in owners(name):
            key = name.strip("`").replace("<SERVICE>", service.upper())
            given[key] = example.strip("`").replace("<service>", service)

    read = Settings.read(given)

    assert {s.name for s in fields(Settings) if getattr(read, s.name) == s.default} == set()


def test_the_examples_of_whole_files_are_accepted(var: Path, tmp_path: Path) -> None:
    one_machine, on_a_bus = blocks()
    for name in re.findall(r"/run/secrets/(\w+)", on_a_bus):
        secret = BUS.get(f"BIANQUE_{name.upper()}", f"word-of-{name}")
        (tmp_path / name).write_text(f"{secret}\n", encoding="utf-8")
    on_a_bus = on_a_bus.replace("/run/secrets", str(tmp_path))

    alone = Settings.read(kept(var, one_machine))
    together = Settings.read(kept(var / "bus", on_a_bus))

    assert (alone.bureau, alone.trial, alone.on_a_bus) == ("610303", True, False)
    assert together.broker_url == BUS["BIANQUE_BROKER_URL"]
    assert together.database_url("credit") == BUS["BIANQUE_CREDIT_DATABASE_URL"]
    assert together.api_token == "word-of-api_token"  # noqa: S105 - from the page


def test_the_ports_of_the_page_are_those_that_are_opened() -> None:
    settings = Settings()

    listed = re.findall(r"\| \+ (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)

    opened = [settings.api_port(s) for s in SERVICES]
    opened += [settings.portal_port]
    opened += [settings.health_port(s) for s in SERVICES]
    assert [int(port) for _, port in listed] == opened
    assert [settings.port + int(plus) for plus, _ in listed] == opened
    for service in SERVICES:
        plus = settings.api_port(service) - settings.port
        assert f"API of {service} | + {plus} |" in PAGE
        plus = settings.health_port(service) - settings.port
        assert f"metrics of {service}'s event process | + {plus} |" in PAGE


def test_nothing_set_is_one_process_with_files_of_its_own() -> None:
    settings = Settings.read({})

    assert settings == Settings()
    assert not settings.on_a_bus
    assert settings.database_url("credit") == "sqlite:///var/credit.db"


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("BIANQUE_BUREAU", "6103", "6 digits are needed"),
        ("BIANQUE_BUREAU", "六一〇三〇〇", "6 digits are needed"),
        ("BIANQUE_LANGUAGE", "de", "it can be zh or en"),
        ("BIANQUE_BROKER_URL", "http://broker", "must begin with amqp:// or amqps://"),
        ("BIANQUE_CREDIT_DATABASE_URL", "mysql://x", "must begin with postgresql+psycopg://"),
        ("BIANQUE_CREDIT_DATABASE_URL", "postgresql://x", "begin with postgresql+psycopg://"),
        ("BIANQUE_NOTIFY_API_URL", "notify:8600", "must begin with http:// or https://"),
        ("BIANQUE_SMTP_URL", "mail.example", "must begin with smtp:// or smtps://"),
        ("BIANQUE_OIDC_ISSUER", "http://sso.example", "must begin with https://"),
        ("BIANQUE_OIDC_ISSUER", "https://", "must begin with https://"),
        ("BIANQUE_OIDC_ISSUER", "https://sso.example/?realm=1", "have no question mark"),
        ("BIANQUE_PORT", "http", "a whole number from 1 to 65521"),
        ("BIANQUE_PORT", "0", "a whole number from 1 to 65521"),
        ("BIANQUE_PORT", "70000", "a whole number from 1 to 65521"),
        ("BIANQUE_PORT", "-1", "a whole number from 1 to 65521"),
        ("BIANQUE_KEEP_DAYS", "²", "a whole number from 1 to 3660"),
        ("BIANQUE_TRIAL", "yes", "it can be 0 or 1"),
        ("BIANQUE_CALENDAR", "off", "it can be 1 or 0"),
        ("BIANQUE_LOG_LEVEL", "loud", "it can be info or debug"),
        ("BIANQUE_TODAY", "3.3.2014", "a day like 2026-11-21 is needed"),
        ("BIANQUE_TODAY", "2014-02-30", "a day like 2026-11-21 is needed"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_what_would_be_right(
    name: str, value: str, advice: str
) -> None:
    with pytest.raises(SettingBroken, match=f"^{name} .*{re.escape(advice)}"):
        Settings.read({name: value})


@pytest.mark.parametrize(
    "name", ["BIANQUE_BROKR_URL", "BIANQUE_PORTAL_API_URL", "BIANQUE_TRIAL_FILES"]
)
def test_a_name_that_is_no_setting_is_refused(name: str) -> None:
    with pytest.raises(SettingBroken, match=f"^{name} is not a setting"):
        Settings.read({name: "x"})


@pytest.mark.parametrize("name", ["PATH", "BIANQUE_TEST_BROKER_URL"])
def test_names_that_are_not_its_business_are_let_alone(name: str) -> None:
    assert Settings.read({name: "x"}) == Settings()


@pytest.mark.parametrize("absent", SERVICES)
def test_beside_a_broker_every_service_needs_its_database(absent: str) -> None:
    name = f"BIANQUE_{absent.upper()}_DATABASE_URL"
    environ = {key: value for key, value in BUS.items() if key != name}

    with pytest.raises(SettingBroken, match=f"{name} is not: .* See deploy/settings.md"):
        Settings.read(environ)


def test_two_services_may_not_share_a_database() -> None:
    shared = BUS | {"BIANQUE_NOTIFY_DATABASE_URL": BUS["BIANQUE_CREDIT_DATABASE_URL"]}

    with pytest.raises(SettingBroken, match="two services share one database"):
        Settings.read(shared)


PROVIDER = {
    "BIANQUE_OIDC_ISSUER": "https://sso.bureau.example",
    "BIANQUE_OIDC_CLIENT_ID": "bianque",
    "BIANQUE_OIDC_CLIENT_SECRET": "s3cret",
}


@pytest.mark.parametrize("absent", PROVIDER)
def test_an_identity_provider_needs_all_three(absent: str) -> None:
    environ = {key: value for key, value in PROVIDER.items() if key != absent}

    with pytest.raises(SettingBroken, match=f"^{absent} is not set, but ") as refused:
        Settings.read(environ)

    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "issuer", ["http://127.0.0.1:8080/realm", "http://localhost", "http://[::1]:1"]
)
def test_an_identity_provider_on_this_machine_may_do_without_encryption(issuer: str) -> None:
    read = Settings.read(PROVIDER | {"BIANQUE_OIDC_ISSUER": issuer})

    assert (read.oidc_issuer, read.oidc_claim) == (issuer, "sub")


def test_the_provider_s_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n", encoding="utf-8")
    environ = {key: value for key, value in PROVIDER.items() if "SECRET" not in key}

    read = Settings.read(
        environ | {"BIANQUE_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    )

    assert read.oidc_client_secret == "s3cret"  # noqa: S105 - the one above


def test_an_empty_value_counts_as_absent() -> None:
    assert Settings.read({"BIANQUE_BROKER_URL": "", "BIANQUE_PORT": ""}) == Settings()


def test_the_environment_goes_before_the_file(var: Path) -> None:
    environ = kept(var, "BIANQUE_BUREAU=610302\n\n  # a remark\n BIANQUE_PORT = 9000 \n")

    settings = Settings.read(environ | {"BIANQUE_BUREAU": "610329"})

    assert (settings.bureau, settings.port) == ("610329", 9000)


def test_a_value_in_the_file_may_hold_an_equals_sign(var: Path) -> None:
    url = "smtp://mail.example:587?starttls=1"

    assert Settings.read(kept(var, f"BIANQUE_SMTP_URL={url}\n")).smtp_url == url


def test_a_broken_line_of_the_file_is_named(var: Path) -> None:
    environ = kept(var, "# 本局\nBIANQUE_BUREAU 610302\n")

    with pytest.raises(SettingBroken, match=r"settings\.env line 2: NAME=value is needed"):
        Settings.read(environ)


def test_an_unknown_name_in_the_file_is_refused(var: Path) -> None:
    with pytest.raises(SettingBroken, match="BIANQUE_BUREAUX is not a setting"):
        Settings.read(kept(var, "BIANQUE_BUREAUX=610302\n"))


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n", encoding="utf-8")

    settings = Settings.read({"BIANQUE_API_TOKEN_FILE": str(tmp_path / "token")})

    assert settings.api_token == "s3cret"  # noqa: S105 - the one above


def test_a_value_from_a_file_is_checked_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "today").write_text("tomorrow", encoding="utf-8")

    with pytest.raises(SettingBroken, match="BIANQUE_TODAY is 'tomorrow'"):
        Settings.read({"BIANQUE_TODAY_FILE": str(tmp_path / "today")})


def test_a_secret_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingBroken, match=r"BIANQUE_API_TOKEN_FILE: .*gone cannot be read"):
        Settings.read({"BIANQUE_API_TOKEN_FILE": str(tmp_path / "gone")})


def test_a_day_for_drills_is_read() -> None:
    assert Settings.read({"BIANQUE_TODAY": "2014-03-03"}).today == date(2014, 3, 3)


def test_a_message_never_repeats_a_secret() -> None:
    with pytest.raises(SettingBroken) as refused:
        Settings.read({"BIANQUE_BROKER_URL": "ampq://bianque:s3cret@broker"})

    assert "s3cret" not in str(refused.value)
