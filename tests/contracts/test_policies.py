"""Every number is dated and sourced, every one is asked for, and the rulebook shows them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from services.chassis import rulebook
from services.chassis.policy import Policy, PolicyBroken
from services.chassis.policy_file import KINDS, kind_of
from services.chassis.profiles import profiles

ROOT = Path(__file__).parents[2]
SERVICES = ROOT / "services"
FILES = sorted(SERVICES.glob("*/policy.yaml"))
ASKS = {*KINDS, "source", "explain"}


def place(file: Path, name: str) -> str:
    return f"{file.relative_to(ROOT)}: {name}"


def trees(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(folder.rglob("*.py")):
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def questions(tree: ast.Module) -> Iterator[tuple[ast.Call, str, ast.expr]]:
    """Calls like policy.number("days_to_correct", on=...): the call, the kind, the name."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ASKS
            and ast.unparse(node.func.value).split(".")[-1] in {"policy", "_policy"}
            and node.args
        ):
            yield node, node.func.attr, node.args[0]


def spoken_of(folder: Path) -> re.Pattern[str]:
    """Every string in a service's code; an f-string that asks stands for all it can become."""
    patterns = set()
    for _, tree in trees(folder):
        patterns |= {
            re.escape(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        patterns |= {
            "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"
                for part in name.values
            )
            for _, _, name in questions(tree)
            if isinstance(name, ast.JoinedStr)
        }
    return re.compile("|".join(sorted(patterns)))


def kinds(file: Path) -> dict[str, str | None]:
    policies = [Policy.read(file, profile) for profile in profiles()]
    return {
        name: kind_of(dated.value)
        for policy in policies
        for name in policy.names
        for dated in policy.history(name)[:1]
    }


def compared_with(node: ast.AST) -> list[ast.expr | None]:
    """What a node compares something with, or looks something up by."""
    match node:
        case ast.Compare():
            return [node.left, *node.comparators]
        case ast.MatchValue():
            return [node.value]
        case ast.Dict():
            return list(node.keys)
        case _:
            return []


def test_there_are_policies() -> None:
    assert FILES, "no services/*/policy.yaml was found"


@pytest.mark.parametrize("profile", sorted(profiles()))
def test_every_policy_can_be_read_under_every_profile(profile: str) -> None:
    said = []
    for file in FILES:
        try:
            Policy.read(file, profile)
        except PolicyBroken as broken:
            said.append(str(broken))

    assert not said, "\n".join(said)


def test_every_entry_has_a_label_a_unit_a_source_and_dated_values() -> None:
    wanting = []
    for file in FILES:
        written = yaml.safe_load(file.read_text(encoding="utf-8"))
        policies = [Policy.read(file, profile) for profile in profiles()]
        for name, entry in written.items():
            held = [dated for policy in policies for dated in policy.history(name)]
            missing = [key for key in ("label", "unit") if not entry.get(key)]
            missing += [f"source for its value of {d.since}" for d in held if not d.source]
            missing += [] if held else ["dated value under any profile"]
            wanting += [f"{place(file, name)} has no {what}" for what in missing]

    assert not wanting, "\n".join(wanting)


def test_what_the_code_asks_for_is_in_its_services_policy() -> None:
    wrong = []
    for folder in sorted(path.parent for path in SERVICES.glob("*/__init__.py")):
        file = folder / "policy.yaml"
        known = kinds(file) if file.is_file() else {}
        for source, tree in trees(folder):
            for call, kind, name in questions(tree):
                if not isinstance(name, ast.Constant):
                    continue
                line = f"{source.relative_to(ROOT)}:{call.lineno} asks {kind} {name.value!r}"
                if name.value not in known:
                    wrong.append(f"{line}, which is not in {file.relative_to(ROOT)}")
                elif kind in KINDS and kind != known[name.value]:
                    wrong.append(f"{line}, but its values are each a {known[name.value]}")

    assert not wrong, "\n".join(wrong)


def test_no_number_stands_in_a_policy_that_nothing_asks_for() -> None:
    idle = []
    for file in FILES:
        folder = file.parent
        said = spoken_of(folder)
        idle += [
            f"{place(file, name)} is asked for nowhere in {folder.relative_to(ROOT)}: "
            "a bureau would change it and nothing would follow"
            for name in Policy.read(file).names
            if not said.fullmatch(name)
        ]

    assert not idle, "\n".join(idle)


def test_no_code_branches_on_the_name_of_a_profile() -> None:
    branches = [
        f"{source.relative_to(ROOT)}:{part.lineno}: a profile is data; ask the policy instead"
        for source, tree in trees(SERVICES)
        for node in ast.walk(tree)
        for part in compared_with(node)
        if isinstance(part, ast.Constant) and part.value in profiles()
    ]

    assert not branches, "\n".join(branches)


def test_the_rulebook_is_what_the_sources_say_now() -> None:
    kept = ROOT / "docs" / "rulebook.md"
    same = kept.is_file() and kept.read_text(encoding="utf-8") == rulebook.page(ROOT)

    assert same, "docs/rulebook.md is not what the sources say: run `make rulebook`"
