#!/opt/bianque/bin/python
"""Exit 0 if what runs in this container can do its work; else 1, and what keeps it.

It asks /readyz of every part: `healthy credit:events`, or without an argument whatever
the container's own command names (`bianque run credit`). For readiness a process looks
whether its database answers and whether it really consumes from the bus.
"""

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

from services.chassis.settings import PORTAL, SERVICES, Settings, from_environment

SECONDS = 4
FIRST_PROCESS = Path("/proc/1/cmdline")


def parts_of(command: list[str]) -> list[str] | None:
    """What `... bianque run a b:events` names; None: it is a command that ends by itself."""
    if "run" not in command:
        return None
    return [word for word in command[command.index("run") + 1 :] if word]


def ports(parts: list[str], settings: Settings) -> dict[str, int]:
    """Where each part answers; without a broker: where the one process of all does."""
    if not settings.on_a_bus:
        return {"bianque": settings.port}
    found = {}
    for part in parts or SERVICES:
        service, _, role = part.partition(":")
        if service == PORTAL:
            found[f"{PORTAL}:web"] = settings.portal_port
            continue
        if role in ("", "events"):
            found[f"{service}:events"] = settings.health_port(service)
        if role in ("", "api"):
            found[f"{service}:api"] = settings.api_port(service)
    return found


def trouble(port: int) -> str | None:
    """What keeps a process from its work; None: nothing."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=SECONDS):
            return None
    except urllib.error.HTTPError as error:
        return str(json.load(error).get("troubles"))
    except OSError as error:
        return str(error)


def main(parts: list[str]) -> int:
    """Print one line for each part that cannot work."""
    running = parts or parts_of(FIRST_PROCESS.read_text(encoding="utf-8").split("\0"))
    asked = {} if running is None else ports(running, from_environment())
    found = {name: wrong for name, port in asked.items() if (wrong := trouble(port))}
    for name, wrong in found.items():
        sys.stdout.write(f"{name}: {wrong}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
