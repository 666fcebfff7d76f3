"""docs/words.md has the words of the contract, in Chinese and English, and no invented ones."""

from __future__ import annotations

import re
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from services.chassis.settings import SERVICES
from services.events import contract
from services.events.publish import meanings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Row(NamedTuple):
    """One line of a table on the page."""

    chinese: str
    english: str
    code: str
    last: str


def rows() -> list[Row]:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.splitlines()
        if line.startswith("| ")
    ]
    return [Row(*each) for each in cells if each[0] != "中文"]


def enums_in(module: str) -> dict[str, type[StrEnum]]:
    """The enums that a module, or the folder of that name, declares itself."""
    return {
        name: each
        for name, each in vars(import_module(module)).items()
        if isinstance(each, type)
        and issubclass(each, StrEnum)
        and each is not StrEnum
        and f"{each.__module__}.".startswith(f"{module}.")
    }


def contract_modules() -> list[str]:
    return sorted({contract.__name__} | {e.__module__ for e in contract.all_events()})


IN_EVENTS = {n: e for module in contract_modules() for n, e in enums_in(module).items()}
IN_SERVICES = {n: e for s in SERVICES for n, e in enums_in(f"services.{s}.model").items()}
IN_SERVICES |= enums_in("services.portal.model")
MEMBERS = [member for enum in IN_EVENTS.values() for member in enum]
VALUES = [row for row in rows() if "." in row.code]


def name_of(member: StrEnum) -> str:
    return f"{type(member).__name__}.{member.name}"


def code_of_the_product() -> str:
    return "\n".join(
        path.read_text(encoding="utf-8")
        for kind in ("*.py", "*.yaml")
        for path in sorted((ROOT / "services").rglob(kind))
    )


def test_the_contract_has_words() -> None:
    assert set(IN_EVENTS) >= {"Audience", "ObjectKind", "DutyKind", "ClearedBy", "EscalatedTo"}


@pytest.mark.parametrize("member", MEMBERS, ids=name_of)
def test_every_value_in_an_event_is_on_the_page_in_both_languages(member: StrEnum) -> None:
    [row] = [row for row in VALUES if row.code == f"`{name_of(member)}`"]

    assert row.last == f"`{member.value}`"
    assert re.search(r"[a-z]", row.english)
    assert CHINESE.search(row.chinese)
    assert row.chinese in meanings(type(member))[member.value]


@pytest.mark.parametrize("row", VALUES, ids=lambda row: row.code)
def test_every_value_on_the_page_exists(row: Row) -> None:
    enum, member = row.code.strip("`").split(".")

    assert f"`{(IN_EVENTS | IN_SERVICES)[enum][member].value}`" == row.last


def test_a_value_is_on_the_page_once() -> None:
    named = [row.code for row in VALUES]

    assert sorted(named) == sorted(set(named))


def test_an_enum_on_the_page_is_there_with_all_its_values() -> None:
    named = {row.code.strip("`") for row in VALUES}
    shown = {name.partition(".")[0] for name in named}
    whole = {name_of(m) for enum in shown for m in (IN_EVENTS | IN_SERVICES)[enum]}

    assert whole - named == set()


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.chinese)
def test_every_word_is_there_in_both_languages(row: Row) -> None:
    assert CHINESE.search(row.chinese)
    assert re.search(r"[a-z]", row.english)


def test_every_name_of_the_code_on_the_page_is_in_the_code() -> None:
    code = code_of_the_product()
    names = [row.code.strip("`") for row in rows() if row.code and "." not in row.code]

    gone = [name for name in names if not re.search(rf"\b{re.escape(name)}\b", code)]

    assert not gone
