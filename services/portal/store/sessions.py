"""Who is logged in, and logins that failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

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


def end_all(session: Session, user_id: UUID, *, now: datetime) -> None:
    """Log a user out everywhere."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.user_id == user_id, SessionRow.ended_at.is_(None))
        .values(ended_at=now)
    )


def online(session: Session, *, since: datetime) -> list[LoggedIn]:
    """Seen since then, latest first."""
    seen = _living().where(SessionRow.seen_at >= since).order_by(SessionRow.seen_at.desc())
    return [_logged_in(row, user) for row, user in session.execute(seen)]


def note_failure(session: Session, name: str, *, address: str, now: datetime) -> None:
    """A login that failed."""
    session.add(FailedLoginRow(name=name[:60], address=address[:60], at=now))


def failures(session: Session, name: str, *, now: datetime, minutes: int) -> list[datetime]:
    """When logins under a name failed lately."""
    since = now - timedelta(minutes=minutes)
    return list(
        session.scalars(
            select(FailedLoginRow.at).where(
                FailedLoginRow.name == name[:60], FailedLoginRow.at > since
            )
        )
    )


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
