"""How commands speak: results to stdout, progress and troubles to stderr, exit codes 0, 1, 2."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click
from rich.console import Console

from services.chassis.migrating import DatabaseNewer, DatabaseOlder
from services.chassis.policy import PolicyBroken
from services.chassis.settings import SettingBroken
from services.command.client import NotAnswered, Rejected
from services.command.one_process import AlreadyRunning
from services.command.processes import NotReady

FINDINGS = 1  # it was done, and there is something to look at
FAILED = 2  # it was not done

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")


def say_json(document: Any) -> None:
    """One JSON document, whole, on stdout."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def fail(message: str) -> NoReturn:
    """End with exit code 2 and one line that says why."""
    err.print(f"[red]bianque:[/] {message}", soft_wrap=True)
    raise SystemExit(FAILED)


def troubles_told(command: Callable[..., Any]) -> Callable[..., Any]:
    """Whatever an operator can mend is told in one line; only our own mistakes show a trace."""

    @wraps(command)
    def told(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except Rejected as error:
            for place, value in error.problem.items():
                if place not in ("status", "title", "detail"):
                    err.print(f"  {place}: {value}", soft_wrap=True, markup=False)
            fail(str(error))
        except (
            SettingBroken,
            PolicyBroken,
            DatabaseNewer,
            DatabaseOlder,
            AlreadyRunning,
            NotAnswered,
            NotReady,
        ) as error:
            fail(str(error))

    return told
