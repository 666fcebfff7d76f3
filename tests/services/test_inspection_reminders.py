"""The reminder ladder over the register: once for each rung, armed anew, never a flood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.database import Database
from services.events.registry import DutyKind, ObjectKind, ObjectStatus
from services.inspection.handlers import reminding
from services.inspection.handlers.reminding import Reminded
from services.inspection.handlers.visits import telling
from services.inspection.model.visits import Conclusion, VisitOutcome, VisitPurpose
from tests.services.inspection_stories import (
    POLICY,
    SHIPPED,
    TODAY,
    crane,
    done,
    duty_of,
    evaluate,
    firm,
    later,
    opened,
    rows,
    said,
    tell,
)

A_DAY = timedelta(days=1)


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    with opened(database_url("inspection")) as database:
        yield database


def a_day(database: Database, on: date = TODAY) -> Reminded:
    evaluate(database, on)
    return reminding.remind(database, on=on, policy=POLICY, table=SHIPPED)


def told(database: Database) -> list[tuple[str, int]]:
    return [(each["told_on"], each["rung"]) for each in said(database, "reminder_due")]


def test_every_rung_is_told_once_in_a_life(database: Database) -> None:
    due_on = date(2027, 1, 10)
    tell(database, crane(1, done(date(2025, 1, 10), due_on=due_on)))

    for rung in (90, 30, 7, 0, -7):
        for beside in (-1, 0, 1):
            a_day(database, due_on - (rung - beside) * A_DAY)

    assert told(database) == [
        ("2026-10-12", 90),
        ("2026-12-11", 30),
        ("2027-01-03", 7),
        ("2027-01-10", 0),
        ("2027-01-17", -7),
    ]


def test_a_second_sweep_of_the_same_day_tells_nothing(database: Database) -> None:
    tell(database, crane(1, done(due_on=TODAY + 7 * A_DAY)))

    first = a_day(database)
    again = a_day(database)

    assert (first, again) == (Reminded(1, 0), Reminded())


def test_a_missed_month_is_told_once_by_its_last_rung(database: Database) -> None:
    tell(database, crane(1, done(due_on=TODAY + 90 * A_DAY)))
    a_day(database)

    a_day(database, TODAY + 85 * A_DAY)

    assert [rung for _, rung in told(database)] == [90, 7]


def test_a_renewal_arms_the_ladder_anew(database: Database) -> None:
    first = crane(1, done(date(2024, 11, 27), due_on=TODAY + 7 * A_DAY))
    tell(database, first)
    a_day(database)
    renewed_until = TODAY + 730 * A_DAY

    tell(database, later(first, records=(done(TODAY, due_on=renewed_until),)))
    a_day(database, renewed_until - 30 * A_DAY)

    assert [rung for _, rung in told(database)] == [7, 30]


def test_what_is_told_again_of_an_object_does_not_remind_again(database: Database) -> None:
    first = crane(1, done(due_on=TODAY + 7 * A_DAY))
    tell(database, first)
    a_day(database)

    tell(database, later(first, label="改了名字的行吊"))

    assert a_day(database, TODAY + A_DAY) == Reminded()


def test_nobody_is_reminded_of_what_is_out_of_service(database: Database) -> None:
    tell(database, crane(1, done(due_on=TODAY), status=ObjectStatus.STOPPED))

    assert a_day(database) == Reminded()


def test_what_expired_years_ago_is_told_in_one_digest_and_not_daily(database: Database) -> None:
    old = [done(due_on=date(2019, 3, 31) + number * A_DAY) for number in range(3)]
    tell(database, *(crane(number * 3, old[number]) for number in range(3)))

    for days in (0, 1, 2, 29, 30):
        a_day(database, TODAY + days * A_DAY)

    assert told(database) == []
    first, second = said(database, "digest_due")
    assert first["enterprise_id"] == str(firm(0))
    assert (first["duties"], first["objects"], first["oldest_due_on"]) == (3, 3, "2019-03-31")
    assert [first["told_on"], second["told_on"]] == ["2026-11-20", "2026-12-20"]


def test_what_becomes_long_overdue_later_waits_for_the_next_digest(database: Database) -> None:
    tell(database, crane(3, done(due_on=date(2019, 3, 31))))
    tell(database, crane(6, done(due_on=TODAY - 55 * A_DAY)))

    for days in (0, 1, 2, 29, 30):
        a_day(database, TODAY + days * A_DAY)

    assert [each["duties"] for each in said(database, "digest_due")] == [1, 2]


def test_slices_of_one_enterprise_make_one_digest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "SLICE", 2)
    tell(database, *(crane(n * 3, done(due_on=date(2019, 3, 31))) for n in range(5)))

    assert a_day(database) == Reminded(0, 1)
    assert [row["duties"] for row in rows(database, "overdue_digest")] == [5]


def test_a_day_that_does_not_stand_yet_reminds_of_nothing(database: Database) -> None:
    tell(database, crane(1, done(due_on=TODAY)))

    early = reminding.remind(database, on=TODAY, policy=POLICY, table=SHIPPED)

    assert early == Reminded()


def test_a_reminder_names_no_person(database: Database) -> None:
    review = done(due_on=TODAY + 30 * A_DAY, duty=DutyKind.REVIEW)
    tell(
        database, crane(1, review, kind=ObjectKind.OPERATOR, class_code="TSGZ6001", label="王*")
    )

    a_day(database)

    [reminder] = said(database, "reminder_due")
    assert reminder["object_label"] is None
    assert reminder["duty_id"] == str(duty_of(1, DutyKind.REVIEW))
    assert reminder["apply_by_on"] == TODAY.isoformat()


def test_a_conclusion_is_told_in_counts() -> None:
    ids: dict[str, Any] = {"visit_id": uuid4(), "enterprise_id": firm(1), "corrects": None}
    counts = {"objects": 4, "items": 31, "problems": 3, "grave": 0, "renewed": 1}
    conclusion = Conclusion(
        **ids,
        **counts,
        revision=1,
        division="610303",
        purpose=VisitPurpose.ROUTINE,
        outcome=VisitOutcome.RECTIFY,
        concluded_on=TODAY,
        representative_signed=True,
    )

    saying = telling.concluded(conclusion)

    assert saying.event.to_wire()["problems"] == 3
    assert saying.about == f"visit/{ids['visit_id']}"
