"""The story of a wrong listing: how it came to be, how it was found out, what was put right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

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


class Story:
    """A firm that is listed by mistake; each chapter is one day."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.database, self.monkeypatch = database, monkeypatch
        self.service, self.portal = service_on(database, "cn-current"), portal_of(database)
        self.record_id = record_id_of(refusal(1))

    def post(self, act: str, body: dict[str, Any] | None = None) -> Any:
        return self.portal.post(f"/records/{self.record_id}/{act}", body)

    def the_neighbours_refusal_is_recorded_under_its_name(self) -> str:
        hear(self.service, [refused(1)])
        return str(self.post("publication").json["code"])

    def the_whole_procedure_runs_and_nobody_notices(self) -> Any:
        for kind in OF_THE_LIST:
            self.post("grounds", ground(kind))
        self.post("publication")
        return self._grade()

    def the_firm_objects_and_it_is_marked_the_next_day(self) -> Any:
        self.monkeypatch.setenv("BIANQUE_TODAY", "2026-05-12")
        body = {"kind": "objection", "words": "当日检查的不是本单位"}
        self.objection = self.post("requests", body).json["id"]
        self.portal.post(f"/requests/{self.objection}/mark")
        [item] = self.portal.get("/public/lists/serious-list").json["items"]
        return item

    def the_officers_find_their_mistake(self) -> Any:
        self.monkeypatch.setenv("BIANQUE_TODAY", "2026-05-13")
        hear(self.service, [unrefused(1)])
        hear(self.service, [unrefused(1)])  # told twice
        graded = self._grade()
        body = {"accepted": True, "answer": "经核查,当日检查的是相邻单位,已撤回"}
        self.portal.post(f"/requests/{self.objection}/decision", body)
        return graded

    def _grade(self) -> Any:
        self.service.grade_due()
        told = self.portal.get(f"/enterprises/{firm(1)}/grade").json
        return told["grade"], told["points"]


def test_a_wrong_listing_is_found_out_and_undone_everywhere(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(database, monkeypatch)

    proposed = story.the_neighbours_refusal_is_recorded_under_its_name()
    listed = story.the_whole_procedure_runs_and_nobody_notices()
    marked = story.the_firm_objects_and_it_is_marked_the_next_day()
    undone = story.the_officers_find_their_mistake()

    assert proposed == "grounds_missing"
    assert listed == ("D", 40)
    assert marked["under_objection"] is True
    assert undone == ("A", 100)
    assert story.portal.get("/public/lists/serious-list").json["items"] == []
    assert public_ids(story.portal) == set()
    assert [each["type"].split(".")[1] for each in announced(database)] == [
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
    steps = story.portal.get(f"/explanations/{story.record_id}").json["steps"]
    assert steps[-1]["words"].startswith("2026-05-13 不再公示(已撤回)")
    assert steps[-1]["caused_by"] == str(unrefused(1).id)
