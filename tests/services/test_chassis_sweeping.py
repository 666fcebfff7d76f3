"""A periodic job deals with everything that is due, and sets aside what it cannot deal with."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Uuid, delete, select, update
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis import clock, sweeping
from services.chassis.api import status_of
from services.chassis.database import Database, insert_all
from services.chassis.tables import ChassisTable

NOON = clock.now()


class Table(DeclarativeBase):
    """What the job under test looks at."""


class DueRow(Table):
    __tablename__ = "due"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    done: Mapped[bool]


class Job:
    """Does what is due, five at a time; some ids it cannot deal with."""

    name = "inspection"

    def __init__(self, database):
        self.database = database
        self.broken = set()
        self.tried = []
        self.fails_with = ValueError("no such rule")

    def run(self):
        return sum(sweeping.by_id("job", self.find, self.work).run(self.database))

    def find(self, session, after, without):
        query = select(DueRow.id).where(~DueRow.done, DueRow.id.not_in(without))
        return list(session.scalars(query.order_by(DueRow.id).limit(5)))

    def work(self, session, ids):
        self.tried.append(len(ids))
        session.execute(update(DueRow).where(DueRow.id.in_(ids)).values(done=True))
        if self.broken & set(ids):
            raise self.fails_with
        return len(ids)


@pytest.fixture(name="database")
def _database(database_url):
    database = Database(database_url("inspection"), source="/610300/inspection")
    ChassisTable.metadata.create_all(database.engine)
    Table.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture(name="now")
def _now(monkeypatch):
    """Now is noon, until a test lets time pass."""

    def is_(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    is_(NOON)
    return is_


@pytest.fixture(name="job")
def _job(database, now):
    rows = [{"id": UUID(int=number), "done": False} for number in range(12)]
    with database.transaction() as session:
        insert_all(session, DueRow.__table__, rows)
    return Job(database)


def left(database):
    with database.reading() as session:
        return [each.int for each in session.scalars(select(DueRow.id).where(~DueRow.done))]


def set_aside(database):
    with database.reading() as session:
        return [
            (UUID(one.about).int, one.attempts) for one in sweeping.listed(session, limit=9)
        ]


def test_everything_is_dealt_with_in_slices(job, database):
    assert job.run() == 12

    assert job.tried == [5, 5, 2]
    assert left(database) == []
    assert job.run() == 0


def test_one_that_fails_is_set_aside_and_the_others_go_through(job, database):
    job.broken = {UUID(int=0), UUID(int=7)}

    assert job.run() == 10

    assert left(database) == [0, 7]
    assert set_aside(database) == [(0, 1), (7, 1)]


def test_it_is_shown_in_the_status(job, database):
    job.broken = {UUID(int=3)}
    job.run()

    told = status_of(job)

    assert told["set_aside"] == 1
    assert told["set_aside_first"] == [
        {"sweep": "job", "about": str(UUID(int=3)), "since": NOON.isoformat()}
    ]


def test_it_rests_between_two_tries_and_is_gone_when_it_went_through(job, database, now):
    job.broken = {UUID(int=3)}
    job.run()
    job.tried.clear()

    assert job.run() == 0
    assert job.tried == []

    now(NOON + timedelta(seconds=11))
    assert job.run() == 0
    assert set_aside(database) == [(3, 2)]

    job.broken = set()
    now(NOON + timedelta(minutes=2))
    assert job.run() == 1
    assert set_aside(database) == []


def test_it_is_gone_too_when_nothing_is_due_of_it_any_more(job, database, now):
    job.broken = {UUID(int=3)}
    job.run()
    with database.transaction() as session:
        session.execute(delete(DueRow).where(DueRow.id == UUID(int=3)))

    now(NOON + timedelta(minutes=2))
    job.run()

    assert set_aside(database) == []


def test_what_passes_by_itself_ends_the_run_and_sets_nothing_aside(job, database):
    job.broken = {UUID(int=0)}
    job.fails_with = PoolTimeout("the database went away")

    with pytest.raises(PoolTimeout):
        job.run()

    assert set_aside(database) == []
    assert len(left(database)) == 12


def test_where_everything_fails_the_run_ends_early(job, database, monkeypatch):
    monkeypatch.setattr(sweeping, "MOST_BROKEN", 3)
    job.broken = {UUID(int=number) for number in range(12)}

    with pytest.raises(ValueError, match="no such rule"):
        job.run()
    job.broken = {UUID(int=number) for number in range(3)}

    assert job.run() == 9


def test_even_what_fails_for_long_is_tried_every_hour():
    assert sweeping.pause_after(1) == timedelta(seconds=10)
    assert sweeping.pause_after(99) == timedelta(hours=1)
