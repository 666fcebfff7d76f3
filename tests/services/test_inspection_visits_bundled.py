"""All that falls due at an enterprise or a group is seen to on as few visits as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from services.chassis import aliases, api
from services.chassis.aliases import Link
from services.events.registry import DutyKind
from services.inspection.api import blueprint
from services.inspection.service import InspectionService
from tests.services.inspection_stories import (
    TODAY,
    crane,
    done,
    evaluate,
    firm,
    opened,
    service_on,
    tell,
    thing,
)
from tests.services.visit_stories import (
    A_DAY,
    OVERDUE,
    TOKEN,
    Desk,
    refused,
)


@pytest.fixture
def service(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InspectionService]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("inspection")) as database:
        yield service_on(database, tmp_path)


@pytest.fixture
def desk(service: InspectionService) -> Desk:
    tell(service.database, crane(1, OVERDUE), crane(4, done(due_on=date(2028, 1, 1))))
    evaluate(service.database)
    return Desk(api.create_app(service, TOKEN, blueprint(service)).test_client())


def test_all_that_falls_due_at_a_firm_is_one_visit_where_it_can_be(
    service: InspectionService, desk: Desk
) -> None:
    days = {1: 10, 4: 25, 7: 60, 10: 150}
    tell(
        service.database,
        *(
            crane(number, done(due_on=TODAY + left * A_DAY), revision=20)
            for number, left in days.items()
        ),
    )

    told = desk.get(f"/visits/plan?enterprise_id={firm(1)}").json

    assert (told["duties"], len(told["visits"]), told["visits_saved"]) == (4, 2, 2)
    assert [len(visit["duties"]) for visit in told["visits"]] == [3, 1]
    assert "节省2次" in told["sentences"][0]


def test_a_group_is_planned_as_one(service: InspectionService, desk: Desk) -> None:
    tell(service.database, crane(2, done(due_on=TODAY + 5 * A_DAY)))

    told = desk.get(f"/visits/plan?enterprise_id={firm(1)},{firm(2)}").json

    assert len(told["visits"][0]["duties"]) == 2


def test_two_that_were_found_to_be_one_are_planned_as_one(
    service: InspectionService, desk: Desk
) -> None:
    tell(service.database, crane(2, done(due_on=TODAY + 5 * A_DAY)))
    with service.database.transaction() as session:
        aliases.note(session, [Link(firm(2), firm(1), 1)])

    told = desk.get(f"/visits/plan?enterprise_id={firm(1)}").json

    assert {duty["enterprise_id"] for duty in told["visits"][0]["duties"]} == {
        str(firm(1)),
        str(firm(2)),
    }
    assert desk.plan(1, 2).status_code == 201


def test_the_enterprises_with_the_highest_risk_come_first(
    service: InspectionService, desk: Desk
) -> None:
    tell(service.database, crane(2, done(due_on=TODAY + 5 * A_DAY)))
    evaluate(service.database)

    first, second = desk.get("/visits/plan").json["items"]

    assert (first["enterprise_id"], first["red"], first["points"]) == (str(firm(1)), 1, 15)
    assert (second["enterprise_id"], second["yellow"]) == (str(firm(2)), 1)


def test_a_plan_for_whom_nobody_knows_is_not_found(desk: Desk) -> None:
    refused(desk.get(f"/visits/plan?enterprise_id={thing(9)}"), "no_such_enterprise", 404)
    refused(desk.get("/visits/plan?enterprise_id=x"), "fields_wrong", 422)


def test_maintenance_needs_no_visit_unless_it_was_missed(
    service: InspectionService, desk: Desk
) -> None:
    """It falls due every 15 days and others do it: a plan for it would never end."""
    kept, missed = (done(TODAY - days * A_DAY, duty=DutyKind.MAINTENANCE) for days in (10, 20))
    inspected = done(TODAY, due_on=date(2029, 1, 1))
    tell(
        service.database,
        crane(2, kept, inspected, class_code="3110"),
        crane(5, missed, inspected, class_code="3110"),
    )
    evaluate(service.database)

    plan = desk.get(f"/visits/plan?enterprise_id={firm(2)}").json
    worklist = desk.get("/visits/plan").json["items"]

    seen_to = [each["object_id"] for visit in plan["visits"] for each in visit["duties"]]
    assert seen_to == [str(thing(5))]
    assert [each["duties"] for each in worklist if each["enterprise_id"] == str(firm(2))] == [1]
