"""The change feed rebuilds a hearer from nothing, and tells those who know nothing new."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.chassis import envelope
from services.chassis.database import Database
from services.chassis.tables import ChassisTable
from services.events.contract import event_called
from services.inspection.store.tables import Table as InspectionTable
from tests.services import inspection_stories
from tests.services.registry_clerk import Clerk, a_clerk
from tests.services.registry_stories import (
    ENTERPRISES,
    TODAY,
    Registry,
    Urls,
    elevator,
    enterprise,
    opened,
)

KINDS = ("enterprise", "equipment", "instrument", "operator", "licence", "merge")


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    """Some history: a new name, a new date, an elevator that was stopped, a merge."""
    registry = Registry(database, tmp_path)
    registry.take([enterprise(number) for number in range(3)], ENTERPRISES)
    registry.take([elevator(number) for number in range(6)])
    registry.take([enterprise(1, 名称="新名", 邮箱="a@example.com")], ENTERPRISES)
    registry.take([elevator(2, 状态="停用"), elevator(3, 上次="2013-11-02")])
    kept = sorted(str(row["id"]) for row in registry.kept("enterprise"))
    body = {"enterprise_ids": kept[:2], "reason": "同一家单位,营业执照为证"}
    assert a_clerk(database).post("/merges", body).status_code < 300
    return registry


@pytest.fixture
def clerk(database: Database) -> Clerk:
    return a_clerk(database)


def told_again(clerk: Clerk, **asked: Any) -> dict[str, int]:
    """How many records of each kind, two at a time."""
    told = dict.fromkeys(KINDS, 0)
    for kind in KINDS:
        after: dict[str, str] = {}
        while True:
            body = {"kind": kind, "limit": 2, **asked, **after}
            answer = clerk.post("/announcements", body).get_json()
            told[kind] += answer["records"]
            if answer["next"] is None:
                break
            after = {"after": answer["next"]}
    return told


def heard_by(database: Database, folder: Path, messages: list[dict[str, Any]]) -> None:
    """An inspection service hears them."""
    service = inspection_stories.service_on(database, folder)
    hearers = {
        "registry.object_recorded.v1": service.on_object_recorded,
        "registry.enterprise_recorded.v1": service.on_enterprise_recorded,
        "registry.enterprises_merged.v1": service.on_enterprises_merged,
    }
    for message in messages:
        if hear := hearers.get(message["type"]):
            with database.transaction() as session:
                event_type = event_called(message["type"])
                hear([envelope.read(event_type, json.dumps(message))], session)


def facts(database: Database) -> dict[str, list[str]]:
    """All that a hearer keeps, but when it heard it, and in which message."""
    known: dict[str, list[str]] = {}
    with database.engine.connect() as connection:
        for name, table in InspectionTable.metadata.tables.items():
            if name in ("unattested", "tally_change"):
                continue  # what has changed since it was last counted, not what is
            rows = connection.execute(table.select()).mappings()
            known[name] = sorted(
                str({k: v for k, v in row.items() if not k.endswith(("_at", "_in"))})
                for row in rows
            )
    return known


def test_a_hearer_with_an_empty_database_arrives_at_the_same_facts(
    registry: Registry, clerk: Clerk, database_url: Urls, tmp_path: Path
) -> None:
    first = registry.said()
    told = told_again(clerk)
    again = registry.said()[len(first) :]

    with (
        inspection_stories.opened(database_url("witness")) as witness,
        inspection_stories.opened(database_url("newcomer")) as newcomer,
    ):
        heard_by(witness, tmp_path, first)
        heard_by(newcomer, tmp_path, again)
        known = facts(witness)
        heard_by(witness, tmp_path, again)

        assert facts(newcomer) == known
        assert facts(witness) == known
    assert told == dict.fromkeys(KINDS, 0) | {"enterprise": 6, "equipment": 6, "merge": 1}
    assert known["subject"]


def test_every_thing_is_told_under_the_revision_it_has(
    registry: Registry, clerk: Clerk
) -> None:
    before = len(registry.said())
    told_again(clerk)

    revisions = {str(row["id"]): row["revision"] for row in registry.kept("object")}
    again = [m["data"] for m in registry.said()[before:] if "object_id" in m["data"]]
    assert {data["object_id"]: data["revision"] for data in again} == revisions


def test_only_what_changed_since_a_day(registry: Registry, clerk: Clerk) -> None:
    assert told_again(clerk, since="2999-01-01") == dict.fromkeys(KINDS, 0)


def test_who_does_not_cover_the_bureau_cannot_have_everything_told(clerk: Clerk) -> None:
    answer = clerk.post("/announcements", {"kind": "equipment"}, scope="610303")

    assert (answer.status_code, answer.get_json()["code"]) == (403, "scope_too_narrow")


def test_the_tables_of_the_mechanics_are_not_facts() -> None:
    assert not set(InspectionTable.metadata.tables) & set(ChassisTable.metadata.tables)
