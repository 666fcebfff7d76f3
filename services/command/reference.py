"""bianque reference: the code tables in force, and newer editions of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from services.chassis.settings import from_environment
from services.command.client import Rejected, active, ask, passive, tell
from services.command.saying import a_table, as_json, err, fail, out, say_json, troubles_told

_WORDS = {"new": "新增", "ended": "停用", "renamed": "改名", "amended": "其他变更"}
_SHOWN = 40


@click.group()
def reference() -> None:
    """Divisions, equipment catalogue, industries and the other code tables."""


@reference.command("list")
@as_json
@troubles_told
def list_(as_json: bool) -> None:
    """Which tables there are, and which edition of each is in force today."""
    with passive(from_environment()) as services:
        items = ask(services, "registry", "/reference")["items"]
    if as_json:
        say_json(items)
        return
    table = a_table("table", "", "valid", "lines", "in force since", "digest", "loaded")
    for item in items:
        since = item["effective_on"] or "as shipped"
        table.add_row(
            item["table"],
            item["label"],
            f"{item['valid']:,}",
            f"{item['lines']:,}",
            since,
            item["digest"][:12],
            str(len(item["editions"])),
        )
    out.print(table)


@reference.command()
@click.argument("name", metavar="TABLE")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if not given.")
@click.option("--every", is_flag=True, help="Also codes that are not valid on that day.")
@as_json
@troubles_told
def show(name: str, on: datetime | None, every: bool, as_json: bool) -> None:
    """The codes of TABLE, with validity, successor and source."""
    day = {"on": on.date().isoformat()} if on else {}
    with passive(from_environment()) as services:
        found = ask(services, "registry", f"/reference/{name}", **day)
    shown = [entry for entry in found["entries"] if every or entry["valid"]]
    if as_json:
        say_json(found | {"entries": shown})
        return
    table = a_table("code", "name", "from", "until", "successor", "source")
    for entry in shown:
        names = ("code", "name", "valid_from", "valid_until", "successor", "source")
        table.add_row(*(entry[name] or "" for name in names))
    out.print(table)


@reference.command()
@click.argument("name", metavar="TABLE")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="Day it takes effect.")
@click.option("--dry-run", is_flag=True, help="Say what would change; keep nothing.")
@as_json
@troubles_told
def load(name: str, file: Path, since: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Load FILE as the newer edition of TABLE: the whole table, as CSV.

    It is refused with line and column where it contradicts itself. What it changes, and how
    many records carry a code that ends, is told; --dry-run tells it before anything is kept.
    """
    asked: dict[str, Any] = {"text": text_of(file), "file_name": file.name, "dry_run": dry_run}
    if since:
        asked["effective_on"] = since.date().isoformat()
    with active(from_environment()) as services:
        try:
            told = tell(services, "registry", f"/reference/{name}/editions", **asked)
        except Rejected as refused:
            _say_faults(refused.problem)
            raise
    if as_json:
        say_json(told)
    else:
        _say_changes(told)


def text_of(file: Path) -> str:
    """UTF-8 or GB 18030, as spreadsheets save it."""
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        fail(f"{file} is neither UTF-8 nor GB 18030 text")


def _say_faults(problem: dict[str, Any]) -> None:
    faults = problem.pop("faults", [])
    for fault in faults[:_SHOWN]:
        place = f"第{fault['line']}行 {fault['column']}"
        said = f"  {place} {fault['value']}: {fault['reason']} ({fault['right']})"
        err.print(said, soft_wrap=True, markup=False)


def _say_changes(told: dict[str, Any]) -> None:
    counts = "  ".join(f"{_WORDS[kind]} {many:,}" for kind, many in told["counts"].items())
    out.print(f"{told['table']} {told['lines']:,} lines, from {told['effective_on']}: {counts}")
    for change in told["changes"][:_SHOWN]:
        until = f" 至 {change['until']}" if change["until"] else ""
        heir = f" → {change['successor']}" if change["successor"] else ""
        carried = "".join(f", {many:,} {what}" for what, many in change["carried_by"].items())
        word = _WORDS[change["kind"]]
        out.print(f"  {word} {change['code']} {change['name']}{until}{heir}{carried}")
    if len(told["changes"]) > _SHOWN:
        out.print(f"  ... {len(told['changes']) - _SHOWN:,} more; --json lists them")
    if told["dry_run"]:
        out.print("nothing was kept (--dry-run)")
    elif not told["kept"]:
        out.print("this edition was loaded before; nothing changed")
