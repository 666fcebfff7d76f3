"""Sweeps: everything that is due, a slice to a transaction, as a hearer hears batches.

A slice that fails is halved until the entry that fails is alone; that one is set aside with
its reason, shown in /status and tried again after a pause, and all others go through.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.chassis import clock, metrics
from services.chassis.database import Database, is_passing, upsert
from services.chassis.parked import PAUSES, reason_of
from services.chassis.tables import AsideRow

MOST_BROKEN = (
    100  # in one run; then it is not the entries, and halving costs more than it finds
)

Item = TypeVar("Item")
Done = TypeVar("Done")
Key = TypeVar("Key", bound=Hashable)
log = structlog.get_logger()


@dataclass(frozen=True)
class Aside:
    """An entry that a sweep could not deal with."""

    sweep: str
    about: str
    reason: str
    attempts: int
    since: datetime
    next_try_at: datetime


@dataclass(frozen=True)
class Sweep(Generic[Item, Key, Done]):
    """What is due, and what is done about it.

    *find*: the next slice: what is due, behind the last entry of the slice before (None: the
    first), without the keys named. It only reads. *work*: deals with some entries in one
    transaction, and finds them changed meanwhile, or not; it must not commit. *key*: what an
    entry is called in *find*; `about` is its text.
    """

    name: str
    find: Callable[[Session, Item | None, Collection[Key]], Sequence[Item]]
    work: Callable[[Session, Sequence[Item]], Done]
    key: Callable[[Item], Key]
    read: Callable[[str], Key]

    def run(self, database: Database) -> list[Done]:
        """Until nothing is due any more. Returns what each piece of work came to.

        Raises what passes by itself (database away, deadlock): the same can be called again.
        """
        return _Run(self, database).go()


def by_id(
    name: str,
    find: Callable[[Session, UUID | None, Collection[UUID]], Sequence[UUID]],
    work: Callable[[Session, Sequence[UUID]], Done],
) -> Sweep[UUID, UUID, Done]:
    """A sweep whose entries are ids."""
    return Sweep(name, find, work, key=lambda each: each, read=UUID)


class _Run(Generic[Item, Key, Done]):
    """One run of a sweep."""

    def __init__(self, sweep: Sweep[Item, Key, Done], database: Database) -> None:
        self.sweep = sweep
        self.database = database
        self.broken = 0
        self.seen: set[Key] = set()
        with database.reading() as session:
            known = _of(session, sweep.name)
        now = clock.now()
        self.known = {sweep.read(one.about) for one in known}
        self.resting = {sweep.read(one.about) for one in known if one.next_try_at > now}

    def go(self) -> list[Done]:
        done: list[Done] = []
        after: Item | None = None
        while True:
            with self.database.reading() as session:
                found = self.sweep.find(session, after, self.resting)
            fresh = [item for item in found if self.sweep.key(item) not in self.seen]
            if not fresh:
                break
            after = found[-1]
            self.seen |= {self.sweep.key(item) for item in fresh}
            done += self._work(fresh)
        self._let_go(self.known - self.resting - self.seen)  # nothing is due of them any more
        return done

    def _work(self, items: Sequence[Item]) -> list[Done]:
        try:
            return [self._in_one(items)]
        except Exception as error:
            if is_passing(error):
                raise
            if len(items) == 1:
                self._set_aside(items[0], error)
                return []
        log.warning("slice_halved", sweep=self.sweep.name, entries=len(items))
        half = len(items) // 2
        return self._work(items[:half]) + self._work(items[half:])

    def _in_one(self, items: Sequence[Item]) -> Done:
        with self.database.transaction() as session:
            done = self.sweep.work(session, items)
            if self.known:
                _forget(session, self.sweep.name, {self.sweep.key(item) for item in items})
        return done

    def _set_aside(self, item: Item, error: Exception) -> None:
        key = self.sweep.key(item)
        self.resting.add(key)
        self.known.add(key)
        with self.database.transaction() as session:
            _set_aside(session, self.sweep.name, str(key), error)
        metrics.set_aside(self.sweep.name)
        log.error(
            "entry_set_aside", sweep=self.sweep.name, about=str(key), reason=reason_of(error)
        )
        self.broken += 1
        if self.broken >= MOST_BROKEN:
            raise error

    def _let_go(self, keys: Collection[Key]) -> None:
        if keys:
            with self.database.transaction() as session:
                _forget(session, self.sweep.name, keys)


def listed(session: Session, *, limit: int) -> list[Aside]:
    """What lies aside, the oldest first."""
    query = select(AsideRow).order_by(AsideRow.since, AsideRow.about).limit(limit)
    return [_aside(row) for row in session.scalars(query)]


def count(session: Session) -> int:
    """How much lies aside."""
    return session.scalar(select(func.count()).select_from(AsideRow)) or 0


def due_again(session: Session, name: str) -> list[str]:
    """What a sweep has set aside and should try again now."""
    now = clock.now()
    return [one.about for one in _of(session, name) if one.next_try_at <= now]


def resting(session: Session, name: str) -> list[str]:
    """What a sweep has set aside and does not try now."""
    now = clock.now()
    return [one.about for one in _of(session, name) if one.next_try_at > now]


def pause_after(attempts: int) -> timedelta:
    """As a parked message; but what time brings is tried for ever, in the end once an hour."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def _of(session: Session, name: str) -> list[Aside]:
    query = select(AsideRow).where(AsideRow.sweep == name)
    return [_aside(row) for row in session.scalars(query)]


def _set_aside(session: Session, name: str, about: str, error: Exception) -> None:
    now = clock.now()
    before = session.get(AsideRow, (name, about))
    attempts = before.attempts + 1 if before else 1
    row = {
        "sweep": name,
        "about": about,
        "reason": reason_of(error),
        "attempts": attempts,
        "since": before.since if before else now,
        "next_try_at": now + pause_after(attempts),
    }
    upsert(session, AsideRow.__table__, [row], key=["sweep", "about"])


def _forget(session: Session, name: str, keys: Collection[Any]) -> None:
    about = [str(key) for key in keys]
    gone = delete(AsideRow).where(AsideRow.sweep == name, AsideRow.about.in_(about))
    session.execute(gone.execution_options(synchronize_session=False))


def _aside(row: AsideRow) -> Aside:
    columns: dict[str, Any] = {f.name: getattr(row, f.name) for f in fields(Aside)}
    return Aside(**columns)
