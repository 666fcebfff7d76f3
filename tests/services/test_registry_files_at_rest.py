"""What was handed in: sealed while it waits, gone when it is not needed any more."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.sealing import KeysBroken, Seals
from services.registry.handlers import forget_files
from services.registry.handlers.leftovers import ERRORS, IMPORT, sweep
from services.registry.store import jobs, resealing
from services.registry.store.tables import ImportPartRow
from tests.services.registry_portal import Portal
from tests.services.registry_stories import (
    KEYS,
    SEALS,
    TODAY,
    Urls,
    csv_text,
    elevator,
    opened,
    uscc,
)

NUMBER, PHONE = "11010519491231002X", "13812345678"
PEOPLE = """
mapping: 1
source: tezhongshebei
kind: operator
columns:
  {number: 证号, holder: 姓名, class_code: 项目, phone: 电话, owner.uscc: 单位, owner.name: 单位名}
constants: {division: "610303"}
checks: {number: resident_id}
"""
PERSON = {"证号": NUMBER, "姓名": "王小明", "项目": "N1", "电话": PHONE}
PERSON |= {"单位": uscc(1), "单位名": "甲厂"}
WRONG = PERSON | {"证号": "11010519491231003X"}
OF_THE_PERSON = (NUMBER, NUMBER[:14], PHONE, "王小明", "小明")
TWICE = csv_text([elevator(1), elevator(2), elevator(1)])
OPERATOR = dict.fromkeys(
    ("证书状态", "首次领证日期", "用人单位代码", "用人单位", "区划", "批准日期", "有效日期"), ""
)
NEW_KEY = "next:a-new-key-that-is-also-known-to-everybody-here"


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return Portal(database)


def people(*rows: dict[str, str]) -> str:
    return csv_text(rows, list(PERSON))


def parts(database: Database) -> list[bytes]:
    with database.reading() as session:
        return list(session.scalars(select(ImportPartRow.content)))


def of_the_person(contents: list[bytes]) -> list[str]:
    """What can be read there of the person, in either encoding."""
    return [
        word
        for word in OF_THE_PERSON
        if any(word.encode(encoding) in b"".join(contents) for encoding in ("utf-8", "gb18030"))
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_that_waits_cannot_be_read_in_the_database(
    portal: Portal, database: Database, encoding: str
) -> None:
    sent = people(PERSON).encode(encoding)

    job_id = portal.send(sent, PEOPLE).get_json()["id"]
    waiting = parts(database)
    portal.service.work_off_imports()

    assert of_the_person([sent]) != of_the_person(waiting)
    assert (of_the_person(waiting), parts(database)) == ([], [])
    assert portal.job(job_id)["report"]["new"] == 1


def test_rows_that_a_system_states_wait_sealed_too(portal: Portal, database: Database) -> None:
    row = {"档案编号": "CZ1", "证件编号": NUMBER, "姓名": "王小明"}
    batch = {"id": str(uuid4()), "table": "operators", "rows": [OPERATOR | row]}

    answer = portal.post("/intake/special", batch)
    assert answer.status_code == 202, answer.get_json()
    assert len(parts(database)) == 1
    assert of_the_person(parts(database)) == []


def test_a_file_with_wrong_rows_stays_sealed_until_it_is_given_back(
    portal: Portal, database: Database
) -> None:
    job = portal.take(people(PERSON, WRONG), PEOPLE)

    book = portal.get(f"/imports/{job['id']}/errors.xlsx")
    assert (job["report"]["wrong"], book.status_code) == (1, 200)
    assert of_the_person(parts(database)) == []
    assert len(parts(database)) == 1


def test_files_are_kept_only_as_long_as_they_can_be_given_back(
    portal: Portal, database: Database
) -> None:
    good = portal.take(csv_text([elevator(7)]))
    bad = portal.take(TWICE)
    kept = len(parts(database))
    forgotten = [forget_files(database, keep_days=days) for days in (1, 0)]

    answers = [portal.get(f"/imports/{job['id']}/errors.xlsx") for job in (good, bad)]
    assert (kept, forgotten) == (1, [0, 1])
    assert [(a.status_code, a.get_json()["code"]) for a in answers] == [
        (410, "file_forgotten")
    ] * 2
    assert parts(database) == []


@pytest.mark.parametrize(
    ("sent", "mapping", "query"),
    [
        (csv_text([elevator(1)]), None, ""),
        (csv_text([elevator(1)]), None, "?dry_run=1"),
        ("没有表头", None, ""),
    ],
    ids=["imported", "tried", "no table"],
)
def test_what_ended_without_wrong_rows_leaves_no_file(
    portal: Portal, database: Database, sent: str, mapping: None, query: str
) -> None:
    portal.take(sent, query=query)

    assert parts(database) == []


def test_a_key_is_replaced_for_files_that_wait_too(portal: Portal, database: Database) -> None:
    job_id = portal.send(people(PERSON), PEOPLE).get_json()["id"]
    portal.service.seals = Seals.parse(f"{NEW_KEY} {KEYS}")
    renewed = [portal.post("/seals/renew", {}).get_json()["renewed"] for _ in range(2)]

    portal.service.seals = Seals.parse(NEW_KEY)
    portal.service.work_off_imports()
    assert renewed == [1, 0]
    assert portal.job(job_id)["report"]["new"] == 1


def test_more_parts_than_are_sealed_again_at_once(
    portal: Portal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PART", 100)
    portal.send(csv_text([elevator(n) for n in range(200)]))
    seals = Seals.parse(f"{NEW_KEY} {KEYS}")
    with database.transaction() as session:
        renewed = [resealing.renew_files(session, seals, limit=16) for _ in range(2)]
    portal.service.seals = seals

    rest = portal.post("/seals/renew", {}).get_json()["renewed"]
    assert renewed == [16, 16]
    assert sum(renewed) + rest == len(parts(database))
    assert all(part.startswith(b"next:") for part in parts(database))


def test_without_its_key_a_file_is_not_imported_and_says_so(
    portal: Portal, database: Database
) -> None:
    given_back = portal.take(TWICE)["id"]
    later = portal.send(csv_text([elevator(9)])).get_json()["id"]
    portal.service.seals = Seals.parse(NEW_KEY)
    portal.service.work_off_imports()

    book = portal.get(f"/imports/{given_back}/errors.xlsx")
    assert portal.job(later)["problem"]["code"] == "key_missing"
    assert (book.status_code, book.get_json()["code"]) == (410, "key_missing")


def test_a_part_opens_only_in_its_own_place(portal: Portal, database: Database) -> None:
    job_id = UUID(portal.send(TWICE).get_json()["id"])
    with database.transaction() as session:
        session.execute(update(ImportPartRow).values(number=1))
        [moved] = session.scalars(select(ImportPartRow.content))

    with pytest.raises(KeysBroken):
        SEALS.open_piece(moved, place=jobs.place_of(job_id, 1))
    assert SEALS.open_piece(moved, place=jobs.place_of(job_id, 0)).decode() == TWICE


def test_what_a_killed_process_left_in_the_clear_is_removed(tmp_path: Path) -> None:
    old = (clock.now() - timedelta(days=2)).timestamp()
    left, fresh, other = (
        tmp_path / name for name in (f"{IMPORT}abc", f"{IMPORT}def", "bianque-other")
    )
    folder = tmp_path / f"{ERRORS}ghi"
    folder.mkdir()
    (folder / "errors.xlsx").write_bytes(b"PK")
    for path in (left, fresh, other):
        path.write_bytes(b"x")
    for path in (left, other, folder):
        os.utime(path, (old, old))

    assert sweep(tmp_path) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [fresh.name, "bianque-other"]


def test_the_hourly_forgetting_sweeps_too(
    portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"{IMPORT}abc"
    left.write_bytes(b"x")
    os.utime(left, (0, 0))

    portal.service.forget_files()
    assert not left.exists()


def test_nothing_waits_that_no_job_names(portal: Portal, database: Database) -> None:
    portal.send(TWICE)
    portal.take(people(WRONG), PEOPLE)

    with database.reading() as session:
        known = {job.id for job in jobs.latest(session, 10) if job.parts_kept}
        kept = set(session.scalars(select(ImportPartRow.job_id).distinct()))
        counted = session.scalar(select(func.count()).select_from(ImportPartRow))
    assert kept == known
    assert counted == 2
