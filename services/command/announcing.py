"""bianque announce: the registry tells everything again."""

from __future__ import annotations

from datetime import datetime

import click

from services.chassis.settings import from_environment
from services.command.client import active, tell
from services.command.saying import as_json, out, say_json, troubles_told

KINDS = ("enterprise", "equipment", "instrument", "operator", "licence", "merge")


@click.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what changed since.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these.")
@as_json
@troubles_told
def announce(since: datetime | None, kinds: tuple[str, ...], as_json: bool) -> None:
    """Tell every enterprise and object again, as it stands.

    For a service or an agency that begins with an empty database. Whoever knows them
    already ignores them: everything is told under the revision that it has.
    """
    day = {"since": since.date().isoformat()} if since else {}
    told = {}
    with active(from_environment()) as services:
        for kind in kinds or KINDS:
            told[kind] = 0
            after: dict[str, str] = {}
            while True:
                said = tell(services, "registry", "/announcements", kind=kind, **day, **after)
                told[kind] += said["records"]
                if said["next"] is None:
                    break
                after = {"after": said["next"]}
    if as_json:
        say_json(told)
    else:
        for kind, count in told.items():
            out.print(f"{kind}: {count:,}")
