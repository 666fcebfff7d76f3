"""The running platform as a screen in a terminal."""

from __future__ import annotations

from typing import Any

from rich.columns import Columns
from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.chassis import clock
from services.chassis.settings import Settings
from services.command.client import NotAnswered, Rejected, Services
from services.command.looking import gathered

COLOURS = {"red": "red", "yellow": "yellow", "green": "green", "grey": "bright_black"}
WORDS = {"red": "红", "yellow": "黄", "green": "绿", "grey": "灰"}


def screen(services: Services, settings: Settings) -> RenderableType:
    """What the platform says of itself right now."""
    try:
        found = gathered(services, settings)
    except (NotAnswered, Rejected) as error:
        return Panel(Text(str(error), style="red"), title="扁鹊 Bianque")
    each = found["services"]
    title = f"扁鹊 Bianque · {found['bureau']} · {found['profile']} · {clock.today()}"
    body = Columns(
        [
            _colours(each["inspection"]["facts"]),
            _facts("不良信息 Credit", each["credit"]["facts"]),
            _facts("消息 Messages", each["notify"]["facts"]),
            _waiting(each),
        ],
        padding=(0, 3),
    )
    return Panel(body, title=title, subtitle="Ctrl-C ends it")


def _colours(facts: dict[str, Any]) -> Table:
    table = Table("对象 Objects", "", box=None)
    counts = facts.get("objects_by_colour") or {}
    for colour, style in COLOURS.items():
        table.add_row(
            Text(f"■ {WORDS[colour]} {colour}", style=style), f"{counts.get(colour, 0):,}"
        )
    return table


def _facts(heading: str, facts: dict[str, Any]) -> Table:
    table = Table(heading, "", box=None)
    for name, value in _flat(facts):
        table.add_row(name, f"{value:,}" if isinstance(value, int) else str(value))
    return table


def _waiting(each: dict[str, Any]) -> Table:
    table = Table("等待 Waiting", "outbox", "parked", "due", box=None)
    for name, status in each.items():
        parked = Text(str(status["parked"]), style="red" if status["parked"] else "")
        table.add_row(name, str(status["outbox_waiting"]), parked, str(status["busy"]))
    return table


def _flat(facts: dict[str, Any], before: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in facts.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{before}{name} ")
        elif value is not None:
            rows.append((f"{before}{name}", value))
    return rows
