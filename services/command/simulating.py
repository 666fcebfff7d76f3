"""`bianque simulate`: what a changed rule table would do to the register, before it does."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from services.chassis.settings import from_environment
from services.command.client import active, tell
from services.command.saying import a_table, as_json, out, say_json, troubles_told


@click.command()
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if not given.")
@as_json
@troubles_told
def simulate(rules: Path, on: datetime | None, *, as_json: bool) -> None:
    """Show which objects would change colour by the rows of RULES. Nothing is written.

    RULES is a rule table (.csv) or numbers of a bureau's own policy (.yaml); its rows are
    laid over those in force.
    """
    text = _text(rules.read_bytes())
    sent: dict[str, Any] = {"policy" if rules.suffix in (".yaml", ".yml") else "rules": text}
    if on is not None:
        sent["on"] = on.date().isoformat()
    with active(from_environment()) as services:
        found = tell(services, "inspection", "/simulations", **sent)
    if as_json:
        say_json(found)
        return
    for sentence in found["sentences"]:
        out.print(sentence, markup=False)
    table = a_table("division", "from", "to", "objects")
    for row in found["changed"]:
        table.add_row(row["division"], row["before"], row["after"], f"{row['objects']:,}")
    if found["changed"]:
        out.print(table)


def _text(raw: bytes) -> str:
    """Spreadsheets in China save GB 18030."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
