"""An object was recorded: what it owes, from now on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.envelope import Envelope
from services.chassis.policy import Policy
from services.events.registry import ObjectRecorded
from services.inspection.handlers import settling
from services.inspection.handlers.settling import Change
from services.inspection.handlers.standing import begin, standing_ruling
from services.inspection.rules.rule_table import RuleTable
from services.inspection.rules.ruling import Ruling, as_recorded, worst
from services.inspection.store import days, subjects, tallies
from services.inspection.store.subjects import SUBJECT, Subject


def on_object_recorded(
    session: Session,
    heard: Sequence[Envelope[ObjectRecorded]],
    *,
    today: date,
    policy: Policy,
    table: RuleTable,
) -> None:
    """Derive the duties of objects; of several revisions the highest holds.

    Colours are those of the day that everything stands for, the last evaluated one. Nothing
    turns red here: an import would otherwise warn by itself. See rules.ruling.as_recorded.
    """
    newest = _newest(heard)
    ruled = standing_ruling(session, today=today, policy=policy, table=table)
    begin(session, ruled)
    new = _write_new(session, newest, ruled, today)
    known = subjects.lock(session, newest.keys() - new)
    newer = [
        newest[object_id]
        for object_id, before in known.items()
        if newest[object_id].event.revision > before.revision
    ]
    if newer:
        ids = [each.event.object_id for each in newer]
        with tallies.kept(session, SUBJECT.c.object_id.in_(ids)):
            _write_known(session, newer, ruled, today)
    if new or newer:
        days.note_change(session)


def _newest(
    heard: Iterable[Envelope[ObjectRecorded]],
) -> dict[UUID, Envelope[ObjectRecorded]]:
    newest: dict[UUID, Envelope[ObjectRecorded]] = {}
    for each in heard:
        known = newest.get(each.event.object_id)
        if known is None or each.event.revision > known.event.revision:
            newest[each.event.object_id] = each
    return newest


def _write_new(
    session: Session, newest: dict[UUID, Envelope[ObjectRecorded]], ruled: Ruling, today: date
) -> set[UUID]:
    owed = {object_id: ruled.owed(each.event) for object_id, each in newest.items()}
    new = subjects.insert(
        session,
        [
            Subject(
                each.event,
                each.id,
                worst(as_recorded(duty, on=ruled.on, red=()) for duty in owed[object_id]),
            )
            for object_id, each in newest.items()
        ],
    )
    facts = [each.event for object_id, each in newest.items() if object_id in new]
    settling.settle_new(session, facts, owed, ruled, today=today)
    tallies.add_new(session, SUBJECT.c.object_id.in_(list(new)))
    return new


def _write_known(
    session: Session, newer: Sequence[Envelope[ObjectRecorded]], ruled: Ruling, today: date
) -> None:
    changes = [Change(each.event, each.id) for each in newer]
    colours = settling.settle_known(session, changes, ruled, today=today)
    subjects.overwrite(
        session, [Subject(each.event, each.id, colours[each.event.object_id]) for each in newer]
    )
