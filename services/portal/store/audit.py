"""The audit: one chain over everything that users changed or took out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.portal.rules import chain
from services.portal.store.tables import AuditRow

PAGE = 1000


@dataclass(frozen=True)
class Line:
    """One line. *outcome*: `asked` before something is tried, then what came of it."""

    position: int
    at: datetime
    who: str
    roles: str
    divisions: str
    address: str
    action: str
    subject: str
    outcome: str
    detail: str
    hash: str


def write(
    session: Session,
    *,
    at: datetime,
    who: str,
    roles: str,
    divisions: str,
    address: str,
    action: str,
    subject: str,
    outcome: str,
    detail: Mapping[str, Any] | None = None,
) -> Line:
    """Add a line at the end of the chain; it is there when the transaction is committed."""
    if session.get_bind().dialect.name == "postgresql":  # on SQLite one writes at a time anyway
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('audit'))"))
    last = session.execute(
        select(AuditRow.position, AuditRow.hash).order_by(AuditRow.position.desc()).limit(1)
    ).first()
    before, position = (last.hash, last.position + 1) if last else (chain.FIRST, 1)
    row = AuditRow(
        position=position,
        at=at.replace(microsecond=0),
        who=who[:60],
        roles=roles[:120],
        divisions=divisions[:400],
        address=address[:60],
        action=action[:200],
        subject=subject[:300],
        outcome=outcome[:100],
        detail=json.dumps(detail or {}, ensure_ascii=False, sort_keys=True),
        hash="",
    )
    row.hash = chain.link(before, _told(row))
    session.add(row)
    session.flush()
    return _line(row)


def latest(
    session: Session, *, who: str | None = None, before: int | None = None, limit: int = 50
) -> list[Line]:
    """The newest lines first; *before*: only lines of a lower position."""
    wanted = select(AuditRow).order_by(AuditRow.position.desc()).limit(limit)
    if who:
        wanted = wanted.where(AuditRow.who == who)
    if before:
        wanted = wanted.where(AuditRow.position < before)
    return [_line(row) for row in session.scalars(wanted)]


def broken_at(session: Session) -> int | None:
    """The first position at which the chain does not hold, read from its beginning."""
    return chain.broken_at(_all(session))


def last(session: Session) -> Line | None:
    """The end of the chain: whoever writes its hash down elsewhere can tell a cut-off end."""
    found = latest(session, limit=1)
    return found[0] if found else None


def _all(session: Session) -> Iterator[tuple[dict[str, str | int], str]]:
    position = 0
    while rows := session.scalars(
        select(AuditRow)
        .where(AuditRow.position > position)
        .order_by(AuditRow.position)
        .limit(PAGE)
    ).all():
        for row in rows:
            yield _told(row), row.hash
        position = rows[-1].position
        session.expunge_all()


def _told(row: AuditRow) -> dict[str, str | int]:
    line = asdict(_line(row))
    del line["hash"]
    return line | {"at": row.at.astimezone(UTC).isoformat()}


def _line(row: AuditRow) -> Line:
    return Line(**{name: getattr(row, name) for name in Line.__dataclass_fields__})
