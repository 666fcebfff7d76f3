"""The five linked systems: their samples go in, and so do rows they state by message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.chassis import parked
from services.chassis.database import Database
from services.chassis.envelope import Envelope, write
from services.chassis.hearing import Hearings
from services.events.source import RowsStated
from services.registry import adapters
from services.registry.handlers import import_file
from services.registry.mapping import read_mapping
from services.registry.reading import open_table
from tests.services.registry_portal import Portal
from tests.services.registry_stories import SEALS, Registry, Urls, classes, opened

FOLDER = Path(adapters.__file__).parent
ORDER = sorted(
    FOLDER.glob("*/*.yaml"), key=lambda path: (path.parent.name != "codes", str(path))
)
ON = date(2013, 12, 13)
HEAD = ("统一社会信用代码", "组织机构代码", "机构名称", "行政区划", "住所", "登记状态", "行业")
HEAD += ("电子邮箱", "监管责任人", "曾用名")


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", ON.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return Portal(database)


def sample(mapping: Path) -> Path:
    [found] = mapping.parent.glob(f"{mapping.stem}.sample.*")
    return found


def test_every_linked_system_has_its_adapter() -> None:
    assert {path.parent.name for path in ORDER} == set(adapters.SYSTEMS)
    assert sum(len(adapters.tables(system)) for system in adapters.SYSTEMS) == len(ORDER)


def test_the_samples_are_of_every_form_that_is_read() -> None:
    forms = {sample(mapping).suffix for mapping in ORDER}

    assert forms == {".csv", ".xls", ".xlsx", ".ods"}


def test_every_sample_goes_in_and_again_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    registry = Registry(database, tmp_path)

    def taken() -> list[Any]:
        return [
            import_file(database, sample(path), read_mapping(path, today=ON), seals=SEALS)
            for path in ORDER
        ]

    first = taken()
    said = len(registry.said())

    assert all(classes(report) == {"new": report.rows} for report in first), first
    assert all(report.rows >= 1 for report in first)
    assert all(classes(report) == {"same": report.rows} for report in taken())
    assert len(registry.said()) == said


def test_the_code_system_names_industries_that_are_told_by_their_codes(
    database: Database, tmp_path: Path
) -> None:
    registry = Registry(database, tmp_path)
    path = FOLDER / "codes" / "enterprises.yaml"

    import_file(database, sample(path), read_mapping(path, today=ON), seals=SEALS)

    told = [
        each["data"]["industry"]
        for each in registry.said()
        if each["type"] == "registry.enterprise_recorded.v1"
    ]
    assert told[:2] == ["C40", "F52"]


def test_an_industry_that_is_none_of_the_codes_is_left_out(portal: Portal) -> None:
    hear(portal, stated([company(0, 行业="星际旅行")], 1))
    portal.service.work_off_imports()

    [item] = portal.get("/enterprises").get_json()["items"]
    assert portal.get(f"/enterprises/{item['id']}").get_json()["industry"] is None


def company(number: int, **changes: str) -> dict[str, str | None]:
    """A row of the code system's sample, with some cells changed."""
    with open_table(FOLDER / "codes" / "enterprises.sample.csv", HEAD) as table:
        rows = [dict(zip(table.columns, cells, strict=True)) for _, cells, _ in table.rows]
    return {name: rows[number][name] for name in HEAD} | changes


def stated(
    items: list[dict[str, str | None]], at: int, *, message: UUID | None = None, **changes: Any
) -> str:
    """A message of the code system, of such a minute."""
    said = {
        "system": "codes",
        "table": "enterprises",
        "columns": tuple(items[0]),
        "rows": tuple(tuple(cell or None for cell in row.values()) for row in items),
        "stated_at": datetime(2013, 12, 12, 8, at, tzinfo=UTC),
    } | changes
    sealed = Envelope(
        id=message or uuid4(),
        happened_at=datetime(2013, 12, 12, 9, tzinfo=UTC),
        about="source/codes",
        source="/610300/source",
        event=RowsStated(**said),
    )
    return write(sealed)


def hear(portal: Portal, *messages: str) -> None:
    [hearing] = Hearings(portal.service)
    hearing.hear(messages)


def names(portal: Portal) -> list[str]:
    items = portal.get("/enterprises").get_json()["items"]
    return sorted(item["name"] for item in items)


