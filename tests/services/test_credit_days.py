"""期满处理: what the day brings, once, whenever the sweep comes to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, event, insert

from services.chassis import sweeping as aside
from services.chassis.database import Database
from services.credit.handlers import sweeping
from services.credit.store import Table
from services.events.inspection import ClearedBy
from tests.services.credit_stories import (
    announced,
    cleared,
    entry_id,
    firm,
    kept,
    names,
    opened,
    red,
    rows,
    service_on,
    tell,
    warning,
)

PUBLISHED_ON = "2014-03-03"
LAST_DAY = "2014-03-18"
DAY_AFTER = "2014-03-19"

Turn = Callable[[str], None]


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    with opened(database_url("credit")) as database:
        yield database


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Makes it that day."""

    def turn(today: str) -> None:
        monkeypatch.setenv("BIANQUE_TODAY", today)

    turn(PUBLISHED_ON)
    return turn


def restore(database: Database, saved: dict[str, list[dict[str, Any]]]) -> None:
    with database.transaction() as session:
        for table in Table.metadata.sorted_tables:
            session.execute(delete(table))
            if saved[table.name]:
                session.execute(insert(table), saved[table.name])


def backup(database: Database) -> dict[str, list[dict[str, Any]]]:
    return {table: rows(database, table) for table in Table.metadata.tables}


def test_nothing_happens_on_the_last_day(database: Database, day: Turn) -> None:
    service = service_on(database)
    tell(service, [red(1), red(2)])
    day(LAST_DAY)

    service.take_due_steps()
    service.grade_due()

    assert {row["state"] for row in rows(database, "bad_information")} == {"published"}
    with database.reading() as session:
        assert service.busy(session) == 0


def test_a_grade_to_compute_is_work_in_hand(database: Database) -> None:
    """Or a command would return, and leave it to the next start."""
    service = service_on(database)
    tell(service, [red(1), red(2)])
    with database.reading() as session:
        before = service.busy(session)

    service.grade_due()

    with database.reading() as session:
        assert (before, service.busy(session)) == (2, 0)


def test_the_day_after_a_hazard_is_alerted_and_others_are_listed(
    database: Database, day: Turn
) -> None:
    service = service_on(database)
    tell(service, [red(1), red(2)])
    day(DAY_AFTER)

    service.take_due_steps()

    listed, raised = sorted(announced(database)[2:], key=lambda message: message["type"])
    assert listed["type"] == "credit.enterprise_blacklisted.v1"
    assert listed["data"]["bad_information_id"] == str(entry_id(1))
    assert listed["data"]["listed_on"] == DAY_AFTER
    assert listed["causedby"] == str(red(1).id)
    assert raised["type"] == "credit.safety_alert_raised.v1"
    assert raised["data"]["bad_information_id"] == str(entry_id(2))
    assert raised["subject"] == f"enterprise/{firm(2)}"


def test_a_sweep_run_twice_says_nothing_twice(database: Database, day: Turn) -> None:
    service = service_on(database)
    tell(service, [red(1)])
    day(DAY_AFTER)
    service.take_due_steps()
    once = kept(database), names(database)

    service.take_due_steps()

    assert (kept(database), names(database)) == once


def test_a_late_sweep_and_one_in_time_differ_only_in_the_day_of_the_listing(
    database: Database, day: Turn
) -> None:
    service = service_on(database)
    tell(service, [red(1)])
    tell(service, [red(3)])
    day("2014-05-05")
    tell(service, [cleared(1, cleared_on=date(2014, 5, 5))])

    service.take_due_steps()

    [first, third] = sorted(rows(database, "escalation"), key=lambda row: str(row["id"]))
    assert {first["started_on"], third["started_on"]} == {date(2014, 5, 5)}
    assert names(database)[2:] == [
        "enterprise_blacklisted",
        "bad_information_corrected",
        "enterprise_blacklisted",
    ]


