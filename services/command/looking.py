"""bianque status, bianque parked, bianque explain: commands that look, and replay."""

from __future__ import annotations

from typing import Any

import click
from rich.markup import escape

from services.chassis.settings import SERVICES, Settings, from_environment
from services.command.client import Rejected, Services, active, ask, passive, tell
from services.command.processes import queue_lengths
from services.command.saying import (
    FINDINGS,
    Failed,
    a_table,
    as_json,
    fail,
    out,
    say_json,
    troubles_told,
)

REDS_SHOWN = 20
SPOKEN = ("state_label", "words", "sentences")  # in an explanation, for people


@click.command()
@as_json
@troubles_told
def status(as_json: bool) -> None:
    """What waits, what is parked, when it was last evaluated, per service.

    Exit code 1: something is parked, or was set aside by a periodic job.
    """
    settings = from_environment()
    with passive(settings) as services:
        found = gathered(services, settings)
    if as_json:
        say_json(found)
    else:
        _say_status(found)
    waits = any(s["parked"] or s["set_aside"] for s in found["services"].values())
    raise SystemExit(FINDINGS if waits else 0)


def gathered(services: Services, settings: Settings) -> dict[str, Any]:
    """The status of the whole platform as one document."""
    each = {name: ask(services, name, "/status") for name in SERVICES}
    return {
        "way": "bus" if settings.on_a_bus else "one process",
        "profile": settings.profile,
        "bureau": settings.bureau,
        "services": each,
        "queues": queue_lengths(settings),
        "last_evaluation": each["inspection"]["facts"].get("last_attestation"),
    }


@click.group()
def parked() -> None:
    """Messages that could not be handled."""


@parked.command("list")
@as_json
@troubles_told
def parked_list(as_json: bool) -> None:
    """All of them, per service, the oldest first. Exit code 1: there are some."""
    with passive(from_environment()) as services:
        found = {name: ask(services, name, "/parked") for name in SERVICES}
    if as_json:
        say_json(found)
    else:
        table = a_table("id", "heard by", "event", "since", "tries", "reason")
        for message in (m for messages in found.values() for m in messages):
            table.add_row(
                message["id"],
                message["heard_by"],
                message["type"] or "",
                message["parked_at"],
                str(message["attempts"]),
                message["reason"],
            )
        out.print(table if table.row_count else "nothing is parked")
    raise SystemExit(FINDINGS if any(found.values()) else 0)


@parked.command("show")
@click.argument("parked_id", type=click.UUID)
@as_json
@troubles_told
def parked_show(parked_id: Any, as_json: bool) -> None:
    """One message, whole."""
    with passive(from_environment()) as services:
        _, message = _found(services, f"/parked/{parked_id}")
    if as_json:
        say_json(message)
        return
    for name, value in message.items():
        out.print(f"{name:13} {value}", markup=False)


@parked.command("replay")
@click.argument("parked_ids", nargs=-1, type=click.UUID)
@click.option("--all", "all_of_them", is_flag=True, help="Every parked message.")
@as_json
@troubles_told
def parked_replay(parked_ids: tuple[Any, ...], all_of_them: bool, as_json: bool) -> None:
    """Handle parked messages now. Exit code 1: at least one failed again."""
    if not parked_ids and not all_of_them:
        fail("name the parked messages by their ids, or give --all")
    with active(from_environment()) as services:
        if all_of_them:
            found = {s: ask(services, s, "/parked") for s in SERVICES}
            named = [(service, m["id"]) for service, ms in found.items() for m in ms]
        else:
            named = [(_found(services, f"/parked/{i}")[0], str(i)) for i in parked_ids]
        handled = [tell(services, service, f"/parked/{i}/replay") for service, i in named]
    failed = [answer["id"] for answer in handled if not answer["handled"]]
    if as_json:
        say_json({"handled": len(handled) - len(failed), "failed": failed})
    else:
        out.print(f"handled {len(handled) - len(failed)}, failed again {len(failed)}")
    raise SystemExit(FINDINGS if failed else 0)


@click.group()
def explain() -> None:
    """Why something is as it is: rule, source, dates, who, and which event caused it."""


