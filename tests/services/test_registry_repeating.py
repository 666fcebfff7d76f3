"""What was not done for no fault of the file is done once more with what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.database import Database
from services.chassis.sealing import Seals
from services.registry.handlers import jobs as handlers
from services.registry.mapping import MappingBroken
from services.registry.mapping.broken import Fault
from tests.services.registry_portal import Portal
from tests.services.registry_stories import (
    SEALS,
    Urls,
    csv_text,
    elevator,
    failing,
    opened,
)
from tests.services.test_registry_adapters import ON, company, names

NEW_KEY = "next:a-new-key-that-is-also-known-to-everybody-here"
FULL = OSError("the disk is full")


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", ON.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return Portal(database)


def again(portal: Portal, job_id: str, **more: Any) -> Any:
    return portal.post(f"/imports/{job_id}/repetition", {}, **more)


def failed(portal: Portal, database: Database) -> str:
    """The id of a job that failed for a fault of the program."""
    job_id = str(portal.send(csv_text([elevator(n) for n in range(2)])).get_json()["id"])
    with failing(database, "INTO outbox", FULL):
        portal.service.work_off_imports()
    assert portal.job(job_id)["state"] == "failed"
    return job_id


def test_what_failed_is_done_with_the_file_of_the_first_time(
    portal: Portal, database: Database
) -> None:
    job_id = failed(portal, database)
    told = portal.job(job_id)

    answer = again(portal, job_id)
    waiting = portal.job(job_id)
    portal.service.work_off_imports()

    assert told["repeatable"]
    assert "可以重做" in told["problem"]["detail"]
    assert (answer.status_code, answer.get_json()["state"]) == (202, "waiting")
    assert (waiting["problem"], waiting["finished_at"]) == (None, None)
    done = portal.job(job_id)
    assert (done["state"], done["report"]["new"], done["repeatable"]) == ("done", 2, False)


def test_asked_twice_it_is_done_once(portal: Portal, database: Database) -> None:
    job_id = failed(portal, database)

    first = again(portal, job_id, **{"Idempotency-Key": "k"})
    second = again(portal, job_id, **{"Idempotency-Key": "k"})
    third = again(portal, job_id)
    portal.service.work_off_imports()

    assert first.get_json() == second.get_json()
    assert (third.status_code, third.get_json()["code"]) == (409, "import_not_repeatable")
    assert portal.job(job_id)["report"]["new"] == 2


def test_what_was_done_or_refused_or_is_not_there_is_not_repeated(portal: Portal) -> None:
    done = portal.take(csv_text([elevator(1)]))
    refused = portal.take("编号,名称\nE1,x\n")

    for job in (done, refused):
        answer = again(portal, job["id"])
        assert not job["repeatable"]
        assert (answer.status_code, answer.get_json()["code"]) == (409, "import_not_repeatable")
    assert again(portal, str(uuid4())).status_code == 404


def test_who_does_not_cover_the_bureau_repeats_nothing(
    portal: Portal, database: Database
) -> None:
    job_id = failed(portal, database)

    assert again(portal, job_id, scope="610303").status_code == 403
    assert portal.job(job_id)["state"] == "failed"


def test_with_its_key_back_a_file_can_be_read(portal: Portal) -> None:
    job_id = portal.send(csv_text([elevator(1)])).get_json()["id"]
    portal.service.seals = Seals.parse(NEW_KEY)
    portal.service.work_off_imports()
    assert portal.job(job_id)["problem"]["code"] == "key_missing"

    portal.service.seals = SEALS
    again(portal, job_id)
    portal.service.work_off_imports()

    assert portal.job(job_id)["report"]["new"] == 1


def sent(portal: Portal, minute: int, *rows: dict[str, Any]) -> str:
    """The job of rows that the code system states."""
    at = datetime(2013, 12, 12, 8, minute, tzinfo=UTC).isoformat()
    body = {"id": str(uuid4()), "table": "enterprises", "rows": rows, "stated_at": at}
    assert portal.post("/intake/codes", body).status_code == 202
    return str(body["id"])


def test_what_was_stated_later_meanwhile_stays(portal: Portal, database: Database) -> None:
    early = sent(portal, 1, company(0, 机构名称="旧名"), company(1))
    with failing(database, "INTO outbox", FULL):
        portal.service.work_off_imports()
    sent(portal, 2, company(0, 机构名称="新名"))
    portal.service.work_off_imports()

    assert again(portal, early).status_code == 202
    portal.service.work_off_imports()

    assert names(portal) == sorted(["新名", str(company(1)["机构名称"])])
    assert portal.job(early)["report"]["skips"] == {"陈述是 已过时": 1}


def test_rows_that_an_old_mapping_could_not_read_are_read_by_that_of_today(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(handlers, "mapping_of_job", _broken)
        job_id = sent(portal, 1, company(0))
        portal.service.work_off_imports()
    assert portal.job(job_id)["problem"]["code"] == "mapping_broken"

    assert again(portal, job_id).status_code == 202
    portal.service.work_off_imports()

    assert names(portal) == [company(0)["机构名称"]]


def _broken(*_: Any) -> Any:
    raise MappingBroken(
        "codes/enterprises", [Fault("field_unknown", "columns.name", "没有这一列")]
    )
