"""The internal API of inspection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask.testing import FlaskClient

from services.chassis import api
from services.chassis.database import Database
from services.chassis.tables import ChassisTable
from services.inspection.api import blueprint
from services.inspection.service import InspectionService
from services.inspection.store.tables import Table
from tests.services.inspection_stories import (
    TODAY,
    crane,
    done,
    duty_of,
    evaluate,
    firm,
    later,
    opened,
    service_on,
    tell,
    thing,
    warning_of,
)
from tests.support.databases import of_this_kind

TOKEN = "a token"  # noqa: S105 - of this test
CITY, COUNTY = "610300", "610303"
WAS_DUE_ON = date(2025, 1, 14)
RED = done(date(2023, 1, 15), due_on=WAS_DUE_ON)
YELLOW = done(date(2025, 1, 10), due_on=date(2027, 1, 9))
GREEN = done(date(2026, 1, 10), due_on=date(2028, 1, 9))


@pytest.fixture
def service(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InspectionService]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("inspection")) as database:
        yield service_on(database, tmp_path)


@pytest.fixture
def client(service: InspectionService) -> FlaskClient:
    return api.create_app(service, TOKEN, blueprint(service)).test_client()


def a_town(database: Database) -> None:
    """Red, yellow and green cranes in 610302 (1, 4), 610304 (2, 5) and 610303 (3, 6)."""
    tell(database, crane(1, RED), crane(2, YELLOW), crane(3, RED), crane(4, GREEN), crane(5))
    tell(database, crane(6, YELLOW))
    evaluate(database)


def ask(client: FlaskClient, path: str, *, scope: str = CITY) -> Any:
    return client.get(path, headers=as_(scope))


def as_(scope: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": scope}


def test_a_day_is_evaluated_on_request(service: InspectionService, client: FlaskClient) -> None:
    tell(service.database, crane(1, RED), crane(2, GREEN))

    answer = client.post("/evaluations", json={"on": "2026-11-20"}, headers=as_(CITY))
    again = client.post("/evaluations", json={}, headers=as_(CITY))

    assert answer.status_code == 200
    assert answer.json is not None
    assert {name: answer.json[name] for name in ("on", "objects", "red", "green")} == {
        "on": "2026-11-20",
        "objects": 2,
        "red": 1,
        "green": 1,
    }
    assert again.json == answer.json


def test_a_county_may_not_have_the_whole_city_evaluated(client: FlaskClient) -> None:
    answer = client.post("/evaluations", json={}, headers=as_(COUNTY))

    assert (answer.status_code, answer.json["code"]) == (403, "outside_scope")  # type: ignore[index]


def test_an_earlier_day_is_refused_in_words(
    service: InspectionService, client: FlaskClient
) -> None:
    a_town(service.database)

    answer = client.post("/evaluations", json={"on": "2026-11-01"}, headers=as_(CITY))

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["code"] == "day_before_last_evaluated"
    assert "只能研判 2026-11-20 或以后的日期" in answer.json["detail"]


def test_attestations_of_a_stretch_of_days(
    service: InspectionService, client: FlaskClient
) -> None:
    a_town(service.database)
    for day in (21, 22, 23):
        evaluate(service.database, date(2026, 11, day))

    found = ask(client, "/attestations?from=2026-11-21&to=2026-11-22").json

    assert [line["on"] for line in found] == ["2026-11-21", "2026-11-22"]
    assert found[1]["previous_hash"] == found[0]["hash"]
    assert found[0]["duties"] == {"green": 1, "yellow": 2, "red": 2, "grey": 1}


def test_the_chain_can_be_verified(service: InspectionService, client: FlaskClient) -> None:
    a_town(service.database)

    answer = ask(client, "/attestations/verification").json

    assert answer == {"holds": True, "lines": 1, "faults": []}


def test_warnings_come_with_what_one_must_know(
    service: InspectionService, client: FlaskClient
) -> None:
    a_town(service.database)

    [found] = ask(client, "/warnings?colour=red&division=610302").json["items"]

    assert found == {
        "duty_id": str(duty_of(1)),
        "object_id": str(thing(1)),
        "division": "610302",
        "kind": "equipment",
        "duty": "inspection",
        "done_on": "2023-01-15",
        "due_on": "2025-01-14",
        "colour": "red",
        "rule_id": "crane@2000-01-01",
        "label": "行吊 1 号",
        "class_code": "4110",
        "enterprise_id": str(firm(1)),
        "warning_id": str(warning_of(1, WAS_DUE_ON)),
        "turned_red_on": "2025-01-15",
        "endangers_safety": True,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {1, 3, 2, 6}),
        ("colour=yellow", {2, 6}),
        ("colour=green", {4}),
        ("division=610303", {3, 6}),
        ("division=610300", {1, 2, 3, 6}),
        ("kind=instrument", set()),
        ("duty=inspection&colour=red", {1, 3}),
        (f"enterprise_id={firm(2)}", {2}),
    ],
)
def test_warnings_can_be_narrowed(
    service: InspectionService, client: FlaskClient, query: str, expected: set[int]
) -> None:
    a_town(service.database)

    items = ask(client, f"/warnings?{query}").json["items"]

    assert {each["object_id"] for each in items} == {str(thing(number)) for number in expected}


def test_warnings_come_in_pages_the_longest_overdue_first(
    service: InspectionService, client: FlaskClient
) -> None:
    tell(service.database, *(crane(n, done(due_on=date(2025, 1, n % 4 + 1))) for n in range(9)))
    evaluate(service.database)

    seen, after, pages = [], "", 0
    while after is not None:
        page = ask(client, f"/warnings?limit=4{after and '&after=' + after}").json
        seen += page["items"]
        after, pages = page["next"], pages + 1

    assert pages == 3
    assert len({each["duty_id"] for each in seen}) == len(seen) == 9
    assert [each["due_on"] for each in seen] == sorted(each["due_on"] for each in seen)


def test_nobody_sees_what_lies_outside_the_scope(
    service: InspectionService, client: FlaskClient
) -> None:
    a_town(service.database)
    elsewhere = warning_of(1, WAS_DUE_ON)

    items = ask(client, "/warnings", scope=COUNTY).json["items"]
    asked_for = ask(client, "/warnings?division=610302", scope=COUNTY).json["items"]
    counts = ask(client, "/counts", scope=COUNTY).json

    assert {each["division"] for each in items} == {COUNTY}
    assert asked_for == []
    assert {each["division"] for each in counts} == {COUNTY}
    assert ask(client, f"/objects/{thing(1)}", scope=COUNTY).status_code == 404
    assert ask(client, f"/warnings/{elsewhere}/explanation", scope=COUNTY).status_code == 404


def test_a_red_warning_explains_itself(service: InspectionService, client: FlaskClient) -> None:
    a_town(service.database)

    told = ask(client, f"/warnings/{warning_of(1, WAS_DUE_ON)}/explanation").json

    assert told["sentences"][:2] == [
        "定期检验于2025-01-14到期 (来源载明的日期),当时所知的上次完成日期为2023-01-15。",
        "到期日当天未见新的合格记录,2025-01-15转为红色。",
    ]
    assert "TSG Q7015-2016" in told["sentences"][2]
    assert told["raised"]["state"] == "red"
    assert told["now"]["colour"] == "red"
    assert told["causes"] == [{"what": "facts_heard", "message_id": str(crane(1, RED).id)}]


def test_a_cleared_warning_explains_what_cleared_it(
    service: InspectionService, client: FlaskClient
) -> None:
    a_town(service.database)
    inspected = later(
        crane(1, RED), records=(done(date(2026, 11, 18), due_on=date(2028, 11, 17)),)
    )
    tell(service.database, inspected)

    told = ask(client, f"/warnings/{warning_of(1, WAS_DUE_ON)}/explanation").json

    assert "2026-11-18消除: 已检验合格,完成日期晚于到期日。" in told["sentences"]
    assert told["now"]["colour"] == "green"
    assert told["causes"][1] == {"what": "cleared", "message_id": str(inspected.id)}


def test_an_object_shows_its_duties_and_why(
    service: InspectionService, client: FlaskClient
) -> None:
    a_town(service.database)

    told = ask(client, f"/objects/{thing(2)}").json

    [duty] = told["duties"]
    assert (told["colour"], told["stands_on"]) == ("yellow", "2026-11-20")
    assert (duty["shown"], duty["awaits_evaluation"]) == ("yellow", False)
    assert duty["explanation"]["apply_by_on"] == "2026-12-09"
    assert duty["explanation"]["sentences"][1] == (
        "黄色: 自2026-07-09起进入预警期,还有50天到期。"
    )


def test_an_object_says_when_its_evaluation_is_still_to_come(
    service: InspectionService, client: FlaskClient
) -> None:
    tell(service.database, crane(1, RED))

    [duty] = ask(client, f"/objects/{thing(1)}").json["duties"]

    assert (duty["shown"], duty["awaits_evaluation"]) == ("grey", True)
    assert duty["explanation"]["colour"] == "red"


def test_counts_agree_with_the_attestation(
    service: InspectionService, client: FlaskClient
) -> None:
    a_town(service.database)
    [line] = ask(client, "/attestations").json

    counts = ask(client, "/counts").json

    by_colour = {
        colour: sum(each["objects"] for each in counts if each["colour"] == colour)
        for colour in ("green", "yellow", "red", "grey")
    }
    assert by_colour == {colour: line[colour] for colour in by_colour}
    assert sum(each["duties"] for each in counts) == 6


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/warnings?colour=blue", "fields_wrong"),
        ("/warnings?limit=1000", "fields_wrong"),
        ("/warnings?division=6103", "fields_wrong"),
        ("/warnings?after=yesterday", "cursor_wrong"),
        (f"/objects/{thing(99)}", "no_such_object"),
        (f"/warnings/{thing(99)}/explanation", "no_such_warning"),
    ],
)
def test_a_wrong_question_is_refused_with_a_code(
    client: FlaskClient, path: str, code: str
) -> None:
    answer = ask(client, path)

    assert answer.status_code in {404, 422}
    assert answer.json["code"] == code


def test_the_migrations_make_the_tables_that_the_store_declares(
    service: InspectionService,
) -> None:
    with service.database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda what, *_: of_this_kind(what, connection.dialect.name),
            },
        )
        differences = compare_metadata(context, [Table.metadata, ChassisTable.metadata])

    own_versions = {"chassis_version", "own_version"}
    assert [
        each for each in differences if getattr(each[1], "name", None) not in own_versions
    ] == []


def test_every_number_is_told_with_its_source_and_its_history(client: FlaskClient) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": "610300"}

    told = client.get("/policy", headers=headers).json

    [term] = [item for item in told["items"] if item["name"] == "complaint_accept_days"]
    assert (term["value"], term["history"][0]["since"]) == (7, "2000-01-01")
    assert "第十四条" in term["source"]
