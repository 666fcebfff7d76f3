"""The registry's internal API: files in, line by line out; scope in every answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.registry.api import blueprint
from services.registry.service import RegistryService
from tests.services.registry_stories import (
    ELEVATORS,
    ENTERPRISE_HEADER,
    ENTERPRISES,
    SEALS,
    TODAY,
    Urls,
    csv_text,
    elevator,
    enterprise,
    opened,
    uscc,
)

TOKEN = "the installation's secret"  # noqa: S105 - a test's own


class Portal:
    """A caller of the registry's API."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, *, scope: str = "610300") -> Any:
        return self.client.get(path, headers=_headers(scope))

    def send(
        self,
        table: str | bytes,
        mapping: str = ELEVATORS,
        *,
        scope: str = "610300",
        query: str = "",
    ) -> Any:
        content = table.encode() if isinstance(table, str) else table
        files = {
            "file": (BytesIO(content), "台账.csv"),
            "mapping": (BytesIO(mapping.encode()), "m.yaml"),
        }
        return self.client.post(f"/imports{query}", data=files, headers=_headers(scope))


def _headers(scope: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": scope}


def lines(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    assert answer.mimetype == "application/x-ndjson"
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


def report(answer: Any) -> dict[str, Any]:
    *steps, last = lines(answer)
    assert all(set(step) == {"progress"} for step in steps)
    found: dict[str, Any] = last["report"]
    return found


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    service = RegistryService()
    service.database = database
    service.settings = replace(Settings.read({}), bureau="610300")
    service.seals = SEALS
    return Portal(create_app(service, TOKEN, blueprint(service)).test_client())


@pytest.fixture
def filled(portal: Portal) -> Portal:
    """Three enterprises; the first has elevators in two divisions."""
    rows = [enterprise(n, 区县=d) for n, d in ((1, "610303"), (2, "610302"), (3, "610302"))]
    report(portal.send(csv_text(rows, ENTERPRISE_HEADER), ENTERPRISES))
    owned = {"单位编号": uscc(1), "单位": "企业1"}
    cars = [elevator(n, 区县=d, **owned) for n, d in ((1, "610303"), (2, "610302"))]
    by_code = ELEVATORS.replace("owner.key: 单位编号", "owner.uscc: 单位编号")
    report(portal.send(csv_text(cars), by_code))
    return portal


def test_an_import_tells_its_progress_and_ends_with_the_report(portal: Portal) -> None:
    answer = portal.send(csv_text([elevator(1), elevator(2), elevator(1)]))

    *steps, last = lines(answer)
    assert [step["progress"]["stage"] for step in steps] == ["settling", "announcing"]
    assert [step["progress"]["rows"] for step in steps] == [3, 3]
    assert {name: last["report"][name] for name in ("rows", "new", "wrong", "refused")} == {
        "rows": 3,
        "new": 2,
        "wrong": 1,
        "refused": False,
    }
    assert last["report"]["errors"][0] | {"reason": "", "right": ""} == {
        "line": 4,
        "column": "编号",
        "value": "E00001",
        "code": "duplicate_key",
        "reason": "",
        "right": "",
    }


def test_a_dry_run_and_all_or_nothing_are_asked_for_in_the_query(portal: Portal) -> None:
    table = csv_text([elevator(1), elevator(1)])

    dry = report(portal.send(table, query="?dry_run=1"))
    refused = report(portal.send(table, query="?all_or_nothing=1"))

    status = portal.get("/status").get_json()["facts"]
    assert (dry["outcome"], dry["run_id"]) == ("checked", None)
    assert (refused["outcome"], refused["refused"]) == ("refused", True)
    assert status["equipment"] == 0
    assert status["imports"] == 1


def test_a_broken_mapping_is_refused_with_all_its_faults(portal: Portal) -> None:
    answer = portal.send("a\n", ELEVATORS.replace("label:", "lable:"))

    assert answer.status_code == 422
    assert answer.get_json()["code"] == "mapping_broken"
    assert answer.get_json()["faults"][0]["place"] == "columns.lable"


@pytest.mark.parametrize(
    ("table", "code"),
    [("", "empty"), ("编号,名称\nE1,x\n", "column_missing"), (b"PK\x03\x04", "not_a_workbook")],
    ids=["empty", "columns", "zip"],
)
def test_a_file_that_is_no_table_is_refused(portal: Portal, table: Any, code: str) -> None:
    answer = portal.send(table)

    assert answer.status_code == 422
    assert answer.get_json()["code"] == code


def test_a_file_that_breaks_late_ends_with_a_problem_and_writes_nothing(portal: Portal) -> None:
    good = csv_text([elevator(number) for number in range(7_000)]).encode()

    *_, last = lines(portal.send(good + b"\xff\xff"))
    assert last["problem"]["code"] == "undecodable"
    assert "第7002行" in last["problem"]["detail"]
    assert portal.get("/status").get_json()["facts"]["equipment"] == 0


@pytest.mark.parametrize(
    ("failure", "code", "status"),
    [
        (OperationalError("INSERT", None, OSError("server closed")), "try_again", 503),
        (OSError("the disk is full"), "failed", 500),
    ],
    ids=["passing", "lasting"],
)
def test_a_failure_on_the_way_ends_with_a_problem_and_writes_nothing(
    portal: Portal, database: Database, failure: Exception, code: str, status: int
) -> None:
    def fail(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "INTO outbox" in statement or "INTO object" in statement:
            raise failure

    event.listen(database.engine, "before_cursor_execute", fail)
    *_, last = lines(portal.send(csv_text([elevator(1)])))
    event.remove(database.engine, "before_cursor_execute", fail)

    assert (last["problem"]["code"], last["problem"]["status"]) == (code, status)
    assert portal.get("/status").get_json()["facts"]["equipment"] == 0


def test_files_that_were_not_sent_are_asked_for(portal: Portal) -> None:
    answer = portal.client.post("/imports", data={}, headers=_headers("610300"))

    assert (answer.status_code, answer.get_json()["code"]) == (400, "file_missing")


def test_who_does_not_cover_the_bureau_cannot_import_into_it(portal: Portal) -> None:
    answer = portal.send(csv_text([elevator(1)]), scope="610303")

    assert (answer.status_code, answer.get_json()["code"]) == (403, "scope_too_narrow")
    assert portal.get("/imports", scope="610303").status_code == 403


def test_imports_are_listed_the_last_one_first(filled: Portal) -> None:
    listed = filled.get("/imports").get_json()["items"]

    assert [(run["source"], run["kind"], run["new"]) for run in listed] == [
        ("special", "equipment", 2),
        ("codes", "enterprise", 3),
    ]
    assert listed[0]["file_name"] == "台账.csv"


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return sorted(item["name"] for item in answer.get_json()["items"])


def test_enterprises_are_found_by_a_part_of_the_name_or_the_code(filled: Portal) -> None:
    assert names(filled.get("/enterprises")) == ["企业1", "企业2", "企业3"]
    assert names(filled.get("/enterprises?text=业2")) == ["企业2"]
    assert names(filled.get(f"/enterprises?text={uscc(3).lower()}")) == ["企业3"]
    assert names(filled.get("/enterprises?text=%25")) == []
    assert names(filled.get("/enterprises?text=没有")) == []


def test_enterprises_come_page_by_page(filled: Portal) -> None:
    seen: list[str] = []
    page = filled.get("/enterprises?limit=2").get_json()
    seen += names(filled.get("/enterprises?limit=2"))
    seen += names(filled.get(f"/enterprises?limit=2&after={page['next']}"))

    assert sorted(seen) == ["企业1", "企业2", "企业3"]


def test_an_enterprise_is_seen_where_it_sits_and_where_it_has_objects(filled: Portal) -> None:
    assert names(filled.get("/enterprises", scope="610303")) == ["企业1"]
    assert names(filled.get("/enterprises", scope="610302")) == ["企业1", "企业2", "企业3"]
    assert names(filled.get("/enterprises", scope="610304")) == []


def test_the_file_of_an_enterprise_shows_what_the_scope_covers(filled: Portal) -> None:
    number = filled.get("/enterprises?text=企业1").get_json()["items"][0]["id"]

    whole = filled.get(f"/enterprises/{number}").get_json()
    part = filled.get(f"/enterprises/{number}", scope="610302").get_json()

    assert whole["uscc"] == uscc(1)
    assert whole["keys"] == [{"source": "codes", "key": "D1"}]
    assert [one["key"] for one in whole["objects"]] == ["E00001", "E00002"]
    assert [one["key"] for one in part["objects"]] == ["E00002"]
    assert filled.get(f"/enterprises/{number}", scope="610304").status_code == 404


def test_an_object_is_shown_with_its_records_and_its_owner(filled: Portal) -> None:
    number = filled.get("/enterprises?text=企业1").get_json()["items"][0]["id"]
    [first, _second] = filled.get(f"/enterprises/{number}").get_json()["objects"]

    shown = filled.get(f"/objects/{first['id']}").get_json()
    assert shown["enterprise"] == "企业1"
    assert shown["records"] == [
        {
            "duty": "inspection",
            "done_on": "2013-05-20",
            "stated_due_on": None,
            "cycle_months": None,
        }
    ]
    assert "digest" not in shown
    assert filled.get(f"/objects/{first['id']}", scope="610302").status_code == 404


def test_what_is_not_there_is_told_so(portal: Portal) -> None:
    for path, code in (("enterprises", "no_such_enterprise"), ("objects", "no_such_object")):
        answer = portal.get(f"/{path}/{uuid4()}")

        assert (answer.status_code, answer.get_json()["code"]) == (404, code)
