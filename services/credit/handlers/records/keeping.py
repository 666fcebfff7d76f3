"""Saves and announces what was done to records, in one transaction with what led to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.chassis.outbox import Saying
from services.chassis.policy import Policy
from services.credit import store
from services.credit.handlers.records import saying
from services.credit.model import Record, RecordStep, What
from services.credit.rules.records.days import next_step_on
from services.events.credit import Term


def keep_steps(
    session: Session,
    steps: Sequence[RecordStep],
    known: Mapping[UUID, Record],
    *,
    today: date,
    policy: Policy,
) -> list[RecordStep]:
    """Number, save and announce steps; *known*: the records as they stood before them."""
    if not steps:
        return []
    done = _numbered(steps, known, policy=policy)
    store.save_steps(session, done, version=policy.version(on=today))
    outbox.announce_all(session, _sayings(done))
    public = {
        step.record.enterprise_id for step in done if step.record.published_on is not None
    }
    store.mark_for_grading(session, public, since=today)
    return done


def _numbered(
    steps: Iterable[RecordStep], known: Mapping[UUID, Record], *, policy: Policy
) -> list[RecordStep]:
    """The steps of each record in order, with revision, number and next day."""
    at: dict[UUID, tuple[int | None, int]] = {
        record.id: (record.revision, record.steps) for record in known.values()
    }
    done = []
    for step in steps:
        revision, number = at.get(step.record.id, (None, 0))
        revision, number = outbox.revision_after(revision), number + 1
        at[step.record.id] = revision, number
        record = replace(
            step.record,
            revision=revision,
            steps=number,
            next_step_on=next_step_on(step.record, policy=policy),
        )
        done.append(replace(step, record=record))
    return done


def _sayings(steps: Iterable[RecordStep]) -> Iterable[Saying]:
    for step in steps:
        yield from saying.of_step(step)
        if step.what is What.OVERRUN:
            term = Term(step.particulars["term"])
            due_on = date.fromisoformat(step.particulars["due_on"])
            yield saying.of_overrun(step.record, term, due_on, step.record.revision)
