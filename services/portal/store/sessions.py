"""Who is logged in, and logins that failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from sqlalchemy import Select, delete, select, text, update
from sqlalchemy.orm import Session

from services.portal import rules
from services.portal.model import User
from services.portal.store.secrets_kept import hash_of, new_token
from services.portal.store.tables import FailedLoginRow, SessionRow, UserRow
from services.portal.store.users import as_user


@dataclass(frozen=True)
class LoggedIn:
    """A session with its user."""

    token_hash: str
    user: User
    began_at: datetime
    seen_at: datetime
    address: str
    browser: str


def begin(session: Session, user_id: UUID, *, address: str, browser: str, now: datetime) -> str:
    """The token for the cookie."""
    token = new_token()
    session.add(
        SessionRow(
            token_hash=hash_of(token),
            user_id=user_id,
            began_at=now,
            seen_at=now,
            address=address[:60],
            browser=browser[:200],
        )
    )
    return token


def find(session: Session, token: str) -> LoggedIn | None:
    """By the cookie; None if it was ended or its user disabled. The caller judges its age."""
    found = session.execute(_living().where(SessionRow.token_hash == hash_of(token))).first()
    return _logged_in(found[0], found[1]) if found else None


def touch(session: Session, token_hash: str, *, now: datetime) -> None:
    """Somebody was here."""
    session.execute(
        update(SessionRow).where(SessionRow.token_hash == token_hash).values(seen_at=now)
    )


def end(session: Session, token_hash: str, *, now: datetime) -> None:
    """Log out, or be logged out."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.token_hash == token_hash, SessionRow.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all(session: Session, user_id: UUID, *, now: datetime) -> int:
    """Log a user out everywhere; of how many sessions."""
    ended = session.execute(
        update(SessionRow)
        .where(SessionRow.user_id == user_id, SessionRow.ended_at.is_(None))
        .values(ended_at=now)
        .returning(SessionRow.token_hash)
    )
    return len(ended.all())


def online(session: Session, *, since: datetime) -> list[LoggedIn]:
    """Seen since then, latest first."""
    seen = _living().where(SessionRow.seen_at >= since).order_by(SessionRow.seen_at.desc())
    return [_logged_in(row, user) for row, user in session.execute(seen)]


class Tried(Enum):
    """What came of a password that somebody tried."""

    RIGHT = auto()
    WRONG = auto()
    LOCKED = auto()  # too many wrong ones lately: not even the right one counts


@dataclass(frozen=True)
class Patience:
    """How many tries of a name may fail within how many minutes."""

    most: int
    minutes: int


def is_locked(session: Session, name: str, patience: Patience, *, now: datetime) -> bool:
    """Whether too many tries of a name failed lately."""
    since = now - timedelta(minutes=patience.minutes)
    failures = session.scalars(
        select(FailedLoginRow.at).where(
            FailedLoginRow.name == name[:60], FailedLoginRow.at > since
        )
    ).all()
    until = rules.locked_until(failures, now=now, most=patience.most, minutes=patience.minutes)
    return until is not None


def count_try(
    session: Session,
    name: str,
    patience: Patience,
    *,
    right: bool,
    address: str,
    now: datetime,
) -> Tried:
    """Judge a password that was compared, and count it, one try of a name after the other.

    Many that are tried at once are many tries: whichever is counted behind the last one that may
    fail is not even right any more.
    """
    if session.get_bind().dialect.name == "postgresql":  # on SQLite one writes at a time anyway
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtext(:name))"),
            {"name": f"login {name[:60]}"},
        )
    if is_locked(session, name, patience, now=now):
        return Tried.LOCKED
    if right:
        forget_failures(session, name)
        return Tried.RIGHT
    session.add(FailedLoginRow(name=name[:60], address=address[:60], at=now))
    return Tried.WRONG


def forget_failures(session: Session, name: str) -> None:
    """After a success."""
    session.execute(delete(FailedLoginRow).where(FailedLoginRow.name == name[:60]))


def _living() -> Select[SessionRow, UserRow]:
    return (
        select(SessionRow, UserRow)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .where(SessionRow.ended_at.is_(None), UserRow.disabled_at.is_(None))
    )


def _logged_in(row: SessionRow, user: UserRow) -> LoggedIn:
    return LoggedIn(
        row.token_hash, as_user(user), row.began_at, row.seen_at, row.address, row.browser
    )
