"""A second listing of the same entry is told; one that an older release told is not repeated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from sqlalchemy import delete, update

from services.chassis.database import Database
from services.events.credit import EnterpriseBlacklisted
from services.notify.service import NotifyService
from services.notify.store.tables import DeliveryRow, MessageRow
from tests.services.notify_stories import (
    blacklisted,
    contact,
    deliveries,
    empty,
    enterprise,
    kept,
    messages,
    sealed,
    service_on,
    tell,
)
from tests.services.notify_told import MAIL


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def _database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with kept(request.param, request) as database:
        yield database


@pytest.fixture
def database(_database: Database) -> Database:
    """Every test begins with an empty one."""
    empty(_database)
    return _database


@pytest.fixture
def service(database: Database, tmp_path: Path) -> NotifyService:
    service = service_on(database, tmp_path, smtp_url=MAIL)
    tell(service, [enterprise(1)])
    tell(service, [contact(1)])
    return service


def as_an_older_release_stored_them(database: Database) -> None:
    """Under ids that did not hold the day, and delivered them."""
    for row in messages(database):
        former = uuid5(row.cause_id, f"{row.template}/{row.addressee}")
        with database.transaction() as session:
            session.execute(delete(DeliveryRow).where(DeliveryRow.message_id == row.id))
            session.execute(update(MessageRow).where(MessageRow.id == row.id).values(id=former))


def listed_again() -> EnterpriseBlacklisted:
    first = blacklisted(1).event
    return first.__class__(
        **{**vars(first), "revision": first.revision + 50, "listed_on": date(2026, 5, 6)}
    )


def ids(database: Database) -> set[UUID]:
    return {row.id for row in messages(database)}


def test_a_second_listing_of_the_same_entry_is_told_to_everybody(
    service: NotifyService, database: Database
) -> None:
    tell(service, [blacklisted(1)])

    tell(service, [sealed(listed_again())])

    assert len(ids(database)) == 6


def test_what_an_older_release_told_is_not_told_again_but_a_second_listing_is(
    service: NotifyService, database: Database
) -> None:
    tell(service, [blacklisted(1)])
    as_an_older_release_stored_them(database)
    before = ids(database)

    tell(service, [blacklisted(1)])

    assert ids(database) == before
    assert deliveries(database) == []

    tell(service, [sealed(listed_again())])

    assert len(ids(database) - before) == 3
