"""Two enterprises are found to be one: merged, shown together and told apart, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.registry.api import blueprint
from services.registry.service import RegistryService
from tests.services.registry_stories import (
    ELEVATORS,
    ENTERPRISES,
    POLICY,
    SEALS,
    TODAY,
    Registry,
    Urls,
    elevator,
    enterprise,
    opened,
    uscc,
)

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
CITY = "610300"


class Office:
    """A person at the city bureau who looks at files and decides."""

    def __init__(self, service: RegistryService, registry: Registry) -> None:
        self.client = create_app(service, TOKEN, blueprint(service)).test_client()
        self.registry = registry

    def get(self, path: str, *, scope: str = CITY) -> Any:
        return self.client.get(path, headers=_headers(scope))

    def post(self, path: str, *, scope: str = CITY, **body: Any) -> Any:
        return self.client.post(path, json=body, headers=_headers(scope))

    def file(self, enterprise_id: str) -> dict[str, Any]:
        answer = self.get(f"/enterprises/{enterprise_id}")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.get_json()
        return found

    def id_of(self, name: str) -> str:
        [row] = [row for row in self.registry.kept("enterprise") if row["name"] == name]
        return str(row["id"])

    def merged(self, survivor: str, merged: str) -> dict[str, Any]:
        answer = self.post("/merges", enterprise_ids=[survivor, merged], survivor_id=survivor)
        assert answer.status_code == 201, answer.get_json()
        found: dict[str, Any] = answer.get_json()
        return found


def _headers(scope: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {TOKEN}",
        "X-Bianque-Scope": scope,
        "X-Bianque-Caller": "registrar",
    }


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    """企业1 has a credit code, its elevators were recorded for a 单位1 of another source."""
    service = RegistryService()
    service.policy = POLICY
    service.database = database
    service.seals = SEALS
    service.settings = replace(Settings.read({}), bureau=CITY)
    registry = Registry(database, tmp_path)
    registry.take([enterprise(1), enterprise(2, 区县="610302")], ENTERPRISES)
    registry.take([elevator(1), elevator(4)], ELEVATORS)
    return Office(service, registry)


def test_the_survivor_shows_what_both_have_and_tells_it_apart(office: Office) -> None:
    firm, unit = office.id_of("企业1"), office.id_of("单位1")

    office.merged(firm, unit)

    shown = office.file(firm)
    assert (shown["name"], shown["merged"]["note"]) == ("企业1", None)
    assert [one["name"] for one in shown["merged"]["enterprises"]] == ["单位1"]
    assert shown["merged"]["enterprises"][0]["by"] == "registrar"
    assert [one["key"] for one in shown["objects"]] == ["E00001", "E00004"]
    assert {one["enterprise_id"] for one in shown["objects"]} == {unit}
    assert {(key["source"], key["key"]) for key in shown["keys"]} == {
        ("codes", "D1"),
        ("special", "U1"),
    }


def test_the_old_id_goes_on_to_be_answered_with_a_note(office: Office) -> None:
    firm, unit = office.id_of("企业1"), office.id_of("单位1")

    office.merged(firm, unit)

    shown = office.file(unit)
    assert shown["id"] == firm
    assert shown["merged"]["asked_for"] == unit
    assert shown["merged"]["note"] == "“单位1”已并入本档案"


def test_it_is_announced_once_with_what_stands_under_what(office: Office) -> None:
    firm, unit = office.id_of("企业1"), office.id_of("单位1")
    before = len(office.registry.said())

    merge = office.merged(firm, unit)
    office.post(f"/merges/{merge['merge_id']}/undo", reason="看错了")

    merged, undone = office.registry.said()[before:]
    assert (merged["type"], undone["type"]) == (
        "registry.enterprises_merged.v1",
        "registry.merge_undone.v1",
    )
    for said in (merged["data"], undone["data"]):
        assert (said["survivor_id"], said["merged_id"]) == (firm, unit)
        assert said["since"] == TODAY.isoformat()
    assert undone["data"]["revision"] > merged["data"]["revision"]


def test_nothing_is_moved_and_undoing_puts_everything_back(office: Office) -> None:
    firm, unit = office.id_of("企业1"), office.id_of("单位1")
    tables = ("enterprise", "enterprise_key", "object", "product")
    before = {table: office.registry.kept(table) for table in tables}
    files = office.file(firm), office.file(unit)

    merge = office.merged(firm, unit)
    assert {table: office.registry.kept(table) for table in tables} == before
    answer = office.post(f"/merges/{merge['merge_id']}/undo")

    assert answer.status_code == 200
    assert (office.file(firm), office.file(unit)) == files


def test_what_comes_in_after_a_merge_goes_to_whom_its_key_names_when_undone(
    office: Office,
) -> None:
    firm, unit = office.id_of("企业1"), office.id_of("单位1")
    merge = office.merged(firm, unit)

    office.registry.take([elevator(7)], ELEVATORS)
    assert "E00007" in [one["key"] for one in office.file(firm)["objects"]]
    office.post(f"/merges/{merge['merge_id']}/undo")

    assert [one["key"] for one in office.file(unit)["objects"]] == [
        "E00001",
        "E00004",
        "E00007",
    ]
    assert office.file(firm)["objects"] == []


def test_the_fuller_file_stands_for_both_if_nobody_chooses(office: Office) -> None:
    firm, unit = office.id_of("企业1"), office.id_of("单位1")

    answer = office.post("/merges", enterprise_ids=[unit, firm])

    assert answer.get_json()["survivor_id"] == firm


def test_three_files_become_one_and_the_first_two_stay_together_when_the_last_is_undone(
    office: Office,
) -> None:
    firm, unit, other = (office.id_of(name) for name in ("企业1", "单位1", "企业2"))
    office.merged(firm, unit)
    answer = office.post(
        "/merges", enterprise_ids=[unit, other], survivor_id=other, reason="代码登记有误"
    )

    assert (answer.get_json()["survivor_id"], answer.get_json()["merged_id"]) == (other, firm)
    assert office.file(unit)["id"] == office.file(firm)["id"] == other
    office.post(f"/merges/{answer.get_json()['merge_id']}/undo")
    assert office.file(unit)["id"] == firm
    assert office.file(other)["merged"]["enterprises"] == []


def test_two_credit_codes_are_two_subjects_unless_a_reason_is_given(office: Office) -> None:
    both = [office.id_of("企业1"), office.id_of("企业2")]

    refused = office.post("/merges", enterprise_ids=both)
    allowed = office.post("/merges", enterprise_ids=both, reason="代码登记有误")

    assert (refused.status_code, refused.get_json()["code"]) == (409, "reason_needed")
    assert uscc(1) in refused.get_json()["detail"]
    assert allowed.status_code == 201


def test_what_cannot_be_merged_or_undone_is_refused_in_words(office: Office) -> None:
    firm, unit = office.id_of("企业1"), office.id_of("单位1")
    merge = office.merged(firm, unit)
    undo = f"/merges/{merge['merge_id']}/undo"
    office.post(undo)

    again = office.post(undo)
    same = office.post("/merges", enterprise_ids=[firm, firm])
    neither = office.post("/merges", enterprise_ids=[firm, unit], survivor_id=str(uuid4()))
    nobody = office.post("/merges", enterprise_ids=[firm, str(uuid4())])
    one = office.post("/merges", enterprise_ids=[firm])
    no_merge = office.post(f"/merges/{uuid4()}/undo")

    assert (again.status_code, again.get_json()["code"]) == (409, "undone_already")
    assert (same.status_code, same.get_json()["code"]) == (409, "same_enterprise")
    assert (neither.status_code, neither.get_json()["code"]) == (409, "survivor_is_neither")
    assert (nobody.status_code, nobody.get_json()["code"]) == (404, "no_such_enterprise")
    assert (one.status_code, one.get_json()["code"]) == (422, "fields_wrong")
    assert (no_merge.status_code, no_merge.get_json()["code"]) == (404, "no_such_merge")


def test_who_does_not_cover_both_merges_and_undoes_nothing(office: Office) -> None:
    both = [office.id_of("企业1"), office.id_of("企业2")]
    merge = office.post("/merges", enterprise_ids=both, reason="同一企业").get_json()

    wide = office.post("/merges", enterprise_ids=both, reason="同一企业", scope="610303")
    undo = office.post(f"/merges/{merge['merge_id']}/undo", scope="610303")

    assert (wide.status_code, undo.status_code) == (404, 404)
    assert office.get("/merges", scope="610303").get_json()["items"] == []


def test_merges_are_listed_the_last_one_first_page_by_page(office: Office) -> None:
    firm, unit, other = (office.id_of(name) for name in ("企业1", "单位1", "企业2"))
    first = office.merged(firm, unit)["merge_id"]
    office.post(f"/merges/{first}/undo", reason="两家")
    last = office.merged(other, unit)["merge_id"]

    page = office.get("/merges?limit=1").get_json()
    rest = office.get(f"/merges?limit=1&after={page['next']}").get_json()
    standing = office.get("/merges?standing=1").get_json()

    assert [one["id"] for one in page["items"]] == [last]
    assert [(one["id"], one["undone_because"]) for one in rest["items"]] == [(first, "两家")]
    assert [one["id"] for one in standing["items"]] == [last]