@explain.command("warning")
@click.argument("warning_id", type=click.UUID, required=False)
@as_json
@troubles_told
def explain_warning(warning_id: Any, as_json: bool) -> None:
    """Why a duty is red; without an id, which ones are red for the longest."""
    if warning_id is None:
        _say_reds(as_json)
        return
    _explained("inspection", f"/warnings/{warning_id}/explanation", as_json)


def _say_reds(as_json: bool) -> None:
    with passive(from_environment()) as services:
        found = ask(services, "inspection", "/warnings", colour="red", limit=REDS_SHOWN)
    if as_json:
        say_json(found)
        return
    table = a_table("warning", "object", "kind", "was due on", "division")
    for red in found["items"]:
        names = ("warning_id", "label", "kind", "due_on", "division")
        table.add_row(*(escape(str(red[name])) for name in names))
    out.print(table if table.row_count else "nothing is red")


@explain.command("credit")
@click.argument("number", type=click.UUID)
@as_json
@troubles_told
def explain_credit(number: Any, as_json: bool) -> None:
    """Why a bad information, a record or a request stands so; of an enterprise, its grade."""
    _explained("credit", f"/explanations/{number}", as_json)


def _explained(service: str, path: str, as_json: bool) -> None:
    with passive(from_environment()) as services:
        explanation = ask(services, service, path)
    if as_json:
        say_json(explanation)
    else:
        _say_explanation(explanation)


def _say_explanation(explanation: dict[str, Any]) -> None:
    """What a person reads comes first, then everything it stands on."""
    for name in SPOKEN:
        told = explanation.get(name)
        for sentence in [told] if isinstance(told, str) else told or ():
            _say_line(str(sentence))
    _say_line("")
    _say_tree({name: item for name, item in explanation.items() if name not in SPOKEN})


def _say_tree(value: dict[str, Any], indent: int = 0) -> None:
    for name, item in value.items():
        if isinstance(item, dict):
            _say_line(f"{name}:", indent)
            _say_tree(item, indent + 2)
        elif isinstance(item, list) and item:
            for number, entry in enumerate(item, start=1):
                if isinstance(entry, dict):
                    _say_line(f"{name} {number}:", indent)
                    _say_tree(entry, indent + 2)
                else:
                    _say_line(f"{name} {number}: {entry}", indent)
        elif item not in (None, []):
            _say_line(f"{name}: {item}", indent)


def _say_line(line: str, indent: int = 0) -> None:
    out.print(" " * indent + line, markup=False, soft_wrap=True)


def _found(services: Services, path: str) -> tuple[str, Any]:
    """The service that knows it, and its answer."""
    for service in SERVICES:
        try:
            return service, ask(services, service, path)
        except Rejected as error:
            if error.problem.get("status") != 404:
                raise
    raise Failed(
        f"no service knows {path.rsplit('/', 1)[-1]}: `bianque parked list` shows the ids"
    )


def _say_status(found: dict[str, Any]) -> None:
    out.print(f"{found['bureau']} · {found['profile']} · {found['way']}")
    table = a_table("service", "outbox", "oldest s", "inbox", "parked", "due now")
    for name, each in found["services"].items():
        parked = str(each["parked"])
        table.add_row(
            name,
            f"{each['outbox_waiting']:,}",
            f"{each['outbox_oldest_seconds']:.0f}",
            f"{each['inbox']:,}",
            f"[red]{parked}[/]" if each["parked"] else parked,
            f"{each['busy']:,}",
        )
    out.print(table)
    for name, each in found["services"].items():
        out.print(f"[bold]{name}[/]")
        for one in each["set_aside_first"]:
            said = f"  set aside: {one['sweep']} {one['about']} since {one['since']}"
            out.print(f"[red]{said}[/]", soft_wrap=True)
        for fact, value in each["facts"].items():
            out.print(f"  {fact}: {_compact(value)}", markup=False, soft_wrap=True)
    for queue, length in found["queues"].items():
        if length or length is None:
            out.print(f"{queue}: {'not declared' if length is None else f'{length:,} waiting'}")


def _compact(value: Any) -> str:
    """A fact on one line."""
    if isinstance(value, dict):
        return " · ".join(f"{k} {_compact(v)}" for k, v in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(_compact(v) for v in value) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)
