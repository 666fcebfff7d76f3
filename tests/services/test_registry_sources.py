"""Several sources speak of one enterprise: each fact is the best-ranked source's that states it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from services.chassis.database import Database
from services.registry.rules import ranks
from services.registry.rules.ranks import Stated
from services.registry.store.staged import STATED
from services.registry.store.tables import Table
from tests.services.registry_stories import (
    TODAY,
    Registry,
    Urls,
    classes,
    opened,
    uscc,
)

SOURCES = ("daima", "tezhongshebei", "zhijian", "xianjian", "elsewhere")
FACTS = ("name", "division", "address", "status", "email", "grid", "industry", "size")
WORDS = {
    "name": ["甲厂", "甲制造厂", "甲厂有限公司"],
    "division": ["610302", "610303", "610304"],
    "status": ["active", "closed", "moved"],
    "industry": ["C3415", "3240"],
    "size": ["small", "micro"],
}
HEADER = {name: name for name in ("uscc", *FACTS)}


def mapping(source: str, *, fills: bool = False) -> str:
    text = f"mapping: 1\nsource: {source}\nkind: enterprise\ncolumns:\n"
    text += "".join(f"  {name}: {name}\n" for name in HEADER)
    return text + ("enterprises: fill\n" if fills else "")


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    return Registry(database, tmp_path)


def row(**facts: str | None) -> dict[str, str]:
    stated = {"uscc": uscc(1), "name": "甲厂", "division": "610303"} | facts
    return {name: stated.get(name) or "" for name in HEADER}


def test_a_name_is_that_of_the_codes_system_whoever_comes_last(registry: Registry) -> None:
    registry.take_table([row(name="登记的名称")], mapping("daima"))

    report = registry.take_table([row(name="别的名称", address="东街1号")], mapping("zhijian"))

    [one] = registry.kept("enterprise")
    assert classes(report) == {"changed": 1}
    assert (one["name"], one["address"]) == ("登记的名称", "东街1号")


def test_what_another_source_knows_better_changes_nothing_and_is_remembered(
    registry: Registry,
) -> None:
    registry.take_table([row(name="登记的名称")], mapping("daima"))
    said, before = len(registry.said()), registry.kept("enterprise")

    report = registry.take_table([row(name="别的名称")], mapping("zhijian"))

    assert classes(report) == {"same": 1}
    assert registry.kept("enterprise") == before
    assert registry.said_since(said) == []
    assert {s["name"] for s in registry.kept("enterprise_statement")} == {
        "登记的名称",
        "别的名称",
    }


def test_a_source_that_only_fills_stands_behind_all_others(registry: Registry) -> None:
    registry.take_table([row(address="补充的地址")], mapping("daima", fills=True))
    registry.take_table([row(address="说明的地址")], mapping("elsewhere"))

    [one] = registry.kept("enterprise")
    assert one["address"] == "说明的地址"


def test_a_change_of_status_notes_the_day(registry: Registry) -> None:
    registry.take_table([row(status="active")], mapping("daima"))
    [before] = registry.kept("enterprise")
    registry.take_table([row(status="closed")], mapping("daima"))
    [after] = registry.kept("enterprise")

    assert (before["status_since"], after["status_since"]) == (None, TODAY)


statements = st.lists(
    st.tuples(
        st.sampled_from(SOURCES),
        st.booleans(),
        st.fixed_dictionaries(
            {"name": st.sampled_from(WORDS["name"])},
            optional={
                name: st.sampled_from(WORDS.get(name, ["一", "二", "a@b.cn"]))
                for name in FACTS
                if name != "name"
            },
        ),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda said: said[:2],
)


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=statements, data=st.data())
def test_any_order_of_the_sources_ends_in_the_same_file(
    database: Database, tmp_path: Path, said: list[Any], data: st.DataObject
) -> None:
    said = [(s, f, {"division": "610303"} | facts) for s, f, facts in said]
    shuffled = data.draw(st.permutations(said))

    files = [file_after(database, tmp_path, each) for each in (said, shuffled)]

    assert files == [expected(said)] * 2


def file_after(database: Database, folder: Path, said: list[Any]) -> dict[str, Any]:
    with database.engine.begin() as connection:
        for table in Table.metadata.tables.values():
            connection.execute(table.delete())
    registry = Registry(database, folder)
    for source, fills, facts in said:
        registry.take_table([row(**facts)], mapping(source, fills=fills))
    [one] = registry.kept("enterprise")
    return {name: one[name] for name in STATED}


# An organisation code stands inside every credit code (GB 32100, characters 9 to 17).
CODES = {"uscc": uscc(1), "organisation_code": uscc(1)[8:17]}


def expected(said: list[Any]) -> dict[str, Any]:
    """The rule itself, without a database."""
    stated = [
        Stated(source, fills, CODES | facts | _email(facts)) for source, fills, facts in said
    ]
    best = {
        name: ranks.best(stated, "enterprise", name, ranks=ranks.shipped(), on=TODAY)
        for name in STATED
    }
    found = {name: one.value if one else None for name, one in best.items()}
    return found | {"status": found["status"] or "active"}


def _email(facts: dict[str, str]) -> dict[str, str | None]:
    """What is no address is not taken."""
    return {"email": facts["email"] if "@" in facts.get("email", "") else None}


def test_a_line_of_ranks_that_names_more_goes_before_one_that_names_less() -> None:
    order = ranks.shipped().of("enterprise", "name", on=date(2026, 1, 1))

    assert order["daima"] < order["*"]
    assert order["manual"] < order["daima"]
    assert ranks.shipped().of("enterprise", "address", on=date(2026, 1, 1))["daima"] == 400
