"""The page of what must never happen names tests that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "acceptance.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)]


def named(row: str) -> list[tuple[str, str]]:
    """(file, test) of every test that a row names; one without a file is of the file before."""
    found: list[tuple[str, str]] = []
    for path, name in re.findall(r"`(tests/[\w/]+\.py)?::(\w+)`", row):
        found.append((path or found[-1][0], name))
    return found


def defined_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    assigned = (each.targets[0] for each in tree.body if isinstance(each, ast.Assign))
    return functions | {each.id for each in assigned if isinstance(each, ast.Name)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_every_promise_has_tests_that_are_there(row: str) -> None:
    tests = named(row)

    assert tests
    assert [each for each in tests if each[1] not in defined_in(each[0])] == []


def test_no_promise_has_got_lost() -> None:
    assert [int(row.split("|")[1]) for row in ROWS] == [*range(1, 10), 13]
