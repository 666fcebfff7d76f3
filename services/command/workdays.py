"""bianque workdays: the State Council's notice of a year goes into the bureau's own table."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from services.chassis import workday_notice, workday_table, workdays
from services.chassis.assembly import own_working_days
from services.chassis.settings import from_environment
from services.chassis.workday_notice import Notice, NoticeBroken, Remark
from services.command.reference import text_of
from services.command.saying import (
    FAILED,
    a_table,
    as_json,
    err,
    fail,
    out,
    say_json,
    troubles_told,
)

_WEEK = "一二三四五六日"
_KIND = {True: "班", False: "休"}


@click.group("workdays")
def commands() -> None:
    """Which days are working days, by the yearly notice."""


@commands.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would change; keep nothing.")
@click.option("--despite-doubts", is_flag=True, help="Take it although something is unusual.")
@as_json
@troubles_told
def load(file: Path, dry_run: bool, despite_doubts: bool, as_json: bool) -> None:
    """Take FILE, the notice of one year: CSV with date, kind (休 or 班), name, source.

    The whole year at once: what the bureau had of that year is replaced. Running services
    take it up by themselves, and count again the deadlines that were provisional.
    """
    path = own_working_days(from_environment())
    notice, doubts = _looked_at(text_of(file))
    own = workday_table.read(path) if path.is_file() else []
    rows = workday_notice.laid_over(notice, own, workdays.shipped())
    before, after = workdays.shipped().over(own), workdays.shipped().over(rows)
    changed = workday_notice.changed_days(notice, before, after)
    kept = not dry_run and (despite_doubts or not doubts)
    if kept:
        workday_table.write(path, rows)
    told = {
        "year": notice.year,
        "was_provisional": before.is_provisional(date(notice.year, 6, 1)),
        "changes": [{"date": day, "kind": _KIND[after.is_working_day(day)]} for day in changed],
        "doubts": [asdict(doubt) for doubt in doubts],
        "kept": kept,
    }
    if as_json:
        say_json(told)
    else:
        _say(told, doubts)
    if doubts and not kept and not dry_run:
        raise SystemExit(FAILED)


@commands.command()
@click.argument("year", type=click.IntRange(1990, 2200))
@as_json
@troubles_told
def show(year: int, as_json: bool) -> None:
    """The days of YEAR that depart from Monday to Friday, and whether they are provisional."""
    workdays.follow(own_working_days(from_environment()))
    calendar = workdays.in_use()
    first = date(year, 1, 1)
    every = (first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1))
    odd = [day for day in every if calendar.is_working_day(day) != (day.weekday() < 5)]
    moved = {day: calendar.adjustment(day) for day in odd}
    told: dict[str, Any] = {
        "year": year,
        "provisional": calendar.is_provisional(first),
        "days": [
            {
                "date": day,
                "kind": _KIND[calendar.is_working_day(day)],
                "name": found.name if found else "法定节假日",
                "source": found.source if found else "推算",
            }
            for day, found in moved.items()
        ],
    }
    if as_json:
        say_json(told)
        return
    table = a_table("date", "", "", "name", "source")
    for day, row in zip(odd, told["days"], strict=True):
        week = f"周{_WEEK[day.weekday()]}"
        table.add_row(day.isoformat(), week, row["kind"], row["name"], row["source"])
    out.print(table)
    if told["provisional"]:
        out.print(f"{year} 年的放假通知尚未装入, 以上为推算 (provisional)")


def _looked_at(text: str) -> tuple[Notice, list[Remark]]:
    """The notice, and what is unusual in it; ends the command if it cannot be taken."""
    law = workdays.statutory()
    try:
        notice = workday_notice.read_notice(text)
        if errors := list(workday_notice.errors_in(notice, law)):
            raise NoticeBroken(errors)
    except NoticeBroken as broken:
        _say_remarks(broken.errors)
        fail(str(broken))
    days = workdays.statutory_days_a_year()
    return notice, list(workday_notice.doubts_in(notice, law, days))


def _say(told: dict[str, Any], doubts: list[Remark]) -> None:
    state = "原为推算" if told["was_provisional"] else "原已有通知"
    out.print(f"{told['year']} 年 ({state}): {len(told['changes'])} 天有变化")
    for change in told["changes"]:
        day: date = change["date"]
        out.print(f"  {day} 周{_WEEK[day.weekday()]} 改为{change['kind']}")
    if doubts:
        err.print("存疑, 请核对:")
        _say_remarks(doubts)
    if not told["kept"]:
        out.print("没有保存 (nothing was kept); 核对无误的用 --despite-doubts")


def _say_remarks(remarks: Any) -> None:
    for remark in remarks:
        place = f"  第{remark.line}行 {remark.column} {remark.value}: "
        err.print(f"{place}{remark.reason} ({remark.right})", soft_wrap=True, markup=False)
