"""What a hearer never heard is found, minute by minute, and given to it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.chassis import clock, inbox, outbox, parked, reconciling
from services.chassis.database import Database
from services.chassis.envelope import Envelope
from services.chassis.hearing import Hearing, Hearings, hears
from services.chassis.local import LocalCarrier
from services.chassis.outbox import Saying
from services.chassis.reconciling import Since
from services.chassis.relay import Relay
from services.chassis.tables import ChassisTable, InboxRow
from services.events.registry import EnterpriseRecorded, EnterpriseStatus

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=30)


class Registry:
    """Announces."""

    name = "registry"

    def __init__(self, database: Database) -> None:
        self.database = database


class Listener:
    """Hears. What is called 毒 it cannot stand."""

    name = "inspection"

    def __init__(self, database: Database) -> None:
        self.database = database
        self.heard: list[str] = []

    @hears(EnterpriseRecorded)
    def on_enterprise_recorded(
        self, heard: Sequence[Envelope[EnterpriseRecorded]], session: Session
    ) -> None:
        names = [received.event.name for received in heard]
        if "毒" in names:
            raise ValueError("this name cannot be handled")
        self.heard += names


class Platform:
    """One announcer, one hearer, and a clock that is set."""

    def __init__(self, url: Callable[[str], str]) -> None:
        self.registry = Registry(Database(url("registry")))
        self.listener = Listener(Database(url("inspection")))
        for service in (self.registry, self.listener):
            ChassisTable.metadata.create_all(service.database.engine)
        [self.hearing] = Hearings(self.listener)
        self.relay = Relay(self.registry.database, LocalCarrier([self.hearing]), "registry")

    def say(self, *names: str) -> None:
        with self.registry.database.transaction() as session:
            outbox.announce_all(session, [Saying(recorded(n), "enterprise/1") for n in names])
        while self.relay.send_waiting():
            pass

    def forget(self, number: int) -> None:
        """As after a restored backup: the last so many were never heard."""
        with self.listener.database.transaction() as session:
            newest = select(InboxRow.message_id).order_by(InboxRow.handled_at.desc())
            forgotten = session.scalars(newest.limit(number)).all()
            session.execute(delete(InboxRow).where(InboxRow.message_id.in_(forgotten)))
        self.listener.heard.clear()

    def reconcile(self, since: datetime = LONG_AGO) -> int:
        services: dict[str, Any] = {"registry": self.registry, "inspection": self.listener}
        return reconciling.in_one_process(services, [self.hearing], since)

    def close(self) -> None:
        self.registry.database.close()
        self.listener.database.close()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def platform(
    database_url: Callable[[str], str], now: Callable[[datetime], None]
) -> Iterator[Platform]:
    now(NOON)
    platform = Platform(database_url)
    yield platform
    platform.close()


def recorded(name: str) -> EnterpriseRecorded:
    return EnterpriseRecorded(
        enterprise_id=uuid4(),
        revision=1,
        name=name,
        uscc=None,
        division="610303",
        status=EnterpriseStatus.ACTIVE,
        industry=None,
    )


def count_heard(hearing: Hearing) -> int:
    with hearing.database.reading() as session:
        return inbox.count(session)


def test_nothing_is_given_to_who_has_heard_it_all(
    platform: Platform, now: Callable[[datetime], None]
) -> None:
    platform.say("甲", "乙")
    now(NOON + timedelta(minutes=5))

    assert platform.reconcile() == 0


def test_what_was_forgotten_is_heard_again_and_only_that(
    platform: Platform, now: Callable[[datetime], None]
) -> None:
    platform.say("甲")
    now(NOON + timedelta(minutes=1))
    platform.say("乙", "丙")
    platform.forget(2)
    now(NOON + timedelta(minutes=5))

    assert platform.reconcile() == 2
    assert sorted(platform.listener.heard) == ["丙", "乙"]
    assert platform.reconcile() == 0


def test_more_than_a_slice_is_given_in_one_go(
    platform: Platform, now: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "SLICE", 10)
    platform.say(*(str(number) for number in range(35)))
    platform.forget(35)
    now(NOON + timedelta(minutes=5))

    assert platform.reconcile() == 35
    assert count_heard(platform.hearing) == 35


def test_a_minute_that_is_not_settled_is_left_alone(
    platform: Platform, now: Callable[[datetime], None]
) -> None:
    platform.say("甲")
    platform.forget(1)
    now(NOON + timedelta(seconds=80))

    assert platform.reconcile() == 0


def test_what_is_parked_counts_as_heard(
    platform: Platform, now: Callable[[datetime], None]
) -> None:
    platform.say("毒")
    now(NOON + timedelta(minutes=5))

    assert platform.reconcile() == 0
    with platform.listener.database.reading() as session:
        assert parked.count(session) == 1


def test_all_is_looked_at_until_that_has_worked_once_then_the_last_hours_for_a_day(
    now: Callable[[datetime], None],
) -> None:
    since = Since(keep_days=60)
    now(NOON)
    with pytest.raises(ConnectionError), since.looking_back():
        raise ConnectionError
    looks = []
    for hours in (0, 1, 23, 25, 26):
        now(NOON + timedelta(hours=hours))
        with since.looking_back() as first:
            looks.append(clock.now() - first)

    whole, recent = timedelta(days=60), reconciling.RECENT
    assert looks == [whole, recent, recent, whole, recent]
