"""A newer edition of a code table: looked at, told what it changes, kept."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.registry.rules.reference import (
    SUBJECTS,
    ChangeKind,
    Edition,
    changes,
    read_edition,
)
from services.registry.store import reference


def load_edition(
    session: Session,
    subject_name: str,
    text: str,
    *,
    file: str,
    effective_on: date,
    dry_run: bool,
    by: str,
    at: datetime,
) -> dict[str, Any]:
    """Take a newer edition of a code table, from its day on.

    Returns what it changes against the edition that would hold on that day without it, and
    how many records carry a code that ends. The same file for the same day again changes
    nothing. *dry_run* gives the same answer and keeps nothing. Raises EditionBroken.
    """
    subject = SUBJECTS[subject_name]
    edition = read_edition(subject, text, effective_on=effective_on)
    before = reference.in_force(session, effective_on).edition(subject_name)
    told = _difference(session, before, edition, on=effective_on)
    kept = not dry_run and reference.keep(
        session, edition, effective_on=effective_on, at=at, by=by, file=file
    )
    return {
        "table": subject_name,
        "effective_on": effective_on.isoformat(),
        "digest": edition.digest,
        "lines": len(edition),
        "kept": bool(kept),
        "dry_run": dry_run,
    } | told


def _difference(
    session: Session, before: Edition, after: Edition, *, on: date
) -> dict[str, Any]:
    found = list(changes(before, after, on=on))
    ending = [change.code for change in found if change.kind is ChangeKind.ENDED]
    carried = reference.carriers(session, SUBJECTS[after.subject], ending)
    return {
        "counts": {
            kind.value: sum(change.kind is kind for change in found) for kind in ChangeKind
        },
        "changes": [
            asdict(change)
            | {
                "kind": change.kind.value,
                "until": change.until and change.until.isoformat(),
                "carried_by": carried.get(change.code, {}),
            }
            for change in found
        ],
    }
