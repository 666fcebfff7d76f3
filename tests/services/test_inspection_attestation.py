"""One line a day says how everything stood; a missing, short or altered line is noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from services.chassis.database import Database
from services.chassis.hearing import subscriptions
from services.inspection.handlers import attesting
from services.inspection.handlers.alarms import ALARMS, alarms
from services.inspection.model import DayLine
from services.inspection.rules import attestation
from services.inspection.service import InspectionService
from services.inspection.store.tables import AttestationRow
from tests.services.inspection_stories import (
    TODAY,
    crane,
    done,
    evaluate,
    later,
    opened,
    rows,
    said,
    service_on,
    tell,
)

A_DAY = timedelta(days=1)
GREEN = done(date(2026, 6, 1), due_on=date(2029, 5, 31))
YELLOW = done(date(2025, 6, 1), due_on=date(2027, 1, 31))
RED = done(date(2025, 6, 1), due_on=date(2026, 1, 31))


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    with opened(database_url("inspection")) as database:
        yield database


@pytest.fixture
def service(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> InspectionService:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    return service_on(database, tmp_path)


def a_town(database: Database) -> None:
    tell(database, crane(1, GREEN), crane(2, YELLOW), crane(3, RED), crane(4, GREEN), crane(5))


def three_days(database: Database) -> list[DayLine]:
    a_town(database)
    return [evaluate(database, TODAY + number * A_DAY) for number in range(3)]


def faults(database: Database) -> list[tuple[int, str]]:
    with database.reading() as session:
        return [(fault.number, fault.code) for fault in attesting.verify(session)]


def codes(database: Database, today: date) -> list[str]:
    with database.reading() as session:
        return [alarm.code for alarm in alarms(session, today=today)]


def alter(database: Database, number: int, **values: Any) -> None:
    with database.transaction() as session:
        here = AttestationRow.number == number
        session.execute(update(AttestationRow).where(here).values(**values))


def test_the_line_counts_every_object_by_its_worst_colour(database: Database) -> None:
    a_town(database)

    line = evaluate(database)

    assert (line.number, line.on, line.run) == (1, TODAY, 1)
    assert vars(line.of_objects) == {"green": 2, "yellow": 1, "red": 1, "grey": 1}
    assert vars(line.of_duties) == {"green": 2, "yellow": 1, "red": 1, "grey": 1}
    assert line.objects == line.evaluated == 5
    assert line.complete


def test_the_line_is_announced_as_it_is_kept(database: Database) -> None:
    a_town(database)

    line = evaluate(database)

    assert said(database, "day_attested") == [
        {
            "on": "2026-11-20",
            "objects": 5,
            "evaluated": 5,
            "green": 2,
            "yellow": 1,
            "red": 1,
            "grey": 1,
            "rule_version": line.rule_version,
            "hash": line.hash,
        }
    ]


def test_each_line_seals_the_one_before_it(database: Database) -> None:
    first, second, third = three_days(database)

    assert first.previous_hash == attestation.BEFORE_THE_FIRST
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    assert faults(database) == []


def test_a_changed_day_gets_another_line_and_the_last_one_holds(database: Database) -> None:
    a_town(database)
    first = evaluate(database)
    tell(database, later(crane(5), records=(GREEN,)))

    second = evaluate(database)

    assert (second.run, second.previous_hash) == (2, first.hash)
    assert (first.of_objects.grey, second.of_objects.grey) == (1, 0)
    assert evaluate(database) == second


def test_a_line_that_would_say_the_same_is_not_written_again(database: Database) -> None:
    a_town(database)
    first = evaluate(database)
    tell(database, later(crane(1, GREEN), label="只改了名字"))

    assert evaluate(database) == first
    assert len(rows(database, "attestation")) == len(said(database, "day_attested")) == 1


@pytest.mark.parametrize(
    ("altered", "expected"),
    [
        ({"red": 0}, [(2, "line_altered")]),
        ({"duties_green": 3}, [(2, "line_altered")]),
        ({"attested_on": date(2026, 11, 1)}, [(2, "line_altered")]),
        ({"hash": "0" * 64}, [(2, "line_altered"), (3, "link_broken")]),
    ],
    ids=["a count", "a duty count", "the day", "the hash"],
)
def test_an_altered_line_is_noticed(
    database: Database, altered: dict[str, Any], expected: list[tuple[int, str]]
) -> None:
    three_days(database)

    alter(database, 2, **altered)

    assert faults(database) == expected


def test_a_line_altered_together_with_its_hash_breaks_the_link(database: Database) -> None:
    _, second, _ = three_days(database)
    forged = attestation.seal(second.__class__(**vars(second) | {"objects": 4}))

    alter(database, 2, objects=4, hash=forged.hash)

    assert faults(database) == [(3, "link_broken")]


def test_a_deleted_line_is_noticed(database: Database) -> None:
    three_days(database)

    with database.transaction() as session:
        session.execute(delete(AttestationRow).where(AttestationRow.number == 2))

    assert faults(database) == [(3, "line_missing")]


def test_a_day_without_its_line_is_an_alarm(database: Database) -> None:
    three_days(database)
    last = TODAY + 2 * A_DAY

    assert codes(database, last + A_DAY) == []
    assert codes(database, last + 2 * A_DAY) == ["day_not_attested"]


def test_a_short_line_is_an_alarm(database: Database) -> None:
    a_town(database)
    line = evaluate(database)
    short = attestation.seal(line.__class__(**vars(line) | {"objects": 9}))
    alter(database, 1, objects=9, hash=short.hash)

    assert codes(database, TODAY + A_DAY) == ["day_incomplete"]


def test_before_the_first_line_nothing_is_missing(database: Database) -> None:
    assert codes(database, TODAY) == []


def test_the_timer_evaluates_today_once_and_again_when_something_waits(
    service: InspectionService,
) -> None:
    a_town(service.database)
    service.daily()
    service.daily()
    once = len(rows(service.database, "attestation"))

    tell(service.database, crane(6, RED))
    service.daily()

    assert once == 1
    assert [row["run"] for row in rows(service.database, "attestation")] == [1, 2]
    assert len(said(service.database, "turned_red")) == 2


def test_the_timer_counts_what_is_wrong(
    service: InspectionService, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_days(service.database)
    alter(service.database, 2, red=0)
    monkeypatch.setenv("BIANQUE_TODAY", (TODAY + 4 * A_DAY).isoformat())

    service.daily()

    assert ALARMS._value.get() == 2


def test_the_status_tells_what_there_is(service: InspectionService) -> None:
    a_town(service.database)
    with service.database.reading() as session:
        waiting = service.busy(session)
    service.daily()

    with service.database.reading() as session:
        status = service.status(session)
        left = service.busy(session)

    assert (waiting, left) == (4, 0)
    assert status["objects"] == status["objects_evaluated"] == 5
    assert status["objects_by_colour"] == {"green": 2, "yellow": 1, "red": 1, "grey": 1}
    assert status["warnings"] == {"red": 1, "cleared": 0}
    assert status["last_attestation"]["on"] == "2026-11-20"
    assert status["last_evaluation"]["turned_red"] == 1
    assert status["alarms"] == []


def test_it_hears_what_its_name_says_and_looks_every_ten_minutes(
    service: InspectionService,
) -> None:
    heard = {each.queue for each in subscriptions(service)}

    assert "evt-registry-object_recorded.v1--inspection.on_object_recorded" in heard
    assert InspectionService.daily.every == 600  # type: ignore[attr-defined]


def test_a_bureaus_own_rules_lie_in_its_folder(service: InspectionService) -> None:
    shipped = service.table.in_force(TODAY).rules["crane"]
    own = service.settings.var / "another"
    lines = (Path(attesting.__file__).parents[1] / "data" / "duty_rules.csv").read_text("utf-8")
    (own / "policy").mkdir(parents=True)
    (own / "policy" / "duty_rules.csv").write_text(
        "\n".join(
            line for line in lines.splitlines() if line.startswith(("id,", "crane,"))
        ).replace("inspection,24,", "inspection,18,"),
        "utf-8",
    )

    with_own = service_on(service.database, own)

    assert (shipped.months, with_own.table.in_force(TODAY).rules["crane"].months) == (24, 18)
