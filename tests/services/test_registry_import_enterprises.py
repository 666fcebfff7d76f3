"""Enterprises through an import: as rows of their own, and as the owners of things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from services.chassis.database import Database
from services.registry.store import identity
from tests.services.registry_stories import (
    ELEVATORS,
    ENTERPRISES,
    TODAY,
    Registry,
    Urls,
    classes,
    codes,
    elevator,
    enterprise,
    opened,
    uscc,
)


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    return Registry(database, tmp_path)


def test_a_row_is_changed_when_the_facts_of_its_owner_changed(registry: Registry) -> None:
    registry.take([elevator(number) for number in range(6)])
    said = len(registry.said())

    report = registry.take([elevator(number, 单位=f"新名{number % 3}") for number in (0, 3)])

    assert classes(report) == {"changed": 2}
    assert registry.said_since(said) == ["registry.enterprise_recorded.v1"]


def test_an_object_that_goes_to_another_owner_is_changed(registry: Registry) -> None:
    registry.take([elevator(0), elevator(1)])

    report = registry.take([elevator(0, 单位编号="U1", 单位="单位1")])

    owners = {row["enterprise_id"] for row in registry.kept("object")}
    assert classes(report) == {"changed": 1}
    assert len(owners) == 1


def test_what_a_wrong_row_says_of_its_owner_does_not_count(registry: Registry) -> None:
    registry.take([elevator(1), elevator(1, 单位="只在重复行里的名称")])

    assert [row["name"] for row in registry.kept("enterprise")] == ["单位1"]


def test_of_different_words_about_one_owner_the_last_row_counts(registry: Registry) -> None:
    registry.take(
        [elevator(0, 单位="旧名"), elevator(3, 单位="中间"), elevator(6, 单位="新名")]
    )

    assert [row["name"] for row in registry.kept("enterprise")] == ["新名"]


def test_an_owner_without_a_name_must_be_known(registry: Registry) -> None:
    unknown = registry.take([elevator(0, 单位="")])
    registry.take([elevator(3)])
    known = registry.take([elevator(0, 单位="")])

    assert classes(unknown) == {"wrong": 1}
    assert codes(unknown) == [(2, "单位编号", "owner_unknown")]
    assert classes(known) == {"new": 1}
    assert [row["name"] for row in registry.kept("enterprise")] == ["单位0"]


def test_an_owner_without_a_name_may_be_named_by_another_row(registry: Registry) -> None:
    report = registry.take([elevator(0, 单位=""), elevator(3)])

    assert classes(report) == {"new": 2}


def test_an_enterprise_with_a_code_is_one_over_all_sources(registry: Registry) -> None:
    with_code = ELEVATORS.replace("owner.key: 单位编号", "owner.uscc: 单位编号")
    registry.take([enterprise(1)], ENTERPRISES)
    said = len(registry.said())

    report = registry.take([elevator(0, 单位编号=uscc(1), 单位="企业1")], with_code)

    [one] = registry.kept("enterprise")
    assert classes(report) == {"new": 1}
    assert str(one["id"]) == str(UUID(identity.enterprise_by_uscc(uscc(1))))
    assert registry.said_since(said) == ["registry.object_recorded.v1"]


def test_an_enterprise_that_gets_its_code_stays_the_same_one(registry: Registry) -> None:
    registry.take([enterprise(1, 代码="")], ENTERPRISES)
    [before] = registry.kept("enterprise")

    report = registry.take([enterprise(1)], ENTERPRISES)

    [after] = registry.kept("enterprise")
    assert classes(report) == {"changed": 1}
    assert (after["id"], after["uscc"]) == (before["id"], uscc(1))


def test_a_key_that_goes_to_another_enterprise_follows_the_code(registry: Registry) -> None:
    registry.take([enterprise(1, 档案号="D1")], ENTERPRISES)

    report = registry.take([enterprise(2, 档案号="D1")], ENTERPRISES)

    [key] = registry.kept("enterprise_key")
    assert classes(report) == {"new": 1}
    assert str(key["enterprise_id"]) == str(UUID(identity.enterprise_by_uscc(uscc(2))))


def test_two_rows_of_one_enterprise_are_a_duplicate_by_key_and_by_code(
    registry: Registry,
) -> None:
    report = registry.take(
        [enterprise(1), enterprise(1, 档案号="D9"), enterprise(2, 档案号="D1")], ENTERPRISES
    )

    assert classes(report) == {"new": 1, "wrong": 2}
    assert codes(report) == [(3, "档案号", "duplicate_key"), (4, "档案号", "duplicate_key")]


def test_contacts_are_said_apart_and_only_when_they_change(registry: Registry) -> None:
    registry.take([enterprise(1)], ENTERPRISES)
    with_mail = registry.take([enterprise(1, 邮箱="a@example.com")], ENTERPRISES)
    moved = registry.take([enterprise(1, 邮箱="a@example.com", 住所="新址")], ENTERPRISES)

    assert registry.said_since(0) == [
        "registry.enterprise_recorded.v1",
        "registry.contact_recorded.v1",
    ]
    assert classes(with_mail) == classes(moved) == {"changed": 1}


def test_an_empty_cell_erases_nothing(registry: Registry) -> None:
    registry.take([enterprise(1, 邮箱="a@example.com", 住所="老街1号")], ENTERPRISES)

    report = registry.take([enterprise(1)], ENTERPRISES)

    [one] = registry.kept("enterprise")
    assert classes(report) == {"same": 1}
    assert (one["email"], one["address"]) == ("a@example.com", "老街1号")


def test_a_file_that_only_fills_does_not_rename(registry: Registry) -> None:
    filling = (
        ELEVATORS.replace("owner.key: 单位编号", "owner.uscc: 单位编号") + "enterprises: fill\n"
    )
    registry.take([enterprise(1)], ENTERPRISES)

    report = registry.take([elevator(0, 单位编号=uscc(1), 单位="别的名称")], filling)

    [one] = registry.kept("enterprise")
    assert classes(report) == {"new": 1}
    assert one["name"] == "企业1"


def test_an_objects_place_is_no_statement_about_its_owners(registry: Registry) -> None:
    registry.take([elevator(0, 区县="610303")])

    registry.take([elevator(3, 区县="610302")])

    [one] = registry.kept("enterprise")
    assert one["division"] == "610303"
