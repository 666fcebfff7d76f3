"""Who is outside the bureau sees what was published: no drafts, no proposals, no leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from services.chassis.database import Database
from services.credit.api.owners import OWNERS
from tests.services.credit_portal import Portal, of, with_three_drafts
from tests.services.credit_records import DECIDED, entered, ground, penalty, published
from tests.services.credit_stories import (
    entry_id,
    firm,
    opened,
    red,
    service_on,
    tell,
)

OUTSIDE = ["agency", "enterprise"]


@pytest.fixture
def database(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", "2026-05-11")
    with opened(database_url("credit")) as database:
        yield database


@pytest.fixture
def desk(database: Database) -> Portal:
    return with_three_drafts(database)


def outside(desk: Portal, role: str) -> Portal:
    return desk.as_role(role, own=firm(1) if role == "enterprise" else None)


def ids(answer: object) -> set[str]:
    return {item["id"] for item in answer.json["items"]}  # type: ignore[attr-defined]


def test_another_department_lists_only_bad_information_that_was_published(desk: Portal) -> None:
    desk.post(of(2, "/publication"))

    assert ids(desk.as_role("agency").get("/bad-information")) == {str(entry_id(2))}
    assert len(ids(desk.get("/bad-information"))) == 3


@pytest.mark.parametrize("role", OUTSIDE)
def test_a_draft_is_not_there_for_who_is_outside(desk: Portal, role: str) -> None:
    asking = outside(desk, role)
    record = f"/enterprises/{firm(1)}/record"
    desk.post(of(1, "/withdrawal"), {"reason": "未公布即撤回"})

    assert asking.get(of(1)).json["code"] == "no_such_bad_information"
    assert asking.get(record).json["bad_information"] == []
    assert len(desk.get(record).json["bad_information"]) == 1


@pytest.mark.parametrize("role", OUTSIDE)
def test_a_proposal_is_not_told_to_who_is_outside(
    desk: Portal, database: Database, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.post(of(1, "/publication"))
    monkeypatch.setenv("BIANQUE_TODAY", "2026-07-01")
    service_on(database, "cn-current").take_due_steps()
    asking, record = outside(desk, role), f"/enterprises/{firm(1)}/record"

    entry = asking.get(of(1)).json

    assert desk.get(of(1)).json["state"] == "proposed"
    assert (entry["state"], entry["escalated_to"], entry["escalated_on"]) == (
        "published",
        None,
        None,
    )
    assert asking.get(record).json["bad_information"] == [entry]
    assert asking.get(record).json["escalations"] == []
    assert len(desk.get(record).json["escalations"]) == 1
    explained = asking.get(of(1, "/explanation")).json
    assert explained["state"] == "published"
    assert [step["what"] for step in explained["steps"]] == ["draft", "publish"]


@pytest.mark.parametrize("role", OUTSIDE)
def test_what_was_listed_is_told_to_who_is_outside(
    database: Database, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_on(database)
    desk = with_three_drafts(database)
    tell(service, [red(4)])
    monkeypatch.setenv("BIANQUE_TODAY", "2026-07-01")
    service.take_due_steps()

    record = outside(desk, role).get(f"/enterprises/{firm(1)}/record").json

    assert [one["escalated_to"] for one in record["escalations"]] == [
        one["escalated_to"] for one in record["bad_information"]
    ]
    assert len(record["escalations"]) == 1


def test_another_department_sees_records_that_were_published_and_its_own(desk: Portal) -> None:
    agency = desk.as_role("agency")
    hidden = entered(desk, penalty(), "source_document")
    public = published(desk)
    own = agency.post("/records", penalty() | {"grounds": []}, who="token:7").json["id"]

    assert ids(agency.get("/records", who="token:7")) == {public, own}
    assert ids(agency.get("/records", who="token:8")) == {public}
    assert ids(desk.get("/records")) == {hidden, public, own}
    assert agency.get(f"/records/{own}", who="token:7").status_code == 200
    assert agency.get(f"/records/{own}", who="token:8").json["code"] == "no_such_record"
    assert agency.get(f"/records/{hidden}", who="token:7").json["code"] == "no_such_record"


def test_an_enterprise_sees_a_record_from_its_notice_on(
    desk: Portal, database: Database
) -> None:
    number = entered(desk, penalty(), "source_document")
    firms = desk.as_role("enterprise", own=firm(1))

    def owners() -> set[UUID]:
        with database.reading() as session:
            return OWNERS["record"](session, {"record_id": UUID(number)})

    assert firms.get(f"/records/{number}").json["code"] == "no_such_record"
    assert owners() == set()

    desk.post(f"/records/{number}/grounds", ground("notice", DECIDED))

    assert firms.get(f"/records/{number}").status_code == 200
    assert owners() == {firm(1)}


def test_a_draft_that_was_withdrawn_belongs_to_nobody_outside(
    desk: Portal, database: Database
) -> None:
    number = entered(desk, penalty(), "source_document")
    desk.post(f"/records/{number}/withdrawal", {"reason": "登记有误"})

    with database.reading() as session:
        assert OWNERS["record"](session, {"record_id": UUID(number)}) == set()
