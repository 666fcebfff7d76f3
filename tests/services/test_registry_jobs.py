"""An import that was promised is done once, whatever happens on the way."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.tables import OutboxRow
from services.registry.handlers import work_off
from services.registry.handlers.jobs import MOST_ATTEMPTS
from services.registry.store import jobs
from services.registry.store.tables import ImportPartRow, ObjectRow
from tests.services.registry_portal import Portal
from tests.services.registry_stories import (
    ELEVATORS,
    KEYS,
    SEALS,
    TODAY,
    Urls,
    csv_text,
    elevator,
    failing,
    opened,
)

TABLE = csv_text([elevator(1), elevator(2), elevator(1)])


@pytest.fixture
def url(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    return database_url("registry")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with opened(url) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return Portal(database)


def count(database: Database, column: Any) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(column))) or 0


def test_what_is_asked_for_waits_is_done_and_tells_of_itself(portal: Portal) -> None:
    asked = portal.send(TABLE)
    waiting = portal.job(asked.get_json()["id"])
    assert portal.get("/status").get_json()["busy"] == 1

    portal.service.work_off_imports()

    done = portal.job(asked.get_json()["id"])
    assert asked.status_code == 202
    assert (waiting["state"], waiting["report"], waiting["file_name"]) == (
        "waiting",
        None,
        "台账.csv",
    )
    assert (done["state"], done["problem"], done["progress"]) == ("done", None, None)
    assert {name: done["report"][name] for name in ("rows", "new", "wrong", "run_id")} == {
        "rows": 3,
        "new": 2,
        "wrong": 1,
        "run_id": done["id"],
    }
    assert portal.get("/status").get_json()["busy"] == 0


def test_imports_are_listed_the_last_one_first(portal: Portal) -> None:
    portal.take(TABLE)
    portal.take(csv_text([elevator(3)]), query="?dry_run=1")

    listed = portal.get("/imports").get_json()["items"]
    assert [(job["dry_run"], job["report"]["new"]) for job in listed] == [(True, 1), (False, 2)]


def test_a_dry_run_and_all_or_nothing_are_asked_for_in_the_query(portal: Portal) -> None:
    dry = portal.take(TABLE, query="?dry_run=1")
    refused = portal.take(TABLE, query="?all_or_nothing=1")

    status = portal.get("/status").get_json()["facts"]
    assert (dry["state"], dry["report"]["outcome"]) == ("done", "checked")
    assert (refused["state"], refused["problem"]["code"]) == ("refused", "rows_wrong")
    assert refused["report"]["wrong"] == 1
    assert (status["equipment"], status["imports"]) == (0, 1)


def test_the_same_file_again_while_it_waits_is_one_job(portal: Portal) -> None:
    first, second = (portal.send(TABLE).get_json()["id"] for _ in range(2))
    other = portal.send(TABLE, query="?dry_run=1").get_json()["id"]
    portal.service.work_off_imports()
    later = portal.send(TABLE).get_json()["id"]

    assert first == second
    assert len({first, other, later}) == 3


def test_under_one_key_a_file_is_asked_for_once(portal: Portal, database: Database) -> None:
    first = portal.send(TABLE, key="k1").get_json()["id"]
    portal.service.work_off_imports()
    again = portal.send(TABLE, key="k1")
    other = portal.send(csv_text([elevator(9)]), key="k1")

    assert again.get_json()["id"] == first
    assert other.get_json()["code"] == "idempotency_key_reused"
    assert count(database, ObjectRow.id) == 2


def test_a_broken_mapping_is_refused_at_once_with_all_its_faults(portal: Portal) -> None:
    answer = portal.send("a\n", ELEVATORS.replace("label:", "lable:"))

    assert answer.status_code == 422
    assert answer.get_json()["code"] == "mapping_broken"
    assert answer.get_json()["faults"][0]["place"] == "columns.lable"


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("", "empty"),
        ("编号,名称\nE1,x\n", "column_missing"),
        (b"PK\x03\x04", "not_a_workbook"),
        (TABLE.encode() + b"\xff\xff", "undecodable"),
    ],
    ids=["empty", "columns", "zip", "broken at its end"],
)
def test_a_file_that_is_no_table_is_refused_and_not_kept(
    portal: Portal, database: Database, table: Any, code: str
) -> None:
    job = portal.take(table)

    assert (job["state"], job["problem"]["code"], job["report"]) == ("refused", code, None)
    assert count(database, ObjectRow.id) == count(database, ImportPartRow.number) == 0
    answer = portal.get(f"/imports/{job['id']}/errors.xlsx")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "file_refused")


def test_files_that_were_not_sent_are_asked_for(portal: Portal) -> None:
    answer = portal.client.post(
        "/imports", data={}, headers={"Authorization": "", "X-Bianque-Scope": "*"}
    )
    assert answer.status_code == 401
    answer = portal.post("/imports", {})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "file_missing")


def test_a_file_larger_than_the_setting_is_refused_unread(database: Database) -> None:
    answer = Portal(database, largest_upload_mb=0).send(TABLE)

    assert (answer.status_code, answer.get_json()["code"]) == (413, "file_too_large")
    assert count(database, ImportPartRow.number) == 0


def test_who_does_not_cover_the_bureau_sees_and_asks_for_nothing(portal: Portal) -> None:
    job = portal.take(TABLE)

    for answer in (
        portal.send(TABLE, scope="610303"),
        portal.get("/imports", scope="610303"),
        portal.get(f"/imports/{job['id']}", scope="610303"),
        portal.get(f"/imports/{job['id']}/errors.xlsx", scope="610303"),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (403, "scope_too_narrow")


def test_an_import_that_nobody_knows_is_not_found(portal: Portal) -> None:
    answer = portal.get(f"/imports/{UUID(int=1)}")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "no_such_import")


@pytest.mark.parametrize("where", ["INTO outbox", "INTO object", "INTO import_run"])
def test_a_failure_on_the_way_ends_the_job_and_writes_nothing(
    portal: Portal, database: Database, where: str
) -> None:
    with failing(database, where, OSError("the disk is full")):
        job = portal.take(csv_text([elevator(1)]))

    assert (job["state"], job["problem"]["code"]) == ("failed", "failed")
    assert count(database, ObjectRow.id) == count(database, OutboxRow.position) == 0


def test_what_passes_by_itself_is_taken_up_again(portal: Portal, database: Database) -> None:
    job_id = portal.send(csv_text([elevator(1)])).get_json()["id"]
    away = OperationalError("INSERT", None, psycopg.OperationalError("server closed"))

    for _ in range(MOST_ATTEMPTS + 2):
        with pytest.raises(OperationalError), failing(database, "INTO object", away):
            work_off(database, SEALS)
    assert portal.job(job_id)["state"] == "running"
    work_off(database, SEALS)

    assert portal.job(job_id)["report"]["new"] == 1
    assert count(database, ObjectRow.id) == 1


KILLED = """
import os, signal, sys
from sqlalchemy import event
from services.chassis.database import Database
from services.chassis.sealing import Seals
from services.registry.handlers import work_off
database = Database(sys.argv[1], source="/610300/registry")
@event.listens_for(database.engine, sys.argv[2])
def end(_c, _cursor, statement, *_):
    if sys.argv[3] in statement:
        os.kill(os.getpid(), signal.SIGKILL)
