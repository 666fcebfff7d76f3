"""What officers confirmed on a visit closes a red warning; a promise or a booking does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from services.chassis import api
from services.events.registry import ObjectStatus
from services.inspection.api import blueprint
from services.inspection.service import InspectionService
from tests.services.inspection_stories import (
    TODAY,
    crane,
    done,
    evaluate,
    later,
    opened,
    said,
    service_on,
    tell,
    thing,
)
from tests.services.visit_stories import (
    A_DAY,
    LI,
    OVERDUE,
    TOKEN,
    WANG,
    Desk,
    passed,
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


def colour_of(desk: Desk, number: int) -> str:
    return str(desk.get(f"/objects/{thing(number)}").json["colour"])


def test_a_passing_record_renews_the_duty_and_clears_the_red(
    desk: Desk, service: InspectionService
) -> None:
    assert colour_of(desk, 1) == "red"
    visit_id = desk.planned(1)

    desk.concluded(
        visit_id, passing_records=[passed(thing(1), TODAY, until=date(2028, 11, 19))]
    )

    assert colour_of(desk, 1) == "green"
    [cleared] = said(service.database, "warning_cleared")
    assert (cleared["cleared_by"], cleared["cleared_on"]) == ("done", TODAY.isoformat())
    assert [event["renewed"] for event in said(service.database, "visit_concluded")] == [1]


def test_an_older_record_of_the_registry_does_not_undo_it(
    desk: Desk, service: InspectionService
) -> None:
    visit_id = desk.planned(1)
    desk.concluded(
        visit_id, passing_records=[passed(thing(1), TODAY, until=date(2028, 11, 19))]
    )

    tell(service.database, later(crane(1, OVERDUE), label="又登记了一次"))
    evaluate(service.database, TODAY + A_DAY)

    assert colour_of(desk, 1) == "green"


def test_a_newer_record_of_the_registry_goes_before_it(
    desk: Desk, service: InspectionService
) -> None:
    visit_id = desk.planned(1)
    desk.concluded(
        visit_id, passing_records=[passed(thing(1), date(2026, 10, 1), until=date(2026, 12, 1))]
    )

    newer = done(date(2026, 11, 10), due_on=date(2028, 11, 9))
    tell(service.database, later(crane(1, OVERDUE), records=(newer,)))

    [duty] = desk.get(f"/objects/{thing(1)}").json["duties"]
    assert duty["explanation"]["due_on"] == "2028-11-09"


@pytest.mark.parametrize("days", [1, 200])
def test_a_promise_or_a_booking_never_closes(desk: Desk, days: int) -> None:
    visit_id = desk.planned(1)
    desk.record(visit_id, passing_records=[passed(thing(1), TODAY + days * A_DAY)])
    desk.sign_all(visit_id)

    refused(desk.post(f"/visits/{visit_id}/conclusion"), "record_in_the_future")
    assert colour_of(desk, 1) == "red"


def test_a_draft_with_a_passing_record_closes_nothing(desk: Desk) -> None:
    visit_id = desk.planned(1)

    desk.record(visit_id, passing_records=[passed(thing(1), TODAY)])

    assert colour_of(desk, 1) == "red"


@pytest.mark.parametrize("status", ["stopped", "scrapped", "moved", "closed"])
def test_what_officers_confirmed_to_be_out_of_use_is_cleared(
    desk: Desk, service: InspectionService, status: str
) -> None:
    visit_id = desk.planned(1)
    change = {"object_id": str(thing(1)), "status": status, "since": TODAY.isoformat()}

    desk.concluded(visit_id, changes=[change | {"note": "已切断电源并封存"}])
    tell(service.database, later(crane(1, OVERDUE), label="又登记了一次"))
    evaluate(service.database, TODAY + A_DAY)

    assert colour_of(desk, 1) == "grey"
    assert [e["cleared_by"] for e in said(service.database, "warning_cleared")] == [
        "out_of_service"
    ]


def test_a_stop_must_be_described_and_have_happened(desk: Desk) -> None:
    visit_id = desk.planned(1)
    stop = {"object_id": str(thing(1)), "status": "stopped", "since": TODAY.isoformat()}
    desk.record(visit_id, changes=[stop])
    desk.sign_all(visit_id)

    refused(desk.post(f"/visits/{visit_id}/conclusion"), "note_missing")
    desk.record(
        visit_id, changes=[stop | {"note": "下周停", "since": (TODAY + A_DAY).isoformat()}]
    )
    desk.sign_all(visit_id)
    refused(desk.post(f"/visits/{visit_id}/conclusion"), "change_in_the_future")


def test_back_in_use_it_is_red_again(desk: Desk, service: InspectionService) -> None:
    change = {"object_id": str(thing(1)), "since": TODAY.isoformat(), "note": "现场核实"}
    desk.concluded(desk.planned(1), changes=[change | {"status": "stopped"}])

    back = desk.planned(1, purpose="follow_up")
    desk.concluded(back, changes=[change | {"status": "in_use"}])
    evaluate(service.database, TODAY + A_DAY)

    assert colour_of(desk, 1) == "red"


def test_a_correction_takes_the_place_of_the_wrong_record(
    desk: Desk, service: InspectionService
) -> None:
    wrong = desk.planned(1)
    desk.concluded(wrong, passing_records=[passed(thing(1), TODAY, until=date(2028, 11, 19))])

    begun = desk.post(f"/visits/{wrong}/correction", {"reason": "证书属于另一台"})
    correction = begun.json["visit_id"]
    assert colour_of(desk, 1) == "green"
    desk.concluded(correction, passing_records=[])
    evaluate(service.database, TODAY + A_DAY)

    assert colour_of(desk, 1) == "red"
    assert desk.get(f"/visits/{wrong}").json["corrected_by"] == correction
    refused(
        desk.post(f"/visits/{wrong}/correction", {"reason": "再来"}), "visit_corrected_already"
    )
    assert [e["corrects"] for e in said(service.database, "visit_concluded")] == [None, wrong]


def test_of_two_corrections_only_one_can_be_concluded(desk: Desk) -> None:
    wrong = desk.planned(1)
    desk.concluded(wrong)
    first, second = (
        desk.post(f"/visits/{wrong}/correction", {"reason": reason}).json["visit_id"]
        for reason in ("甲", "乙")
    )

    desk.concluded(first)

    refused(desk.concluded(second), "visit_corrected_already")


def test_nothing_of_a_person_leaves_with_the_event(
    desk: Desk, service: InspectionService
) -> None:
    desk.concluded(desk.planned(1))

    [event] = said(service.database, "visit_concluded")

    assert not {"李明", "王芳", "张经理", LI, WANG} & {str(value) for value in event.values()}


def test_an_elevator_that_was_stopped_for_long_is_inspected_before_it_is_used_again(
    desk: Desk, service: InspectionService
) -> None:
    valid = done(date(2024, 1, 10), due_on=date(2028, 1, 9))
    tell(service.database, crane(7, valid, class_code="3110"))
    change = {"object_id": str(thing(7)), "note": "现场核实"}
    stop = change | {"status": "stopped", "since": "2025-06-01"}
    start = change | {"status": "in_use", "since": TODAY.isoformat()}

    desk.concluded(desk.planned(7), changes=[stop])
    desk.concluded(desk.planned(7, purpose="follow_up"), changes=[start])
    evaluate(service.database, TODAY + A_DAY)

    assert colour_of(desk, 7) == "red"
    [duty] = desk.get(f"/objects/{thing(7)}").json["duties"]
    assert duty["explanation"]["basis"] == "reuse"


def test_an_elevator_that_the_registry_stopped_and_started_is_remembered(
    desk: Desk, service: InspectionService
) -> None:
    valid = done(date(2024, 1, 10), due_on=date(2030, 1, 9))
    elevator = crane(7, valid, class_code="3110")
    stopped = later(elevator, status=ObjectStatus.STOPPED)
    tell(service.database, elevator)
    tell(service.database, stopped)

    tell(
        service.database,
        later(stopped, status=ObjectStatus.IN_USE),
        today=TODAY + 400 * A_DAY,
    )

    [duty] = desk.get(f"/objects/{thing(7)}").json["duties"]
    assert duty["explanation"]["due_on"] == (TODAY + 400 * A_DAY).isoformat()
