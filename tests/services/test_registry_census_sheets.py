"""A surveyor's sheet that is a file: promised, then done once, whatever happens on the way."""

from __future__ import annotations

import io
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from services.chassis.database import Database
from services.registry.handlers.jobs import MOST_ATTEMPTS
from services.registry.store import jobs
from services.registry.store.tables import ImportPartRow
from tests.services.census_stories import GOOD, JINTAI, SHEET, WEIBIN, Portal, visit
from tests.services.registry_stories import Urls, opened


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", "2013-12-13")
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return Portal(database)


WRONG = (
    "Z,E00003,已普查,2013/12/2,赵一\nA,E00004,看过,2013/12/2,赵一\n"
    "A,E00005,已普查,十二月二日,赵一\nA,E00006,已普查,2013/12/14,赵一\nA,E00007,已普查,2013/12/2,\n"
)


def surveyed(portal: Portal) -> int:
    many: int = portal.get("/coverage")["total"]["surveyed"]
    return many


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_sheet_that_is_a_file_is_read_through_its_mapping(
    portal: Portal, encoding: str
) -> None:
    portal.plan(("A", "equipment", 4))

    first, again = (portal.take_in(GOOD.encode(encoding))["report"] for _ in range(2))
    as_lines = portal.send(visit(1, surveyor="赵一")).get_json()

    assert (first["rows"], first["new"], first["wrong"]) == (2, 2, 0)
    assert (again["new"], again["same"]) == (0, 2)
    assert as_lines == {"new": 0, "changed": 0, "same": 1}
    assert surveyed(portal) == 1


def test_a_dry_run_tells_what_would_be_and_takes_nothing_in(portal: Portal) -> None:
    portal.take_in(GOOD.replace("A,E00002,未找到,2013/12/2,赵一\n", ""))
    later = GOOD + "A,E00003,新发现,2013/12/3,赵一\nA,E1,看过,2013/12/3,赵一\n"

    told = [portal.take_in(later, query="?dry_run=1")["report"] for _ in range(2)]

    assert told[0] == told[1]
    names = ("outcome", "rows", "new", "same", "wrong")
    assert [told[0][name] for name in names] == ["checked", 4, 2, 1, 1]
    assert surveyed(portal) == 1


def test_a_sheet_waits_sealed_and_is_gone_when_it_is_done(
    portal: Portal, database: Database
) -> None:
    job_id = portal.hand_in(GOOD).get_json()["id"]
    waiting = portal.sheet(job_id)
    with database.reading() as session:
        [part] = session.scalars(select(ImportPartRow.content)).all()
    portal.service.work_off_imports()

    with database.reading() as session:
        left = session.scalars(select(ImportPartRow.content)).all()
    assert (waiting["state"], waiting["kind"], waiting["report"]) == ("waiting", "census", None)
    assert waiting["campaign_id"] == portal.path.removeprefix("/census/")
    assert "赵一".encode() not in part
    assert (portal.sheet(job_id)["state"], left) == ("done", [])


def test_a_sheet_whose_process_ended_is_taken_up_again(
    portal: Portal, database: Database
) -> None:
    job_id = UUID(portal.hand_in(GOOD).get_json()["id"])
    with database.transaction() as session:
        jobs.note(session, job_id, state="running", attempts=MOST_ATTEMPTS - 1)

    portal.service.work_off_imports()
    assert portal.sheet(str(job_id))["report"]["new"] == 2


def test_the_same_sheet_while_it_waits_is_one_job_but_not_another_countys(
    portal: Portal,
) -> None:
    ids = [
        portal.hand_in(GOOD, scope=scope).get_json()["id"]
        for scope in ("610300", "610300", WEIBIN)
    ]

    assert ids[0] == ids[1] != ids[2]


