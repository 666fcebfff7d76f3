"""Stories of one month, told over RabbitMQ and PostgreSQL, a process for each part.

What happens on which day stands in tests/support/lived_month.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.diary import Diary
from tests.support.lived_month import COUNTY, DAYS, FIRMS, Month
from tests.support.overdue import BOILER, CRANE
from tests.support.platform_on_bus import platform_on_bus
from tests.support.servers import Broker, GivenBroker, GivenPostgres, Postgres

pytestmark = pytest.mark.timeout(900)  # five days, each with all processes started anew


@pytest.fixture(scope="module")
def month(
    broker: Broker | GivenBroker,
    postgres: Postgres | GivenPostgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Month]:
    """Lived once; each test looks at one story of it."""
    with platform_on_bus(broker, postgres, BIANQUE_TODAY="2013-12-13") as platform:
        diary = Diary(platform.start(), tmp_path_factory.mktemp("month"))
        firms = {
            name: diary.takes_in(name, done_on=done, due_on=due, kind=BOILER if done else CRANE)
            for name, (done, due) in FIRMS.items()
        }
        lived = Month(diary, firms)
        for day, happens in DAYS.items():
            diary.turn_to(day)
            happens(lived)
            diary.quiet()
        yield lived


def test_the_workshop_puts_three_things_right_within_its_month(month: Month) -> None:
    order = month.order("workshop")
    told = month.diary.told(month.firms["workshop"])

    assert [item["due_on"] for item in month.orders["workshop"]["items"]] == ["2014-01-16"] * 3
    assert (order["state"], order["end"], order["closed_on"]) == (
        "closed",
        "rectified",
        "2013-12-20",
    )
    assert (told["order_issued"], told["order_closed"]) == (1, 1)
    assert "order_overdue" not in told


def test_no_officer_issues_alone_and_numbers_have_no_gap(month: Month) -> None:
    numbers = [month.orders[name]["number"] for name in ("workshop", "moulds", "refuser")]

    refusals = {what for name, what in month.seen.items() if name.startswith("alone ")}
    assert refusals == {"officers_missing"}
    assert [number.split("〕")[1] for number in numbers] == ["1号", "2号", "3号"]


def test_who_does_nothing_comes_into_the_enforcement_procedure(month: Month) -> None:
    order = month.order("moulds")
    cases = month.diary.get("inspection", f"/cases?enterprise_id={month.firms['moulds']}")

    assert order["overdue"] is True
    assert [(one["state"], one["order_id"]) for one in cases["items"]] == [
        ("clue", order["order_id"])
    ]
    assert month.diary.told(month.firms["moulds"])["order_overdue"] == 1


def test_who_refuses_is_proposed_and_told(month: Month) -> None:
    explained = month.diary.get(
        "inspection", f"/orders/{month.orders['refuser']['order_id']}/explanation"
    )

    assert [one["ground"] for one in explained["refusals"]] == ["written"]
    assert month.diary.told(month.firms["refuser"])["refusal_recorded"] == 1


def test_a_wrong_listing_is_lifted_and_withdrawn_and_everybody_hears(month: Month) -> None:
    told = month.diary.told(month.firms["wronged"])

    escalated = [("escalated", "safety_alert")]
    assert month.seen["before"] == {"late": escalated, "wronged": escalated}
    assert month.entries("late") == escalated
    assert month.entries("wronged") == [("withdrawn", None)]
    assert (told["escalation_lifted"], told["bad_information_withdrawn"]) == (1, 1)


def test_a_county_that_is_silent_is_reminded_supervised_and_reported(month: Month) -> None:
    directive = month.diary.get("notify", f"/directives/{month.seen['directive']['id']}")
    of_county = month.diary.get("notify", "/directives?overdue=true", scope=COUNTY)
    elsewhere = month.diary.get("notify", "/directives", scope="610302")

    [hop] = directive["hops"]
    assert hop["silence"] == "escalated"
    assert [one["number"] for one in of_county["hops"]] == [directive["number"]]
    assert elsewhere["hops"] == []
    assert month.diary.told_account(f"bureau:{COUNTY}")["directive_overdue"] == 1


def test_the_crane_without_papers_is_found_ordered_fined_and_published(month: Month) -> None:
    diary, order = month.diary, month.order("crane")
    told = diary.told(month.firms["lodger"])
    case = diary.get("inspection", f"/cases/{month.cases['crane']['case_id']}")
    explained = diary.get("credit", f"/records/{month.seen['record']}/explanation")
    public = diary.get("credit", f"/public/enterprises/{month.firms['lodger']}")

    crane = month.seen["crane"]
    assert (crane["maker"], crane["filing_number"]) == (None, None)
    assert crane["colour"] == "grey"  # nobody knows a date of it
    assert {item["matter"] for item in month.orders["crane"]["items"]} == {
        "equipment_without_maker",
        "equipment_not_registered",
    }
    assert (order["overdue"], month.seen["clue"]) == (True, "clue")
    assert (case["state"], case["end"], case["origin"]) == (
        "closed",
        "performed",
        "overdue_order",
    )
    [shown] = public["records"]["dishonesty"]
    assert (shown["id"], shown["penalty"]) == (month.seen["record"], "罚款人民币贰万元")
    assert "义务已于2014-01-17履行完毕" in str(explained["steps"])
    assert {"order_issued", "order_overdue", "case_filed", "case_decided", "case_closed"} <= (
        told.keys()
    )


def test_the_first_offender_is_taught_and_nothing_is_published(month: Month) -> None:
    diary = month.diary
    case = diary.get("inspection", f"/cases/{month.cases['beginner']['case_id']}/explanation")
    public = diary.get("credit", f"/public/enterprises/{month.firms['beginner']}")

    assert month.orders["beginner"]["first_offence"] is True
    assert month.order("beginner")["end"] == "rectified"
    assert month.seen["untaught"] == "education_missing"
    assert case["assessment"]["proposal"] == "shall_not"
    assert case["end"] == "no_penalty"
    assert "case_decided" not in diary.told(month.firms["beginner"])
    assert not any(public["records"].values())
    assert month.entries("beginner") == []
