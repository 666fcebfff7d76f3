"""Every call of every service, as every role: allowed or refused as its line says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.chassis.api import Permits, PermitsBroken
from services.chassis.api.permits import OPEN, OPERATOR
from services.chassis.settings import SERVICES, Settings
from services.command.one_process import OneProcess
from services.portal.model import ROLE_NAMES, Role

TOKEN = "a test's own word"  # noqa: S105
NUMBER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneProcess]:
    var = tmp_path_factory.mktemp("platform") / "var"
    settings = Settings.read({"BIANQUE_VAR": str(var), "BIANQUE_API_TOKEN": TOKEN})
    with OneProcess(settings) as made:
        yield made


def calls(app: Flask) -> list[tuple[str, str]]:
    return sorted(
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS") and rule.rule not in OPEN
    )


def address(rule: str) -> str:
    """An address of that shape."""
    found = re.sub(r"<any\(([^,)]+)[^)]*\):\w+>", r"\1", rule)
    found = re.sub(r"<uuid:\w+>", NUMBER, found)
    return re.sub(r"<(?:string:|path:)?\w+>", "x", found)


def asked(
    platform: OneProcess, service: str, method: str, rule: str, **headers: str
) -> tuple[int, str]:
    answer = (
        platform.apps[service]
        .test_client()
        .open(
            address(rule),
            method=method,
            headers={
                "Authorization": f"Bearer {TOKEN}",
                "X-Bianque-Scope": "610303",
                "X-Bianque-Caller": "li",
                **headers,
            },
            json={} if method != "GET" else None,
        )
    )
    told = answer.get_json(silent=True)
    return answer.status_code, told.get("code", "") if isinstance(told, dict) else ""


def permits_of(platform: OneProcess, service: str) -> Permits:
    folder = Path(__file__).parents[2] / "services"
    files = (
        folder / "chassis" / "api" / "permits.yaml",
        folder / service / "api" / "permits.yaml",
    )
    owners = __import__(f"services.{service}.api.owners", fromlist=["OWNERS"]).OWNERS
    return Permits.read(*files, owners=owners, database=platform.services[service].database)


@pytest.mark.parametrize("service", SERVICES)
def test_each_role_may_do_what_its_line_says_and_nothing_else(
    platform: OneProcess, service: str
) -> None:
    permits = permits_of(platform, service)

    for method, rule in calls(platform.apps[service]):
        allowed = permits.lines[f"{method} {rule}"].roles
        for role in sorted(set(Role) - {Role.ENTERPRISE}):
            heard = asked(platform, service, method, rule, **{"X-Bianque-Role": role})
            refused = heard == (403, "role_not_allowed")
            assert refused == (role not in allowed), f"{role} {method} {rule}: {heard}"


@pytest.mark.parametrize("service", SERVICES)
def test_who_says_no_role_is_refused(platform: OneProcess, service: str) -> None:
    for method, rule in calls(platform.apps[service]):
        assert asked(platform, service, method, rule) == (403, "role_missing"), rule


@pytest.mark.parametrize("service", SERVICES)
def test_who_speaks_for_one_party_gets_nothing_that_is_not_its_own(
    platform: OneProcess, service: str
) -> None:
    permits = permits_of(platform, service)
    own = {
        "X-Bianque-Role": "enterprise",
        "X-Bianque-Scope": "*",
        "X-Bianque-Own": str(uuid4()),
    }

    for method, rule in calls(platform.apps[service]):
        permit = permits.lines[f"{method} {rule}"]
        status, code = asked(platform, service, method, rule, **own)
        if permit.own is None:
            assert (status, code) == (403, "role_not_allowed"), f"{method} {rule}"
        elif permit.own != "free":
            assert (status, code) == (404, "not_found"), f"{method} {rule}"


def test_roles_named_in_lines_are_roles_that_exist(platform: OneProcess) -> None:
    named = {
        role
        for service in SERVICES
        for permit in permits_of(platform, service).lines.values()
        for role in permit.roles
    }

    assert named <= set(Role)


def test_a_role_has_the_same_name_everywhere(platform: OneProcess) -> None:
    assert permits_of(platform, "credit").roles == {**ROLE_NAMES, OPERATOR: "运维"}


def test_a_line_with_a_role_that_is_none_does_not_start(
    platform: OneProcess, tmp_path: Path
) -> None:
    file = tmp_path / "permits.yaml"
    file.write_text(
        "roles: {chief: 科室负责人}\ncalls:\n  GET /records: chief cheif\n", encoding="utf-8"
    )

    with pytest.raises(PermitsBroken, match="cheif"):
        Permits.read(file, owners={}, database=platform.services["credit"].database)


def test_who_may_not_is_told_who_may_in_words(platform: OneProcess) -> None:
    client = platform.apps["registry"].test_client()
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": "610300"}

    def told(role: str) -> Any:
        return client.get("/parked", headers=headers | {"X-Bianque-Role": role}).get_json()

    assert "可以由以下角色进行: 系统管理员" in told("chief")["detail"]
    assert told("cheif")["code"] == "role_unknown"
    assert "没有这样的角色: cheif" in told("cheif")["detail"]


def test_a_call_without_a_line_does_not_start(platform: OneProcess) -> None:
    permits = permits_of(platform, "credit")
    fewer = dict(permits.lines)
    del fewer["GET /records"]

    with pytest.raises(PermitsBroken, match="GET /records"):
        Permits(fewer, permits.owners, permits.database).check(platform.apps["credit"])


def test_a_line_without_a_call_does_not_start(platform: OneProcess) -> None:
    permits = permits_of(platform, "credit")
    more = dict(permits.lines) | {"GET /nothing": permits.lines["GET /records"]}

    with pytest.raises(PermitsBroken, match="GET /nothing"):
        Permits(more, permits.owners, permits.database).check(platform.apps["credit"])
