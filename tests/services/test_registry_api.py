"""The registry's internal API: scope in every answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.database import Database
from tests.services.registry_portal import Portal
from tests.services.registry_stories import (
    ELEVATORS,
    ENTERPRISE_HEADER,
    ENTERPRISES,
    TODAY,
    Urls,
    csv_text,
    elevator,
    enterprise,
    opened,
    uscc,
)


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return Portal(database)


@pytest.fixture
def filled(portal: Portal) -> Portal:
    """Three enterprises; the first has elevators in two divisions."""
    rows = [enterprise(n, 区县=d) for n, d in ((1, "610303"), (2, "610302"), (3, "610302"))]
    portal.take(csv_text(rows, ENTERPRISE_HEADER), ENTERPRISES)
    owned = {"单位编号": uscc(1), "单位": "企业1"}
    cars = [elevator(n, 区县=d, **owned) for n, d in ((1, "610303"), (2, "610302"))]
    by_code = ELEVATORS.replace("owner.key: 单位编号", "owner.uscc: 单位编号")
    portal.take(csv_text(cars), by_code)
    return portal


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return sorted(item["name"] for item in answer.get_json()["items"])


def test_enterprises_are_found_by_a_part_of_the_name_or_the_code(filled: Portal) -> None:
    assert names(filled.get("/enterprises")) == ["企业1", "企业2", "企业3"]
    assert names(filled.get("/enterprises?text=业2")) == ["企业2"]
    assert names(filled.get(f"/enterprises?text={uscc(3).lower()}")) == ["企业3"]
    assert names(filled.get("/enterprises?text=%25")) == []
    assert names(filled.get("/enterprises?text=没有")) == []


def test_enterprises_come_page_by_page(filled: Portal) -> None:
    seen: list[str] = []
    page = filled.get("/enterprises?limit=2").get_json()
    seen += names(filled.get("/enterprises?limit=2"))
    seen += names(filled.get(f"/enterprises?limit=2&after={page['next']}"))

    assert sorted(seen) == ["企业1", "企业2", "企业3"]


def test_an_enterprise_is_seen_where_it_sits_and_where_it_has_objects(filled: Portal) -> None:
    assert names(filled.get("/enterprises", scope="610303")) == ["企业1"]
    assert names(filled.get("/enterprises", scope="610302")) == ["企业1", "企业2", "企业3"]
    assert names(filled.get("/enterprises", scope="610304")) == []


def test_the_file_of_an_enterprise_shows_what_the_scope_covers(filled: Portal) -> None:
    number = filled.get("/enterprises?text=企业1").get_json()["items"][0]["id"]

    whole = filled.get(f"/enterprises/{number}").get_json()
    part = filled.get(f"/enterprises/{number}", scope="610302").get_json()

    assert whole["uscc"] == uscc(1)
    assert whole["keys"] == [{"source": "codes", "key": "D1"}]
    assert [one["key"] for one in whole["objects"]] == ["E00001", "E00002"]
    assert [one["key"] for one in part["objects"]] == ["E00002"]
    assert filled.get(f"/enterprises/{number}", scope="610304").status_code == 404


def test_an_object_is_shown_with_its_records_and_its_owner(filled: Portal) -> None:
    number = filled.get("/enterprises?text=企业1").get_json()["items"][0]["id"]
    [first, _second] = filled.get(f"/enterprises/{number}").get_json()["objects"]

    shown = filled.get(f"/objects/{first['id']}").get_json()
    assert shown["enterprise"] == "企业1"
    assert shown["records"] == [
        {
            "duty": "inspection",
            "done_on": "2013-05-20",
            "stated_due_on": None,
            "cycle_months": None,
        }
    ]
    assert "digest" not in shown
    assert filled.get(f"/objects/{first['id']}", scope="610302").status_code == 404


def test_what_is_not_there_is_told_so(portal: Portal) -> None:
    for path, code in (("enterprises", "no_such_enterprise"), ("objects", "no_such_object")):
        answer = portal.get(f"/{path}/{uuid4()}")

        assert (answer.status_code, answer.get_json()["code"]) == (404, code)
