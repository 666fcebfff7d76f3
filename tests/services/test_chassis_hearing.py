"""Messages are handled once, together where possible, and none is lost."""

import json
import threading
from uuid import uuid4

import pytest
from sqlalchemy import Uuid, select, update
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis import clock, envelope, inbox, outbox, parked
from services.chassis.database import Database, insert_new, upsert
from services.chassis.hearing import Hearing, Hearings, hears
from services.chassis.local import LocalCarrier
from services.chassis.relay import Relay
from services.chassis.tables import ChassisTable, ParkedRow
from services.events.registry import EnterpriseRecorded, EnterpriseStatus


class Table(DeclarativeBase):
    """What the service under test keeps."""


class HeardRow(Table):
    __tablename__ = "heard"

    id: Mapped[object] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str]
    revision: Mapped[int]


class Listener:
    """Keeps every enterprise it hears of; the name 毒 it cannot stand."""

    name = "inspection"

    def __init__(self, database):
        self.database = database
        self.batches = []
        self.fails_with = None

    @hears(EnterpriseRecorded)
    def on_enterprise_recorded(self, heard, session):
        self.batches.append(len(heard))
        if self.fails_with:
            raise self.fails_with
        rows = [
            {"id": e.event.enterprise_id, "name": e.event.name, "revision": 1} for e in heard
        ]
        insert_new(session, HeardRow.__table__, rows, returning=HeardRow.id)
        if any(e.event.name == "毒" for e in heard):
            raise ValueError("this name cannot be handled")


@pytest.fixture(name="database")
def _database(database_url):
    database = Database(database_url("inspection"), source="/610300/inspection")
    ChassisTable.metadata.create_all(database.engine)
    Table.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture(name="listener")
def _listener(database):
    return Listener(database)


def recorded(name="甲"):
    return EnterpriseRecorded(
        enterprise_id=uuid4(),
        revision=1,
        name=name,
        uscc=None,
        division="610303",
        status=EnterpriseStatus.ACTIVE,
        industry=None,
    )


def message(name="甲"):
    return envelope.write(
        envelope.seal(recorded(name), about="enterprise/1", source="/610300/r")
    )


def names(database):
    with database.reading() as session:
        return sorted(session.scalars(select(HeardRow.name)))


def parked_reasons(database):
    with database.reading() as session:
        return [each.reason for each in parked.listed(session)]


def only(listener):
    [hearing] = Hearings(listener)
    return hearing


def test_a_batch_is_handled_in_one_call(listener, database):
    only(listener).hear([message("甲"), message("乙")])

    assert listener.batches == [2]
    assert names(database) == ["乙", "甲"]


def test_the_same_message_twice_counts_once_within_and_across_batches(listener, database):
    once = message()

    only(listener).hear([once, once])
    only(listener).hear([once])

    assert listener.batches == [1]
    assert names(database) == ["甲"]


def test_one_poisoned_message_is_parked_and_the_others_go_through(listener, database):
    messages = [message(str(n)) for n in range(20)]
    messages[13] = message("毒")

    only(listener).hear(messages)

    assert len(names(database)) == 19
    assert parked_reasons(database) == ["ValueError: this name cannot be handled"]


@pytest.mark.parametrize(
    "broken",
    [
        b"\xff\xfe",
        "not json",
        "[]",
        "null",
        '{"type": "registry.enterprise_recorded.v1"}',
        json.dumps({**json.loads(message()), "data": {"name": "甲"}}),
        json.dumps({**json.loads(message()), "time": "2026-01-01T00:00:00"}),
        json.dumps({**json.loads(message()), "type": "registry.object_recorded.v1"}),
    ],
    ids=["bytes", "words", "array", "null", "bare", "fields", "no zone", "other event"],
)
def test_a_message_that_breaks_the_contract_is_parked_for_a_person(listener, database, broken):
    only(listener).hear([broken, message()])

    [reason] = parked_reasons(database)
    assert reason.startswith("ContractBroken: ")
    assert names(database) == ["甲"]
    with database.reading() as session:
        assert session.scalars(select(ParkedRow.next_try_at)).all() == [None]


def test_a_message_delivered_again_while_it_is_parked_stays_parked_once(listener, database):
    poison = message("毒")

    only(listener).hear([poison])
    only(listener).hear([poison])

    assert len(parked_reasons(database)) == 1


def test_a_fault_that_passes_is_raised_and_nothing_is_parked(listener, database):
    listener.fails_with = PoolTimeout("the database went away")

    with pytest.raises(PoolTimeout):
        only(listener).hear([message(), message()])

    assert parked_reasons(database) == []
    listener.fails_with = None
    only(listener).hear([message()])
    assert names(database) == ["甲"]


def test_a_parked_message_can_be_replayed_once_its_cause_is_mended(listener, database):
    listener.fails_with = KeyError("a fact is missing")
    only(listener).hear([message()])
    with database.reading() as session:
        [waiting] = parked.listed(session)
    listener.fails_with = None

    assert Hearings(listener).replay(waiting.id)

    assert names(database) == ["甲"]
    assert parked_reasons(database) == []