def test_rows_come_by_message_and_their_job_tells_what_came_of_them(portal: Portal) -> None:
    message = uuid4()
    hear(portal, stated([company(0), company(1, 行政区划="月球")], 1, message=message))
    portal.service.work_off_imports()

    job = portal.job(str(message))
    assert (job["state"], job["report"]["new"], job["report"]["wrong"]) == ("done", 1, 1)
    assert (job["source"], job["asked_by"]) == ("daima", "/610300/source")
    errors = portal.get(f"/imports/{message}/errors.json").get_json()["errors"]
    assert [(error["line"], error["column"]) for error in errors] == [(3, "行政区划")]
    assert portal.get(f"/imports/{message}/errors.xlsx").status_code == 200


def test_a_message_that_comes_twice_counts_once(portal: Portal) -> None:
    message = stated([company(0)], 1)

    hear(portal, message, message)
    hear(portal, message)
    portal.service.work_off_imports()

    assert len(portal.get("/imports").get_json()["items"]) == 1
    assert names(portal) == [company(0)["机构名称"]]


@pytest.mark.parametrize("together", [True, False])
def test_what_was_stated_later_holds_in_whatever_order_it_comes(
    portal: Portal, together: bool
) -> None:
    early = stated([company(0, 机构名称="旧名"), company(1)], 1)
    late = stated([company(0, 机构名称="新名")], 2)

    if together:
        hear(portal, late, early)
        portal.service.work_off_imports()
    else:
        for message in (late, early):
            hear(portal, message)
            portal.service.work_off_imports()

    assert names(portal) == sorted(["新名", str(company(1)["机构名称"])])
    reports = [job["report"] for job in portal.get("/imports").get_json()["items"]]
    assert sum(r["rows"] for r in reports) == 3
    if not together:
        assert [r["skips"] for r in reports if r["skipped"]] == [{"陈述是 已过时": 1}]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"system": "tax"}, "没有接入"),
        ({"table": "people"}, "enterprises"),
        ({"columns": ("统一社会信用代码",), "rows": (("x",),)}, "缺少列"),
        ({"columns": HEAD, "rows": (("x",),)}, "第1行有1个单元格"),
        ({"columns": (*HEAD, "住所"), "rows": ()}, "不止一次"),
    ],
    ids=["system", "table", "columns", "cells", "twice"],
)
def test_a_batch_that_no_mapping_can_read_is_parked_and_not_lost(
    portal: Portal, database: Database, changes: dict[str, Any], words: str
) -> None:
    hear(portal, stated([company(0)], 1), stated([company(1)], 1, **changes))
    portal.service.work_off_imports()

    with database.reading() as session:
        [kept] = parked.listed(session)
    assert words in kept.reason
    assert names(portal) == [company(0)["机构名称"]]


def test_without_a_broker_the_same_rows_come_over_http(portal: Portal) -> None:
    body = {"id": str(uuid4()), "table": "enterprises", "rows": [company(0), company(1)]}
    body["stated_at"] = "2013-12-12T16:01:00+08:00"

    answers = [portal.post("/intake/codes", body) for _ in range(2)]
    portal.service.work_off_imports()

    assert [(a.status_code, a.get_json()) for a in answers] == [(202, {"id": body["id"]})] * 2
    assert portal.job(str(body["id"]))["report"]["new"] == 2


@pytest.mark.parametrize(
    ("path", "changes", "status", "code"),
    [
        ("/intake/tax", {}, 404, "no_such_table"),
        ("/intake/codes", {"table": "people"}, 404, "no_such_table"),
        ("/intake/codes", {"rows": []}, 422, "fields_wrong"),
        ("/intake/codes", {"rows": [{"a": {}}]}, 422, "fields_wrong"),
        ("/intake/codes", {"rows": [{"a": "b"}]}, 422, "statement_broken"),
        ("/intake/codes", {"id": "7"}, 422, "fields_wrong"),
    ],
)
def test_what_cannot_be_taken_over_http_is_refused(
    portal: Portal, path: str, changes: dict[str, Any], status: int, code: str
) -> None:
    body = {"id": str(uuid4()), "table": "enterprises", "rows": [company(0)]}

    answer = portal.post(path, body | changes)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert portal.get("/imports").get_json()["items"] == []


def test_who_does_not_cover_the_bureau_states_nothing(portal: Portal) -> None:
    assert portal.post("/intake/codes", {}, scope="610303").status_code == 403


def test_the_page_names_every_table_and_its_key(portal: Portal) -> None:
    page = (FOLDER.parents[2] / "docs" / "adapters.md").read_text(encoding="utf-8")

    for path in ORDER:
        mapping = read_mapping(path, today=ON)
        key = mapping.columns.get("key") or mapping.columns.get("number")
        key = key or mapping.columns["uscc"]
        assert f"`{path.parent.name}/{path.stem}`" in page
        assert all(name in page for name in key.names), path
    assert '"source.rows_stated.v1"' in page
