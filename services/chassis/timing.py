"""What a service does from time to time, in one place at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from services.chassis import answers, inbox, metrics, outbox
from services.chassis.database import is_passing
from services.chassis.hearing import Hearings

RETRY_SECONDS = 5
FORGET_SECONDS = 3600

F = TypeVar("F", bound=Callable[..., Any])
log = structlog.get_logger()


def every(
    *, seconds: float, because_days_pass: bool = False, apart: bool = False
) -> Callable[[F], F]:
    """Call a method again and again. It must do no harm twice or late.

    *because_days_pass*: it acts on the calendar (a daily evaluation, a term that ends), and
    only where the setting `calendar` lets it. A single command that brings up the platform
    for itself does no such thing unasked.

    *apart*: it computes for long. On a bus the process that hears is green, and would hear
    nothing meanwhile: the API process does it, in a thread.
    """

    def mark(method: F) -> F:
        method.every = seconds  # type: ignore[attr-defined]
        method.because_days_pass = because_days_pass  # type: ignore[attr-defined]
        method.apart = apart  # type: ignore[attr-defined]
        return method

    return mark


@dataclass(frozen=True)
class Job:
    """Something to be done, and the pause between two times."""

    name: str
    seconds: float
    call: Callable[[], object]
    apart: bool = False


def jobs(service: Any) -> list[Job]:
    """The service's own @every methods, and what every service does beside them."""
    hearings = Hearings(service)
    own = [
        Job(name, member.every, getattr(service, name), member.apart)
        for name, member in sorted(vars(type(service)).items())
        if hasattr(member, "every")
        and (service.settings.calendar or not member.because_days_pass)
    ]
    return [
        *own,
        Job("retry_parked", RETRY_SECONDS, hearings.retry_due),
        Job("forget_old", FORGET_SECONDS, lambda: forget_old(service)),
    ]


def tick(service: Any, job: Job) -> None:
    """Do it once, unless another process is at it. A failure is logged and counted."""
    name = f"{service.name}.{job.name}"
    turn = service.database.turn(f"every {name}")
    try:
        if turn.held():
            job.call()
            metrics.ticked(name)
    except Exception as error:
        metrics.tick_failed(name)
        if is_passing(error):
            log.warning("timer_waits", job=name, reason=repr(error))
        else:
            log.exception("timer_failed", job=name)
    finally:
        turn.give_back()


def repeat(service: Any, job: Job, stopping: threading.Event) -> None:
    """Again and again, until it is stopped."""
    while not stopping.is_set():
        tick(service, job)
        stopping.wait(job.seconds)


def forget_old(service: Any) -> None:
    """Sent events are kept for those who must hear them again; ids of handled ones longer.

    Answers as long as a caller may come back for them.
    """
    days = service.settings.keep_days
    with service.database.transaction() as session:
        outbox.forget_sent(session, older_than_days=days)
        inbox.forget(session, older_than_days=2 * days)
        answers.forget(session, older_than_days=days)
