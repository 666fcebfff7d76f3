"""bianque demo: load the demonstration city."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from services.chassis import clock
from services.chassis.settings import Settings, from_environment
from services.command import users as portal_users
from services.command.client import Services, active, ask, until_taken
from services.command.importing import import_file
from services.command.saying import as_json, err, out, say_json, troubles_told
from services.demo import city
from services.demo.campaign import Campaign

PROFILE = "baoji-2013"
SITE = """\
demonstration: true
name: 扁鹊 · 质量安全监管(演示)
public_name: 宝鸡市产品质量信用公示(演示)
bureau_name: 宝鸡市质量技术监督局(演示)
organiser: 演示城市,没有主办单位
"""
WAITING = (
    TextColumn("{task.description}"),
    BarColumn(),
    TextColumn("{task.completed:,} of {task.total:,} events"),
    TimeRemainingColumn(),
)
SHEET = 1000  # lines that the registry takes at once


@click.command()
@click.option("--factor", type=float, default=1.0, help="1.0: the census of 106,544 entries.")
@click.option("--seed", type=int, default=610300, help="The same seed, the same city.")
@as_json
@troubles_told
def demo(factor: float, seed: int, as_json: bool) -> None:
    """Load the demonstration city, evaluate today, and see every red warning through.

    Nobody in it is real. A new installation takes the profile baoji-2013 with it. Loading
    it again changes nothing.
    """
    settings = _with_profile(from_environment())
    began = time.monotonic()
    with TemporaryDirectory() as folder, active(settings) as services:
        err.print("writing the city's census ...")
        files = city.write_city(Path(folder), seed=seed, factor=factor, on=clock.today())
        reports = {
            file.path.name: import_file(services, file.path, file.mapping) for file in files
        }
        err.print("registry: all read; inspection hears of it ...")
        wait_until_heard(services)
        attestation = _told(services, "inspection", "/evaluations")
        portal_users.add_demonstration_users(settings, _with_something_red(services))
        err.print("registry: the surveyors' sheets ...")
        coverage = _surveyed(services, Campaign(seed, factor, clock.today()))
    summary = {"files": _counts(reports), "attestation": attestation, "census": coverage}
    if as_json:
        say_json(summary)
        return
    for name, counts in summary["files"].items():
        out.print(f"{name:36} " + " ".join(f"{k} {v:,}" for k, v in counts.items()))
    colours = " ".join(f"{c} {attestation[c]:,}" for c in ("red", "yellow", "green", "grey"))
    out.print(f"{attestation['on']}: {attestation['objects']:,} objects: {colours}")
    out.print(
        f"census: {coverage['surveyed']:,} of {coverage['planned']:,} surveyed, "
        f"{coverage['percent']:.1f} %"
    )
    err.print(f"{time.monotonic() - began:.0f} s")


def _with_something_red(services: Services) -> UUID | None:
    """An enterprise whose own pages have something to show."""
    division = portal_users.ENTERPRISE_DIVISION
    found = ask(services, "inspection", "/warnings", colour="red", division=division, limit=1)
    return UUID(found["items"][0]["enterprise_id"]) if found["items"] else None


def _surveyed(services: Services, campaign: Campaign) -> Any:
    """Begin the census, take in all sheets, then say what was planned. Returns the coverage."""
    path = f"/census/{_told(services, 'registry', '/census', **campaign.heading)['id']}"
    _told(services, "registry", f"{path}/grids", grids=campaign.grids)
    lines = campaign.lines()
    while sheet := list(islice(lines, SHEET)):
        _told(services, "registry", f"{path}/visits", lines=sheet)
    planned = {
        "why": "普查方案",
        "in_force_on": campaign.heading["begins_on"],
        "lines": campaign.plan(),
    }
    _told(services, "registry", f"{path}/plans", **planned)
    return ask(services, "registry", f"{path}/coverage")["total"]


def _told(services: Services, service: str, path: str, **json_body: Any) -> Any:
    """POST one document; again while the service is busy, under one key: it counts once."""
    key = str(uuid4())
    return until_taken(
        lambda: next(services.call(service, "POST", path, json_body=json_body, key=key))
    )


def _with_profile(settings: Settings) -> Settings:
    """A new installation becomes the article's city; an existing one keeps its profile."""
    kept = settings.var / "settings.env"
    if kept.exists() or any(settings.var.glob("*.db")) or settings.on_a_bus:
        return settings
    settings.var.mkdir(parents=True, exist_ok=True)
    kept.write_text(
        "# 演示城市按 2013 年宝鸡做法运行 (the demonstration city runs the article's rules)\n"
        f"BIANQUE_PROFILE={PROFILE}\n"
        f"BIANQUE_SITE={settings.var / 'site.yaml'}\n",
        encoding="utf-8",
    )
    (settings.var / "site.yaml").write_text(SITE, encoding="utf-8")
    return replace(settings, profile=PROFILE, site=settings.var / "site.yaml")


def wait_until_heard(services: Services) -> None:
    """Until inspection knows what the registry has recorded."""
    with Progress(*WAITING, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("inspection hears of it", total=0)
        while waiting := ask(services, "registry", "/status")["outbox_waiting"]:
            heard = ask(services, "inspection", "/status")["inbox"]
            bar.update(task, completed=heard, total=heard + waiting)
            time.sleep(0.5)
    known = -1
    while (seen := ask(services, "inspection", "/status")["inbox"]) != known:
        known = seen
        time.sleep(0.5)


def _counts(reports: dict[str, Any]) -> dict[str, dict[str, int]]:
    names = ("rows", "new", "changed", "same", "wrong")
    return {file: {name: report[name] for name in names} for file, report in reports.items()}
