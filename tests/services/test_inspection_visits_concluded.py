"""A visit ends: evidence, signatures, conclusion, and the order for what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from services.chassis import api
from services.events.registry import EnterpriseRecorded, EnterpriseStatus
from services.inspection.api import blueprint
from services.inspection.service import InspectionService
from services.inspection.store import enterprises
from tests.services.inspection_stories import (
    TODAY,
    crane,
    done,
    evaluate,
    firm,
    opened,
    rows,
    said,
    service_on,
    tell,
)
from tests.services.visit_stories import (
    OVERDUE,
    PROBLEM,
    TOKEN,
    Desk,
    a_photograph,
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
