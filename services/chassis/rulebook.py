"""The rulebook: rules, numbers and worked cases as one page that a clerk can read.

    python -m services.chassis.rulebook docs/rulebook.md

Rules are the docstrings of public functions in services/*/rules, numbers the entries of
services/*/policy.yaml under every profile, cases the books in tests/rules/cases. Nothing
is imported from a service and nothing is dated, so the same sources give the same page.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from services.chassis.policy import DatedValue, Policy
from services.chassis.profiles import profiles

ROOT = Path(__file__).parents[2]
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_AFTER_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff》）)])([,;:.])(?=\W|[\u4e00-\u9fff]|$) ?")
_FULL_WIDTH = {",": "，", ";": "；", ":": "：", ".": "。"}
_BOOK_KEYS = ("规则", "案例")
_CASE = "情形"
_FOREWORD = (
    "本页由 `make rulebook` 从程序、数值文件和案例生成，请勿直接修改。"
    "数值自注明的日期起生效；本局可在自己的文件中增加带日期和出处的值，优先于本页。"
)
_EVERY_PROFILE = "各取值方案相同"


class CaseBookBroken(ValueError):
    """A case book lacks what every book has; the message names the file."""

    code = "case_book_broken"


def page(root: Path = ROOT) -> str:
    """The whole rulebook of a source tree, in Markdown. Raises PolicyBroken, CaseBookBroken."""
    services = sorted(path.parent for path in (root / "services").glob("*/__init__.py"))
    parts = [
        "# 规则手册",
        _FOREWORD,
        *_profiles(),
        *(part for service in services for part in _service(service)),
        *_cases(root / "tests" / "rules" / "cases"),
    ]
    return "\n\n".join(parts) + "\n"


def _profiles() -> Iterator[str]:
    yield "## 取值方案"
    yield _table(
        [
            {"名称": each.name, "含义": each.label, "说明": each.meaning}
            for each in profiles().values()
        ]
    )


def _service(folder: Path) -> Iterator[str]:
    rules = list(_rules(folder))
    numbers = list(_numbers(folder / "policy.yaml"))
    if not rules and not numbers:
        return
    yield f"## {_title(folder / '__init__.py') or folder.name} ({folder.name})"
    if rules:
        yield "### 规则"
        yield from rules
    if numbers:
        yield "### 数值"
        yield from numbers


def _rules(folder: Path) -> Iterator[str]:
    for path in sorted([*folder.glob("rules*.py"), *folder.glob("rules*/**/*.py")]):
        told = list(_told(ast.parse(path.read_text(encoding="utf-8"))))
        if told:
            yield f"#### {_title(path) or path.stem}"
            yield "\n".join(told)


def _told(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            sentences = _sentences(ast.get_docstring(node) or "")
            if sentences:
                yield f"- {''.join(sentences)} `{node.name}`"


def _sentences(docstring: str) -> list[str]:
    """What is said to the clerk: the first paragraph if it has Chinese, further mostly Chinese."""
    first, *further = (_unwrapped(part) for part in docstring.split("\n\n"))
    said = [first] if _CHINESE.search(first) else []
    said += [
        part for part in further if len(_CHINESE.findall(part)) > len(_LATIN.findall(part))
    ]
    return [_AFTER_CHINESE.sub(lambda mark: _FULL_WIDTH[mark[1]], part) for part in said]


def _unwrapped(paragraph: str) -> str:
    joined = re.sub(r"\s*\n\s*", "\n", paragraph.strip())
    return re.sub(r"(?<=[!-~])\n(?=[!-~])", " ", joined).replace("\n", "")


def _title(path: Path) -> str:
    """The Chinese name before the dash in the first line of a module; empty if it has none."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    name = said.split("\n")[0].split(" — ")[0]
    return name.rstrip(".") if _CHINESE.search(name) else ""


def _numbers(path: Path) -> Iterator[str]:
    if not path.is_file():
        return
    policies = {each.label: Policy.read(path, each.name) for each in profiles().values()}
    for name in next(iter(policies.values())).names:
        yield from _entry(name, policies)


def _entry(name: str, policies: Mapping[str, Policy]) -> Iterator[str]:
    shipped = next(iter(policies.values()))
    yield f"#### {_flat(shipped.label(name))}"
    yield f"`{name}`，单位：{_flat(shipped.unit(name))}"
    histories = {title: policy.history(name) for title, policy in policies.items()}
    first, *others = histories.values()
    if all(history == first for history in others):
        histories = {_EVERY_PROFILE: first}
    for title, history in histories.items():
        yield f"{title}："
        lines = "\n".join(line for value in history for line in _dated(value))
        yield lines.rstrip() or "- 无"


def _dated(dated: DatedValue) -> Iterator[str]:
    table = dated.value if isinstance(dated.value, list) else None
    shown = f"**{_flat(dated.value)}**" if table is None else "见表"
    yield f"- 自 {dated.since} 起：{shown}"
    yield f"  - 出处：{_flat(dated.source)}"
    if dated.silent_on:
        yield f"  - 出处未说明：{_flat(dated.silent_on)}"
    if table:
        yield "\n" + re.sub("^", "  ", _table(table), flags=re.MULTILINE) + "\n"


def _cases(folder: Path) -> Iterator[str]:
    paths = sorted(folder.rglob("*.yaml"))
    if paths:
        yield "## 案例"
        yield "下列案例由业务部门核对；每次改动程序都逐条验算。"
    for path in paths:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        for book in written if isinstance(written, list) else [written]:
            yield from _book(path, book)


def _book(path: Path, book: object) -> Iterator[str]:
    if not isinstance(book, dict) or not isinstance(book.get("规则"), str):
        raise CaseBookBroken(
            f"{path}: 没有 规则; 应为 规则: 一句话, 案例: 一列带有 情形 的映射"
        )
    cases = book.get("案例")
    if not isinstance(cases, list) or not all(_is_case(case) for case in cases):
        raise CaseBookBroken(f"{path}: 案例 应为一列映射, 每个都有 情形")
    for case in cases:
        if cut := [key for key, said in case.items() if said is None]:
            raise CaseBookBroken(
                f"{path}: 情形 {case[_CASE]!r} 的 {cut[0]!r} 没有值; "
                "情形中的逗号应为全角, 半角逗号会把一句话切成两段"
            )
    yield f"### {_flat(book['规则'])}"
    for key, said in book.items():
        if key not in _BOOK_KEYS:
            yield f"{key}：{_flat(said)}"
    yield _table(cases)


def _is_case(case: object) -> bool:
    return isinstance(case, dict) and isinstance(case.get(_CASE), str)


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """A Markdown table; its columns are those of the rows in the order in which they appear."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [columns, ["---"] * len(columns)]
    lines += [[_flat(row.get(column, "")) for column in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _flat(value: object) -> str:
    """Any value of a YAML file in one line that a table can hold."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None:
        return "无"
    if isinstance(value, dict):
        return "；".join(f"{key} {_flat(each)}" for key, each in value.items())
    if isinstance(value, list):
        return "、".join(_flat(each) for each in value)
    return _unwrapped(str(value)).replace("|", "\\|")


def main(arguments: Sequence[str]) -> None:
    """Write the rulebook into the file that is named, or to standard output if none is."""
    if arguments:
        Path(arguments[0]).write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())


if __name__ == "__main__":
    main(sys.argv[1:])