def test_a_restored_backup_catches_up_under_higher_revisions(
    database: Database, day: Turn
) -> None:
    service = service_on(database)
    tell(service, [red(1)])
    saved = backup(database)
    day(DAY_AFTER)
    service.take_due_steps()
    lost, said = kept(database), announced(database)[-1]
    restore(database, saved)

    service.take_due_steps()

    again = announced(database)[-1]
    assert kept(database) == lost
    assert again["type"] == said["type"]
    assert again["data"]["revision"] > said["data"]["revision"]


def test_many_entries_are_taken_in_slices(
    database: Database, day: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "SLICE", 7)
    service = service_on(database)
    tell(service, [red(number) for number in range(30)])
    day(DAY_AFTER)

    service.take_due_steps()

    assert {row["state"] for row in rows(database, "bad_information")} == {"escalated"}
    assert len(rows(database, "escalation")) == 30


def test_an_entry_that_cannot_be_dealt_with_does_not_hold_up_the_others(
    database: Database, day: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_on(database)
    tell(service, [red(number) for number in range(1, 8)])
    day(DAY_AFTER)
    settle = sweeping.settle

    def fails(session: Any, facts: Any, **given: Any) -> int:
        if warning(3) in {known.warning_id for known in facts}:
            raise ValueError("no such rule")
        return settle(session, facts, **given)

    monkeypatch.setattr(sweeping, "settle", fails)
    service.take_due_steps()
    service.take_due_steps()

    states = {row["warning_id"]: row["state"] for row in rows(database, "bad_information")}
    assert states.pop(warning(3)) == "published"
    assert set(states.values()) == {"escalated"}
    with database.reading() as session:
        assert [one.about for one in aside.listed(session, limit=9)] == [str(warning(3))]


def test_a_sweep_looks_only_at_what_is_due(database: Database, day: Turn) -> None:
    """The search is a fixed number of statements, however many entries wait."""
    service = service_on(database)
    tell(service, [red(number) for number in range(100)])
    asked: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    service.take_due_steps()

    assert len([one for one in asked if "bad_information" in one]) == 1


def test_what_was_corrected_in_time_but_heard_of_late_is_no_longer_listed(
    database: Database, day: Turn
) -> None:
    service = service_on(database)
    tell(service, [red(1)])
    day(DAY_AFTER)
    service.take_due_steps()

    tell(service, [cleared(1, cleared_on=date(2014, 3, 18))])

    lifted, corrected = announced(database)[-2:]
    [escalation] = rows(database, "escalation")
    assert lifted["type"] == "credit.escalation_lifted.v1"
    assert lifted["data"]["what"] == "blacklist"
    assert corrected["data"]["in_time"]
    assert escalation["ended_because"] == "查明已在期限内改正。"


def test_wrong_data_found_late_take_the_listing_back_too(database: Database, day: Turn) -> None:
    service = service_on(database)
    tell(service, [red(2)])
    day(DAY_AFTER)
    service.take_due_steps()

    tell(service, [cleared(2, cleared_by=ClearedBy.CORRECTED_DATA)])

    [escalation] = rows(database, "escalation")
    assert names(database)[-2:] == ["escalation_lifted", "bad_information_withdrawn"]
    assert escalation["ended_on"] == date(2014, 3, 19)


def test_a_draft_that_nobody_confirms_waits_for_ever(database: Database, day: Turn) -> None:
    service = service_on(database, "cn-current")
    tell(service, [red(1)])
    day("2015-03-03")

    service.take_due_steps()

    assert names(database) == ["bad_information_drafted"]


def test_the_status_counts_what_waits_and_what_stands(database: Database, day: Turn) -> None:
    service = service_on(database)
    tell(service, [red(1), red(2), red(3)])
    tell(service_on(database, "cn-current"), [red(4)])
    day(DAY_AFTER)
    tell(service, [cleared(3)])

    with database.reading() as session:
        before = service.status(session)
    service.take_due_steps()
    with database.reading() as session:
        after = service.status(session)

    assert before["steps_due"] == 2
    assert before["drafts_waiting"] == 1
    assert after["steps_due"] == 0
    assert after["escalations"] == {"blacklist": 1, "safety_alert": 1}
    assert after["bad_information"] == {
        "drafted": 1,
        "published": 0,
        "proposed": 0,
        "escalated": 2,
        "corrected": 1,
        "withdrawn": 0,
    }
