"""Digests, and urgent messages that nobody reads."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import Database
from services.notify.handlers.telling import tell_of
from services.notify.model import Occasion
from services.notify.notices import DigestReady, MessageUnread
from services.notify.practice import Practice
from services.notify.rules.nights import above, last_digest_at
from services.notify.store import digests as store

DIGESTS = UUID("5b0d1a52-8a3e-4b52-9b0a-3d8f2c6e4a77")
AT_ONCE = 100


def digest(database: Database, practice: Practice) -> None:
    """汇总: one message for each account lists many. A crash in between repeats nothing."""
    now, today = clock.now(), clock.today()
    until = last_digest_at(now, practice.digest_times(today))
    most = practice.policy.number("digest_lines", on=today)
    accounts = [""] * AT_ONCE if until is not None else []
    while until is not None and len(accounts) == AT_ONCE:
        with database.transaction() as session:
            accounts = store.accounts_waiting(session, until, limit=AT_ONCE)
            _digest(session, accounts, until, most, practice)


def tell_of_unread(database: Database, practice: Practice) -> None:
    """紧急通知无人阅读的,逐级告知上一级."""
    now, today = clock.now(), clock.today()
    for step, patience in enumerate(practice.unread_after(today), start=1):
        found = AT_ONCE
        while found == AT_ONCE:
            with database.transaction() as session:
                rows = store.unread(session, before=now - patience, step=step, limit=AT_ONCE)
                found = len(rows)
                told = [(MessageUnread, each) for row in rows if (each := _unread(row, step))]
                tell_of(session, told, practice)
                store.mark_escalated(session, [row.id for row in rows], step)


def _digest(
    session: Session, accounts: list[str], until: datetime, most: int, practice: Practice
) -> None:
    rows = store.waiting(session, accounts, until) if accounts else []
    made, ready = [], []
    for account, of_account in groupby(rows, key=lambda row: row.account):
        listed = list(of_account)
        number = uuid5(DIGESTS, f"{account} {until.isoformat()}")
        made.append((account, number))
        if unread := [row for row in listed if row.read_at is None]:
            ready.append((DigestReady, _occasion(number, unread, until, most)))
    tell_of(session, ready, practice)
    store.mark_digested(session, made, until)


def _occasion(number: UUID, rows: list[Any], until: datetime, most: int) -> Occasion:
    notice = DigestReady(
        digest_id=number,
        account=rows[0].account,
        division=rows[0].division,
        count=len(rows),
        lines=tuple(f"· {row.subject}" for row in rows[:most]),
    )
    return Occasion.of_own(notice.full_name, number, until, notice.to_wire())


def _unread(row: Any, step: int) -> Occasion | None:
    superior = above(row.account, row.division, step)
    if superior is None:
        return None
    notice = MessageUnread(
        message_id=row.id,
        account=row.account,
        above=superior,
        division=row.division,
        subject_line=row.subject,
        step=step,
    )
    return Occasion.of_own(notice.full_name, row.id, clock.now(), notice.to_wire())