def test_a_replay_that_fails_again_keeps_the_message_and_its_new_reason(listener, database):
    listener.fails_with = KeyError("first")
    only(listener).hear([message()])
    with database.reading() as session:
        [waiting] = parked.listed(session)
    listener.fails_with = KeyError("second")

    assert not Hearings(listener).replay(waiting.id)

    assert parked_reasons(database) == ["KeyError: 'second'"]


def test_parked_messages_are_tried_again_when_their_time_has_come(
    listener, database, monkeypatch
):
    listener.fails_with = KeyError("not yet")
    only(listener).hear([message()])
    listener.fails_with = None
    hearings = Hearings(listener)
    assert hearings.retry_due() == 0
    later = clock.now() + parked.PAUSES[0]
    monkeypatch.setattr(clock, "now", lambda: later)

    assert hearings.retry_due() == 1

    assert names(database) == ["甲"]


def test_a_message_whose_hearer_is_no_more_waits_for_a_person_and_stops_nobody(
    listener, database, monkeypatch
):
    listener.fails_with = KeyError("not yet")
    only(listener).hear([message()])
    with database.transaction() as session:
        session.execute(update(ParkedRow).values(heard_by="inspection.on_what_was_renamed"))
    later = clock.now() + parked.PAUSES[0]
    monkeypatch.setattr(clock, "now", lambda: later)

    assert Hearings(listener).retry_due() == 0

    with database.reading() as session:
        assert parked.count_due(session) == 0
        assert parked.count(session) == 1


def test_a_message_is_given_up_to_a_person_after_the_last_pause(
    listener, database, monkeypatch
):
    listener.fails_with = KeyError("never")
    only(listener).hear([message()])
    hearings = Hearings(listener)
    moment = clock.now()
    for pause in parked.PAUSES:
        moment += 2 * pause
        monkeypatch.setattr(clock, "now", lambda now=moment: now)
        hearings.retry_due()

    with database.reading() as session:
        [waiting] = parked.listed(session)
    assert waiting.attempts == len(parked.PAUSES)
    assert waiting.next_try_at is None


def test_replaying_what_nobody_parked_is_an_error(listener):
    with pytest.raises(KeyError):
        Hearings(listener).replay(uuid4())


def test_four_hearers_side_by_side_handle_each_message_once(listener, database):
    messages = [message(str(n)) for n in range(400)]
    hearing = only(listener)

    def hear_all():
        for start in range(0, 400, 50):
            hearing.hear(messages[start : start + 50])

    threads = [threading.Thread(target=hear_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(names(database)) == 400
    assert sum(listener.batches) == 400
    with database.reading() as session:
        assert inbox.count(session) == 400


def test_the_relay_carries_what_was_committed_and_nothing_else(listener, database):
    relay = Relay(database, LocalCarrier(Hearings(listener)), "inspection")
    with database.transaction() as session:
        outbox.announce(session, recorded("甲"), about="enterprise/1")

    def announce_and_fail():
        with database.transaction() as session:
            outbox.announce(session, recorded("乙"), about="enterprise/2")
            raise RuntimeError("this change is undone")

    with pytest.raises(RuntimeError):
        announce_and_fail()

    assert relay.send_waiting() == 1
    assert relay.send_waiting() == 0
    assert names(database) == ["甲"]


def test_a_row_leaves_the_outbox_only_when_it_was_carried(database):
    class Broken:
        def carry(self, parcels):
            raise ConnectionError("the broker is away")

    relay = Relay(database, Broken(), "inspection")
    with database.transaction() as session:
        outbox.announce(session, recorded(), about="enterprise/1")

    with pytest.raises(ConnectionError):
        relay.send_waiting()

    with database.reading() as session:
        assert outbox.count_waiting(session) == 1


def test_the_relay_finds_a_row_whose_transaction_was_slow(listener, database):
    """Positions are given before the commit: an earlier one can appear after a later one."""
    carried = []

    class Noting:
        def carry(self, parcels):
            carried.extend(parcels)

    relay = Relay(database, Noting(), "inspection")
    with database.transaction() as session:
        outbox.announce_all(
            session, [outbox.Saying(recorded(n), "enterprise/1") for n in "甲乙"]
        )
    relay.send_waiting()
    early = carried[0]
    with database.transaction() as session:
        row = session.get(outbox.OutboxRow, early.position)
        row.sent_at = None

    assert relay.send_waiting() == 1
    assert carried[-1] == early


def test_only_one_relay_leads_and_another_takes_over(database):
    first, second = database.turn("relay"), database.turn("relay")

    assert first.held()
    assert not second.held()
    first.give_back()
    assert second.held()
    second.give_back()


def test_the_highest_revision_holds(database):
    thing = uuid4()

    def write(*revisions):
        rows = [{"id": thing, "name": str(r), "revision": r} for r in revisions]
        with database.transaction() as session:
            return upsert(session, HeardRow.__table__, rows, key=["id"], newer_by="revision")

    assert write(3, 5, 4) == {thing}
    assert write(2) == set()
    assert names(database) == ["5"]


def test_revisions_grow_even_if_the_clock_stands_still(monkeypatch):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)

    first = outbox.revision_after(None)

    assert outbox.revision_after(first) == first + 1


def test_a_hearing_is_named_as_the_queue_will_be(listener):
    subscription = Hearing(listener, only(listener).subscription).subscription

    assert subscription.queue == (
        "evt-registry-enterprise_recorded.v1--inspection.on_enterprise_recorded"
    )
