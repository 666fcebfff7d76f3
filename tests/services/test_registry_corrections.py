"""A named clerk corrects a record; the correction holds until it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.chassis.database import Database
from tests.services.registry_clerk import Clerk, a_clerk
from tests.services.registry_stories import (
    ENTERPRISES,
    TODAY,
    Registry,
    Urls,
    classes,
    elevator,
    enterprise,
    opened,
)

REASON = "核对营业执照原件"


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    registry = Registry(database, tmp_path)
    registry.take([enterprise(1)], ENTERPRISES)
    registry.take([elevator(1)])
    return registry


@pytest.fixture
def clerk(database: Database) -> Clerk:
    return a_clerk(database)


def path_of(registry: Registry, table: str, name: str) -> str:
    [one] = [row for row in registry.kept(table) if name in (row.get("name"), row.get("key"))]
    return f"/{table}s/{one['id']}"


@pytest.fixture
def firm(registry: Registry) -> str:
    return path_of(registry, "enterprise", "企业1")


@pytest.fixture
def car(registry: Registry) -> str:
    return path_of(registry, "object", "E00001")


def corrected(clerk: Clerk, path: str, **fields: Any) -> Any:
    return clerk.patch(path, {"fields": fields, "reason": REASON})


def test_a_correction_holds_against_the_next_file(
    registry: Registry, clerk: Clerk, firm: str
) -> None:
    answer = corrected(clerk, firm, name="企业一", address="东街1号")
    registry.take([enterprise(1, 名称="文件里的名称", 住所="西街")], ENTERPRISES)

    shown = clerk.get(firm).get_json()
    assert answer.get_json() == {"changed": ["address", "name"], "findings": []}
    assert (shown["name"], shown["address"]) == ("企业一", "东街1号")
    assert shown["sources"]["name"] == "manual"


def test_a_correction_is_announced_and_in_the_history(
    registry: Registry, clerk: Clerk, firm: str
) -> None:
    said = len(registry.said())
    corrected(clerk, firm, name="企业一", email="a@example.com")

    latest = clerk.get(f"{firm}/history").get_json()["items"][0]
    assert registry.said_since(said) == [
        "registry.enterprise_recorded.v1",
        "registry.contact_recorded.v1",
    ]
    assert registry.said()[-1]["data"]["email"] == "a@example.com"
    assert (latest["source"], latest["made_by"], latest["reason"]) == (
        "manual",
        "clerk-wang",
        REASON,
    )
    assert latest["changed"]["name"] == {"before": "企业1", "after": "企业一"}


def test_a_corrected_industry_is_told_to_those_who_count_by_it(
    registry: Registry, clerk: Clerk, firm: str
) -> None:
    said = len(registry.said())
    corrected(clerk, firm, industry="C3259")

    assert registry.said_since(said) == ["registry.enterprise_recorded.v1"]
    assert registry.said()[-1]["data"]["industry"] == "C3259"


def test_a_correction_that_is_taken_back_lets_the_sources_speak(
    registry: Registry, clerk: Clerk, firm: str
) -> None:
    corrected(clerk, firm, name="企业一", address="东街1号")

    answer = corrected(clerk, firm, name=None)

    shown = clerk.get(firm).get_json()
    assert answer.get_json()["changed"] == ["name"]
    assert (shown["name"], shown["address"]) == ("企业1", "东街1号")


def test_what_the_file_says_already_changes_nothing(
    registry: Registry, clerk: Clerk, firm: str
) -> None:
    said = len(registry.said())

    assert corrected(clerk, firm, name="企业1").get_json()["changed"] == []
    assert registry.said_since(said) == []


def test_what_cannot_be_right_is_refused_in_the_words_of_an_import(
    registry: Registry, clerk: Clerk, firm: str
) -> None:
    before = registry.kept("enterprise")

    answer = corrected(clerk, firm, uscc="91610303Y00000000X", name="企业一")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "correction_wrong")
    [trouble] = answer.get_json()["troubles"]
    assert (trouble["field"], trouble["code"]) == ("uscc", "uscc_check_digit")
    assert registry.kept("enterprise") == before
    assert len(registry.kept("enterprise_statement")) == 2


def test_a_telephone_is_corrected_sealed(registry: Registry, clerk: Clerk, firm: str) -> None:
    corrected(clerk, firm, phone="13812345678", legal_representative="李大同")

    assert clerk.get(firm).get_json()["phone"] == "138****5678"
    assert "13812345678" not in str(registry.kept("enterprise_statement"))


def test_an_object_is_corrected_and_the_next_file_keeps_off(
    registry: Registry, clerk: Clerk, car: str
) -> None:
    said = len(registry.said())
    answer = corrected(clerk, car, status="停用", maker="甲电梯厂")
    same = registry.take([elevator(1)])
    moved = registry.take([elevator(1, 名称="新名", 状态="在用")])

    shown = clerk.get(car).get_json()
    assert answer.get_json()["changed"] == ["maker", "status"]
    assert registry.said_since(said) == ["registry.object_recorded.v1"] * 2
    assert (classes(same), classes(moved)) == ({"same": 1}, {"changed": 1})
    assert (shown["label"], shown["status"], shown["maker"]) == ("新名", "stopped", "甲电梯厂")
    assert shown["status_since"] == TODAY.isoformat()
    assert [r["duty"] for r in shown["records"]] == ["inspection"]


def test_a_correction_of_an_object_can_be_taken_back(
    registry: Registry, clerk: Clerk, car: str
) -> None:
    corrected(clerk, car, status="停用")
    corrected(clerk, car, status=None)

    assert clerk.get(car).get_json()["status"] == "in_use"
    states = [
        item["changed"]["status"]["after"]
        for item in clerk.get(f"{car}/history").get_json()["items"]
    ]
    assert states == ["in_use", "stopped", "in_use"]


@pytest.mark.parametrize(
    ("body", "name", "code"),
    [
        ({"fields": {"name": "x"}}, "clerk-wang", "fields_wrong"),
        ({"fields": {"name": "x"}, "reason": "错"}, "clerk-wang", "fields_wrong"),
        ({"fields": {}, "reason": REASON}, "clerk-wang", "fields_wrong"),
        ({"fields": {"name": ""}, "reason": REASON}, "clerk-wang", "fields_wrong"),
        ({"fields": {"name": 3}, "reason": REASON}, "clerk-wang", "fields_wrong"),
        ({"fields": {"id": "x"}, "reason": REASON}, "clerk-wang", "field_unknown"),
        ({"fields": {"name": "x"}, "reason": REASON}, "", "caller_unnamed"),
    ],
    ids=["no-reason", "short", "nothing", "empty", "number", "unknown", "nobody"],
)
def test_a_correction_needs_a_name_a_reason_and_a_known_field(
    clerk: Clerk, firm: str, body: Any, name: str, code: str
) -> None:
    answer = clerk.patch(firm, body, name=name)

    assert answer.get_json()["code"] == code
    assert clerk.get(firm).get_json()["name"] == "企业1"


def test_an_enterprise_is_corrected_where_it_sits(clerk: Clerk, firm: str, car: str) -> None:
    body = {"fields": {"address": "东街"}, "reason": REASON}

    assert clerk.patch(firm, body, scope="610302").status_code == 404
    assert clerk.patch(car, body, scope="610302").status_code == 404
    assert clerk.patch(firm, body, scope="610303").status_code == 200
