"""A rule or a number has changed: derive again the duties that rest on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from services.chassis import sweeping
from services.chassis.database import Database
from services.chassis.sweeping import Sweep
from services.events.registry import ObjectKind
from services.inspection.handlers.settling import Change, settle_known
from services.inspection.handlers.standing import applied_rows
from services.inspection.rules.ruling import COLOUR_NUMBERS, Ruling
from services.inspection.store import days, subjects, tallies
from services.inspection.store.subjects import SUBJECT
from services.inspection.store.tables import AppliedRuleRow

SLICE = 500
SWEEP = "rule_changes"

Classes = set[tuple[ObjectKind, str]]


def apply(database: Database, ruled: Ruling) -> int:
    """Derive again what changed rules are for, in slices. Returns how many objects.

    What was applied is noted at the end: after a crash the rest is done, and again what was
    done already, which changes nothing. An object that could not be derived again is tried
    until it can be.
    """
    with database.reading() as session:
        if days.applied_version(session) == ruled.version:
            wanted = _left(session)
        else:
            wanted = _touched(days.applied_rules(session), ruled)
    derived = sum(_derivation(wanted, ruled).run(database)) if wanted is not None else 0
    with database.transaction() as session:
        days.set_applied(session, applied_rows(ruled), ruled.version)
    return derived


def touched_by(now: Ruling, then: Ruling) -> ColumnElement[bool] | None:
    """The objects that a rule is for which differs between two rulings; None: none differs."""
    applied = {row["rule_id"]: AppliedRuleRow(**row) for row in applied_rows(now)}
    return _touched(applied, then)


def _touched(applied: dict[str, AppliedRuleRow], ruled: Ruling) -> ColumnElement[bool] | None:
    """The objects that a changed, new or dropped rule is for."""
    before = {rule_id: row.digest for rule_id, row in applied.items()}
    changed = {rule_id for rule_id, _ in before.items() ^ ruled.digests.items()}
    if COLOUR_NUMBERS in changed:
        return true()
    now = {row["rule_id"]: row for row in applied_rows(ruled)}
    classes: Classes = set()
    for rule_id in changed:
        if rule_id in applied:
            row = applied[rule_id]
            classes |= {(ObjectKind(row.kind), code) for code in row.classes}
        if rule_id in now:
            new = now[rule_id]
            classes |= {(ObjectKind(new["kind"]), code) for code in new["classes"]}
    return subjects.of_classes(classes) if classes else None


def _left(session: Session) -> ColumnElement[bool] | None:
    """The objects that were set aside and whose next try has come."""
    left = sweeping.due_again(session, SWEEP)
    return SUBJECT.c.object_id.in_([UUID(each) for each in left]) if left else None


def _derivation(wanted: ColumnElement[bool], ruled: Ruling) -> Sweep[UUID, UUID, int]:
    def some(session: Session, after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return subjects.next_ids(session, wanted, after=after, limit=SLICE, without=without)

    def derived(session: Session, ids: Sequence[UUID]) -> int:
        changes = [Change(each.facts, None) for each in subjects.locked(session, ids)]
        with tallies.kept(session, SUBJECT.c.object_id.in_(ids)):
            colours = settle_known(session, changes, ruled, today=ruled.on)
            subjects.paint(session, colours)
        days.note_change(session)
        return len(changes)

    return sweeping.by_id(SWEEP, some, derived)