work_off(database, Seals.parse(sys.argv[4]))
"""


@pytest.mark.parametrize(
    ("moment", "statement"),
    [
        ("before_cursor_execute", "SELECT salt"),
        ("after_cursor_execute", "INTO object"),
        ("after_cursor_execute", "INTO import_fault"),
    ],
    ids=["while reading", "while writing", "before the commit"],
)
def test_an_import_whose_process_is_killed_is_taken_up_again_and_counts_once(
    url: str, portal: Portal, database: Database, moment: str, statement: str
) -> None:
    job_id = portal.send(TABLE).get_json()["id"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, url, moment, statement, KEYS],
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    between = portal.job(job_id)["state"], count(database, ObjectRow.id)

    portal.service.work_off_imports()

    job = portal.job(job_id)
    assert between == ("running", 0)
    assert (job["state"], job["report"]["new"], job["report"]["wrong"]) == ("done", 2, 1)
    assert count(database, ObjectRow.id) == 2
    assert len(portal.get(f"/imports/{job_id}/errors.json").get_json()["errors"]) == 1
    again = portal.take(TABLE)["report"]
    assert (again["same"], again["wrong"]) == (2, 1)


def test_a_file_that_kills_its_process_again_and_again_is_given_up(
    url: str, portal: Portal, database: Database
) -> None:
    job_id = portal.send(TABLE).get_json()["id"]
    with database.transaction() as session:
        jobs.note(session, UUID(job_id), state="running", attempts=MOST_ATTEMPTS)
    portal.service.work_off_imports()

    job = portal.job(job_id)
    assert (job["state"], job["problem"]["code"]) == ("failed", "gave_up")
    assert portal.take(csv_text([elevator(5)]))["report"]["new"] == 1


def test_progress_can_be_read_while_it_runs(portal: Portal, database: Database) -> None:
    job_id = portal.send(TABLE).get_json()["id"]
    with database.transaction() as session:
        job = jobs.take_up(session, clock.now() - timedelta(seconds=10))
        assert job is not None
        jobs.note(session, job.id, stage="reading", read=5000, permille=250)

    progress = portal.job(job_id)["progress"]
    assert (progress["stage"], progress["rows"], progress["share"]) == ("reading", 5000, 0.25)
    assert 400 < progress["rows_per_second"] <= 500
    assert 30 <= progress["seconds_left"] <= 36


def test_a_packed_file_of_several_parts_comes_out_as_it_went_in(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PART", 100)

    job = portal.take(gzip.compress(csv_text([elevator(n) for n in range(200)]).encode()))
    assert job["report"]["new"] == 200
