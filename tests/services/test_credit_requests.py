"""Objection, correction, repair, reply: each with its term, its answer and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.chassis import workdays
from services.chassis.database import Database
from tests.services.credit_portal import Portal, portal_of
from tests.services.credit_records import (
    DAY,
    OF_THE_LIST,
    entered,
    penalty,
    public_ids,
    published,
)
from tests.services.credit_stories import (
    announced,
    enterprise,
    firm,
    names,
    opened,
    service_on,
    tell,
)

GIVEN = {
    "corrected_on": "2026-06-01",
    "duties_done_on": "2026-06-02",
    "promised_on": "2026-06-03",
}
LISTED = penalty(severity="serious") | {"kind": "serious_list"}


@pytest.fixture
def database(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", DAY.isoformat())
    with opened(database_url("credit")) as database:
        tell(service_on(database), [enterprise(1)])
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return portal_of(database)


def ask(portal: Portal, record_id: str, kind: str, **given: Any) -> Any:
    body = {"kind": kind, "words": "情况说明"} | given
    return portal.post(f"/records/{record_id}/requests", body)


def answer(portal: Portal, asked: Any, *, accepted: bool) -> Any:
    body = {"accepted": accepted, "answer": "经核查"}
    return portal.post(f"/requests/{asked.json['id']}/decision", body)


def item_of(portal: Portal) -> dict[str, Any]:
    records = portal.get(f"/public/enterprises/{firm(1)}").json["records"]
    [item] = [item for items in records.values() for item in items]
    return dict(item)


def test_an_objection_is_marked_in_public_and_taken_off_with_its_answer(
    portal: Portal,
) -> None:
    record_id = published(portal)
    asked = ask(portal, record_id, "objection")

    portal.post(f"/requests/{asked.json['id']}/mark")
    marked = item_of(portal)["under_objection"]
    answer(portal, asked, accepted=False)

    assert (asked.json["mark_by"], asked.json["due_on"]) == ("2026-05-12", "2026-05-18")
    assert marked is True
    assert item_of(portal)["under_objection"] is False


def test_an_objection_that_holds_takes_the_record_away(
    database: Database, portal: Portal
) -> None:
    record_id = published(portal)

    answer(portal, ask(portal, record_id, "objection"), accepted=True)

    assert public_ids(portal) == set()
    assert names(database)[-2:] == ["record_ended", "request_decided"]


def test_terms_that_pass_are_said_once_each(
    database: Database, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(portal, published(portal), "objection")
    service = service_on(database, "cn-current")

    for day in ("2026-05-12", "2026-05-13", "2026-05-14", "2026-05-19", "2026-05-30"):
        monkeypatch.setenv("BIANQUE_TODAY", day)
        service.take_due_steps()

    late = [each["data"] for each in announced(database) if "term_overrun" in each["type"]]
    assert [(each["term"], each["due_on"]) for each in late] == [
        ("mark", "2026-05-12"),
        ("decide", "2026-05-18"),
    ]


def test_a_repair_ends_publication_at_once(
    database: Database, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = published(portal)

    early = ask(portal, record_id, "repair", **GIVEN)
    monkeypatch.setenv("BIANQUE_TODAY", "2026-08-11")
    lacking = ask(portal, record_id, "repair", corrected_on="2026-06-01")
    asked = ask(portal, record_id, "repair", **GIVEN)
    answer(portal, asked, accepted=True)

    assert early.json["code"] == "minimum_period"
    assert "2026-08-11" in early.json["instead"]
    assert lacking.json["code"] == "repair_conditions_missing"
    assert "信用承诺" in lacking.json["rule"]
    assert "已经改正" not in lacking.json["rule"]
    assert asked.json["due_on"] == "2026-08-20"
    assert public_ids(portal) == set()
    ended = [each for each in announced(database) if "record_ended" in each["type"]]
    assert [each["data"]["ending"] for each in ended] == ["repaired"]


def test_a_refused_repair_changes_nothing(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = published(portal)
    monkeypatch.setenv("BIANQUE_TODAY", "2026-08-11")

    refused = answer(portal, ask(portal, record_id, "repair", **GIVEN), accepted=False)

    assert refused.json["state"] == "rejected"
    assert public_ids(portal) == {record_id}


def test_nothing_else_is_repaired_while_the_enterprise_is_listed(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = published(portal)
    published(portal, LISTED, *OF_THE_LIST)
    monkeypatch.setenv("BIANQUE_TODAY", "2026-08-11")

    assert ask(portal, record_id, "repair", **GIVEN).json["code"] == "still_listed"


def test_a_listing_can_be_removed_after_a_year(
    database: Database, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = published(portal, LISTED, *OF_THE_LIST)

    wrong = ask(portal, record_id, "repair", **GIVEN)
    monkeypatch.setenv("BIANQUE_TODAY", "2027-05-10")
    early = ask(portal, record_id, "removal", **GIVEN)
    monkeypatch.setenv("BIANQUE_TODAY", "2027-05-11")
    answer(portal, ask(portal, record_id, "removal", **GIVEN), accepted=True)

    assert wrong.json["code"] == "ask_for_removal"
    assert early.json["code"] == "minimum_period"
    assert portal.get("/public/lists/serious-list").json["items"] == []
    assert announced(database)[-2]["data"]["ending"] == "removed"


def test_a_restriction_is_not_repaired_early(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = published(portal, penalty(restricting=True))
    monkeypatch.setenv("BIANQUE_TODAY", "2026-08-11")

    assert ask(portal, record_id, "repair", **GIVEN).json["code"] == "not_repairable"


def test_bankruptcy_suspends_and_a_person_can_resume(
    database: Database, portal: Portal
) -> None:
    record_id = published(portal)
    asked = ask(
        portal,
        record_id,
        "temporary_repair",
        court_ruling="(2026)陕03破2号",
        promised_on="2026-05-10",
    )

    answer(portal, asked, accepted=True)
    gone = public_ids(portal)
    portal.post(f"/records/{record_id}/resumption", {"reason": "重整计划未执行"})

    assert gone == set()
    assert public_ids(portal) == {record_id}
    public = [each for each in names(database) if each in {"record_ended", "record_published"}]
    assert public == ["record_published", "record_ended", "record_published"]


def test_a_reply_stands_beside_the_record_and_can_be_replaced(portal: Portal) -> None:
    record_id = published(portal)

    portal.put(f"/records/{record_id}/reply", {"words": "已停止销售并召回"})
    portal.put(f"/records/{record_id}/reply", {"words": "已全部召回"})

    assert item_of(portal)["reply"] == "已全部召回"
    assert item_of(portal)["replied_on"] == "2026-05-11"


def test_a_reply_with_personal_data_is_refused(portal: Portal) -> None:
    record_id = published(portal)

    refused = portal.put(
        f"/records/{record_id}/reply", {"words": "有疑问请打13809172233找李小军经理"}
    )

    assert refused.status_code == 409
    assert refused.json["code"] == "personal_data_found"
    assert "13809172233" not in refused.text
    assert item_of(portal)["reply"] is None


def test_an_error_report_names_its_field_and_has_a_term(portal: Portal) -> None:
    record_id = published(portal)

    without = ask(portal, record_id, "error_report")
    unknown = ask(portal, record_id, "error_report", field="颜色")
    asked = ask(portal, record_id, "error_report", field="document_number")

    assert without.json["code"] == "field_missing"
    assert unknown.status_code == 422
    assert asked.json["due_on"] == "2026-06-08"


def test_an_error_is_put_right_in_public(database: Database, portal: Portal) -> None:
    record_id = published(portal)
    answer(
        portal,
        ask(portal, record_id, "error_report", field="document_number"),
        accepted=True,
    )

    right = penalty(document_number="宝市监罚〔2026〕89号")["content"]
    portal.put(f"/records/{record_id}/content", {"reason": "文号有误", "content": right})

    assert item_of(portal)["document_number"] == "宝市监罚〔2026〕89号"
    assert announced(database)[-1]["data"]["document_number"] == "宝市监罚〔2026〕89号"


def test_public_words_cannot_be_rewritten_into_personal_data(portal: Portal) -> None:
    record_id = published(portal)

    leaking = penalty(content="当事人身份证六一〇三〇三一九八〇〇一〇一一二三四")["content"]
    refused = portal.put(
        f"/records/{record_id}/content", {"reason": "补充", "content": leaking}
    )

    assert refused.json["code"] == "personal_data_found"
    assert item_of(portal)["content"] == "销售不符合国家标准的电线电缆"


def test_a_request_is_answered_once_and_explained(portal: Portal) -> None:
    asked = ask(portal, published(portal), "correction")
    answer(portal, asked, accepted=True)

    again = answer(portal, asked, accepted=False)

    assert again.json["code"] == "decided_already"
    told = portal.get(f"/explanations/{asked.json['id']}").json
    assert told["state_label"] == "已采纳"
    assert told["numbers"][0]["name"] == "request_terms"


def test_another_county_does_not_answer(portal: Portal) -> None:
    asked = ask(portal, published(portal), "correction")

    refused = portal.post(
        f"/requests/{asked.json['id']}/decision",
        {"accepted": True, "answer": "同意"},
        scope="610304",
    )

    assert refused.status_code == 404
    assert portal.get("/requests", scope="610304").json["items"] == []
    assert len(portal.get("/requests?state=received").json["items"]) == 1


def test_what_waits_for_the_bureau_is_coloured_by_the_days_left(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(portal, published(portal), "objection")
    entered(portal, penalty(), "source_document")

    def counts(on: str, scope: str = "610300") -> dict[str, int]:
        monkeypatch.setenv("BIANQUE_TODAY", on)
        [point] = portal.get("/information-points", scope=scope).json["points"]
        return dict(point["counts"]) | {"colour": point["colour"]}

    green = {"green": 2, "yellow": 0, "red": 0, "grey": 0, "colour": "green"}
    assert counts("2026-05-11") == green
    assert counts("2026-05-15") == green | {"green": 1, "yellow": 1, "colour": "yellow"}
    assert counts("2026-06-10") == green | {"green": 0, "red": 2, "colour": "red"}
    assert counts("2026-06-10", "610304")["colour"] == "grey"


def test_a_provisional_term_is_counted_anew_when_the_notice_is_known(
    database: Database,
    portal: Portal,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    record_id = published(portal)
    monkeypatch.setenv("BIANQUE_TODAY", "2026-12-20")
    asked = ask(portal, record_id, "correction").json
    notice = tmp_path / "notice.csv"
    notice.write_text(
        "day,works,name,source\n2027-01-04,否,元旦,通知\n2027-01-05,否,元旦,通知\n",
        encoding="utf-8",
    )

    workdays.load(notice)
    try:
        service_on(database, "cn-current").recount_provisional_terms()
    finally:
        workdays.load(None)

    later = portal.get(f"/requests/{asked['id']}").json
    assert (asked["due_on"], asked["provisional"]) == ("2027-01-18", True)
    assert (later["due_on"], later["provisional"]) == ("2027-01-20", False)
    assert announced(database)[-1]["data"]["due_on"] == "2027-01-20"
