"""A day has come: each due date that passes is raised once, however the evaluation runs."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.chassis.database import Database
from services.chassis.envelope import Envelope
from services.events.registry import DutyKind, ObjectKind, ObjectRecorded, ObjectStatus
from services.inspection.handlers import evaluation
from services.inspection.handlers.attesting import DayRefused
from services.inspection.model import Basis, Colour
from services.inspection.rules import colour
from services.inspection.store import duties
from services.inspection.store.duties import DUTY
from services.inspection.store.tables import DutyRow
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
    tell,
    thing,
    warning_of,
)

A_DAY = timedelta(days=1)


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    with opened(database_url("inspection")) as database:
        yield database


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "SLICE", 3)


def due(number: int, due_on: date, months: int | None = None) -> Envelope[ObjectRecorded]:
    return crane(number, done(due_on=due_on, months=months))


def a_town(seed: int, objects: int = 40) -> list[Envelope[ObjectRecorded]]:
    """Cranes whose due dates lie about TODAY, some with a second duty."""
    chance = random.Random(seed)
    found = []
    for number in range(objects):
        day = TODAY + timedelta(days=chance.randrange(-40, 260))
        other = done(due_on=day + timedelta(days=chance.randrange(9)), duty=DutyKind.SELF_TEST)
        records = [done(due_on=day, months=chance.choice([3, 6, 9, 12])), other]
        found.append(crane(number, *records[: chance.randrange(1, 3)]))
    return found


def raised(database: Database) -> set[tuple[str, str, str]]:
    """What has been announced as red. Fails if one thing was announced twice."""
    found = [
        (each["warning_id"], each["was_due_on"], each["turned_red_on"])
        for each in said(database, "turned_red")
    ]
    assert len(set(found)) == len(found)
    return set(found)


def test_what_is_overdue_turns_red_and_says_so(database: Database) -> None:
    told = due(1, date(2026, 11, 1))
    tell(database, told)

    evaluate(database)

    [message] = announced(database, "turned_red")
    assert message["subject"] == f"warning/{warning_of(1, date(2026, 11, 1))}"
    assert message["causedby"] == str(told.id)
    assert message["data"] | {"revision": 0} == {
        "warning_id": str(warning_of(1, date(2026, 11, 1))),
        "revision": 0,
        "enterprise_id": str(firm(1)),
        "division": "610302",
        "object_id": str(thing(1)),
        "object_kind": "equipment",
        "object_label": "行吊 1 号",
        "duty": "inspection",
        "was_due_on": "2026-11-01",
        "turned_red_on": "2026-11-02",
        "endangers_safety": True,
    }
    assert colours(database) == colours(database, "subject") == ["red"]


def test_it_is_yellow_on_the_due_day_and_red_the_day_after(database: Database) -> None:
    tell(database, due(1, TODAY))

    evaluate(database, TODAY)
    on_the_day = colours(database)
    evaluate(database, TODAY + A_DAY)

    assert (on_the_day, colours(database)) == (["yellow"], ["red"])


@pytest.mark.parametrize(
    ("kind", "class_code", "endangers"),
    [
        (ObjectKind.EQUIPMENT, "4110", True),
        (ObjectKind.EQUIPMENT, "7320", True),
        (ObjectKind.INSTRUMENT, "JJG539", False),
        (ObjectKind.INSTRUMENT, "JJG707", False),
    ],
    ids=["crane", "equipment without a rule", "scale", "instrument without a rule"],
)
def test_equipment_endangers_safety_and_a_scale_does_not(
    database: Database, kind: ObjectKind, class_code: str, endangers: bool
) -> None:
    told = due(1, date(2026, 11, 1))
    tell(database, later(told, kind=kind, class_code=class_code))

    evaluate(database)

    reds = [each for each in said(database, "turned_red") if each["duty"] == "inspection"]
    assert [each["endangers_safety"] for each in reds] == [endangers]


def test_a_second_run_of_the_day_changes_nothing(database: Database) -> None:
    tell(database, *a_town(1))
    line = evaluate(database)
    before = (announced(database), rows(database, "evaluation"), rows(database, "warning"))

    again = evaluate(database)

    assert again == line
    assert before == (
        announced(database),
        rows(database, "evaluation"),
        rows(database, "warning"),
    )


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_late_evaluation_raises_what_daily_ones_would_have_raised(
    database: Database, seed: int
) -> None:
    days = 30
    tell(database, *a_town(seed), today=TODAY - A_DAY)
    for number in range(days + 1):
        evaluate(database, TODAY + timedelta(days=number))
    daily, shown = raised(database), colours(database)
    empty(database)

    tell(database, *a_town(seed), today=TODAY - A_DAY)
    evaluate(database, TODAY + timedelta(days=days))

    assert raised(database) == daily
    assert len(daily) > 3
    assert colours(database) == shown


def test_a_missed_week_tells_the_true_day(database: Database) -> None:
    tell(database, due(1, TODAY + A_DAY))
    evaluate(database, TODAY)

    evaluate(database, TODAY + timedelta(days=8))

    assert [each["turned_red_on"] for each in said(database, "turned_red")] == ["2026-11-22"]


def test_it_does_not_go_back_in_time(database: Database) -> None:
    tell(database, *a_town(1))
    evaluate(database, TODAY)
    before = rows(database, "duty")

    with pytest.raises(DayRefused, match="只能研判 2026-11-20 或以后的日期"):
        evaluate(database, TODAY - A_DAY)

    assert rows(database, "duty") == before


def test_an_earlier_day_that_is_attested_keeps_its_line(database: Database) -> None:
    tell(database, *a_town(1))
    line = evaluate(database, TODAY)
    evaluate(database, TODAY + timedelta(days=30))

    assert evaluate(database, TODAY) == line


@pytest.mark.usefixtures("small_slices")
def test_what_is_renewed_in_between_is_not_raised(database: Database) -> None:
    told = due(1, TODAY + A_DAY)
    tell(database, told, due(2, TODAY + A_DAY))
    evaluate(database, TODAY)

    tell(database, later(told, records=(done(TODAY, due_on=date(2028, 11, 19)),)))
    evaluate(database, TODAY + timedelta(days=2))

    assert raised(database) == {(str(warning_of(2, TODAY + A_DAY)), "2026-11-21", "2026-11-22")}


def test_after_a_renewal_the_next_due_date_is_raised_again(database: Database) -> None:
    told = due(1, date(2025, 11, 19))
    tell(database, told)
    evaluate(database, TODAY)
    tell(database, later(told, records=(done(TODAY, due_on=date(2027, 11, 19)),)))

    evaluate(database, date(2027, 11, 20))

    assert {was_due_on for _, was_due_on, _ in raised(database)} == {"2025-11-19", "2027-11-19"}
    assert sorted(row["state"] for row in rows(database, "warning")) == ["cleared", "red"]


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("killed_in_slice", [1, 2, 5])
def test_what_was_killed_half_way_is_finished_by_the_next_run(
    database: Database, killed_in_slice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(database, *a_town(1), today=TODAY - A_DAY)
    evaluate(database, TODAY + timedelta(days=60))
    expected, shown = raised(database), colours(database)
    empty(database)
    tell(database, *a_town(1), today=TODAY - A_DAY)
    slices = iter(range(1, 1000))
    note_change = evaluation.days.note_change

    def note_change_or_die(session: object) -> None:
        if next(slices) == killed_in_slice:
            raise PoolTimeout("the database went away")
        note_change(session)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(evaluation.days, "note_change", note_change_or_die)
        with pytest.raises(PoolTimeout):
            evaluate(database, TODAY + timedelta(days=60))
    line = evaluate(database, TODAY + timedelta(days=60))

    assert raised(database) == expected
    assert colours(database) == shown
    assert line.complete
    finished = [row["finished_at"] is not None for row in rows(database, "evaluation")]
    assert sorted(finished) == [False, True]


@pytest.mark.usefixtures("small_slices")
def test_several_evaluations_side_by_side_raise_everything_once(database: Database) -> None:
    tell(database, *a_town(1, objects=120), today=TODAY - A_DAY)
    lines, errors = [], []
    together = threading.Barrier(3)

    def run() -> None:
        together.wait(timeout=30)
        try:
            lines.append(evaluate(database, TODAY + timedelta(days=90)))
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    assert errors == []
    assert {line.hash for line in lines} == {lines[0].hash}
    assert lines[0].complete
    assert len(raised(database)) == len(rows(database, "warning")) > 20
    assert [row["run"] for row in rows(database, "attestation")] == [1]


@pytest.mark.usefixtures("small_slices")
def test_objects_are_recorded_while_an_evaluation_runs(database: Database) -> None:
    town = a_town(1, objects=60)
    tell(database, *town, today=TODAY - A_DAY)
    renewed = [
        later(each, records=(done(TODAY, due_on=date(2029, 1, 1)),)) for each in town[::2]
    ]
    errors: list[Exception] = []

    def record() -> None:
        try:
            for each in renewed:
                tell(database, each)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)

    recording = threading.Thread(target=record)
    recording.start()
    evaluate(database, TODAY + timedelta(days=60))
    recording.join(timeout=120)
    evaluate(database, TODAY + timedelta(days=60))

    assert errors == []
    red = {row["warning_id"] for row in rows(database, "warning") if row["state"] == "red"}
    cleared = {each["warning_id"] for each in said(database, "warning_cleared")}
    told_red = {warning_id for warning_id, _, _ in raised(database)}
    assert told_red == {str(each) for each in red} | cleared
    renewed_ids = {each.event.object_id for each in renewed}
    still = {row["object_id"] for row in rows(database, "duty") if row["colour"] is Colour.RED}
    assert not renewed_ids & still
    assert {row["object_id"] for row in rows(database, "warning") if row["state"] == "red"} == (
        still
    )


def test_a_warning_that_is_red_is_not_announced_again_whatever_happened_to_the_duty(
    database: Database,
) -> None:
    tell(database, due(1, date(2026, 11, 1)))
    evaluate(database)
    with database.transaction() as session:
        yellow = {"colour": Colour.YELLOW, "next_change_on": DUTY.c.red_on}
        session.execute(update(DUTY).values(**yellow))

    evaluate(database)

    assert colours(database) == ["red"]
    assert len(raised(database)) == 1


def test_what_is_out_of_service_is_never_raised(database: Database) -> None:
    tell(database, later(due(1, date(2020, 1, 1)), status=ObjectStatus.STOPPED))

    line = evaluate(database)

    assert raised(database) == set()
    assert (line.of_objects.grey, line.evaluated) == (1, 1)


ANY_DAY = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(days=st.lists(st.tuples(ANY_DAY, ANY_DAY) | st.none(), max_size=8), on=ANY_DAY)
def test_the_database_decides_on_colours_as_the_rule_does(
    database: Database, days: list[tuple[date, date] | None], on: date
) -> None:
    empty(database)
    runs = [tuple(sorted(pair)) if pair else (None, None) for pair in days]
    with database.transaction() as session:
        for yellow_on, red_on in runs:
            row = {"yellow_on": yellow_on, "red_on": red_on}
            session.execute(insert(DutyRow).values(**a_duty() | row))

    with database.reading() as session:
        decided = select(DUTY.c.yellow_on, DUTY.c.red_on, duties.colour_on(on))
        found = session.execute(decided).all()

    assert sorted(map(str, found)) == sorted(
        str((y, r, colour.colour(yellow_on=y, red_on=r, today=on).severity)) for y, r in runs
    )


def a_duty() -> dict[str, object]:
    return {
        "duty_id": uuid4(),
        "object_id": uuid4(),
        "division": "610303",
        "kind": "equipment",
        "duty": "inspection",
        "basis": Basis.STATED.value,
        "colour": Colour.GREEN,
    }
