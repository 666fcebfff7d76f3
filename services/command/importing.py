"""bianque import: a file is handed in, and watched until it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import click
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from services.chassis.settings import from_environment
from services.command.client import NotAnswered, Rejected, Services, active, ask, until_taken
from services.command.saying import (
    FAILED,
    FINDINGS,
    a_table,
    as_json,
    err,
    fail,
    out,
    say_json,
    troubles_told,
)

ERRORS_SHOWN = 20
LOOK_SECONDS = 0.2
AWAY_SECONDS = 120  # the platform may be started again meanwhile: the job waits for it
IMPORTS = "/imports"
KINDS = (".xlsx", ".csv", ".json")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping", required=True, type=click.Path(path_type=Path), help="How to read it."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--all-or-nothing", is_flag=True, help="Take no row if any row is wrong.")
@click.option(
    "--errors",
    type=click.Path(path_type=Path),
    help="Write the wrong rows here, to be corrected and imported again (.xlsx, .csv, .json).",
)
@as_json
@troubles_told
def import_(
    file: Path,
    mapping: Path,
    dry_run: bool,
    all_or_nothing: bool,
    errors: Path | None,
    as_json: bool,
) -> None:
    """Import a census FILE (csv, xlsx, xls, ods) through a mapping file (docs/mapping.md).

    Good rows go in, wrong rows are listed: every row of the file is in exactly one of new,
    changed, same, wrong, skipped. Exit code 1: there are wrong rows.
    """
    for path in (file, mapping):
        if not path.is_file():
            fail(f"{path} is not a file that can be read")
    if errors is not None and errors.suffix not in KINDS:
        fail(f"--errors {errors}: its name must end in {', '.join(KINDS)}")
    with active(from_environment()) as services:
        report = import_file(
            services, file, mapping, dry_run=dry_run, all_or_nothing=all_or_nothing
        )
        if errors is not None and report["wrong"]:
            keep_errors(services, f"{IMPORTS}/{report['job_id']}", errors)
    if as_json:
        say_json(report)
    else:
        say_report(report, errors)
    raise SystemExit(exit_code(report))


def import_file(
    services: Services, file: Path, mapping: Path, *, to: str = IMPORTS, **options: bool
) -> Any:
    """Hand a file in and show its progress. Returns the report. Raises Rejected."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} rows"),
        TextColumn("{task.fields[pace]}"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as bar:
        task = bar.add_task(file.name, total=None, pace="")

        def show(progress: dict[str, Any]) -> None:
            share, rows = progress["share"], progress["rows"]
            total = rows / share if share else None
            bar.update(task, completed=rows, total=total, pace=_pace(progress))

        return imported(services, file, mapping, to=to, on_progress=show, options=options)


def imported(
    services: Services,
    file: Path,
    mapping: Path,
    *,
    to: str = IMPORTS,
    on_progress: Callable[[dict[str, Any]], None] = lambda _progress: None,
    pause: Callable[[], None] = lambda: time.sleep(LOOK_SECONDS),
    options: Mapping[str, bool] | None = None,
) -> dict[str, Any]:
    """The report of a file's import, when it is done. Raises Rejected, NotAnswered.

    *pause*: what to do between two looks; a platform without threads does the work in it.
    """
    key = str(uuid4())

    def hand_in() -> Any:
        return next(
            services.call(
                "registry",
                "POST",
                to,
                query={name: int(value) for name, value in (options or {}).items()},
                files={"file": file, "mapping": mapping},
                key=key,
            )
        )

    job = until_taken(hand_in)
    while job["state"] in ("waiting", "running"):
        if job["progress"]:
            on_progress(job["progress"])
        pause()
        job = _looked_at(services, f"{to}/{job['id']}")
    if job["report"] is None:
        raise Rejected(job["problem"])
    faults = ask(services, "registry", f"{to}/{job['id']}/errors.json")
    report: dict[str, Any] = job["report"] | {"job_id": job["id"]} | faults
    return report


def _looked_at(services: Services, path: str) -> dict[str, Any]:
    """How it stands. The platform may be away for a while: what it has promised is kept."""
    last, told = time.monotonic() + AWAY_SECONDS, False
    while True:
        try:
            job: dict[str, Any] = ask(services, "registry", path)
        except NotAnswered:
            if time.monotonic() > last:
                raise
            if not told:
                err.print("the platform is away; what was handed in waits there for it ...")
                told = True
            time.sleep(1)
        else:
            return job


def _pace(progress: dict[str, Any]) -> str:
    if progress["rows_per_second"] is None:
        return str(progress["stage"])
    minutes, seconds = divmod(progress["seconds_left"], 60)
    return f"{progress['rows_per_second']:,}/s · {minutes}:{seconds:02} left to read"


def keep_errors(services: Services, job: str, path: Path) -> None:
    """The wrong rows of a job, as the file's name says."""
    with path.open("wb") as file:
        for block in services.fetch("registry", f"{job}/errors{path.suffix}"):
            file.write(block)


def say_report(report: dict[str, Any], kept: Path | None) -> None:
    """The counts, and the first of the wrong rows."""
    sheet = f"sheet {report['sheet']}: " if report.get("sheet") else ""
    out.print(
        f"{sheet}rows {report['rows']:,} = new {report['new']:,} + "
        f"changed {report['changed']:,} + same {report['same']:,} + wrong {report['wrong']:,}"
        + (f" + skipped {report['skipped']:,}" if report["skipped"] else ""),
        markup=False,
    )
    for condition, rows in report["skips"].items():
        out.print(f"  skipped {rows:,}: {condition}", markup=False)
    errors = report.get("errors") or []
    if not errors:
        return
    places = ("line", "column", "value", "reason", "right")
    table = a_table("line", "column", "value", "reason", "right would be")
    for error in errors[:ERRORS_SHOWN]:
        table.add_row(*(escape(str(error.get(name, ""))) for name in places))
    out.print(table)
    if kept is not None:
        out.print(f"the wrong rows are in {kept}: correct them there and import it")
    elif report["wrong"]:
        if len(errors) > ERRORS_SHOWN:
            listed = f"{len(errors):,}{' and more' if report.get('more') else ''}"
            out.print(f"the first {ERRORS_SHOWN} of {listed} faults")
        out.print("--errors FILE.xlsx gives the wrong rows back to be corrected")


def exit_code(report: dict[str, Any]) -> int:
    """As a script has to know it."""
    if report.get("refused"):
        return FAILED
    return FINDINGS if report["wrong"] else 0