def test_wrong_lines_of_a_sheet_are_listed_and_the_others_go_in(portal: Portal) -> None:
    job = portal.take_in(GOOD + WRONG)
    told = portal.get(f"/sheets/{job['id']}/errors.json")

    report = job["report"]
    assert (report["rows"], report["new"], report["wrong"]) == (7, 2, 5)
    assert [(e["line"], e["column"], e["code"]) for e in told["errors"]] == [
        (4, "网格", "grid_out_of_scope"),
        (5, "结果", "value_unknown"),
        (6, "日期", "date_unreadable"),
        (7, "日期", "surveyed_in_future"),
        (8, "普查员", "field_wrong"),
    ]


def test_all_or_nothing_takes_nothing_in_if_a_line_is_wrong(portal: Portal) -> None:
    job = portal.take_in(GOOD + WRONG, query="?all_or_nothing=1")

    assert (job["state"], job["problem"]["code"]) == ("refused", "rows_wrong")
    assert (job["report"]["new"], job["report"]["wrong"]) == (0, 5)
    assert surveyed(portal) == 0


def test_wrong_lines_come_back_as_a_workbook_that_can_be_handed_in_again(
    portal: Portal,
) -> None:
    job = portal.take_in(GOOD + WRONG)
    path = f"{portal.path}/sheets/{job['id']}/errors"
    answers = {kind: portal.fetch(f"{path}.{kind}") for kind in ("xlsx", "csv", "pdf")}
    book = answers["xlsx"].get_data()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)

    assert [a.status_code for a in answers.values()] == [200, 200, 404]
    assert len(answers["csv"].get_data().decode("utf-8-sig").splitlines()) == 1 + 5
    header, *lines = sheet.to_python()
    assert header[:5] == ["网格", "编号", "结果", "日期", "普查员"]
    assert [line[1] for line in lines] == [f"E0000{n}" for n in (3, 4, 5, 6, 7)]
    assert portal.take_in(book)["report"]["wrong"] == 5


@pytest.mark.parametrize(
    "mapping",
    [
        SHEET.replace("grid: 网格", "place: 网格"),
        SHEET.replace("kind: census", "kind: survey"),
        SHEET.replace('"%Y/%m/%d"', '"%y"'),
        "- 1",
    ],
)
def test_a_mapping_that_is_wrong_is_refused_at_once(portal: Portal, mapping: str) -> None:
    answer = portal.hand_in(GOOD, mapping)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "mapping_broken")


@pytest.mark.parametrize(
    ("sheet", "mapping", "code"),
    [
        (GOOD, SHEET.replace("key: 编号", "key: 号码"), "column_missing"),
        ("", SHEET, "empty"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused_in_words(
    portal: Portal, sheet: str, mapping: str, code: str
) -> None:
    job = portal.take_in(sheet, mapping)

    assert (job["state"], job["problem"]["code"]) == ("refused", code)
    assert job["problem"]["detail"]
    assert surveyed(portal) == 0


def test_a_sheet_that_is_too_long_is_refused(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.registry.handlers.surveying.MOST_ROWS", 1)

    job = portal.take_in(GOOD)
    assert (job["state"], job["problem"]["code"]) == ("refused", "sheet_too_long")


def test_a_countys_sheet_speaks_of_its_own_grids_only(portal: Portal) -> None:
    job_id = portal.hand_in(GOOD, scope=WEIBIN).get_json()["id"]
    portal.service.work_off_imports()

    report = portal.sheet(job_id, scope=WEIBIN)["report"]
    assert (report["new"], report["wrong"]) == (0, 2)


def test_a_sheet_is_seen_by_who_covers_its_sender_and_in_its_census_only(
    portal: Portal,
) -> None:
    job = portal.take_in(GOOD)
    other = portal.post("/census", {"name": "2014年普查", "begins_on": "2014-01-01"})
    paths = {
        f"{portal.path}/sheets/{job['id']}": JINTAI,
        f"{portal.path}/sheets/{job['id']}/errors.json": WEIBIN,
        f"{portal.path}/sheets/{uuid4()}": "610300",
        f"/census/{other.get_json()['id']}/sheets/{job['id']}": "610300",
    }

    answers = [portal.fetch(path, scope=scope) for path, scope in paths.items()]
    assert [(a.status_code, a.get_json()["code"]) for a in answers] == [
        (404, "no_such_sheet")
    ] * 4
