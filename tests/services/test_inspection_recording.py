"""What inspection makes of recorded objects, whatever the order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from services.chassis.database import Database
from services.chassis.envelope import Envelope
from services.events.registry import DutyKind, ObjectRecorded, ObjectStatus
from services.inspection.model import Colour
from services.inspection.store import duties
from tests.services.inspection_stories import (
    TODAY,
    announced,
    colours,
    crane,
    done,
    empty,
    evaluate,
    firm,
    later,
    opened,
    rows,
    said,
    standing,
    tell,
    thing,
    told,
    warning_of,
)

OVERDUE = done(date(2023, 1, 15), due_on=date(2025, 1, 14))
WAS_DUE_ON = date(2025, 1, 14)
INSPECTED = done(date(2026, 11, 10), due_on=date(2028, 11, 9))


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    with opened(database_url("inspection")) as database:
        yield database


def a_red_crane(database: Database) -> Envelope[ObjectRecorded]:
    red = crane(1, OVERDUE)
    tell(database, red)
    evaluate(database)
    assert colours(database) == ["red"]
    return red


def waiting(database: Database) -> int:
    with database.reading() as session:
        return duties.count_waiting(session, TODAY)


def test_before_any_evaluation_nothing_has_a_colour(database: Database) -> None:
    tell(database, crane(1, done(date(2026, 1, 10), due_on=date(2028, 1, 9))))

    assert colours(database) == colours(database, "subject") == ["grey"]
    assert waiting(database) == 1


def test_after_the_first_evaluation_an_object_has_its_colour_as_soon_as_it_is_recorded(
    database: Database,
) -> None:
    evaluate(database)

    tell(
        database,
        crane(1, done(date(2026, 1, 10), due_on=date(2028, 1, 9))),
        crane(2, done(date(2025, 1, 10), due_on=date(2027, 1, 9))),
        crane(3),
    )

    shown = {row["object_id"]: row["colour"] for row in rows(database, "subject")}
    assert shown == {thing(1): Colour.GREEN, thing(2): Colour.YELLOW, thing(3): Colour.GREY}


def test_recording_what_is_overdue_turns_nothing_red_but_waits_for_the_evaluation(
    database: Database,
) -> None:
    evaluate(database)
    before = announced(database)

    tell(database, crane(1, OVERDUE))

    assert colours(database) == ["yellow"]
    assert waiting(database) == 1
    assert announced(database) == before


def test_the_highest_revision_holds_within_one_batch_and_across_batches(
    database: Database,
) -> None:
    first = crane(1, OVERDUE)
    second = later(first, records=(INSPECTED,))
    third = later(second, label="行吊 1 号 (改)")

    tell(database, third, first)
    tell(database, second)

    [row] = rows(database, "subject")
    assert (row["revision"], row["label"]) == (12, "行吊 1 号 (改)")
    assert [row["due_on"] for row in rows(database, "duty")] == [date(2028, 11, 9)]


def test_a_newer_passing_record_clears_a_red_warning(database: Database) -> None:
    red = a_red_crane(database)

    tell(database, inspected := later(red, records=(INSPECTED,)))

    assert colours(database) == colours(database, "subject") == ["green"]
    [message] = announced(database, "warning_cleared")
    assert message["causedby"] == str(inspected.id)
    assert message["data"] | {"revision": 0} == {
        "warning_id": str(warning_of(1, WAS_DUE_ON)),
        "revision": 0,
        "enterprise_id": str(firm(1)),
        "division": "610302",
        "cleared_on": "2026-11-10",
        "cleared_by": "done",
    }
    [turned] = said(database, "turned_red")
    assert message["data"]["revision"] > turned["revision"]


@pytest.mark.parametrize(
    ("changes", "cleared_by"),
    [
        ({"status": ObjectStatus.STOPPED}, "out_of_service"),
        ({"status": ObjectStatus.SCRAPPED, "records": (INSPECTED,)}, "out_of_service"),
        ({"records": (replace(OVERDUE, stated_due_on=date(2027, 1, 14)),)}, "corrected_data"),
        ({"records": (done(date(2025, 1, 14), due_on=date(2027, 1, 13)),)}, "corrected_data"),
        ({"records": (), "class_code": "7320"}, "corrected_data"),
    ],
    ids=["stopped", "scrapped", "date corrected", "was done in time", "owes nothing"],
)
def test_other_things_that_clear_a_red_warning(
    database: Database, changes: dict[str, Any], cleared_by: str
) -> None:
    red = a_red_crane(database)

    tell(database, later(red, **changes))

    [cleared] = said(database, "warning_cleared")
    assert (cleared["cleared_by"], cleared["cleared_on"]) == (cleared_by, "2026-11-20")
    assert "red" not in colours(database)


@pytest.mark.parametrize(
    "changes",
    [{"label": "另一个名字"}, {"commissioned_on": date(2020, 1, 1)}, {"division": "610304"}],
    ids=["label", "commissioned", "division"],
)
def test_what_does_not_move_the_due_date_leaves_it_red(
    database: Database, changes: dict[str, Any]
) -> None:
    red = a_red_crane(database)

    tell(database, later(red, **changes))

    assert colours(database) == colours(database, "subject") == ["red"]
    assert announced(database, "warning_cleared") == []


def test_a_red_warning_follows_its_object_to_another_division(database: Database) -> None:
    red = a_red_crane(database)

    tell(database, later(red, division="610304"))

    assert [row["division"] for row in rows(database, "warning")] == ["610304"]
    assert [row["division"] for row in rows(database, "duty")] == ["610304"]


def test_stopping_an_overdue_object_for_a_while_does_not_inspect_it(database: Database) -> None:
    red = a_red_crane(database)
    stopped = later(red, status=ObjectStatus.STOPPED)
    tell(database, stopped)

    tell(database, later(stopped, status=ObjectStatus.IN_USE))
    evaluate(database)

    first, again = said(database, "turned_red")
    [cleared] = said(database, "warning_cleared")
    assert first | {"revision": 0} == again | {"revision": 0}
    assert first["revision"] < cleared["revision"] < again["revision"]
    [row] = rows(database, "warning")
    assert (row["state"], row["reopened_on"], row["cleared_on"]) == ("red", TODAY, None)


def test_an_overdue_object_that_goes_to_another_enterprise_is_red_for_that_one(
    database: Database,
) -> None:
    red = a_red_crane(database)

    tell(database, later(red, enterprise_id=firm(7)))
    evaluate(database)

    [cleared] = said(database, "warning_cleared")
    assert (cleared["enterprise_id"], cleared["cleared_by"]) == (str(firm(1)), "out_of_service")
    assert [each["enterprise_id"] for each in said(database, "turned_red")] == [
        str(firm(1)),
        str(firm(7)),
    ]


def test_a_corrected_due_date_that_has_passed_too_is_a_new_warning(database: Database) -> None:
    red = a_red_crane(database)

    tell(database, later(red, records=(replace(OVERDUE, stated_due_on=date(2025, 3, 1)),)))
    evaluate(database)

    assert [each["cleared_by"] for each in said(database, "warning_cleared")] == [
        "corrected_data"
    ]
    assert [each["was_due_on"] for each in said(database, "turned_red")] == [
        "2025-01-14",
        "2025-03-01",
    ]


def test_a_duty_that_is_not_owed_any_more_is_gone(database: Database) -> None:
    both = crane(1, INSPECTED, done(date(2026, 5, 1), months=12, duty=DutyKind.SELF_TEST))
    tell(database, both)
    assert len(rows(database, "duty")) == 2

    tell(database, later(both, records=(INSPECTED,)))

    assert [row["duty"] for row in rows(database, "duty")] == ["inspection"]


def test_two_duties_of_one_object_stand_apart(database: Database) -> None:
    other = done(date(2026, 11, 1), months=12, duty=DutyKind.SELF_TEST)
    tell(database, crane(1, OVERDUE, other))

    evaluate(database)

    shown = {row["duty"]: row["colour"] for row in rows(database, "duty")}
    assert shown == {"inspection": Colour.RED, "selftest": Colour.GREEN}
    assert colours(database, "subject") == ["red"]


DAYS = st.dates(date(2021, 1, 1), date(2028, 12, 31))
RECORDS = st.builds(
    done,
    st.none() | DAYS,
    due_on=st.none() | DAYS,
    months=st.none() | st.integers(1, 36),
    duty=st.sampled_from([DutyKind.INSPECTION, DutyKind.SELF_TEST]),
)
EVENTS = st.builds(
    lambda number, revision, records, status, commissioned_on, code: (
        crane(
            number,
            *records,
            revision=revision,
            status=status,
            commissioned_on=commissioned_on,
            class_code=code,
        ).event
    ),
    number=st.integers(1, 3),
    revision=st.integers(1, 4),
    records=st.lists(RECORDS, max_size=2),
    status=st.sampled_from([ObjectStatus.IN_USE, ObjectStatus.IN_USE, ObjectStatus.STOPPED]),
    commissioned_on=st.none() | DAYS,
    code=st.sampled_from(["4110", "3110", "7320"]),
)
RUNS = st.lists(EVENTS, max_size=10, unique_by=lambda event: (event.object_id, event.revision))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=RUNS, after=RUNS, data=st.data())
def test_any_order_and_repetition_ends_in_the_same_state(
    database: Database,
    before: list[ObjectRecorded],
    after: list[ObjectRecorded],
    data: st.DataObject,
) -> None:
    def ends_with(*stretches: list[ObjectRecorded]) -> dict[str, Any]:
        empty(database)
        for stretch in stretches:
            for event in stretch:
                tell(database, told(event))
            evaluate(database)
        return standing(database)

    after = [replace(event, revision=event.revision + 4) for event in after]
    in_order = ends_with(
        sorted(before, key=lambda event: event.revision),
        sorted(after, key=lambda event: event.revision),
    )

    shuffled = ends_with(
        data.draw(st.permutations(before + before[:3])),
        data.draw(st.permutations(after + before[:3] + after[:3])),
    )

    assert shuffled == in_order


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(run=RUNS)
def test_one_batch_ends_like_many(database: Database, run: list[ObjectRecorded]) -> None:
    empty(database)
    for event in run:
        tell(database, told(event))
    one_by_one = standing(database)

    empty(database)
    if run:
        tell(database, *map(told, run))

    assert standing(database) == one_by_one
