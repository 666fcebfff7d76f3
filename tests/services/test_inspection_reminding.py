"""Reminders by hand: previewed, sent once, of what needs it, by whose it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.inspection.handlers import reminding
from services.inspection.rules import reminding_by_hand as rules
from tests.services.inspection_stories import (
    SHIPPED,
    crane,
    done,
    duty_of,
    evaluate,
    firm,
    rows,
    said,
    standing,
    tell,
    thing,
)
from tests.services.order_stories import JINTAI, TOKEN, WEIBIN, Bureau, a_bureau

TODAY = date(2026, 3, 2)
A_DAY = timedelta(days=1)


@pytest.fixture
def bureau(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    """Cranes 1 and 4 of one enterprise are due in Jintai, 2 in Weibin; 3 is green."""
    with a_bureau(database_url("inspection"), tmp_path, monkeypatch) as opened:
        tell(
            opened.service.database,
            crane(1, done(due_on=TODAY - 3 * A_DAY), division=JINTAI),
            crane(4, done(due_on=TODAY + 20 * A_DAY), division=JINTAI),
            crane(2, done(due_on=TODAY - 5 * A_DAY), division=WEIBIN),
            crane(3, done(TODAY, due_on=TODAY + 700 * A_DAY), division=JINTAI),
            today=TODAY,
        )
        evaluate(opened.service.database, TODAY)
        yield opened


def ids(*numbers: int) -> list[str]:
    return [str(duty_of(number)) for number in numbers]


def preview(bureau: Bureau, *numbers: int, **how: Any) -> Any:
    return bureau.post("/reminders/preview", duty_ids=ids(*numbers), **how)


def outcomes(told: Any) -> dict[str, str]:
    return {each["label"]: each["outcome"] for each in told["items"]}


def hand(bureau: Bureau) -> list[dict[str, Any]]:
    return said(bureau.service.database, "duty_reminded_by_hand")


def test_a_preview_says_who_would_be_told_what_and_changes_nothing(bureau: Bureau) -> None:
    before = (standing(bureau.service.database), bureau.said(""))

    told = preview(bureau, 1, 4, 2, 3)

    assert outcomes(told) == {
        "行吊 1 号": "tell",
        "行吊 2 号": "tell",
        "行吊 3 号": "not_due",
        "行吊 4 号": "tell",
    }
    assert (told["told"], told["passed_over"], told["enterprises"]) == (3, 1, 2)
    assert told["sample"]["object_label"] == "行吊 2 号"
    assert told["sample"]["days_left"] == -5
    assert (standing(bureau.service.database), bureau.said("")) == before
    assert rows(bureau.service.database, "hand_reminder") == []


def test_what_is_sent_is_announced_once_each_and_moves_no_colour(bureau: Bureau) -> None:
    before = standing(bureau.service.database)

    batch = bureau.post("/reminders", duty_ids=ids(1, 4, 3))

    assert (batch["told"], batch["passed_over"], batch["sent_by"]) == (2, 1, "li")
    assert [(each["duty_id"], each["days_left"]) for each in hand(bureau)] == [
        (ids(1)[0], -3),
        (ids(4)[0], 20),
    ]
    assert bureau.get(f"/reminders/{batch['batch_id']}")["items"] == batch["items"]
    assert standing(bureau.service.database) == before
    told = bureau.get(f"/objects/{thing(1)}")["reminders"]
    assert [(each["told_on"], each["rung"]) for each in told] == [("2026-03-02", None)]


def test_what_was_told_by_hand_is_passed_over_until_the_quiet_days_are_over(
    bureau: Bureau,
) -> None:
    bureau.post("/reminders", duty_ids=ids(1))

    again = bureau.refused("/reminders", duty_ids=ids(1))
    bureau.day("2026-03-08")
    last_quiet_day = preview(bureau, 1)["items"][0]
    bureau.day("2026-03-09")
    bureau.post("/reminders", duty_ids=ids(1))

    assert again["code"] == "nobody_to_remind"
    assert (last_quiet_day["outcome"], last_quiet_day["told_on"]) == (
        "told_already",
        "2026-03-02",
    )
    assert [each["told_on"] for each in hand(bureau)] == ["2026-03-02", "2026-03-09"]


def test_what_the_ladder_told_lately_is_passed_over(bureau: Bureau) -> None:
    service = bureau.service
    reminding.remind(service.database, on=TODAY, policy=service.policy, table=SHIPPED)

    assert set(outcomes(preview(bureau, 1, 2, 4)).values()) == {"told_already"}


def test_the_ladder_goes_on_as_if_nobody_had_reminded(bureau: Bureau) -> None:
    service = bureau.service
    bureau.post("/reminders", duty_ids=ids(1))

    reminding.remind(service.database, on=TODAY, policy=service.policy, table=SHIPPED)

    ladder = said(service.database, "duty_reminder_due")
    assert ids(1)[0] in {each["duty_id"] for each in ladder}


def test_all_that_a_filter_finds(bureau: Bureau) -> None:
    def found(**asked: Any) -> list[str]:
        return sorted(outcomes(bureau.post("/reminders/preview", filter=asked)))

    assert found() == ["行吊 1 号", "行吊 2 号", "行吊 4 号"]
    assert found(colour="yellow") == ["行吊 4 号"]
    assert found(division=WEIBIN) == ["行吊 2 号"]
    assert found(enterprise_id=str(firm(1))) == ["行吊 1 号", "行吊 4 号"]
    nothing = bureau.refused("/reminders/preview", filter={"kind": "instrument"})
    assert nothing["code"] == "nothing_chosen"


def test_the_same_form_twice_counts_once(bureau: Bureau) -> None:
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "X-Bianque-Scope": "610300",
        "X-Bianque-Caller": "li",
        "Idempotency-Key": str(uuid4()),
    }
    body = {"duty_ids": ids(1, 4)}

    both = [bureau.client.post("/reminders", json=body, headers=headers) for _ in "12"]

    assert both[0].status_code == 201
    assert both[0].json == both[1].json
    assert len(hand(bureau)) == 2
    assert len(rows(bureau.service.database, "reminder_batch")) == 1


def test_two_officers_at_the_same_moment_remind_once(bureau: Bureau) -> None:
    with ThreadPoolExecutor(2) as crowd:
        answers = list(
            crowd.map(
                lambda by: bureau.call("POST", "/reminders", by=by, duty_ids=ids(1, 2, 4)),
                ("li", "wang"),
            )
        )

    assert sorted(each.status_code for each in answers) == [201, 409]
    assert len(hand(bureau)) == 3


def test_a_county_reminds_of_its_own_only(bureau: Bureau) -> None:
    refused = [
        bureau.refused(path, scope=JINTAI, duty_ids=ids(1, 2))
        for path in ("/reminders/preview", "/reminders")
    ]
    widened = bureau.post("/reminders/preview", scope=JINTAI, filter={})
    foreign = bureau.refused("/reminders/preview", scope=JINTAI, filter={"division": WEIBIN})
    batch = bureau.post("/reminders", duty_ids=ids(1, 2))
    path = f"/reminders/{batch['batch_id']}"

    assert [each["code"] for each in refused] == ["no_such_duty"] * 2
    assert sorted(outcomes(widened)) == ["行吊 1 号", "行吊 4 号"]
    assert foreign["code"] == "nothing_chosen"
    [mine] = bureau.get(path, scope=JINTAI)["items"]
    assert mine["label"] == "行吊 1 号"
    assert bureau.call("GET", path, scope="610304").status_code == 404


def test_no_more_at_once_than_the_bureau_has_set(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = bureau.service.policy
    number = type(policy).number

    def few(self: Any, name: str, *, on: date) -> int:
        return 2 if name == "hand_reminder_most" else number(self, name, on=on)

    monkeypatch.setattr(type(policy), "number", few)

    for path, body in (
        ("/reminders", {"duty_ids": ids(1, 2, 4)}),
        ("/reminders/preview", {"duty_ids": ids(1, 2, 4)}),
        ("/reminders/preview", {"filter": {}}),
    ):
        assert bureau.refused(path, **body)["code"] == "too_many_at_once"
    assert bureau.post("/reminders", duty_ids=ids(1, 1, 2))["told"] == 2


@pytest.mark.parametrize(
    "body", [{}, {"duty_ids": []}, {"duty_ids": ["x"]}, {"duty_ids": [], "filter": None}]
)
def test_nothing_chosen_is_told_by_its_field(bureau: Bureau, body: dict[str, Any]) -> None:
    for path in ("/reminders", "/reminders/preview"):
        if path == "/reminders" and "filter" in body:
            continue
        refused = bureau.refused(path, **body)
        assert (refused["code"], set(refused["fields"])) == ("fields_wrong", {"duty_ids"})


def test_who_is_not_named_sends_nothing(bureau: Bureau) -> None:
    assert bureau.refused("/reminders", by="", duty_ids=ids(1))["code"] == "name_missing"
    assert hand(bureau) == []


def test_a_digest_within_the_quiet_days_counts_as_told(bureau: Bureau) -> None:
    service, later = bureau.service, TODAY + 70 * A_DAY
    bureau.day(later.isoformat())
    evaluate(service.database, later)
    reminding.remind(service.database, on=later, policy=service.policy, table=SHIPPED)

    told = preview(bureau, 1)["items"][0]

    assert said(service.database, "overdue_digest_due")
    assert (told["outcome"], told["told_on"]) == ("told_already", later.isoformat())
    assert rules.quiet_since(service.policy, today=later) <= later
