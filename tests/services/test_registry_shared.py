"""An object that several sources know by one number is one object, and the best sources' word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from services.chassis.database import Database
from services.registry.store.tables import Table
from tests.services.registry_stories import (
    TODAY,
    Registry,
    Urls,
    classes,
    codes,
    opened,
    uscc,
)

NUMBER = "310010123201500001"
FACTS = ("address", "maker", "status", "status_since", "commissioned_on", "grid")


def mapping(source: str) -> str:
    text = f"mapping: 1\nsource: {source}\nkind: equipment\ncolumns:\n"
    names = ("key", "number", "class_code", "label", "division", *FACTS)
    text += "".join(f"  {name}: {name}\n" for name in names)
    return text + "  owner.uscc: uscc\n  owner.name: owner\n"


def row(key: str, **facts: str) -> dict[str, str]:
    usual = {
        "key": key,
        "number": NUMBER,
        "class_code": "3100",
        "label": "电梯",
        "division": "610303",
        "uscc": uscc(1),
        "owner": "甲厂",
    }
    return dict.fromkeys((*usual, *FACTS), "") | usual | facts


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    return Registry(database, tmp_path)


def test_a_second_source_of_a_number_makes_no_second_object(registry: Registry) -> None:
    registry.take_table([row("T1", maker="甲电梯厂")], mapping("tezhongshebei"))

    report = registry.take_table(
        [row("Z9", maker="别的名称", address="东街1号")], mapping("zhijian")
    )

    [one] = registry.kept("object")
    assert classes(report) == {"changed": 1}
    assert (one["key"], one["source"]) == ("T1", "tezhongshebei")
    assert (one["maker"], one["address"]) == ("甲电梯厂", "东街1号")


def test_the_same_files_again_change_nothing(registry: Registry) -> None:
    files = [
        ([row("T1", maker="甲电梯厂")], mapping("tezhongshebei")),
        ([row("Z9", maker="别的名称", address="东街1号")], mapping("zhijian")),
    ]
    for rows, by in files:
        registry.take_table(rows, by)
    tables = ("object", "object_statement", "object_alias", "object_version")
    before, said = [registry.kept(table) for table in tables], registry.said()

    again = [classes(registry.take_table(rows, by)) for rows, by in files]

    assert again == [{"same": 1}, {"same": 1}]
    assert [registry.kept(table) for table in tables] == before
    assert registry.said() == said


def test_a_source_finds_its_object_again_when_the_number_was_put_right(
    registry: Registry,
) -> None:
    registry.take_table([row("T1")], mapping("tezhongshebei"))
    registry.take_table([row("Z9")], mapping("zhijian"))

    report = registry.take_table(
        [row("Z9", number="310010123201500002", address="东街1号")], mapping("zhijian")
    )

    [one] = registry.kept("object")
    assert classes(report) == {"changed": 1}
    assert (one["number"], one["address"]) == (NUMBER, "东街1号")


def test_two_rows_of_one_file_cannot_both_be_the_object_of_another_source(
    registry: Registry,
) -> None:
    registry.take_table([row("T1")], mapping("tezhongshebei"))

    report = registry.take_table([row("Z8"), row("Z9")], mapping("zhijian"))

    assert classes(report) == {"same": 1, "wrong": 1}
    assert codes(report) == [(3, "key", "duplicate_key")]


def test_numbers_that_makers_give_are_no_grounds_to_take_two_objects_for_one(
    registry: Registry,
) -> None:
    registry.take_table([row("T1", number="20130001")], mapping("tezhongshebei"))
    registry.take_table([row("Z9", number="20130001")], mapping("zhijian"))

    assert len(registry.kept("object")) == 2


def test_a_dry_run_tells_the_same_and_keeps_nothing(registry: Registry) -> None:
    registry.take_table([row("T1")], mapping("tezhongshebei"))

    dry = registry.take_table([row("Z9", address="东街")], mapping("zhijian"), dry_run=True)

    assert classes(dry) == {"changed": 1}
    assert registry.kept("object_statement") == registry.kept("object_alias") == []


def test_any_order_of_the_sources_ends_in_the_same_object(
    database: Database, tmp_path: Path
) -> None:
    said = {
        "tezhongshebei": {"maker": "甲电梯厂", "status": "停用", "status_since": "2013-01-02"},
        "zhijian": {"maker": "别的", "address": "东街1号", "commissioned_on": "2010-03-01"},
        "elsewhere": {"address": "西街2号", "grid": "G7", "status": "在用"},
    }

    ends = []
    for order in permutations(said):
        empty(database)
        registry = Registry(database, tmp_path)
        for source in order:
            registry.take_table([row(source, **said[source])], mapping(source))
        ends.append(_facts(registry))

    assert all(end == ends[0] for end in ends)
    assert ends[0]["maker"] == "甲电梯厂"
    assert ends[0]["address"] == "西街2号"
    assert ends[0]["grid"] == "G7"
    assert ends[0]["status"] == "stopped"


def empty(database: Database) -> None:
    with database.engine.begin() as connection:
        for table in Table.metadata.tables.values():
            connection.execute(table.delete())


def _facts(registry: Registry) -> dict[str, Any]:
    [one] = registry.kept("object")
    return {name: one[name] for name in (*FACTS, "number", "label", "class_code", "division")}
