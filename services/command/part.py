"""One process of the platform on a bus: python -m services.command.part SERVICE ROLE.

The roles: `events` and `api` of a service, `web` of the portal.
"""

from __future__ import annotations

import sys

if __name__ == "__main__" and sys.argv[2:] == ["events"]:
    import services.chassis.bus.greened  # noqa: F401 - before everything else

import signal
import threading
from typing import Any

from services.chassis import logs, migrating, settings, timing
from services.chassis.serving import Listening
from services.command import roster
from services.command.secret import api_token

PAGE_THREADS = 16  # most of them wait for a service


def main(name: str, role: str) -> int:
    """Run until SIGTERM. Exit code 2: a setting or the database is not right."""
    try:
        known = settings.from_environment()
        logs.set_up(known.log_level, service=name)
        service = roster.assembled(name, known)
        migrating.check(service.database, roster.folder(name), name)
        if role == "events":
            _hear(service)
        elif role == "web":
            pages = roster.pages(service, api_token(known))
            _serve(
                service, Listening(pages, known.host, known.portal_port, threads=PAGE_THREADS)
            )
        else:
            _answer(service, known, api_token(known))
    except (settings.SettingBroken, migrating.DatabaseNewer, migrating.DatabaseOlder) as error:
        sys.stderr.write(f"bianque {name}:{role}: {error}\n")
        return 2
    return 0


def _hear(service: Any) -> None:
    from services.chassis.bus import container  # noqa: PLC0415 - only green processes load nameko

    container.run(service, roster.all_subscriptions())


def _answer(service: Any, known: settings.Settings, token: str) -> None:
    app = roster.application(service, token)
    _serve(service, Listening(app, known.host, known.api_port(service.name)))


def _serve(service: Any, listening: Listening) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    listening.start()
    for job in timing.jobs(service):
        if job.apart:  # a daemon: what ends in the middle of it is taken up again
            arguments = (service, job, stop)
            threading.Thread(target=timing.repeat, args=arguments, daemon=True).start()
    stop.wait()
    listening.stop()
    service.database.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
