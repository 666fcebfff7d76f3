"""Information points, what warnings tell when taken together, what changed rules would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, insert

from services.chassis import api
from services.chassis.envelope import seal
from services.events.inspection import OrderOrigin
from services.events.registry import (
    DutyKind,
    EnterpriseRecorded,
    EnterpriseStatus,
    ObjectKind,
)
from services.inspection.api import blueprint
from services.inspection.rules.points import Bounds
from services.inspection.rules.rule_file import COLUMNS
from services.inspection.rules.rule_table import SHIPPED
from services.inspection.service import InspectionService
from services.inspection.store.orders import ITEM, ORDER
from services.inspection.store.points import duties_of
from tests.services.inspection_stories import (
    TODAY,
    crane,
    done,
    evaluate,
    firm,
    later,
    opened,
    service_on,
    tell,
    thing,
)
from tests.services.visit_stories import TOKEN, Desk

A_DAY = timedelta(days=1)


@pytest.fixture
def service(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InspectionService]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("inspection")) as database:
        yield service_on(database, tmp_path)


@pytest.fixture
def desk(service: InspectionService) -> Desk:
    return Desk(api.create_app(service, TOKEN, blueprint(service)).test_client())


def points(desk: Desk, query: str = "") -> dict[str, Any]:
    told = desk.get(f"/information-points{query}").json["points"]
    return {each["point"]: each for each in told}


def a_licence(number: int, due_on: date) -> Any:
    renewal = done(due_on=due_on, duty=DutyKind.RENEWAL)
    return crane(number, renewal, kind=ObjectKind.LICENCE, class_code="XK13-001")


def test_licences_are_counted_by_the_setting_of_their_own_point(
    service: InspectionService, desk: Desk
) -> None:
    days = (-1, 0, 180, 181)
    tell(service.database, *(a_licence(n, TODAY + d * A_DAY) for n, d in enumerate(days)))

    licensing = points(desk)["licensing"]

    assert licensing["counts"] == {"green": 1, "yellow": 2, "red": 1, "grey": 0}
    assert (licensing["label"], licensing["colour"]) == ("行政许可", "red")
    assert licensing["setting"]["yellow"] == 180
    assert "十一类" in licensing["setting"]["source"]


def test_a_point_counts_only_what_the_caller_may_see(
    service: InspectionService, desk: Desk
) -> None:
    tell(service.database, a_licence(1, TODAY), a_licence(2, TODAY))

    assert points(desk, "?division=610302")["licensing"]["counts"]["yellow"] == 1
    elsewhere = points(Desk(desk.client, scope="610331"))["licensing"]
    assert (elsewhere["counts"]["yellow"], elsewhere["colour"]) == (0, "grey")


def test_a_visit_whose_day_has_passed_is_red_at_its_point(
    service: InspectionService, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(service.database, crane(1, done(due_on=TODAY)))
    desk.planned(1)
    desk.concluded(desk.planned(1, purpose="lead"))
    monkeypatch.setenv("BIANQUE_TODAY", (TODAY + A_DAY).isoformat())

    supervision = points(desk)["supervision"]

    assert supervision["counts"]["red"] == 1
    assert {each["name"]: each["number"] for each in supervision["figures"]} == {
        "visits_concluded": 1,
        "problems_found": 0,
        "bookings": 0,
    }


def test_where_red_gathers_the_analysis_turns_red(
    service: InspectionService, desk: Desk
) -> None:
    due = [TODAY - A_DAY, *[TODAY + 700 * A_DAY] * 9]
    tell(service.database, *(crane(3 * n, done(due_on=day)) for n, day in enumerate(due)))
    tell(service.database, crane(1, done(due_on=TODAY - A_DAY)))
    evaluate(service.database)

    analysis = points(desk)["analysis"]

    assert analysis["counts"] == {"green": 0, "yellow": 1, "red": 1, "grey": 0}


def test_the_service_tells_its_own_interfaces_and_settings(
    service: InspectionService, desk: Desk
) -> None:
    told = points(desk)

    assert told["interfaces"]["colour"] == "green"
    assert told["settings"]["counts"] == {"green": 1, "yellow": 0, "red": 0, "grey": 0}


def test_warnings_are_taken_together_in_every_way(
    service: InspectionService, desk: Desk
) -> None:
    tell(service.database, *(crane(n, done(due_on=date(2026, 10, 5))) for n in range(1, 5)))
    evaluate(service.database, date(2026, 10, 6))
    tell(service.database, later(crane(1), records=(done(TODAY, due_on=date(2028, 11, 1)),)))

    for by, groups in {
        "division": {"610302": 2, "610303": 1, "610304": 1},
        "kind": {"equipment": 4},
        "duty": {"inspection": 4},
        "class": {"4110": 4},
        "enterprise": {str(firm(1)): 2, str(firm(2)): 1, str(firm(0)): 1},
        "month": {"2026-10": 4},
    }.items():
        items = desk.get(f"/analysis/warnings?by={by}").json["items"]
        assert {each["group"]: each["raised"] for each in items} == groups
        assert sum(each["cleared"] for each in items) == 1

    none = desk.get("/analysis/warnings?from=2026-11-01").json["items"]
    assert none == []


def of_industry(service: InspectionService, firm_id: UUID, industry: str) -> None:
    event = EnterpriseRecorded(
        enterprise_id=firm_id,
        revision=1,
        name="宝鸡某厂",
        uscc=None,
        division="610303",
        status=EnterpriseStatus.ACTIVE,
        industry=industry,
    )
    with service.database.transaction() as session:
        told = seal(event, about=f"enterprise/{firm_id}", source="/610300/registry")
        service.on_enterprise_recorded([told], session)


def test_warnings_are_taken_together_by_industry(
    service: InspectionService, desk: Desk
) -> None:
    for number, industry in ((1, "C3259"), (2, "32"), (0, "F")):
        of_industry(service, firm(number), industry)
    red = [crane(n, done(due_on=TODAY - A_DAY)) for n in range(5)]
    nobody_told_of = crane(5, done(due_on=TODAY - A_DAY), enterprise_id=uuid4())
    tell(service.database, *red, nobody_told_of)
    evaluate(service.database)

    items = desk.get("/analysis/warnings?by=industry").json["items"]

    assert {each["group"]: (each["raised"], each["enterprises"]) for each in items} == {
        "32": (3, 2),
        "F": (2, 1),
        None: (1, 1),
    }


def test_an_industry_in_which_many_enterprises_are_red_is_a_pattern(
    service: InspectionService, desk: Desk
) -> None:
    firms = [uuid4() for _ in range(9)]
    for number, firm_id in enumerate(firms):
        red = crane(number, done(due_on=TODAY - A_DAY), enterprise_id=firm_id)
        tell(service.database, red)
        of_industry(service, firm_id, "C3259" if number < 5 else "C26")
    evaluate(service.database)

    told = desk.get("/analysis/patterns").json

    [found] = told["industries"]
    assert (found["industry"], found["enterprises"], found["red"]) == ("32", 5, 5)
    assert "同一行业大类现有5家以上" in told["sentences"][2]


def test_what_is_late_again_and_again_and_where_it_gathers(
    service: InspectionService, desk: Desk
) -> None:
    first = crane(1, done(date(2024, 1, 1), due_on=date(2025, 1, 1)))
    gathered = [crane(n, done(due_on=TODAY - A_DAY)) for n in range(3, 18, 3)]
    tell(service.database, first)
    evaluate(service.database, date(2025, 2, 1))
    second = done(date(2025, 2, 2), due_on=date(2026, 2, 2))
    tell(service.database, later(first, records=(second,)), *gathered)
    evaluate(service.database)

    told = desk.get("/analysis/patterns").json

    [repeated] = told["repeated"]
    assert (repeated["object_id"], repeated["times"]) == (str(thing(1)), 2)
    [clustered] = told["clustered"]
    assert (clustered["enterprise_id"], clustered["red"]) == (str(firm(0)), 5)


def test_the_forecast_tells_what_falls_due_week_by_week(
    service: InspectionService, desk: Desk
) -> None:
    days = (-3, 0, 2, 3, 10)  # TODAY is a Friday
    tell(
        service.database,
        *(crane(n, done(due_on=TODAY + d * A_DAY)) for n, d in enumerate(days)),
    )

    weeks = desk.get("/analysis/forecast?weeks=3").json["weeks"]

    assert [(week["monday"], week["due"]) for week in weeks] == [
        ("2026-11-16", 2),
        ("2026-11-23", 1),
        ("2026-11-30", 1),
    ]
    assert weeks[0]["by_kind"] == {"equipment": 2}


def yearly_cranes() -> str:
    """The rule of cranes as it would be if they were inspected every year."""
    header, *lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    [crane_rule] = [line for line in lines if line.startswith("crane,")]
    cells = crane_rule.split(",")
    cells[COLUMNS.index("months")] = "12"
    cells[COLUMNS.index("valid_from")] = "2026-06-01"
    return f"{header}\n{','.join(cells)}\n"


def test_a_changed_rule_is_tried_on_the_live_register_and_nothing_is_written(
    service: InspectionService, desk: Desk
) -> None:
    done_on = {1: date(2025, 6, 1), 2: date(2025, 12, 1), 3: date(2026, 11, 1)}
    tell(service.database, *(crane(n, done(day)) for n, day in done_on.items()))
    evaluate(service.database)
    before = desk.get("/counts").json

    told = desk.post("/simulations", {"rules": yearly_cranes()}).json

    assert told["objects"] == 3
    assert [(row["division"], row["before"], row["after"]) for row in told["changed"]] == [
        ("610302", "green", "red"),
        ("610304", "green", "yellow"),
    ]
    assert told["sentences"][0] == "规则有变动的对象共3个, 其中2个改变颜色。"
    assert "黄色: +1个对象 (610304 +1)。" in told["sentences"]
    assert desk.get("/counts").json == before


def test_a_rule_that_is_not_in_force_yet_changes_nothing_on_the_day(desk: Desk) -> None:
    told = desk.post("/simulations", {"rules": yearly_cranes(), "on": "2026-05-31"}).json

    assert (told["objects"], told["changed"]) == (0, [])


def test_a_changed_number_is_tried_too(service: InspectionService, desk: Desk) -> None:
    tell(service.database, crane(1, done(date(2025, 8, 1))))
    policy = "yellow_lead_months:\n  values:\n    2026-01-01: {value: 9, source: 试算}\n"

    told = desk.post("/simulations", {"policy": policy}).json

    assert [(row["before"], row["after"]) for row in told["changed"]] == [("green", "yellow")]


@pytest.mark.parametrize(
    ("sent", "code", "status"),
    [
        ({}, "nothing_to_simulate", 422),
        ({"rules": "a,b\n"}, "rule_table_broken", 422),
        ({"policy": "nonsense: 1"}, "policy_broken", 422),
        ({"rules": 7}, "fields_wrong", 422),
    ],
)
def test_what_cannot_be_simulated_is_refused(
    desk: Desk, sent: dict[str, Any], code: str, status: int
) -> None:
    answer = desk.post("/simulations", sent)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert "/tmp" not in answer.json["detail"]  # noqa: S108 - no path of this machine leaks


def test_a_county_does_not_simulate_for_the_whole_city(desk: Desk) -> None:
    answer = Desk(desk.client, scope="610331").post("/simulations", {"rules": ""})

    assert (answer.status_code, answer.json["code"]) == (403, "outside_scope")


def test_orders_are_counted_at_the_point_they_came_from(
    service: InspectionService, desk: Desk
) -> None:
    ordered(service, OrderOrigin.SAMPLING, TODAY - A_DAY)
    ordered(service, OrderOrigin.VISIT, TODAY + 7 * A_DAY)
    ordered(service, OrderOrigin.COMPLAINT, TODAY + 60 * A_DAY)

    told = points(desk)

    assert {name: told[name]["colour"] for name in ("sampling", "enforcement")} == {
        "sampling": "red",
        "enforcement": "yellow",
    }
    assert told["enforcement"]["counts"]["green"] == 1
    assert told["complaints"]["colour"] == "grey"


def ordered(service: InspectionService, origin: OrderOrigin, due_on: date) -> None:
    """An issued order of one open item, as the tables keep it."""
    order_id = uuid4()
    order: dict[str, Any] = dict.fromkeys(ORDER.c.keys())
    order |= {
        "order_id": order_id,
        "revision": 1,
        "acts": 1,
        "enterprise_id": firm(1),
        "division": "610302",
        "bureau": "610300",
        "origin": origin.value,
        "state": "issued",
        "officers": [],
        "drafted_on": TODAY,
    }
    item: dict[str, Any] = dict.fromkeys(ITEM.c.keys())
    item |= {"item_id": uuid4(), "order_id": order_id, "position": 1, "matter": "label_defect"}
    item |= dict.fromkeys(("description", "basis", "requirement"), "标识不全")
    item |= {"state": "open", "term_number": 1, "due_on": due_on, "provisional": False}
    with service.database.transaction() as session:
        session.execute(insert(ORDER), [order])
        session.execute(insert(ITEM), [item | {"overdue_times": 0}])


def test_the_licences_are_found_without_reading_every_duty(service: InspectionService) -> None:
    said: list[tuple[str, Any]] = []

    @event.listens_for(service.database.engine, "before_cursor_execute")
    def _noted(_c: Any, _u: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((statement, parameters))

    with service.database.reading() as session:
        duties_of(session, [], ObjectKind.LICENCE, Bounds(TODAY, TODAY))
        statement, parameters = said[-1]
        connection = session.connection()
        if service.database.dialect == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # the table is empty
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).all()
        else:
            plan = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            ).all()
    assert "duty_licences" in str(plan)
