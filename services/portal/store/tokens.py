"""Tokens of programs that call the public API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.chassis import clock
from services.portal.store.secrets_kept import hash_of, new_token
from services.portal.store.tables import TokenRow


@dataclass(frozen=True)
class Token:
    """A program's token, without the secret itself."""

    id: UUID
    label: str
    scopes: frozenset[str]
    divisions: str
    per_minute: int | None
    made_by: str
    made_at: datetime
    ends_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it is good at that moment."""
        return self.revoked_at is None and (self.ends_at is None or self.ends_at > now)

    @property
    def last_day(self) -> date | None:
        """The last day in China on which it is good, at least in part."""
        if self.ends_at is None:
            return None
        return (self.ends_at - timedelta(microseconds=1)).astimezone(clock.BEIJING).date()


def make(
    session: Session,
    *,
    label: str,
    scopes: Sequence[str],
    divisions: str,
    made_by: str,
    now: datetime,
    ends_at: datetime | None = None,
    per_minute: int | None = None,
) -> tuple[Token, str]:
    """A new token, and its secret: shown once."""
    secret = f"bq_{new_token()}"
    row = TokenRow(
        id=uuid4(),
        token_hash=hash_of(secret),
        label=label,
        scopes=",".join(sorted(scopes)),
        divisions=divisions,
        per_minute=per_minute,
        made_by=made_by,
        made_at=now,
        ends_at=ends_at,
    )
    session.add(row)
    session.flush()
    return _token(row), secret


def find(session: Session, secret: str) -> Token | None:
    """By its secret, good or not."""
    row = session.scalar(select(TokenRow).where(TokenRow.token_hash == hash_of(secret)))
    return _token(row) if row else None


def by_id(session: Session, token_id: UUID) -> Token | None:
    """By id, good or not."""
    row = session.get(TokenRow, token_id)
    return _token(row) if row else None


def listed(session: Session) -> list[Token]:
    """All, the newest first."""
    return [
        _token(r) for r in session.scalars(select(TokenRow).order_by(TokenRow.made_at.desc()))
    ]


def revoke(session: Session, token_id: UUID, *, now: datetime) -> bool:
    """End one. False if there is none that holds."""
    ended = session.execute(
        update(TokenRow)
        .where(TokenRow.id == token_id, TokenRow.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(TokenRow.id)
    )
    return ended.first() is not None


def note_used(session: Session, token_id: UUID, *, now: datetime) -> None:
    """For the list: which tokens nobody uses any more."""
    session.execute(update(TokenRow).where(TokenRow.id == token_id).values(used_at=now))


def _token(row: TokenRow) -> Token:
    return Token(
        id=row.id,
        label=row.label,
        scopes=frozenset(row.scopes.split(",")),
        divisions=row.divisions,
        per_minute=row.per_minute,
        made_by=row.made_by,
        made_at=row.made_at,
        ends_at=row.ends_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
    )
