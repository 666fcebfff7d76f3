"""The story of a wrong listing: how it came to be, how it was found out, what was put right."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.chassis.database import Database
from services.credit.model import record_id_of
from tests.services.credit_portal import portal_of
from tests.services.credit_records import (
    OF_THE_LIST,
    ground,
    hear,
    public_ids,
    refusal,
    refused,
    unrefused,
)
from tests.services.credit_stories import (
    announced,
    enterprise,
    firm,
    opened,
    service_on,
    tell,
)


@pytest.fixture
def database(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", "2026-05-11")
    with opened(database_url("credit")) as database:
        tell(service_on(database), [enterprise(1), enterprise(2)])
        yield database


def test_a_wrong_listing_is_found_out_and_undone_everywhere(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, portal = service_on(database, "cn-current"), portal_of(database)
    record_id = record_id_of(refusal(1))

    # two officers record a refusal under the name of the neighbour
    hear(service, [refused(1)])
    proposed = portal.post(f"/records/{record_id}/publication")
    # the whole procedure runs, and nobody notices
    for kind in OF_THE_LIST:
        portal.post(f"/records/{record_id}/grounds", ground(kind))
    listed = portal.post(f"/records/{record_id}/publication")
    service.grade_due()
    graded = portal.get(f"/enterprises/{firm(1)}/grade").json

    # the firm objects; the objection stands beside the entry the next morning
    monkeypatch.setenv("BIANQUE_TODAY", "2026-05-12")
    objection = portal.post(
        f"/records/{record_id}/requests",
        {"kind": "objection", "words": "当日检查的不是本单位"},
    )
    portal.post(f"/requests/{objection.json['id']}/mark")
    [marked] = portal.get("/public/lists/serious-list").json["items"]

    # the officers find their mistake: the record of the refusal is withdrawn
    monkeypatch.setenv("BIANQUE_TODAY", "2026-05-13")
    hear(service, [unrefused(1)])
    hear(service, [unrefused(1)])  # told twice
    service.grade_due()
    answered = portal.post(
        f"/requests/{objection.json['id']}/decision",
        {"accepted": True, "answer": "经核查,当日检查的是相邻单位,已撤回"},
    )

    assert proposed.json["code"] == "grounds_missing"
    assert listed.json["state"] == "published"
    assert (graded["grade"], graded["points"]) == ("D", 40)
    assert marked["under_objection"] is True
    assert answered.json["state"] == "accepted"
    assert portal.get("/public/lists/serious-list").json["items"] == []
    assert public_ids(portal) == set()
    assert portal.get(f"/enterprises/{firm(1)}/grade").json["points"] == 100
    told = [each["type"].split(".")[1] for each in announced(database)]
    assert told == [
        "record_drafted",
        "notice_served",
        "record_published",
        "grade_changed",
        "request_received",
        "record_published",
        "record_ended",
        "grade_changed",
        "request_decided",
    ]
    # the archive remembers, for the bureau alone
    steps = portal.get(f"/explanations/{record_id}").json["steps"]
    assert steps[-1]["words"].startswith("2026-05-13 不再公示(已撤回)")
    assert steps[-1]["caused_by"] == str(unrefused(1).id)
