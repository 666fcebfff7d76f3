"""Who may enter and ask what: other departments, the public, the enterprise, the bureau."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.chassis.database import Database
from tests.services.credit_portal import Portal, portal_of
from tests.services.credit_records import DAY, OF_A_PENALTY, ground, penalty, published
from tests.services.credit_stories import enterprise, firm, opened, service_on, tell

REPAIR = {
    "kind": "repair",
    "words": "情况说明",
    "corrected_on": "2026-06-01",
    "duties_done_on": "2026-06-02",
    "promised_on": "2026-06-03",
}
LONG_AFTER = "2026-08-11"


@pytest.fixture
def database(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", DAY.isoformat())
    with opened(database_url("credit")) as database:
        tell(service_on(database), [enterprise(1), enterprise(2)])
        yield database


@pytest.fixture
def desk(database: Database) -> Portal:
    return portal_of(database)


@pytest.mark.parametrize("kind", [*OF_A_PENALTY[1:], "superior_approval", "seriousness"])
def test_another_department_files_its_source_document_and_nothing_else(
    desk: Portal, kind: str
) -> None:
    agency = desk.as_role("agency")
    documents = [ground("source_document")]

    refused = agency.post("/records", penalty() | {"grounds": [*documents, ground(kind)]})
    taken = agency.post("/records", penalty() | {"grounds": documents})

    assert (refused.status_code, refused.json["code"]) == (409, "ground_of_the_bureau")
    assert "source_document" in refused.json["instead"]
    assert taken.status_code == 201
    assert [one["kind"] for one in taken.json["grounds"]] == ["source_document"]


@pytest.mark.parametrize("source", ["enforcement", "supervision", "media", "superior"])
def test_another_department_speaks_for_itself_alone(desk: Portal, source: str) -> None:
    body = penalty() | {"source": source}

    refused = desk.as_role("agency").post("/records", body)
    taken = desk.post("/records", body)

    assert (refused.status_code, refused.json["code"]) == (409, "source_of_the_bureau")
    assert taken.status_code == 201


def test_a_record_stands_in_only_for_one_of_the_same_enterprise(desk: Portal) -> None:
    former = published(desk)

    same = desk.post("/records", penalty() | {"supersedes": former})
    another = desk.post(
        "/records", penalty() | {"supersedes": former, "enterprise_id": str(firm(2))}
    )
    nothing = desk.post("/records", penalty() | {"supersedes": str(firm(1))})

    assert (same.status_code, same.json["supersedes"]) == (201, former)
    assert another.json["code"] == nothing.json["code"] == "supersedes_another"


@pytest.mark.parametrize(
    "kind", ["objection", "correction", "repair", "removal", "temporary_repair"]
)
def test_the_public_reports_errors_and_asks_nothing_else(
    desk: Portal, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, public = published(desk), desk.as_role("public")
    monkeypatch.setenv("BIANQUE_TODAY", LONG_AFTER)
    path = f"/records/{number}/requests"

    refused = public.post(path, REPAIR | {"kind": kind})
    report = {"kind": "error_report", "words": "文号有误", "field": "document_number"}

    assert (refused.status_code, refused.json["code"]) == (409, "not_yours_to_ask")
    assert public.post(path, report).status_code == 201


@pytest.mark.parametrize("role", ["coordinator", "enterprise"])
def test_the_enterprise_and_the_bureau_for_it_ask_for_repair(
    desk: Portal, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = desk.as_role(role, own=firm(1) if role == "enterprise" else None)
    number = published(desk)
    monkeypatch.setenv("BIANQUE_TODAY", LONG_AFTER)

    assert asking.post(f"/records/{number}/requests", REPAIR).status_code == 201


@pytest.mark.parametrize("paused_first", [True, False])
def test_a_record_whose_publication_was_suspended_can_be_repaired(
    desk: Portal, paused_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = published(desk)
    monkeypatch.setenv("BIANQUE_TODAY", LONG_AFTER)

    def pause() -> None:
        ruling = REPAIR | {"kind": "temporary_repair", "court_ruling": "(2026)陕03破1号"}
        _accept(desk, desk.post(f"/records/{number}/requests", ruling).json["id"])
        assert desk.get(f"/records/{number}").json["state"] == "suspended"

    if paused_first:
        pause()
    asked = desk.post(f"/records/{number}/requests", REPAIR)
    if not paused_first:
        pause()
    decided = _accept(desk, asked.json["id"])

    assert decided["state"] == "accepted"
    assert desk.get(f"/records/{number}").json["ending"] == "repaired"


def _accept(desk: Portal, request_id: str) -> dict[str, str]:
    body = {"accepted": True, "answer": "准予修复"}
    answer: dict[str, str] = desk.post(f"/requests/{request_id}/decision", body).json
    return answer
