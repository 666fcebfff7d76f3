"""A visit from its plan to its conclusion: two officers, checklists, evidence, signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from services.chassis import aliases, api
from services.chassis.aliases import Link
from services.events.registry import EnterpriseRecorded, EnterpriseStatus, ObjectStatus
from services.inspection.api import blueprint
from services.inspection.service import InspectionService
from services.inspection.store import enterprises
from tests.services.inspection_stories import (
    TODAY,
    crane,
    done,
    evaluate,
    firm,
    later,
    opened,
    rows,
    said,
    service_on,
    tell,
    thing,
)
from tests.services.visit_stories import LI, OFFICERS, TOKEN, WANG, Desk, a_photograph, passed

A_DAY = timedelta(days=1)
OVERDUE = done(date(2023, 1, 15), due_on=date(2025, 1, 14))


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


def refused(answer: Any, code: str, status: int = 409) -> str:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
    return str(answer.json["detail"])


# Planning


def test_one_officer_is_not_enough(desk: Desk) -> None:
    detail = refused(desk.plan(1, officers=OFFICERS[:1]), "too_few_officers")

    assert "不少于2名" in detail


def test_one_person_twice_is_one_officer(desk: Desk) -> None:
    refused(desk.plan(1, officers=[OFFICERS[0], OFFICERS[0]]), "too_few_officers")


def test_objects_of_another_enterprise_are_refused(desk: Desk) -> None:
    answer = desk.plan(1, object_ids=[str(thing(2))])

    refused(answer, "object_of_another_enterprise")


def test_an_enterprise_outside_the_scope_is_not_there(desk: Desk) -> None:
    refused(Desk(desk.client, scope="610331").plan(1), "no_such_enterprise", 404)


def test_a_visit_is_not_planned_for_yesterday(desk: Desk) -> None:
    answer = desk.plan(1, planned_on=(TODAY - A_DAY).isoformat())

    refused(answer, "planned_in_the_past")


def test_planned_visits_of_a_year_are_capped_and_re_checks_are_not(desk: Desk) -> None:
    for _ in range(2):
        desk.planned(1)

    refused(desk.plan(1), "visits_this_year_used_up")
    assert desk.plan(1, purpose="follow_up").status_code == 201


def test_what_a_licence_check_looked_at_a_routine_visit_leaves_out(desk: Desk) -> None:
    desk.planned(1, purpose="licence")

    answer = desk.plan(1, 4)

    assert answer.json["object_ids"] == [str(thing(4))]
    assert answer.json["why"]["left_out"] == [str(thing(1))]


def test_the_same_plan_sent_twice_is_one_visit(desk: Desk, service: InspectionService) -> None:
    body = {
        "enterprise_id": str(firm(1)),
        "purpose": "routine",
        "planned_on": TODAY.isoformat(),
        "officers": OFFICERS,
    }
    first = desk.post("/visits", body, **{"Idempotency-Key": "k1"})
    again = desk.post("/visits", body, **{"Idempotency-Key": "k1"})

    assert first.json == again.json
    assert len(rows(service.database, "visit")) == 1


# The record


def test_a_visit_asks_by_the_most_exact_checklist_of_each_object(desk: Desk) -> None:
    whole = desk.get(f"/visits/{desk.planned(1)}").json

    assert whole["checklists"] == ["crane@2000-01-01", "enterprise@2000-01-01"]
    assert {each["object_id"] for each in whole["asked"]} == {None, str(thing(1))}


def test_every_save_is_kept_and_the_last_one_is_the_record(desk: Desk) -> None:
    visit_id = desk.planned(1)
    for number, summary in enumerate(("第一稿", "第二稿")):
        sent = {"based_on": number, "content": {"summary": summary}}
        assert desk.put(f"/visits/{visit_id}/record", sent).status_code == 200

    saves = desk.get(f"/visits/{visit_id}/saves").json

    assert [each["content"]["summary"] for each in saves] == ["第二稿", "第一稿"]
    assert desk.get(f"/visits/{visit_id}").json["content"]["summary"] == "第二稿"


def test_of_two_who_write_at_once_neither_loses_what_he_wrote(desk: Desk) -> None:
    visit_id = desk.planned(1)
    mine = {"based_on": 0, "content": {"summary": "李明写的"}}
    theirs = {"based_on": 0, "content": {"summary": "王芳写的"}}
    desk.put(f"/visits/{visit_id}/record", mine)

    late = Desk(desk.client, WANG).put(f"/visits/{visit_id}/record", theirs)

    assert "没有丢失" in refused(late, "record_moved_on")
    assert desk.get(f"/visits/{visit_id}").json["content"]["summary"] == "李明写的"
    [beside, _] = desk.get(f"/visits/{visit_id}/saves").json
    assert (beside["content"]["summary"], beside["beside"]) == ("王芳写的", True)


def test_a_save_that_came_too_late_says_so_again_under_the_same_key(desk: Desk) -> None:
    visit_id = desk.planned(1)
    desk.put(f"/visits/{visit_id}/record", {"based_on": 0, "content": {}})
    late = {"based_on": 0, "content": {"summary": "迟到的"}}

    answers = [
        desk.put(f"/visits/{visit_id}/record", late, **{"Idempotency-Key": "k2"}) for _ in "ab"
    ]

    assert [refused(answer, "record_moved_on") for answer in answers]
    assert len(desk.get(f"/visits/{visit_id}/saves").json) == 2


@pytest.mark.parametrize(
    "content",
    [
        {"answers": [{"item": "registered", "finding": "perhaps"}]},
        {"answers": [{"item": "registered", "finding": "conforms", "evidence": ["x"]}]},
        {"passing_records": [{"object_id": "1", "duty": "inspection"}]},
        {"changes": "none"},
        {"outcome": "good"},
        {"summary": "a\x00b"},
    ],
    ids=lambda content: next(iter(content)),
)
def test_a_record_of_another_shape_is_refused_by_field(
    desk: Desk, content: dict[str, Any]
) -> None:
    visit_id = desk.planned(1)

    answer = desk.put(f"/visits/{visit_id}/record", {"based_on": 0, "content": content})

    refused(answer, "fields_wrong", 422)


# Evidence


def test_a_file_is_kept_by_its_digest_outside_the_database(
    desk: Desk, service: InspectionService
) -> None:
    visit_id, photograph = desk.planned(1), a_photograph()

    first, again = desk.upload(visit_id, photograph), desk.upload(visit_id, photograph)

    digest = sha256(photograph).hexdigest()
    assert (first.json["sha256"], again.json["sha256"]) == (digest, digest)
    assert (service.settings.var / "evidence" / digest[:2] / digest).read_bytes() == photograph
    assert desk.get(f"/visits/{visit_id}/evidence/{digest}").data == photograph
    assert len(rows(service.database, "visit_evidence")) == 1


def test_the_copy_for_the_public_does_not_tell_where_it_was_taken(desk: Desk) -> None:
    visit_id = desk.planned(1)
    digest = desk.upload(visit_id, a_photograph("34.36N")).json["sha256"]

    copy = desk.get(f"/visits/{visit_id}/evidence/{digest}?public=1").data

    assert b"34.36N" not in copy
    with Image.open(BytesIO(copy)) as opened_copy:
        assert dict(opened_copy.getexif()) == {}
        assert opened_copy.size == (40, 30)


def test_what_a_file_is_is_told_by_its_bytes(desk: Desk) -> None:
    visit_id = desk.planned(1)

    refused(
        desk.upload(visit_id, b"MZ\x90 a program", "photo.jpg"), "evidence_type_not_allowed"
    )
    refused(desk.upload(visit_id, a_photograph()[:300]), "picture_broken")


def test_a_damaged_file_is_not_handed_out(desk: Desk, service: InspectionService) -> None:
    visit_id = desk.planned(1)
    digest = desk.upload(visit_id, a_photograph()).json["sha256"]
    (service.settings.var / "evidence" / digest[:2] / digest).write_bytes(b"another")

    refused(desk.get(f"/visits/{visit_id}/evidence/{digest}"), "no_such_evidence", 404)


# Conclusion


def test_a_visit_is_concluded_and_told_in_counts(
    desk: Desk, service: InspectionService
) -> None:
    visit_id = desk.planned(1)

    answer = desk.concluded(visit_id)

    assert (answer.status_code, answer.json["state"]) == (200, "concluded")
    [event] = said(service.database, "visit_concluded")
    assert event["visit_id"] == visit_id
    assert (event["outcome"], event["objects"], event["items"]) == ("passed", 1, 12)
    assert event["representative_signed"] is True


def test_every_item_is_answered(desk: Desk) -> None:
    visit_id = desk.planned(1)
    desk.record(visit_id, answers=desk.answers(visit_id)[1:])
    desk.sign_all(visit_id)

    refused(desk.post(f"/visits/{visit_id}/conclusion"), "items_unanswered")


PROBLEM = {"finding": "problem", "note": "现场查看"}


@pytest.mark.parametrize(
    ("different", "outcome", "code"),
    [
        ({"labels": {"finding": "problem"}}, "rectify", "note_missing"),
        ({"labels": PROBLEM}, "passed", "outcome_does_not_fit"),
        ({}, "failed", "outcome_does_not_fit"),
        ({}, None, "outcome_does_not_fit"),
        ({"not_scrapped": PROBLEM}, "failed", "evidence_missing"),
        ({"labels": PROBLEM | {"evidence": ["0" * 64]}}, "rectify", "evidence_unknown"),
    ],
)
def test_what_is_not_on_file_is_refused(
    desk: Desk, different: dict[str, Any], outcome: str | None, code: str
) -> None:
    visit_id = desk.planned(1)
    desk.record(visit_id, answers=desk.answers(visit_id, **different), outcome=outcome)
    desk.sign_all(visit_id)

    refused(desk.post(f"/visits/{visit_id}/conclusion"), code)


def test_a_grave_problem_with_its_photograph_fails_the_visit(
    desk: Desk, service: InspectionService
) -> None:
    visit_id = desk.planned(1)
    digest = desk.upload(visit_id, a_photograph()).json["sha256"]
    grave = {"not_scrapped": PROBLEM | {"evidence": [digest]}}

    answer = desk.concluded(visit_id, answers=desk.answers(visit_id, **grave), outcome="failed")

    assert answer.json["outcome"] == "failed"
    [problem] = rows(service.database, "visit_problem")
    assert (problem["item"], problem["grave"]) == ("not-scrapped", True)
    assert problem["matter"] == "scrapped_in_use"


def test_whoever_signed_before_the_last_change_signs_again(desk: Desk) -> None:
    visit_id = desk.planned(1)
    desk.record(visit_id)
    desk.sign_all(visit_id)
    desk.record(visit_id, summary="后来补的一句")

    detail = refused(desk.post(f"/visits/{visit_id}/conclusion"), "officer_signature_missing")

    assert "李明、王芳" in detail


def test_an_officer_signs_only_for_himself(desk: Desk) -> None:
    visit_id = desk.planned(1)

    answer = Desk(desk.client, "zhao.lei").post(f"/visits/{visit_id}/signature")

    refused(answer, "not_an_officer_of_visit")


def test_a_refusal_to_sign_needs_its_reason_and_witness_and_then_is_enough(
    desk: Desk, service: InspectionService
) -> None:
    visit_id = desk.planned(1)
    desk.record(visit_id)
    desk.sign_all(visit_id)
    refusal = {"name": "张经理", "refused": True, "reason": "不认可结论"}

    refused(desk.post(f"/visits/{visit_id}/representative", refusal), "refusal_without_reason")
    desk.post(f"/visits/{visit_id}/representative", refusal | {"witness": "社区干部赵"})
    desk.post(f"/visits/{visit_id}/conclusion")

    assert [e["representative_signed"] for e in said(service.database, "visit_concluded")] == [
        False
    ]


def test_a_concluded_visit_cannot_be_changed_any_more(desk: Desk) -> None:
    visit_id = desk.planned(1)
    desk.concluded(visit_id)

    refused(desk.record(visit_id, summary="想改"), "visit_not_open")
    refused(desk.post(f"/visits/{visit_id}/conclusion"), "visit_not_open")
    refused(desk.upload(visit_id, a_photograph()), "visit_not_open")
    refused(desk.post(f"/visits/{visit_id}/cancellation", {"reason": "错"}), "visit_not_open")


def test_a_cancelled_visit_says_why_and_frees_its_place(desk: Desk) -> None:
    visit_id = desk.planned(1)
    desk.planned(1)

    cancelled = desk.post(f"/visits/{visit_id}/cancellation", {"reason": "企业停产"})

    assert cancelled.json["state"] == "cancelled"
    assert desk.plan(1).status_code == 201


def test_the_form_is_printed_in_chinese_and_in_order(desk: Desk) -> None:
    visit_id = desk.planned(1)
    desk.concluded(
        visit_id,
        answers=desk.answers(visit_id, labels=PROBLEM),
        outcome="rectify",
        passing_records=[passed(thing(1), TODAY, until=date(2028, 11, 19))],
    )

    form = desk.get(f"/visits/{visit_id}/form").json

    assert (form["title"], form["conclusion"]) == ("现场检查记录", "需整改")
    assert form["officers"] == ["李明 (陕C-1001)", "王芳 (陕C-1002)"]
    [wrong] = [row for row in form["items"] if row["finding"] == "有问题"]
    assert (wrong["object"], wrong["note"]) == ("单位本身", "现场查看")
    [record] = form["records"]
    assert record.startswith("行吊 1 号: 定期检验于2026-11-20合格, 宝鸡市特种设备检验所")
    assert record.endswith("证书编号QZ-2026-0117, 下次日期2028-11-19")
    assert form["signatures"] == ["检查人员李明", "检查人员王芳", "企业代表张经理"]


def test_visits_are_listed_page_by_page_within_the_scope(desk: Desk) -> None:
    ids = {desk.planned(1), desk.planned(1, purpose="special")}

    first = desk.get("/visits?limit=1").json
    second = desk.get(f"/visits?limit=1&after={first['next']}").json

    assert {each["visit_id"] for each in (*first["items"], *second["items"])} == ids
    assert Desk(desk.client, scope="610331").get("/visits").json["items"] == []
    outside = Desk(desk.client, scope="610331").get(f"/visits/{ids.pop()}")
    refused(outside, "no_such_visit", 404)


# From what was found to an order


def known(service: InspectionService, number: int) -> None:
    """The registry has told who this is."""
    firm_told = EnterpriseRecorded(
        enterprise_id=firm(number),
        revision=1,
        name="宝鸡钛业样板厂",
        uscc=None,
        division="610302",
        status=EnterpriseStatus.ACTIVE,
        industry=None,
    )
    with service.database.transaction() as session:
        enterprises.note(session, [firm_told])


def test_what_was_found_becomes_the_draft_of_one_order(
    desk: Desk, service: InspectionService
) -> None:
    known(service, 1)
    visit_id = desk.planned(1)
    wrong = {"labels": PROBLEM, "maker_papers": PROBLEM | {"note": "没有制造单位信息"}}
    refused(desk.post(f"/visits/{visit_id}/order"), "visit_not_concluded")
    desk.concluded(visit_id, answers=desk.answers(visit_id, **wrong), outcome="rectify")

    order = desk.post(f"/visits/{visit_id}/order")

    assert order.status_code == 201, order.json
    assert {item["matter"] for item in order.json["items"]} == {
        "label_defect",
        "equipment_without_maker",
    }
    found = {str(row["problem_id"]) for row in rows(service.database, "visit_problem")}
    assert {item["finding_id"] for item in order.json["items"]} == found
    assert any("没有制造单位信息" in item["description"] for item in order.json["items"])
    refused(desk.post(f"/visits/{visit_id}/order"), "order_drafted_already")
    desk.post(f"/orders/{order.json['order_id']}/discard", {"reason": "措辞不当"})
    assert desk.post(f"/visits/{visit_id}/order").status_code == 201


def test_nothing_found_is_nothing_to_order(desk: Desk, service: InspectionService) -> None:
    known(service, 1)
    visit_id = desk.planned(1)
    desk.concluded(visit_id)

    refused(desk.post(f"/visits/{visit_id}/order"), "no_problem_found")


# What a visit confirms


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


# Bundled visits


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
