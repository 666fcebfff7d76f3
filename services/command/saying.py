"""How commands speak: results to stdout, progress and troubles to stderr, exit codes 0, 1, 2."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from services.chassis.migrating import DatabaseNewer, DatabaseOlder
from services.chassis.policy import PolicyBroken
from services.chassis.settings import SettingBroken
from services.command.client import NotAnswered, Rejected
from services.command.one_process import AlreadyRunning
from services.command.processes import NotReady

FINDINGS = 1  # it was done, and there is something to look at
FAILED = 2  # it was not done

PIPED_COLUMNS = 1000  # nobody looks: what a program reads is not to be cut


class Failed(Exception):
    """It was not done, and this one line says why."""


def console_out() -> Console:
    """For results: as wide as the terminal, else as wide as it takes."""
    looked_at = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(highlight=False, width=None if looked_at else PIPED_COLUMNS)


out = console_out()
err = Console(stderr=True, highlight=False)

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")


def say_json(document: Any) -> None:
    """One JSON document, whole, on stdout."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def a_table(*headings: str) -> Table:
    """A table whose long words are folded, not cut."""
    return Table(*(Column(heading, overflow="fold") for heading in headings))


def fail(message: str) -> NoReturn:
    """End with exit code 2 and one line that says why."""
    raise Failed(message)


def troubles_told(command: Callable[..., Any]) -> Callable[..., Any]:
    """Whatever an operator can mend is told in one line; only our own mistakes show a trace.

    With --json the problem is also the one document on stdout.
    """

    @wraps(command)
    def told(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except Rejected as error:
            problem = error.problem
            for place, value in problem.items():
                if place not in ("status", "title", "detail"):
                    err.print(f"  {place}: {value}", soft_wrap=True, markup=False)
            _end(str(error), problem, as_json=options.get("as_json", False))
        except (
            Failed,
            SettingBroken,
            PolicyBroken,
            DatabaseNewer,
            DatabaseOlder,
            AlreadyRunning,
            NotAnswered,
            NotReady,
        ) as error:
            problem = {"code": _code(error), "detail": str(error)}
            _end(str(error), problem, as_json=options.get("as_json", False))

    return told


def _end(message: str, problem: dict[str, Any], *, as_json: bool) -> NoReturn:
    if as_json:
        say_json({"problem": problem})
    err.print("[red]bianque:[/]", Text(message), soft_wrap=True)
    raise SystemExit(FAILED)


def _code(error: Exception) -> str:
    """`not_answered` of NotAnswered."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()
