"""bianque census: how far the census has come, and where it differs from the registry."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from services.chassis.settings import from_environment
from services.command import importing
from services.command.client import Services, active, ask, passive
from services.command.saying import a_table, as_json, fail, out, say_json, troubles_told

WORDS = {
    "registered_not_surveyed": "登记在册而没有普查",
    "surveyed_not_registered": "普查到而没有登记",
    "maker_missing": "制造单位不明",
    "filing_missing": "没有安装告知(备案)",
    "registration_missing": "没有使用登记",
    "operator_missing": "有须持证操作的设备而没有持证人员",
    "due_date_missing": "没有检验、检定或复审日期",
    "user_missing": "使用人不是产权人又没有写明",
}
_day = click.DateTime(["%Y-%m-%d"])


@click.group(invoke_without_command=True)
@click.option("--by", type=click.Choice(["district", "grid", "kind"]), help="The cut.")
@click.option("--on", type=_day, help="As it stood on that day; today if not given.")
@as_json
@click.pass_context
@troubles_told
def census(context: click.Context, by: str | None, on: datetime | None, as_json: bool) -> None:
    """Coverage of the last campaign: surveyed ÷ planned, in total or by a cut."""
    if context.invoked_subcommand is not None:
        return
    asked = {"by": by or "total"} | ({"on": on.date().isoformat()} if on else {})
    with passive(from_environment()) as services:
        campaign = _last(services)
        told = ask(services, "registry", f"/census/{campaign['id']}/coverage", **asked)
    if as_json:
        say_json(told)
        return
    out.print(f"{campaign['name']}, {told['on']}, 计划第 {told['plan_version'] or '-'} 版")
    table = a_table(by or "", "计划", "已普查", "未找到", "拒绝", "尚余", "覆盖率")
    for share in [*told["items"], told["total"]]:
        table.add_row(*_cells(share))
    out.print(table)


@census.command()
@as_json
@troubles_told
def gaps(as_json: bool) -> None:
    """Where plan, census and registry differ, and what the records lack."""
    with passive(from_environment()) as services:
        told = ask(services, "registry", f"/census/{_last(services)['id']}/gaps")
    if as_json:
        say_json(told)
        return
    table = a_table("", "")
    table.add_row("计划内尚未普查", f"{told['planned_not_surveyed']:,}")
    for which, many in told["records"].items():
        table.add_row(WORDS[which], f"{many:,}")
    out.print(table)


@census.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--mapping",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="How to read it (docs/census.md).",
)
@click.option("--dry-run", is_flag=True, help="Say what is wrong; take nothing in.")
@click.option(
    "--errors",
    type=click.Path(path_type=Path),
    help="Write the wrong lines here, to be corrected and handed in again (.xlsx, .csv, .json).",
)
@as_json
@troubles_told
def import_(
    file: Path, mapping: Path, dry_run: bool, errors: Path | None, as_json: bool
) -> None:
    """Take in a surveyor's sheet: FILE (csv, xlsx, xls, ods) through a mapping.

    Good lines go in, wrong ones are listed; the same sheet again changes nothing. Exit
    code 1: there are wrong lines.
    """
    if errors is not None and errors.suffix not in importing.KINDS:
        fail(f"--errors {errors}: its name must end in {', '.join(importing.KINDS)}")
    with active(from_environment()) as services:
        to = f"/census/{_last(services)['id']}/sheets"
        report = importing.import_file(services, file, mapping, to=to, dry_run=dry_run)
        if errors is not None and report["wrong"]:
            importing.keep_errors(services, f"{to}/{report['job_id']}", errors)
    if as_json:
        say_json(report)
    else:
        importing.say_report(report, errors)
    raise SystemExit(importing.exit_code(report))


def _last(services: Services) -> dict[str, Any]:
    items: list[dict[str, Any]] = ask(services, "registry", "/census")["items"]
    if not items:
        fail("no census has begun: docs/census.md tells how to begin one")
    return items[0]


def _cells(share: dict[str, Any]) -> list[str]:
    percent = "" if share["percent"] is None else f"{share['percent']:.1f} %"
    names = ("planned", "surveyed", "not_found", "refused", "left")
    return [share["key"], *(f"{share[name]:,}" for name in names), percent]
