"""The shape of the code: small modules, one clock, one bus, no business in the mechanics."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("services", "tests", "bench")
MODULES = sorted(path for name in FOLDERS for path in (ROOT / name).rglob("*.py"))
PRODUCT = [path for path in MODULES if path.is_relative_to(ROOT / "services")]
CHASSIS = ROOT / "services" / "chassis"
BUS = CHASSIS / "bus"
CLOCK = CHASSIS / "clock.py"

MODULE_LINES = 400
FUNCTION_LINES = 40
BUS_LIBRARIES = {"nameko", "kombu", "eventlet", "amqp"}

ASKS_THE_TIME = re.compile(
    r"(datetime|date|dt)\.(now|today|utcnow)"
    r"|time\.(time|time_ns|localtime|gmtime|ctime|strftime)"
    r"|func\.(now|current_date|current_timestamp|localtimestamp)"
)

BUSINESS = re.compile(
    r"enterprise|warning|credit|blacklist|elevator|crane|boiler|equipment|instrument|licen[cs]e"
    r"|inspect|overdue|rectif|penalt|bad.information|alert|duty|duties"
    r"|企业|预警|黑名单|电梯|特种设备|计量|许可证|检验|检定|不良信息|整改|失信"
)
# Phrases that only look like it, and why.
ALLOWED = {
    "log.warning": "a level of logging",
    "logging.WARNING": "a level of logging",
    "debug, info, warning or error": "the levels of logging",
    '"warning"': "a level of logging",
    "warnings": "Python's module",
    "InstrumentedAttribute": "SQLAlchemy's class",
    'SERVICES = ("registry", "inspection", "credit", "notify")': "names of services",
    "/610300/credit": "a source: bureau and service",
    '"enterprise/<id>"': "a subject of an envelope",
}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def own_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its length without the functions that it only holds, as a factory of views does."""
    if (whole := (function.end_lineno or 0) - function.lineno + 1) <= FUNCTION_LINES:
        return whole
    held = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node is not function
    ]
    inside = {line for node in held for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    return whole - len(inside)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def public_classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """The modules a file imports, anywhere in it, with the line."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def test_there_is_something_to_look_at() -> None:
    assert len(PRODUCT) > 50


def test_every_module_can_be_read_in_one_sitting() -> None:
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in PRODUCT
    }

    assert {path: count for path, count in lines.items() if count > MODULE_LINES} == {}


def test_every_function_fits_on_a_screen() -> None:
    long = [
        f"{place(path, node.lineno)} {node.name}: {lines} lines"
        for path in MODULES
        if path.parent.name != "migrations"  # lists of columns, never edited again
        for node in functions(path)
        if (lines := own_lines(node)) > FUNCTION_LINES
    ]

    assert not long, "\n".join(long)


def test_no_module_is_called_like_one_of_the_standard_library() -> None:
    named = {
        part.removesuffix(".py")
        for path in MODULES
        for part in path.relative_to(ROOT).parts
        if part != "__init__.py"
    }

    assert named & sys.stdlib_module_names == set()


def test_every_module_and_every_public_class_says_what_it_is() -> None:
    silent = [
        place(path, getattr(node, "lineno", 1))
        for path in PRODUCT
        for node in [tree_of(path), *public_classes(tree_of(path))]
        if not ast.get_docstring(node)
    ]

    assert not silent, "\n".join(silent)


def test_only_the_bus_knows_what_it_is_made_of() -> None:
    elsewhere = [
        f"{place(path, line)} imports {name}"
        for path in PRODUCT
        if not path.is_relative_to(BUS)
        for name, line in imported(path)
        if name.partition(".")[0] in BUS_LIBRARIES
    ]

    assert not elsewhere, "\n".join(elsewhere)


def test_only_the_clock_asks_the_time() -> None:
    asked = [
        f"{place(path, node.lineno)} {ast.unparse(node)}"
        for path in PRODUCT
        if path != CLOCK
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and ASKS_THE_TIME.fullmatch(".".join(ast.unparse(node).split(".")[-2:]))
    ]

    assert not asked, "ask services/chassis/clock.py instead:\n" + "\n".join(asked)


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("datetime.now(UTC)", True),
        ("datetime.datetime.utcnow()", True),
        ("date.today()", True),
        ("time.time()", True),
        ("clock.now()", False),
        ("clock.today()", False),
        ("time.monotonic()", False),
        ("date.fromisoformat(text)", False),
    ],
)
def test_it_knows_a_question_for_the_time_when_it_sees_one(line: str, asks: bool) -> None:
    called = ast.parse(line).body[0].value.func  # type: ignore[attr-defined]

    assert bool(ASKS_THE_TIME.fullmatch(".".join(ast.unparse(called).split(".")[-2:]))) == asks


def business_words(source: str) -> list[tuple[int, str]]:
    """Lines of code, text or comment with a word of the business, less what is allowed."""
    found = []
    for number, line in enumerate(source.splitlines(), start=1):
        for phrase in ALLOWED:
            line = line.replace(phrase, "")
        if word := BUSINESS.search(line.lower()):
            found.append((number, word[0]))
    return found


def code_without_module_docstring(path: Path) -> str:
    """The first docstring may say what does not belong here; everything after it counts."""
    source = path.read_text(encoding="utf-8")
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    first = next(t for t in tokens if t.type not in (tokenize.COMMENT, tokenize.NL))
    after = first.end[0] if first.type == tokenize.STRING else 0
    lines = source.splitlines()
    return "\n".join(["" for _ in lines[:after]] + lines[after:])


def test_the_mechanics_know_no_business_word() -> None:
    known = [
        f"{place(path, number)}: {word}"
        for path in sorted(CHASSIS.rglob("*.py"))
        for number, word in business_words(code_without_module_docstring(path))
    ]

    assert not known, "\n".join(known)


def test_a_business_word_in_the_mechanics_would_be_seen() -> None:
    source = "log.warning('x')\ndef blacklist(enterprise_id): ...\n# 企业"

    assert business_words(source) == [(2, "blacklist"), (3, "企业")]


def test_every_allowance_is_still_needed() -> None:
    said = "".join(code_without_module_docstring(path) for path in CHASSIS.rglob("*.py"))

    assert [phrase for phrase in ALLOWED if phrase not in said] == []
