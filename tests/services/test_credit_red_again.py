"""An entry that was listed, corrected late and turned red again: listed once at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import services.credit
from services.chassis.database import Database
from services.chassis.migrating import migrate
from tests.services.credit_portal import portal_of
from tests.services.credit_stories import (
    announced,
    cleared,
    enterprise,
    firm,
    opened,
    red,
    rows,
    service_on,
    tell,
)

LISTINGS = {"enterprise_blacklisted", "escalation_lifted"}


def listed_twice(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    service = service_on(database)
    monkeypatch.setenv("BIANQUE_TODAY", "2026-03-02")
    tell(service, [enterprise(1)])
    tell(service, [red(1)])
    monkeypatch.setenv("BIANQUE_TODAY", "2026-04-01")
    service.take_due_steps()
    tell(service, [cleared(1, cleared_on=date(2026, 4, 1))])
    monkeypatch.setenv("BIANQUE_TODAY", "2026-04-02")
    tell(service, [red(1, revision=30)])
    monkeypatch.setenv("BIANQUE_TODAY", "2026-05-06")
    service.take_due_steps()


def test_an_entry_listed_a_second_time_counts_and_is_shown_once(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(database_url("credit")) as database:
        listed_twice(database, monkeypatch)
        portal = portal_of(database, "baoji-2013")

        told = [message["type"].split(".")[1] for message in announced(database)]
        archive = portal.get(f"/public/enterprises/{firm(1)}").json
        grade = portal.get(f"/enterprises/{firm(1)}/grade").json

        assert [each for each in told if each in LISTINGS] == [
            "enterprise_blacklisted",
            "escalation_lifted",
            "enterprise_blacklisted",
        ]
        assert [str(row["ended_on"]) for row in rows(database, "escalation")].count("None") == 1
        assert len(portal.get("/public/lists/serious-list").json["items"]) == 1
        assert sum(len(items) for items in archive["records"].values()) == 2
        assert len(grade["items"]) == 2


def test_a_second_standing_escalation_of_an_entry_cannot_be_stored(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(database_url("credit")) as database:
        listed_twice(database, monkeypatch)

        with pytest.raises(IntegrityError), database.transaction() as session:
            session.execute(text("UPDATE escalation SET ended_on = NULL"))


def test_what_was_left_standing_is_ended_by_the_migration(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(database_url("credit"), source="/610300/credit")
    migrate(database, Path(services.credit.__file__).parent, "credit")
    listed_twice(database, monkeypatch)
    migration = Path(services.credit.__file__).parent / "migrations"
    names: dict[str, str] = {}
    exec((migration / "0006_one_standing_escalation.py").read_text("utf-8"), names)  # noqa: S102
    with database.transaction() as session:
        session.execute(text("DROP INDEX escalation_standing"))
        session.execute(text("UPDATE escalation SET ended_on = NULL"))

        session.execute(text(names["END_THOSE_LEFT_STANDING"]))

    standing = {
        str(row["started_on"]): str(row["ended_on"]) for row in rows(database, "escalation")
    }
    database.close()
    assert standing == {"2026-04-01": "2026-04-02", "2026-05-06": "None"}
