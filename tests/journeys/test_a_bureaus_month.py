"""Stories of one month, told over RabbitMQ and PostgreSQL, a process for each part.

The rules are those of the article (profile baoji-2013); its people and firms are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.diary import OFFICERS, Diary
from tests.support.platform_on_bus import platform_on_bus
from tests.support.servers import Broker, GivenBroker, GivenPostgres, Postgres

pytestmark = pytest.mark.timeout(900)  # five days, each with all processes started anew
COUNTY = "610331"
FIRMS = {
    # name: (last inspection, due)
    "workshop": ("2013-11-01", "2014-11-01"),
    "moulds": ("2013-11-01", "2014-11-01"),
    "refuser": ("2013-11-01", "2014-11-01"),
    "late": ("2012-12-10", "2013-12-10"),
    "wronged": ("2012-12-10", "2013-12-10"),
}


@dataclass
class Month:
    """What the month left behind."""

    diary: Diary
    firms: dict[str, str]
    orders: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)

    def order(self, name: str) -> Any:
        """An order of one of the firms, as it stands now."""
        return self.diary.get("inspection", f"/orders/{self.orders[name]['order_id']}")

    def entries(self, name: str) -> list[tuple[str, str | None]]:
        """(state, escalated to) of what credit publishing holds against a firm."""
        record = self.diary.get("credit", f"/enterprises/{self.firms[name]}/record")
        return [(one["state"], one["escalated_to"]) for one in record["bad_information"]]


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
            name: diary.takes_in(name, done_on=done, due_on=due)
            for name, (done, due) in FIRMS.items()
        }
        lived = Month(diary, firms)
        for day, happens in DAYS.items():
            diary.turn_to(day)
            happens(lived)
            diary.quiet()
        yield lived


def the_inspectors_go_out(month: Month) -> None:
    """Three problems in the workshop, one at the moulds', one at the refuser's."""
    for name, matters in {
        "workshop": (
            "equipment_without_maker",
            "equipment_not_registered",
            "operator_without_certificate",
        ),
        "moulds": ("label_defect",),
        "refuser": ("label_defect",),
    }.items():
        month.orders[name] = _issued(month, month.firms[name], matters)
    month.seen["directive"] = month.diary.post(
        "notify",
        "/directives",
        title="开展电梯专项检查",
        text="请逐台核对在用电梯的检验日期并报告。",
        sender="bureau:610300",
        receivers=[f"bureau:{COUNTY}"],
    )


def _issued(month: Month, firm: str, matters: tuple[str, ...]) -> Any:
    draft = month.diary.post(
        "inspection",
        "/orders",
        enterprise_id=firm,
        origin="visit",
        items=[
            {
                "matter": matter,
                "description": "现场检查发现的问题",
                "basis": "《产品质量法》",
                "requirement": "改正并提交材料",
            }
            for matter in matters
        ],
    )
    path = f"/orders/{draft['order_id']}"
    month.seen[f"alone {firm}"] = month.diary.refused(
        "inspection", f"{path}/issue", officers=OFFICERS[:1]
    )
    return month.diary.post("inspection", f"{path}/issue", officers=OFFICERS)


def the_workshop_is_done(month: Month) -> None:
    """It hands in what shows it; two officers look again. The refuser says no in writing."""
    order, photo = month.orders["workshop"], month.diary.photograph()
    for item in order["items"]:
        path = f"/orders/{order['order_id']}/items/{item['item_id']}"
        month.diary.post("inspection", f"{path}/proof", evidence=[photo], note="材料已补齐")
        month.diary.post(
            "inspection",
            f"{path}/recheck",
            rectified=True,
            note="现场查看",
            officers=OFFICERS,
            evidence=[],
        )
    month.diary.post(
        "inspection",
        f"/orders/{month.orders['refuser']['order_id']}/refusals",
        ground="written",
        statement="书面答复拒绝整改",
        officers=OFFICERS,
        evidence=[photo],
    )


def a_wrong_date_is_found(month: Month) -> None:
    """The wronged firm had passed in time; its source had sent the date of the year before."""
    month.seen["before"] = {name: month.entries(name) for name in ("late", "wronged")}
    month.diary.takes_in("wronged", done_on="2013-12-05", due_on="2014-12-05")


def nothing(_: Month) -> None:
    """Only the day passes."""


DAYS = {
    "2013-12-16": the_inspectors_go_out,
    "2013-12-20": the_workshop_is_done,
    "2014-01-03": a_wrong_date_is_found,
    "2014-01-17": nothing,
}


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
