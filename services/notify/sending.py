"""Sending what is due: take one under a lease, send it, record it together with the next.

Between sending and recording there is no transaction. A crash in that window repeats a
mail, with the same Message-ID; it never loses one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.sealing import Seals
from services.notify import rules
from services.notify.channels.channel import (
    Channel,
    HookGone,
    Postponed,
    SendFailed,
    SendRefused,
    ServerAway,
    Withheld,
)
from services.notify.channels.logbook import Logbook
from services.notify.model import GiveUp, Medium, Outgoing, Patience, Quiet, Receipt, TryAgain
from services.notify.rules.masking import without_numbers
from services.notify.rules.nights import may_leave_at
from services.notify.store import deliveries, tries, webhooks
from services.notify.store.deliveries import Job

log = structlog.get_logger()

Outcome = Receipt | SendFailed | SendRefused


def send_due(
    database: Database,
    channels: Sequence[Channel],
    *,
    patience: Patience,
    round_time: timedelta,
    logbook: Logbook | None = None,
    quiet: Sequence[Quiet] = (),
    seals: Seals | None = None,
) -> int:
    """One round over all channels. Returns how many deliveries were tried."""
    with database.reading() as session:  # most rounds find nothing and need no write lock
        due = deliveries.media_due(session, now=clock.now())
    tried = 0
    for channel in channels:
        if channel.medium not in due:
            continue
        until = clock.now() + round_time
        try:
            how = Manner(
                patience=patience,
                quiet=tuple(quiet),
                logbook=logbook or Logbook(),
                seals=seals,
            )
            tried += _drain(database, channel, until, how)
        finally:
            channel.close()
    return tried


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a round goes about it."""

    patience: Patience
    quiet: tuple[Quiet, ...] = ()
    logbook: Logbook = field(default_factory=Logbook)
    seals: Seals | None = None


def _drain(database: Database, channel: Channel, until: datetime, how: Manner) -> int:
    """Send by one channel until nothing is due, the time is up, or nobody answers."""
    holder = uuid4()
    tried = 0
    job: Job | None = None
    outcome: Outcome | None = None
    while True:
        with database.transaction() as session:
            if job is not None and outcome is not None:
                record(session, job, outcome, how)
                tries.keep(session, how.logbook.taken())
            now = clock.now()
            if isinstance(outcome, ServerAway) or now >= until:
                return tried
            job = deliveries.take(
                session, channel.medium, holder=holder, now=now, lease=how.patience.lease
            )
        if job is None:
            return tried
        outcome = _attempt(channel, job, how.seals)
        tried += 1


def _attempt(channel: Channel, job: Job, seals: Seals | None) -> Outcome:
    try:
        return channel.send(_opened(job.outgoing, seals))
    except (SendFailed, SendRefused) as error:
        return error
    except Exception as error:
        log.exception("channel_broke", medium=job.medium.value)
        return SendFailed(f"{type(error).__name__}: {error}")


def _opened(outgoing: Outgoing, seals: Seals | None) -> Outgoing:
    """As the channel needs it: only here and only now can it be read."""
    if not outgoing.is_sealed or seals is None:
        return outgoing
    hook = outgoing.hook
    return replace(
        outgoing,
        address=seals.open(outgoing.address) if outgoing.address else None,
        hook=hook and replace(hook, secrets=tuple(seals.open(one) for one in hook.secrets)),
        is_sealed=False,
    )


def record(session: Session, job: Job, outcome: Outcome, how: Manner) -> None:
    """Write down how an attempt ended, and what comes next."""
    now, patience = clock.now(), how.patience
    facts = {"delivery_id": str(job.outgoing.delivery_id), "attempts": job.attempts}
    if job.medium is Medium.WEBHOOK and job.outgoing.hook is not None:
        _note_webhook(session, job, outcome, patience)
    if isinstance(outcome, Receipt):
        deliveries.record_delivered(session, job, outcome, now=now)
        log.debug("delivered", medium=job.medium.value, **facts)
        return
    if isinstance(outcome, Postponed):
        deliveries.postpone(session, job, outcome.until, str(outcome))
        return
    next_step = _next_step(job, outcome, now, how)
    deliveries.record_failure(session, job, next_step, without_numbers(str(outcome)))
    given_up = isinstance(next_step, GiveUp)
    log.warning("delivery_failed", medium=job.medium.value, given_up=given_up, **facts)


def _next_step(
    job: Job, outcome: SendFailed | SendRefused, now: datetime, how: Manner
) -> TryAgain | GiveUp:
    if isinstance(outcome, SendRefused):
        return GiveUp(reason="refused")
    step = rules.after_failure(
        job.attempts, due_since=job.due_since, now=now, patience=how.patience
    )
    if isinstance(step, GiveUp):
        return step
    urgent = job.outgoing.urgent
    return TryAgain(at=may_leave_at(step.at, job.medium, urgent=urgent, quiet=how.quiet))


def _note_webhook(session: Session, job: Job, outcome: Outcome, patience: Patience) -> None:
    account = job.outgoing.account
    if isinstance(outcome, Withheld):
        return
    if isinstance(outcome, Receipt):
        webhooks.note_success(session, account)
        return
    webhooks.note_failure(
        session,
        account,
        str(outcome),
        at_once=isinstance(outcome, HookGone),
        patience=patience.webhook,
        now=clock.now(),
    )
