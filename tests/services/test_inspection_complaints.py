"""Complaints and leads: handed in, routed, joined, decided, answered, opened again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import text

from services.chassis import workdays
from services.chassis.sealing import Seals
from services.inspection.handlers.complaints import keeping
from tests.services.complaint_stories import (
    NAME,
    PHONE,
    a_lead,
    answered,
    case_of,
    file_of,
    handed_in,
    receipt,
    step,
)
from tests.services.inspection_stories import crane, tell, thing
from tests.services.order_stories import (
    CITY,
    JINTAI,
    PHOTO,
    TOKEN,
    TWO,
    WEIBIN,
    Bureau,
    a_bureau,
)


@pytest.fixture
def bureau(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    with a_bureau(database_url("inspection"), tmp_path, monkeypatch) as opened:
        yield opened


def everything_kept(bureau: Bureau) -> str:
    """All rows of all tables that a complaint goes into, as text."""
    with bureau.service.database.reading() as session:
        return "\n".join(
            str(row)
            for table in ("complaint", "procedure_act", "answer", "outbox")
            for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        )


def test_a_complaint_gets_a_number_a_secret_and_a_term(bureau: Bureau) -> None:
    given = handed_in(bureau)

    assert given["number"] == "TS610303-2026-00001"
    assert (given["term"], given["last_day"]) == ("accept", "2026-03-11")
    told = receipt(bureau, given)
    assert (told["state"], told["bureau"]) == ("received", "宝鸡市金台区市场监督管理局")
    wrong = receipt_refused(bureau, given["number"], "AAAA-BBBB-CCCC")
    assert wrong == receipt_refused(bureau, "TS610303-2026-09999", given["code"])


def receipt_refused(bureau: Bureau, number: str, code: str) -> tuple[int, str]:
    path = f"/public/complaints/{number}/receipt"
    answer = bureau.call("POST", path, by="visitor", scope="*", code=code)
    return answer.status_code, answer.json["code"]


def test_the_secret_may_be_typed_as_people_type(bureau: Bureau) -> None:
    given = handed_in(bureau)

    typed = given | {"code": given["code"].lower().replace("-", " ")}

    assert receipt(bureau, typed)["number"] == given["number"]


def test_the_database_holds_neither_name_nor_telephone_nor_secret(bureau: Bureau) -> None:
    given = handed_in(bureau)
    answered(bureau, given)

    kept = everything_kept(bureau)

    assert NAME not in kept
    assert PHONE not in kept
    assert given["code"] not in kept
    assert given["code"].replace("-", "") not in kept
    assert given["number"] in kept


def test_the_bureau_sees_who_sent_it_masked_and_whole_for_a_purpose_on_file(
    bureau: Bureau,
) -> None:
    given = handed_in(bureau)
    path = f"/complaints/{given['complaint_id']}/reveal"

    refused = bureau.refused(path, purpose="看")
    whole = bureau.post(path, by="wang", purpose="联系投诉人安排调解")

    told = file_of(bureau, given)
    assert told["sender"] == {"name": "王*", "phone": "138****1234"}
    assert refused["code"] == "fields_wrong"
    assert whole == {"name": NAME, "phone": PHONE}
    last = told["steps"][-1]
    assert (last["what"], last["by"]) == ("reveal", "wang")
    assert last["particulars"]["purpose"] == "联系投诉人安排调解"


def test_the_same_form_twice_counts_once_and_tells_the_same_secret(bureau: Bureau) -> None:
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "X-Bianque-Scope": "*",
        "X-Bianque-Caller": "visitor",
        "Idempotency-Key": str(uuid4()),
    }
    body = {"kind": "lead", "words": "电梯停运", "target": "某小区", "division": JINTAI}

    both = [bureau.client.post("/public/complaints", json=body, headers=headers) for _ in "12"]

    assert both[0].json == both[1].json
    assert len(bureau.get("/complaints")["items"]) == 1


def test_a_media_report_is_a_lead_whatever_was_ticked(bureau: Bureau) -> None:
    body = {"words": "报道某厂产品不合格", "target": "某厂", "division": WEIBIN}

    given = bureau.post(
        "/complaints", kind="complaint", channel="media", source="宝鸡日报", **body
    )

    assert (given["kind"], given["term"]) == ("lead", "check")
    assert file_of(bureau, given)["source"] == "宝鸡日报"


def test_whose_object_it_is_decides_whose_complaint_it_is(bureau: Bureau) -> None:
    bureau.knows(1, division=WEIBIN, name="宝鸡某物业公司")
    tell(bureau.service.database, crane(1, division=JINTAI))

    of_object = a_lead(bureau, object_id=str(thing(1)), division=WEIBIN)

    told = file_of(bureau, of_object)
    assert told["division"] == JINTAI
    assert "宝鸡某物业公司" in told["target"]
    unknown = bureau.call(
        "POST",
        "/public/complaints",
        by="visitor",
        scope="*",
        kind="lead",
        words="停运",
        object_id=str(thing(9)),
    )
    assert (unknown.status_code, unknown.json["code"]) == (404, "no_such_object")


def test_where_no_bureau_sits_the_city_deals_with_it(bureau: Bureau) -> None:
    given = a_lead(bureau, division="610371")

    assert file_of(bureau, given)["division"] == CITY


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "complaint_needs_name"),
        ({"phone": "找我儿子"}, "phone_wrong"),
        ({"words": "  "}, "fields_wrong"),
        ({"target": ""}, "target_missing"),
        ({"division": "620102"}, "division_unknown"),
        ({"division": None}, "division_unknown"),
        ({"evidence": ["0" * 64]}, "evidence_unknown"),
        ({"kind": "praise"}, "fields_wrong"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_with_its_reason(
    bureau: Bureau, changes: dict[str, Any], code: str
) -> None:
    body = {
        "kind": "complaint",
        "words": "漏电",
        "target": "某商店",
        "division": JINTAI,
        "name": NAME,
        "phone": PHONE,
    }

    refused = bureau.refused("/public/complaints", by="visitor", scope="*", **body | changes)

    assert refused["code"] == code
    assert bureau.get("/complaints")["items"] == []


def test_a_photograph_goes_the_way_of_evidence(bureau: Bureau) -> None:
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, "JPEG")
    path = "/public/complaints/photographs"
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "X-Bianque-Scope": "*",
        "X-Bianque-Caller": "visitor",
    }

    kept = bureau.client.post(path, data=drawn.getvalue(), headers=headers).json
    film = bureau.client.post(path, data=b"%PDF-1.7 a paper", headers=headers)
    given = a_lead(bureau, evidence=[kept["sha256"], kept["sha256"]])

    shown = bureau.client.get(
        f"/complaints/{given['complaint_id']}/evidence/{kept['sha256']}",
        headers=headers | {"X-Bianque-Scope": CITY},
    )
    assert shown.data == drawn.getvalue()
    assert (film.status_code, film.json["code"]) == (409, "not_a_picture")
    other = f"/complaints/{given['complaint_id']}/evidence/{PHOTO}"
    assert bureau.call("GET", other).status_code == 404


def test_more_photographs_than_the_policy_allows_are_refused(bureau: Bureau) -> None:
    many = [bureau.picture(str(n)) for n in range(6)]

    body = {"kind": "lead", "words": "漏电", "target": "某商店", "division": JINTAI}
    refused = bureau.refused("/public/complaints", by="visitor", evidence=many, **body)

    assert refused["code"] == "too_many_photos"


def test_a_complaint_is_accepted_mediated_answered_and_closed(bureau: Bureau) -> None:
    given = handed_in(bureau)
    bureau.day("2026-03-05")
    accepted = step(bureau, given, "acceptance")
    bureau.day("2026-03-20")
    ended = step(bureau, given, "mediation", end="agreed", note="商店同意退货")
    told = step(bureau, given, "answer", answer="商店已退货")
    closed = step(bureau, given, "closing")

    assert (accepted["term"], accepted["last_day"]) == ("mediate", "2026-05-12")
    assert (ended["term"], ended["last_day"]) == ("tell", "2026-03-31")
    assert (told["term"], told["colour"]) == (None, "grey")
    assert closed["state"] == "closed"
    steps = file_of(bureau, given)["steps"]
    assert [each["what"] for each in steps] == [
        "receive",
        "accept_complaint",
        "mediate",
        "answer_complaint",
        "close_complaint",
    ]
    assert "(决定是否受理的期限为2026-03-11)" in steps[1]["words"]
    assert steps[1]["numbers"][0]["value"] == 45
    shown = receipt(bureau, given)
    assert (shown["state"], shown["answer"]) == ("closed", "商店已退货")
    assert "li" not in shown.values()


def test_a_refusal_is_an_answer_with_its_reason(bureau: Bureau) -> None:
    given = handed_in(bureau)

    step(bureau, given, "refusal", ground="dealt_with", answer="法院已受理")

    told = receipt(bureau, given)
    assert (told["state"], told["answer"], told["may_reopen"]) == (
        "refused",
        "法院已受理",
        True,
    )


def test_a_checked_lead_becomes_a_case_that_tells_nothing_of_its_sender(bureau: Bureau) -> None:
    given = a_lead(bureau, words="我在隔壁开店,他家的秤不准", phone=PHONE)
    step(bureau, given, "target", enterprise_id=bureau.knows(1, name="某粮油店"))

    opened = case_of(bureau, given)

    case = bureau.get(f"/cases/{opened['case_id']}")
    assert (case["state"], case["origin"]) == ("filed", "complaint")
    assert case["description"] == "现场有两台秤未检定"
    assert (opened["state"], opened["term"], opened["last_day"]) == (
        "case_opened",
        "tell",
        "2026-03-09",
    )
    assert bureau.said("case_filed")[0]["number"] == case["number"]
    assert receipt(bureau, given)["case_opened"] is True


def test_a_case_that_cannot_be_filed_leaves_the_lead_as_it_was(bureau: Bureau) -> None:
    given = a_lead(bureau, enterprise_id=bureau.knows(1))
    step(bureau, given, "check", finding="秤未检定")
    path = f"/complaints/{given['complaint_id']}/case"

    alone = bureau.refused(path, matter="label_defect", officers=TWO[:1])

    assert alone["code"] == "officers_missing"
    assert file_of(bureau, given)["state"] == "checked"
    assert bureau.get("/cases")["items"] == []


def test_no_case_is_told_within_five_working_days(bureau: Bureau) -> None:
    given = a_lead(bureau)
    step(bureau, given, "check", finding="现场秤均已检定")

    ended = step(bureau, given, "no-case", reason="没有违法事实")

    assert (ended["state"], ended["last_day"]) == ("no_case", "2026-03-09")


def test_an_unknown_step_is_named(bureau: Bureau) -> None:
    given = handed_in(bureau)

    refused = bureau.refused(f"/complaints/{given['complaint_id']}/praise")

    assert refused["code"] == "no_such_step"


def test_a_new_key_opens_and_finds_what_the_old_one_sealed(bureau: Bureau) -> None:
    given = handed_in(bureau)
    old = "test:the-keys-of-these-tests-are-known-to-everybody"
    both = Seals.parse(f"new:{'0123456789abcdef' * 4} {old}")
    bureau.service.seals = both

    renewed = [bureau.post("/seals/renew")["renewed"] for _ in range(2)]

    bureau.service.seals = Seals.parse(f"new:{'0123456789abcdef' * 4}")
    assert renewed == [1, 0]
    assert file_of(bureau, given)["sender"]["phone"] == "138****1234"
    assert receipt(bureau, given)["state"] == "received"
    other = handed_in(bureau, words="别的事")
    assert file_of(bureau, other)["alike"][0]["same_person"] is True
    assert bureau.refused("/seals/renew", scope=JINTAI)["code"] == "scope_too_narrow"


def test_last_days_are_counted_again_when_the_notice_comes(
    bureau: Bureau, tmp_path: Path
) -> None:
    bureau.day("2026-12-28")
    given = handed_in(bureau)
    before = file_of(bureau, given)
    notice = tmp_path / "working_days.csv"
    notice.write_text(
        "day,works,name,source\n2027-01-04,否,元旦,国务院办公厅通知\n", encoding="utf-8"
    )
    workdays.load(notice)
    try:
        moved = keeping.count_again(bureau.service.database, bureau.service.policy)
    finally:
        workdays.load(None)

    after = file_of(bureau, given)
    assert before["provisional"] is True
    assert (moved, after["provisional"]) == (1, False)
    assert after["last_day"] > before["last_day"]
