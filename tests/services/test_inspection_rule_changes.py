"""When a rule or a number changes, what rests on it is derived again, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.chassis.database import Database
from services.chassis.policy import Policy
from services.events.registry import ObjectKind
from services.inspection.handlers import evaluation, rule_changes
from services.inspection.rules.rule_file import read_rules
from services.inspection.rules.rule_table import SHIPPED, RuleTable
from tests.services.inspection_stories import (
    FOLDER,
    TODAY,
    colours,
    crane,
    done,
    evaluate,
    opened,
    rows,
    said,
    tell,
    thing,
)

BEFORE = date(2024, 4, 1)
FROM = date(2024, 4, 2)  # elevators: TSG T7001-2023 holds without exception


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    with opened(database_url("inspection")) as database:
        yield database


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_changes, "SLICE", 2)


def due_dates(database: Database) -> dict[object, date | None]:
    return {row["object_id"]: row["due_on"] for row in rows(database, "duty")}


def yearly_cranes() -> RuleTable:
    """The table of a bureau that has bridge cranes inspected every year."""
    return RuleTable(
        replace(rule, months=12) if rule.id == "crane" else rule for rule in read_rules(SHIPPED)
    )


def test_a_rule_takes_effect_on_its_day(database: Database) -> None:
    record = done(date(2023, 5, 20))
    lifts = [
        crane(n, record, class_code="3110", commissioned_on=date(2022, 5, 31)) for n in range(5)
    ]
    tell(database, *lifts, today=BEFORE)
    evaluate(database, BEFORE)
    yearly = due_dates(database)

    evaluate(database, FROM)

    assert set(yearly.values()) == {date(2024, 5, 20)}
    assert due_dates(database) == {thing(n): date(2026, 5, 31) for n in range(5)}
    assert {row["rule_id"] for row in rows(database, "duty")} == {"elevator@2024-04-02"}


def test_a_red_warning_whose_due_date_a_rule_has_moved_is_cleared(database: Database) -> None:
    record = done(date(2023, 2, 20))
    tell(
        database,
        crane(1, record, class_code="3110", commissioned_on=date(2022, 2, 28)),
        today=BEFORE,
    )
    evaluate(database, BEFORE)
    assert colours(database) == ["red"]

    evaluate(database, FROM)

    assert colours(database) == colours(database, "subject") == ["green"]
    [cleared] = said(database, "warning_cleared")
    assert (cleared["cleared_by"], cleared["cleared_on"]) == ("corrected_data", "2024-04-02")


def test_a_bureaus_own_rule_takes_effect_at_the_next_evaluation(database: Database) -> None:
    tell(
        database,
        crane(1, done(date(2025, 6, 10))),
        crane(2, done(date(2025, 6, 10), due_on=date(2027, 6, 9))),
        crane(3, done(date(2025, 6, 10)), class_code="4310"),
    )
    first = evaluate(database)

    second = evaluate(database, table=yearly_cranes())

    assert due_dates(database) == {
        thing(1): date(2026, 6, 10),
        thing(2): date(2027, 6, 9),
        thing(3): date(2026, 6, 10),
    }
    assert [each["object_id"] for each in said(database, "turned_red")] == [
        str(thing(3)),
        str(thing(1)),
    ]
    assert second.rule_version != first.rule_version
    assert (first.run, second.run) == (1, 2)


def test_only_objects_of_the_changed_rule_are_looked_at(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale = {"class_code": "JJG539", "kind": ObjectKind.INSTRUMENT}
    tell(database, crane(1), crane(2, **scale), crane(3), crane(4, class_code="3110"))
    evaluate(database)
    looked_at = []
    settle_known = rule_changes.settle_known

    def noting(
        session: object, changes: list[rule_changes.Change], *rest: object, **more: object
    ):
        looked_at.extend(change.facts.object_id for change in changes)
        return settle_known(session, changes, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(rule_changes, "settle_known", noting)
    evaluate(database, table=yearly_cranes())

    assert set(looked_at) == {thing(1), thing(3)}


def test_a_changed_number_touches_every_duty(database: Database, tmp_path: Path) -> None:
    tell(database, *(crane(n, done(due_on=date(2027, 3, 31))) for n in range(5)))
    evaluate(database)
    assert set(colours(database)) == {"yellow"}
    own = tmp_path / "inspection.yaml"
    own.write_text("yellow_lead_months: {source: 本市文件, values: {2026-01-01: 3}}\n", "utf-8")

    evaluate(database, policy=Policy.read(FOLDER / "policy.yaml", overrides=own))

    assert set(colours(database)) == {"green"}
    assert {row["yellow_on"] for row in rows(database, "duty")} == {date(2026, 12, 31)}


def test_what_was_interrupted_while_rules_changed_is_finished_by_the_next_run(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(database, *(crane(n, done(date(2025, 6, 10))) for n in range(5)))
    evaluate(database)
    calls = iter(range(10))
    paint = rule_changes.subjects.paint

    def paint_or_die(*given: object) -> None:
        if next(calls) == 1:
            raise PoolTimeout("the database went away")
        paint(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(rule_changes.subjects, "paint", paint_or_die)
        with pytest.raises(PoolTimeout):
            evaluate(database, table=yearly_cranes())
    evaluate(database, table=yearly_cranes())

    assert set(due_dates(database).values()) == {date(2026, 6, 10)}
    assert len(said(database, "turned_red")) == 5


def test_rules_as_they_were_need_no_second_look(database: Database) -> None:
    tell(database, crane(1, done(date(2026, 6, 10))))
    evaluate(database, table=yearly_cranes())

    same_again = evaluation.evaluate_if_due(
        database, on=TODAY, policy=Policy.read(FOLDER / "policy.yaml"), table=yearly_cranes()
    )

    assert same_again is None
