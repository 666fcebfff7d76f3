"""The command `bianque`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from services.chassis import logs
from services.command import (
    announcing,
    census,
    city,
    identity,
    importing,
    looking,
    mappings,
    reference,
    running,
    simulating,
    users,
    workdays,
    working,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bianque")
def main() -> None:
    """扁鹊 Bianque: product-quality supervision for city and county bureaus.

    Settings come from the environment (deploy/settings.md); BIANQUE_VAR names the folder
    of the installation's state. Exit codes: 0 done, 1 done with findings, 2 not done.
    """
    level = os.environ.get("BIANQUE_LOG_LEVEL") or "warning"
    var = Path(os.environ.get("BIANQUE_VAR") or "var")
    # A screen that is looked at is not written through.
    file = var / "bianque.log" if sys.stderr.isatty() else None
    logs.set_up(level, service="command", file=file)


for command in (
    running.run,
    running.migrate,
    importing.import_,
    mappings.mapping,
    working.evaluate,
    simulating.simulate,
    looking.status,
    looking.parked,
    looking.explain,
    city.demo,
    identity.identity,
    identity.search,
    reference.reference,
    workdays.commands,
    census.census,
    announcing.announce,
    users.user,
    users.verify,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
