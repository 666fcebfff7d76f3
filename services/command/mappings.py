"""bianque mapping check: what a mapping file says, and what it would make of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from services.chassis import clock
from services.command.saying import FINDINGS, a_table, as_json, err, fail, out, say_json
from services.registry.handlers import trying
from services.registry.mapping import MappingBroken, read_mapping
from services.registry.reading import FileBroken


@click.group()
def mapping() -> None:
    """Mapping files: how a source's table becomes records (docs/mapping.md)."""


@mapping.command()
@click.argument("mapping_file", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--rows", type=click.IntRange(1, 1000), default=trying.SHOWN, show_default=True)
@as_json
def check(mapping_file: Path, file: Path | None, rows: int, as_json: bool) -> None:
    """Say whether MAPPING_FILE is right, and what it would make of the first rows of FILE.

    Nothing is written, and no platform is asked. Exit code 1: among those rows some are
    wrong; 2: the mapping or the file is refused, with everything that is wrong with it.
    """
    try:
        read = read_mapping(mapping_file, today=clock.today())
        told = trying.said_by(read)
        if file is not None:
            told |= trying.tried(read, file, today=clock.today(), rows=rows)
    except MappingBroken as broken:
        for fault in broken.faults:
            err.print(f"  {fault}", soft_wrap=True, markup=False)
        fail(f"{mapping_file} is not right")
    except FileBroken as broken:
        fail(str(broken))
    if as_json:
        say_json(told)
    else:
        _say(told)
    raise SystemExit(FINDINGS if any(row["errors"] for row in told.get("rows", ())) else 0)


def _say(told: dict[str, Any]) -> None:
    out.print(f"{told['source']} · {told['kind']} · {told['about']}", markup=False)
    table = a_table("field", "columns")
    for field, columns in told["columns"].items():
        table.add_row(field, "、".join(columns))
    for field, text in told["constants"].items():
        table.add_row(field, f"= {text}")
    for condition in told["skips"]:
        table.add_row("skip", condition)
    out.print(table)
    if "rows" not in told:
        return
    sheet = f"sheet {told['sheet']}, " if told["sheet"] else ""
    out.print(f"{sheet}header in line {told['header_line']}", markup=False)
    if told["columns_not_used"]:
        out.print(f"not used: {'、'.join(told['columns_not_used'])}", markup=False)
    for row in told["rows"]:
        _say_row(row)


def _say_row(row: dict[str, Any]) -> None:
    verdict = f"skipped: {row['skipped']}" if row["skipped"] else ""
    verdict = "wrong" if row["errors"] else verdict or "good"
    out.print(f"line {row['line']}: {verdict}", markup=False)
    for fault in (*row["errors"], *row["findings"]):
        out.print(f"    ! {fault}", soft_wrap=True, markup=False)
    for field, value in row["values"].items():
        out.print(f"    {field}: {value}", soft_wrap=True, markup=False)
