"""bianque import, bianque evaluate: commands that change something."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.chassis.settings import from_environment
from services.command.client import Services, active, tell
from services.command.saying import (
    FAILED,
    FINDINGS,
    as_json,
    err,
    fail,
    out,
    say_json,
    troubles_told,
)

ERRORS_SHOWN = 20


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping", required=True, type=click.Path(path_type=Path), help="How to read it."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--all-or-nothing", is_flag=True, help="Take no row if any row is wrong.")
@as_json
@troubles_told
def import_(
    file: Path, mapping: Path, dry_run: bool, all_or_nothing: bool, as_json: bool
) -> None:
    """Import a census FILE (csv, csv.gz, xlsx) through a mapping file (docs/mapping.md).

    Good rows go in, wrong rows are listed: every row of the file is in exactly one of new,
    changed, same, wrong. Exit code 1: there are wrong rows.
    """
    for path in (file, mapping):
        if not path.is_file():
            fail(f"{path} is not a file that can be read")
    with active(from_environment()) as services:
        report = import_file(
            services, file, mapping, dry_run=dry_run, all_or_nothing=all_or_nothing
        )
    if as_json:
        say_json(report)
    else:
        _say_report(report)
    raise SystemExit(_exit_code(report))


def import_file(services: Services, file: Path, mapping: Path, **options: bool) -> Any:
    """Send a file and show its progress. Returns the report."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} rows"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as progress:
        task = progress.add_task(file.name, total=None)
        report = None
        for document in services.call(
            "registry",
            "POST",
            "/imports",
            query={name: int(value) for name, value in options.items()},
            files={"file": file, "mapping": mapping},
        ):
            if "progress" in document:
                progress.update(task, completed=document["progress"]["rows"])
            report = document.get("report", report)
            if "problem" in document:
                _fail_with(document["problem"])
    return report


@click.command()
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if not given.")
@troubles_told
def evaluate(on: datetime | None) -> None:
    """Evaluate every duty that changes by the day. Prints the attestation as one JSON object."""
    with active(from_environment()) as services:
        day = {"on": on.date().isoformat()} if on else {}
        attestation = tell(services, "inspection", "/evaluations", **day)
    say_json(attestation)


def _say_report(report: dict[str, Any]) -> None:
    out.print(
        f"rows {report['rows']:,} = new {report['new']:,} + changed {report['changed']:,} "
        f"+ same {report['same']:,} + wrong {report['wrong']:,}"
    )
    errors = report.get("errors") or []
    if not errors:
        return
    table = Table("line", "column", "value", "reason", "right would be")
    for error in errors[:ERRORS_SHOWN]:
        table.add_row(
            *(
                str(error.get(name, ""))
                for name in ("line", "column", "value", "reason", "right")
            )
        )
    out.print(table)
    if report["wrong"] > ERRORS_SHOWN:
        out.print(f"... {report['wrong'] - ERRORS_SHOWN:,} more; --json lists them")


def _fail_with(problem: dict[str, Any]) -> None:
    where = {k: v for k, v in problem.items() if k not in ("status", "title", "detail")}
    for place, value in where.items():
        err.print(f"  {place}: {value}", soft_wrap=True, markup=False)
    fail(str(problem.get("detail", problem)))


def _exit_code(report: dict[str, Any]) -> int:
    if report.get("refused"):
        return FAILED
    return FINDINGS if report["wrong"] else 0
