#!/usr/bin/env python3
"""What somebody should look at, from `bianque status --json`: one line each, and exit code 1.

    docker compose -p bianque -f deploy/compose.yaml exec -T registry bianque status --json \\
        | python3 deploy/alarms.py

Nothing to say and exit code 0: all is well. Exit code 2: there was no status to read. It
needs Python only, for cron or any watching system that runs commands.
docs/operations.md says what to do about each line.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

BEIJING = timezone(timedelta(hours=8))
OUTBOX_SECONDS = 120  # the relay looks twice a second; a broker that restarts takes some ten
ATTESTED_WITHIN = timedelta(hours=25)  # a day is attested soon after it has begun


def alarms(status: dict[str, Any], *, now: datetime) -> Iterator[str]:
    """One line for each thing that should not be so."""
    for name, service in status["services"].items():
        if service["outbox_oldest_seconds"] > OUTBOX_SECONDS:
            waiting, seconds = service["outbox_waiting"], service["outbox_oldest_seconds"]
            yield f"{name}: {waiting} events wait to leave, the oldest for {seconds:.0f} s"
        if service["parked"]:
            yield f"{name}: {service['parked']} messages are parked"
        for one in service.get("set_aside_first", ()):
            yield f"{name}: {one['sweep']} cannot deal with {one['about']} since {one['since']}"
    for queue, length in status["queues"].items():
        if length is None:
            yield f"{queue}: the queue does not exist"
        elif length and queue.endswith(".dead"):
            yield f"{queue}: {length} messages that were never settled"
    yield from _of_inspection(status["services"]["inspection"]["facts"], now)


def _of_inspection(facts: dict[str, Any], now: datetime) -> Iterator[str]:
    """The daily evaluation must have left its line, and the chain of lines must hold."""
    line = facts.get("last_attestation")
    if line is None:
        yield "inspection: no day was ever attested"
    else:
        begun = datetime.combine(date.fromisoformat(line["on"]), datetime.min.time(), BEIJING)
        if now - begun > ATTESTED_WITHIN:
            yield f"inspection: the last day attested is {line['on']}"
    for alarm in facts.get("alarms") or []:
        yield f"inspection: {alarm['code']}: {alarm['detail']}"


def main() -> int:
    """Read the status, print the alarms."""
    try:
        found = list(alarms(json.load(sys.stdin), now=datetime.now(BEIJING)))
    except (ValueError, KeyError, TypeError) as error:
        sys.stdout.write(f"no status to read: {error!r}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
