"""Visits are planned, and their records are written and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.chassis import api
from services.inspection.api import blueprint
from services.inspection.service import InspectionService
from tests.services.inspection_stories import (
    TODAY,
    crane,
    done,
    evaluate,
    firm,
    opened,
    rows,
    service_on,
    tell,
    thing,
)
from tests.services.visit_stories import (
    A_DAY,
    OFFICERS,
    OVERDUE,
    PROBLEM,
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
