"""The running platform as a screen in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.columns import Columns
from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Column, Table
from rich.text import Text

from services.chassis import clock
from services.chassis.settings import Settings
from services.command.client import NotAnswered, Rejected, Services
from services.command.looking import gathered

COLOURS = {"red": "red", "yellow": "yellow", "green": "green", "grey": "bright_black"}
WORDS = {"red": "红 red", "yellow": "黄 yellow", "green": "绿 green", "grey": "灰 grey"}
REGISTERED = {
    "enterprises": "企业 enterprises",
    "products": "产品 products",
    "equipment": "特种设备 equipment",
    "instrument": "计量器具 instruments",
    "operator": "作业人员 operators",
    "licence": "许可证 licences",
}
BAD_INFORMATION = {
    "drafted": "待审核 drafted",
    "published": "已公布 published",
    "corrected": "已改正 corrected",
    "proposed": "拟升级 proposed",
    "escalated": "已升级 escalated",
    "withdrawn": "已撤销 withdrawn",
}
ADDRESSEES = {
    "enterprise": "致企业 to enterprises",
    "officer": "致监管员 to officers",
    "bureau": "致机关 to bureaus",
}


def screen(services: Services, settings: Settings) -> RenderableType:
    """What the platform says of itself right now."""
    try:
        found = gathered(services, settings)
    except (NotAnswered, Rejected) as error:
        return Panel(Text(str(error), style="red"), title="扁鹊 Bianque")
    each = found["services"]
    facts = {name: status["facts"] for name, status in each.items()}
    title = f"扁鹊 Bianque · {found['bureau']} · {found['profile']} · {clock.today()}"
    body = Columns(
        [
            _counts("底数 Registered", REGISTERED, facts["registry"]),
            _colours(facts["inspection"]),
            _credit(facts["credit"]),
            _messages(facts["notify"]),
            _waiting(each),
        ],
        padding=(0, 3),
    )
    return Panel(body, title=title, subtitle="Ctrl-C 结束 ends it")


def _counts(heading: str, words: Mapping[str, str], counts: Mapping[str, Any]) -> Table:
    """The named counts that are not nought."""
    table = Table(heading, Column(justify="right"), box=None)
    for name, word in words.items():
        if number := counts.get(name):
            table.add_row(word, f"{number:,}")
    return table


def _colours(facts: dict[str, Any]) -> Table:
    table = Table("对象 Objects", Column(justify="right"), box=None)
    counts = facts.get("objects_by_colour") or {}
    for colour, style in COLOURS.items():
        number = f"{counts.get(colour, 0):,}"
        table.add_row(Text(f"■ {WORDS[colour]}", style=style), number)
    warnings = facts.get("warnings") or {}
    table.add_row("红色预警 red warnings", f"{warnings.get('red', 0):,}")
    table.add_row("已解除 cleared", f"{warnings.get('cleared', 0):,}")
    return table


def _credit(facts: dict[str, Any]) -> Table:
    table = _counts("不良信息 Bad information", BAD_INFORMATION, facts["bad_information"])
    for grade in "ABCD":
        if number := facts["grades"].get(grade):
            table.add_row(f"信用等级 grade {grade}", f"{number:,}")
    return table


def _messages(facts: dict[str, Any]) -> Table:
    table = _counts("消息 Messages", ADDRESSEES, facts["messages"])
    delay = facts["red_to_message"]
    if delay["messages"]:
        pace = f"p50 {delay['p50_seconds']:.2f} s · p99 {delay['p99_seconds']:.2f} s"
        table.add_row("红色到消息 red to message", pace)
    if stored := facts["last_stored_at"]:
        at = datetime.fromisoformat(stored).astimezone(clock.BEIJING)
        table.add_row("最近一条 the last", f"{at:%m-%d %H:%M:%S}")
    return table


def _waiting(each: dict[str, Any]) -> Table:
    numbers = [
        Column(name, justify="right") for name in ("待发 outbox", "搁置 parked", "到期 due")
    ]
    table = Table("等待 Waiting", *numbers, box=None)
    for name, status in each.items():
        parked = Text(str(status["parked"]), style="red" if status["parked"] else "")
        table.add_row(name, f"{status['outbox_waiting']:,}", parked, f"{status['busy']:,}")
    return table
