"""A password that somebody tries: compared, judged and counted, wherever it is asked for."""

from __future__ import annotations

from flask import request

from services.chassis import clock
from services.portal.model import User
from services.portal.store import secrets_kept, sessions, users
from services.portal.store.sessions import Patience, Tried
from services.portal.web.language import gettext as _
from services.portal.web.state import state
from services.portal.web.writing import note

OUTCOMES = {Tried.WRONG: "refused", Tried.LOCKED: "locked"}


def tried(name: str, password: str, *, action: str, wrong: str) -> tuple[User | None, str]:
    """The user whose password it is, or why not: nobody learns whether a name exists.

    *action*: what the audit calls a try that fails; *wrong*: what to say of one.
    """
    known, now, patience = state(), clock.now(), _patience()
    with known.database.reading() as session:
        user = users.find(session, name)
        active = user is not None and user.disabled_at is None
        kept = users.password_hash(session, user.id) if user and active else None
        locked = sessions.is_locked(session, name, patience, now=now)
    found = Tried.LOCKED
    if not locked:
        right = secrets_kept.fits(password, kept)  # slow by design: not under the lock
        with known.database.transaction() as session:
            found = sessions.count_try(
                session,
                name,
                patience,
                right=right,
                address=request.remote_addr or "",
                now=clock.now(),
            )
    if found is Tried.RIGHT:
        return user, ""
    note(action, name, OUTCOMES[found], of=user)
    if found is Tried.LOCKED:
        minutes = patience.minutes
        return None, _("登录失败次数过多，请 %(minutes)s 分钟后再试", minutes=minutes)
    return None, wrong


def _patience() -> Patience:
    policy, today = state().policy, clock.today()
    return Patience(
        most=policy.number("failed_logins", on=today),
        minutes=policy.number("failed_logins_minutes", on=today),
    )
