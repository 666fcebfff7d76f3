"""Digests, and urgent messages that nobody reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from services.chassis import clock, sweeping
from services.chassis.database import Database
from services.chassis.sweeping import Sweep
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
    if until is None:
        return

    def due(session: Session, _after: str | None, without: Collection[str]) -> list[str]:
        return store.accounts_waiting(session, until, limit=AT_ONCE, without=without)

    def listed(session: Session, accounts: Sequence[str]) -> None:
        _digest(session, accounts, until, most, practice)

    Sweep("digests", due, listed, key=str, read=str).run(database)


def tell_of_unread(database: Database, practice: Practice) -> None:
    """紧急通知无人阅读的,逐级告知上一级."""
    now, today = clock.now(), clock.today()
    for step, patience in enumerate(practice.unread_after(today), start=1):
        _unread_sweep(step, store.unread_by_staff(now - patience, step), practice).run(database)


def _unread_sweep(
    step: int, which: ColumnElement[bool], practice: Practice
) -> Sweep[UUID, UUID, None]:
    def due(session: Session, _after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return store.unread(session, which, limit=AT_ONCE, without=without)

    def told(session: Session, some: Sequence[UUID]) -> None:
        rows = store.locked(session, some, which)
        above_told = [(MessageUnread, each) for row in rows if (each := _unread(row, step))]
        tell_of(session, above_told, practice)
        store.mark_escalated(session, [row.id for row in rows], step)

    return sweeping.by_id(f"unread_{step}", due, told)


def _digest(
    session: Session, accounts: Sequence[str], until: datetime, most: int, practice: Practice
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
