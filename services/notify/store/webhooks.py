"""Webhooks: registered, their secrets changed, switched off after failing for too long."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_new, upsert
from services.notify.store.tables import WebhookRow

WEBHOOK = cast("Table", WebhookRow.__table__)
_UNTOLD = WebhookRow.disabled_at.is_not(None) & WebhookRow.told_at.is_(None)


def register(
    session: Session,
    account: str,
    *,
    division: str,
    url: str,
    secret: str,
    by: str,
    outside: bool,
    now: datetime,
) -> bool:
    """Post to this address from now on; what was disabled begins anew.

    *outside*: another department does; then it is False, and nothing changes, if somebody
    else has registered it.
    """
    row = {
        "account": account,
        "division": division,
        "url": url,
        "secret": secret,
        "former_secret": None,
        "former_until": None,
        "failing_since": None,
        "failures": 0,
        "disabled_at": None,
        "disabled_because": None,
        "told_at": None,
        "set_at": now,
        "set_by": by,
        "outside": outside,
    }
    if insert_new(session, WEBHOOK, [row], returning=WEBHOOK.c.account):
        return True
    known = locked(session, account)
    if known is not None and known.set_by != by and outside:
        return False
    upsert(session, WEBHOOK, [row], key=["account"])
    return True


def locked(session: Session, account: str) -> WebhookRow | None:
    """The webhook of an account, for a change."""
    query = select(WebhookRow).where(WebhookRow.account == account)
    return session.scalar(query.with_for_update())


def of(session: Session, account: str) -> WebhookRow | None:
    """The webhook of an account."""
    return session.get(WebhookRow, account)


def forget(session: Session, account: str) -> bool:
    """Post there no more. False if nothing was registered."""
    gone = delete(WebhookRow).where(WebhookRow.account == account)
    return bool(session.execute(gone.returning(WebhookRow.account)).all())


def note_success(session: Session, account: str) -> None:
    """It takes messages: what failed before is forgotten."""
    row = locked(session, account)
    if row is not None and row.failing_since is not None:
        row.failing_since = None
        row.failures = 0


def note_failure(
    session: Session,
    account: str,
    why: str,
    *,
    at_once: bool,
    patience: timedelta,
    now: datetime,
) -> None:
    """It did not take one. *at_once*: it said itself that it wants no more."""
    row = locked(session, account)
    if row is None or row.disabled_at is not None:
        return
    row.failing_since = row.failing_since or now
    row.failures += 1
    if at_once or now >= row.failing_since + patience:
        row.disabled_at = now
        row.disabled_because = why


def disabled_untold(
    session: Session, *, limit: int, without: Collection[str] = ()
) -> list[str]:
    """The accounts of those of whose end nobody has been told yet."""
    query = select(WebhookRow.account).where(_UNTOLD, WebhookRow.account.not_in(without))
    return list(session.scalars(query.order_by(WebhookRow.account).limit(limit)))


def locked_untold(session: Session, accounts: Collection[str]) -> list[WebhookRow]:
    """Those of some accounts, locked."""
    query = select(WebhookRow).where(_UNTOLD, WebhookRow.account.in_(accounts))
    return list(session.scalars(query.with_for_update(skip_locked=True)))
