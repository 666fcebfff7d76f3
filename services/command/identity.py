"""bianque identity, bianque search: who may be the same, and where something is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click

from services.chassis.settings import from_environment
from services.command.client import active, ask, passive, tell
from services.command.saying import FINDINGS, a_table, as_json, out, say_json, troubles_told

SHOWN = 50
_STATES = ("proposed", "merged", "apart")
_REASON = click.option("--reason", help="Why; needed where the credit codes differ.")


@click.group()
def identity() -> None:
    """Enterprises that may be one: found, merged, kept apart, parted again."""


@identity.command("list")
@click.option("--state", type=click.Choice(_STATES), default="proposed", show_default=True)
@as_json
@troubles_told
def identity_list(state: str, as_json: bool) -> None:
    """What is to be decided, the likest first. Exit code 1: there is something."""
    with passive(from_environment()) as services:
        found = ask(services, "registry", "/identity/candidates", state=state, limit=SHOWN)
    if as_json:
        say_json(found)
    else:
        _say_candidates(found)
    raise SystemExit(FINDINGS if state == "proposed" and found["items"] else 0)


@identity.command("find")
@as_json
@troubles_told
def identity_find(as_json: bool) -> None:
    """Hold what has changed against the rest now, without waiting for the clock."""
    with active(from_environment()) as services:
        done = tell(services, "registry", "/identity/search")
    if as_json:
        say_json(done)
    else:
        out.print(f"compared {done['compared']:,}")


@identity.command("merge")
@click.argument("candidate_id", type=click.UUID)
@click.option("--survivor", type=click.UUID, help="Who stands for both; else the fuller file.")
@_REASON
@as_json
@troubles_told
def identity_merge(
    candidate_id: UUID, survivor: UUID | None, reason: str | None, as_json: bool
) -> None:
    """They are one enterprise."""
    chosen = {"survivor_id": str(survivor)} if survivor else {}
    _decided(f"/identity/candidates/{candidate_id}/merge", as_json, reason, **chosen)


@identity.command("apart")
@click.argument("candidate_id", type=click.UUID)
@_REASON
@as_json
@troubles_told
def identity_apart(candidate_id: UUID, reason: str | None, as_json: bool) -> None:
    """They are two, until something new is known."""
    _decided(f"/identity/candidates/{candidate_id}/keep-apart", as_json, reason)


@identity.command("undo")
@click.argument("merge_id", type=click.UUID)
@_REASON
@as_json
@troubles_told
def identity_undo(merge_id: UUID, reason: str | None, as_json: bool) -> None:
    """Part two that were merged: each has its own again, also what came in since."""
    _decided(f"/merges/{merge_id}/undo", as_json, reason)


@click.command()
@click.argument("text")
@click.option("--kind", help="enterprise, equipment, instrument, operator or licence.")
@click.option("--division", help="Six digits; a city's covers what lies in it.")
@as_json
@troubles_told
def search(text: str, kind: str | None, division: str | None, as_json: bool) -> None:
    """Find enterprises and objects by a part of a name, a code, a number, first letters."""
    narrowed = {"kind": kind, "division": division}
    query = {name: value for name, value in narrowed.items() if value}
    with passive(from_environment()) as services:
        found = ask(services, "registry", "/search", text=text, limit=SHOWN, **query)
    if as_json:
        say_json(found)
        return
    table = a_table("what", "name", "code", "division", "status", "id")
    for one in found["items"]:
        table.add_row(
            one.get("kind", "enterprise"),
            one.get("name") or one["label"],
            one.get("uscc") or one.get("number") or one.get("key") or "",
            one["division"],
            one["status"],
            one["id"],
        )
    out.print(table if found["items"] else "nothing is found")
    out.print(f"{found['total_in_words']} in all")


def _decided(path: str, as_json: bool, reason: str | None, **body: Any) -> None:
    if reason is not None:
        body["reason"] = reason
    with active(from_environment()) as services:
        done = tell(services, "registry", path, **body)
    if as_json:
        say_json(done)
        return
    for name, value in done.items():
        out.print(f"{name:12} {value}", markup=False)


def _say_candidates(found: dict[str, Any]) -> None:
    table = a_table("candidate", "why", "one", "other", "merge")
    for each in found["items"]:
        one, other = (
            f"{enterprise['name']} {enterprise['uscc'] or ''}"
            for enterprise in each["enterprises"]
        )
        table.add_row(each["id"], each["why"], one, other, each["merge_id"] or "")
    out.print(table if found["items"] else "nothing is to be decided")
