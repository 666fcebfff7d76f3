"""bianque evaluate: a command that changes something."""

from __future__ import annotations

from datetime import datetime

import click

from services.chassis.settings import from_environment
from services.command.client import active, tell
from services.command.saying import say_json, troubles_told


@click.command()
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if not given.")
@troubles_told
def evaluate(on: datetime | None) -> None:
    """Evaluate every duty that changes by the day. Prints the attestation as one JSON object."""
    with active(from_environment()) as services:
        day = {"on": on.date().isoformat()} if on else {}
        attestation = tell(services, "inspection", "/evaluations", **day)
    say_json(attestation)
