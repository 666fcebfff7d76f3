"""Loaded editions of code tables, and which records carry their codes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast
from uuid import NAMESPACE_DNS, UUID, uuid5

from sqlalchemy import Select, Table, func, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_all, insert_new
from services.registry.rules.reference import SUBJECTS, Edition, Entry, References, Subject
from services.registry.store.tables import EditionRow, EnterpriseRow, EntryRow, ObjectRow

_EDITIONS = cast("Table", EditionRow.__table__)
_ENTRIES = cast("Table", EntryRow.__table__)
_NAMESPACE = uuid5(NAMESPACE_DNS, "reference.registry.bianque")


def in_force(session: Session, day: date) -> References:
    """The code tables as they stand on a day."""
    found = {subject: _in_force(session, subject, day) for subject in SUBJECTS}
    return References({name: _edition(session, row) for name, row in found.items() if row})


def editions(session: Session, subject: str) -> list[EditionRow]:
    """The loaded editions of a table, the one that takes effect last first."""
    return list(session.scalars(_newest_first(subject)))


def keep(
    session: Session, edition: Edition, *, effective_on: date, at: datetime, by: str, file: str
) -> bool:
    """Store an edition. False: it lies here already, for the same day."""
    edition_id = uuid5(_NAMESPACE, f"{edition.subject}/{effective_on}/{edition.digest}")
    row = {
        "id": edition_id,
        "subject": edition.subject,
        "effective_on": effective_on,
        "digest": edition.digest,
        "file_name": file,
        "lines": len(edition),
        "loaded_at": at,
        "loaded_by": by,
    }
    if not insert_new(session, _EDITIONS, [row], returning=EditionRow.id):
        return False
    insert_all(session, _ENTRIES, [_row(edition_id, entry) for entry in edition.entries])
    return True


def carriers(session: Session, subject: Subject, codes: Iterable[str]) -> dict[str, Any]:
    """How many enterprises and objects carry each of some codes."""
    wanted = sorted(codes)
    counted: dict[str, dict[str, int]] = {code: {} for code in wanted}
    for what, column, kind in _carrying(subject):
        found = select(column, func.count()).where(column.in_(wanted)).group_by(column)
        if kind is not None:
            found = found.where(ObjectRow.kind == kind)
        for code, many in session.execute(found):
            counted[code][what] = many
    return {code: many for code, many in counted.items() if many}


def _carrying(subject: Subject) -> list[tuple[str, Any, str | None]]:
    if subject.name == "divisions":
        return [
            ("enterprises", EnterpriseRow.division, None),
            ("objects", ObjectRow.division, None),
        ]
    if subject.governs is not None:
        return [("objects", ObjectRow.class_code, subject.governs.value)]
    return []


def _in_force(session: Session, subject: str, day: date) -> EditionRow | None:
    newest = _newest_first(subject).where(EditionRow.effective_on <= day).limit(1)
    return session.scalar(newest)


def _newest_first(subject: str) -> Select[EditionRow]:
    """Of two that take effect on one day, the one that was loaded later holds."""
    return (
        select(EditionRow)
        .where(EditionRow.subject == subject)
        .order_by(EditionRow.effective_on.desc(), EditionRow.loaded_at.desc(), EditionRow.id)
    )


def _edition(session: Session, row: EditionRow) -> Edition:
    lines = select(EntryRow).where(EntryRow.edition_id == row.id).order_by(EntryRow.line)
    return Edition(
        row.subject,
        [_entry(line) for line in session.scalars(lines)],
        digest=row.digest,
        effective_on=row.effective_on,
    )


def _entry(row: EntryRow) -> Entry:
    return Entry(
        line=row.line,
        code=row.code,
        name=row.name,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        successor=row.successor,
        source=row.source,
        more=json.loads(row.more),
    )


def _row(edition_id: UUID, entry: Entry) -> dict[str, Any]:
    return {
        "edition_id": edition_id,
        "line": entry.line,
        "code": entry.code,
        "name": entry.name,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
        "successor": entry.successor,
        "source": entry.source,
        "more": json.dumps(dict(entry.more), ensure_ascii=False),
    }
