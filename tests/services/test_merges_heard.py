"""Two enterprises become one and two again: every service shows it, in any order it hears."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete

from services.chassis.aliases import ALIAS
from services.chassis.database import Database
from services.chassis.scope import Scope
from services.credit import store as credit
from services.inspection.model import Colour
from services.inspection.store import listing
from services.inspection.store.listing import Wanted
from services.notify.service import NotifyService
from services.notify.store import reading
from services.notify.store.reading import Filter
from tests.services import credit_stories as c, inspection_stories as i, notify_stories as n
from tests.services.merge_stories import ON, merged, merges, shuffled, undone

EVERYTHING = Scope(frozenset({"*"}))
NUMBERS = (0, 1, 2)
ANY_ORDER = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Urls = Callable[[str], str]


@pytest.fixture
def credit_database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", ON.isoformat())
    with c.opened(database_url("credit")) as database:
        yield database


@pytest.fixture
def notify_database(database_url: Urls) -> Iterator[Database]:
    with n.opened(database_url("notify")) as database:
        yield database


@pytest.fixture
def inspection_database(
    database_url: Urls, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", i.TODAY.isoformat())
    with i.opened(database_url("inspection")) as database:
        yield database


def heard(service: Any, message: Any) -> None:
    """One message, as after the inbox."""
    fact = message.event.routing_key.partition(".")[0]
    with service.database.transaction() as session:
        getattr(service, f"on_{fact}")([message], session)


# credit


def records(database: Database) -> dict[int, Any]:
    """What the record of each enterprise says: its name, and which entries stand there."""
    with database.reading() as session:
        return {
            number: (
                getattr(credit.enterprise(session, c.firm(number)), "name", None),
                {
                    (entry.id, entry.enterprise_id, entry.state)
                    for entry in credit.of_enterprise(session, c.firm(number), scope=EVERYTHING)
                },
            )
            for number in NUMBERS
        }


def test_the_entries_of_both_stand_under_the_survivor_and_go_back(
    credit_database: Database,
) -> None:
    service = c.service_on(credit_database)
    for message in (c.enterprise(1), c.enterprise(2), c.red(1), c.red(2)):
        heard(service, message)
    apart, published = records(credit_database), c.rows(credit_database, "bad_information")

    heard(service, merged(c.firm(1), c.firm(2)))

    together = records(credit_database)
    assert together[1] == together[2] == (apart[1][0], apart[1][1] | apart[2][1])
    assert c.rows(credit_database, "bad_information") == published
    heard(service, undone(c.firm(1), c.firm(2)))
    assert records(credit_database) == apart


def test_the_list_of_entries_shows_the_survivors_name_and_hides_nothing(
    credit_database: Database,
) -> None:
    service = c.service_on(credit_database)
    for message in (c.enterprise(1), c.enterprise(2), c.red(1), c.red(2)):
        heard(service, message)
    heard(service, merged(c.firm(1), c.firm(2)))

    with credit_database.reading() as session:
        listed = credit.page(
            session, scope=EVERYTHING, state=None, division=None, after=None, limit=10
        )

    assert {(one.entry.enterprise_id, one.under) for one in listed} == {
        (c.firm(1), c.firm(1)),
        (c.firm(2), c.firm(1)),
    }
    assert {one.enterprise for one in listed} == {c.enterprise(1).event.name}


@ANY_ORDER
@given(
    told=shuffled(
        st.tuples(
            merges([c.firm(number) for number in NUMBERS]),
            st.just([*map(c.enterprise, NUMBERS), *map(c.red, NUMBERS), c.cleared(1)]),
        ).map(lambda both: both[0] + both[1])
    )
)
def test_credit_ends_alike_in_any_order(credit_database: Database, told: Any) -> None:
    in_order, mixed = told
    ends = []
    for story in (in_order, mixed):
        c.empty(credit_database)
        service = c.service_on(credit_database)
        for message in story:
            heard(service, message)
        ends.append(
            (records(credit_database), c.kept(credit_database), c.said(credit_database))
        )

    assert ends[0] == ends[1]


# inspection


def listed(database: Database) -> dict[int, Any]:
    """What is red or yellow at each enterprise, and whom it is shown under."""
    with database.reading() as session:
        return {
            number: {
                (row["object_id"], row["enterprise_id"], row["colour"], row["warning_id"])
                for row in listing.warnings(
                    session,
                    Wanted(
                        scopes=[EVERYTHING],
                        colours=list(Colour),
                        limit=50,
                        enterprise_id=i.firm(number),
                    ),
                )
            }
            for number in NUMBERS
        }


def test_open_warnings_are_listed_under_the_survivor_and_go_back(
    inspection_database: Database, tmp_path: Path
) -> None:
    service = i.service_on(inspection_database, tmp_path)
    for number in (1, 2):
        heard(service, i.crane(number, i.done(date(2020, 1, 6))))
    i.evaluate(inspection_database)
    apart, warnings = listed(inspection_database), i.rows(inspection_database, "warning")

    heard(service, merged(i.firm(1), i.firm(2)))

    together = listed(inspection_database)
    assert together[1] == together[2]
    assert {row[1] for row in together[1]} == {i.firm(1)}
    assert len(together[1]) == len(apart[1]) + len(apart[2])
    assert i.rows(inspection_database, "warning") == warnings
    heard(service, undone(i.firm(1), i.firm(2)))
    assert listed(inspection_database) == apart


def test_passing_to_an_enterprise_that_is_the_same_one_clears_no_warning(
    inspection_database: Database, tmp_path: Path
) -> None:
    """The source corrects the key of its owner after the merge: nothing was inspected by that."""
    service = i.service_on(inspection_database, tmp_path)
    crane = i.crane(2, i.done(date(2020, 1, 6)))
    heard(service, crane)
    i.evaluate(inspection_database)
    heard(service, merged(i.firm(1), i.firm(2)))

    heard(service, i.later(crane, enterprise_id=i.firm(1)))

    assert [row["state"] for row in i.rows(inspection_database, "warning")] == ["red"]
    heard(service, i.later(crane, enterprise_id=i.firm(0), revision=12))
    assert [row["state"] for row in i.rows(inspection_database, "warning")] == ["cleared"]


@ANY_ORDER
@given(
    told=shuffled(
        st.tuples(
            merges([i.firm(number) for number in NUMBERS]),
            st.just([i.crane(number, i.done(date(2020, 1, 6))) for number in NUMBERS]),
        ).map(lambda both: both[0] + both[1])
    )
)
def test_inspection_ends_alike_in_any_order(
    inspection_database: Database, tmp_path: Path, told: Any
) -> None:
    in_order, mixed = told
    ends = []
    for story in (in_order, mixed):
        i.empty(inspection_database)
        _forget_links(inspection_database)
        service = i.service_on(inspection_database, tmp_path)
        for message in story:
            heard(service, message)
        ends.append((listed(inspection_database), i.standing(inspection_database)))

    assert ends[0] == ends[1]


# notify


def inboxes(database: Database) -> dict[int, Any]:
    """Which messages lie in the inbox of each enterprise, and which are of it."""
    found = {}
    with database.reading() as session:
        for number in NUMBERS:
            of = Filter(enterprise_id=n.firm(number))
            page = reading.page(session, EVERYTHING, of, before=None, limit=100)
            inbox = reading.inbox(
                session,
                EVERYTHING,
                f"enterprise:{n.firm(number)}",
                unread=False,
                before=None,
                limit=100,
            )
            found[number] = ({row.id for row in page.rows}, {row.id for row in inbox.rows})
    return found


@pytest.fixture
def office(notify_database: Database, tmp_path: Path) -> NotifyService:
    return n.service_on(notify_database, tmp_path, smtp_url="smtp://127.0.0.1:1")


def test_messages_of_both_lie_in_the_survivors_inbox_and_go_back(
    notify_database: Database, office: NotifyService
) -> None:
    for number in (1, 2):
        for message in (n.enterprise(number), n.contact(number), n.red(number)):
            heard(office, message)
    apart = inboxes(notify_database)

    heard(office, merged(n.firm(1), n.firm(2)))

    together = inboxes(notify_database)
    assert together[1] == together[2]
    assert together[1][1] == apart[1][1] | apart[2][1]
    heard(office, undone(n.firm(1), n.firm(2)))
    assert inboxes(notify_database) == apart


def test_a_message_that_waits_for_facts_goes_on_with_the_survivors(
    notify_database: Database, office: NotifyService
) -> None:
    """The merged one has no address and no officer; who stands for it has both."""
    for message in (n.enterprise(1), n.contact(1), n.enterprise(2), n.red(2)):
        heard(office, message)
    assert {row.wants for row in n.messages(notify_database)} >= {"officer", "address"}

    heard(office, merged(n.firm(1), n.firm(2)))

    rows = n.messages(notify_database)
    assert {row.wants for row in rows} == {None}
    assert (
        n.message(notify_database, "warning_turned_red_staff", "officer").account == "officer.1"
    )
    assert {row.state for row in n.deliveries(notify_database)} == {"due"}


def test_facts_that_come_for_the_survivor_release_what_waits_under_the_merged_one(
    notify_database: Database, office: NotifyService
) -> None:
    for message in (n.enterprise(2), n.red(2), merged(n.firm(1), n.firm(2)), n.enterprise(1)):
        heard(office, message)
    assert n.message(notify_database, "warning_turned_red_staff", "officer").wants == "officer"

    heard(office, n.contact(1))

    assert {row.wants for row in n.messages(notify_database)} == {None}


@ANY_ORDER
@given(
    told=shuffled(
        st.tuples(
            merges([n.firm(number) for number in NUMBERS]),
            st.just(
                [f(number) for f in (n.enterprise, n.contact, n.red) for number in NUMBERS]
            ),
        ).map(lambda both: both[0] + both[1])
    )
)
def test_notify_ends_alike_in_any_order(
    notify_database: Database, office: NotifyService, told: Any
) -> None:
    """The words of a message depend on what was known when it was written; its place does not."""
    in_order, mixed = told
    ends = []
    for story in (in_order, mixed):
        n.empty(notify_database)
        for message in story:
            heard(office, message)
        rows = {(r.id, r.enterprise_id, r.wants) for r in n.messages(notify_database)}
        leaving = {(r.message_id, r.medium, r.state) for r in n.deliveries(notify_database)}
        ends.append((inboxes(notify_database), rows, leaving))

    assert ends[0] == ends[1]


def _forget_links(database: Database) -> None:
    with database.transaction() as session:
        session.execute(delete(ALIAS))
