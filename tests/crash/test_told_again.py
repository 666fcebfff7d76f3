"""Every message comes again, in any order: to those who know it, and to those who know nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from services.chassis.bus.carrier import BusCarrier
from services.chassis.outbox import Parcel
from services.command import roster
from tests.support.cascades import Cascades
from tests.support.overdue import write_equipment
from tests.support.platform_on_bus import PlatformOnBus

LOAD = 200
RENEWED = 120
ANNOUNCERS = ("registry", "inspection", "credit")
HEARERS = ("inspection", "credit", "notify")
MECHANICS = (
    *("chassis_version", "own_version", "inbox", "outbox", "parked", "answer"),
    *("tally", "tally_change", "tally_check"),  # differences, folded now and then
)
# How often a grade changes on the way depends on when it is computed.
GRADES_ON_THE_WAY = "event = 'credit.grade_changed.v1'"
# What depends on when something was handled, or on the random id of the message that told it.
OF_THE_MOMENT = ("stored_at", "written_at", "caused_at", "caused_by", "revision", "closed_by")

State = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def told(platform: PlatformOnBus, cascades: Cascades) -> PlatformOnBus:
    """Red warnings, most of them cleared; all is quiet."""
    cascades.run(LOAD)
    renewed = write_equipment(
        cascades.folder, "t1", RENEWED, done_on="2016-03-01", due_on="2099-03-01"
    )
    platform.import_table(renewed)
    platform.wait_until_quiet()
    assert platform.count("credit", "bad_information WHERE state = 'corrected'") == RENEWED
    return platform


def state(platform: PlatformOnBus, service: str) -> State:
    """All rows of the service's own tables."""
    return rows_of(platform, service)


def outcome(platform: PlatformOnBus, service: str) -> State:
    """The same without what is of the moment."""
    return rows_of(
        platform, service, leaving_out=OF_THE_MOMENT, apart_from={"message": GRADES_ON_THE_WAY}
    )


def rows_of(
    platform: PlatformOnBus,
    service: str,
    *,
    leaving_out: Sequence[str] = (),
    apart_from: Mapping[str, str] = MappingProxyType({}),
) -> State:
    found = {}
    for table, columns in columns_of(platform, service).items():
        kept = [name for name in columns if name not in leaving_out]
        names = ", ".join(f'"{name}"::text' for name in kept)
        which = f"NOT ({apart_from[table]})" if table in apart_from else "true"
        query = f"SELECT {names} FROM {table} WHERE {which}"  # noqa: S608 - its own names
        rows = platform.rows(service, query)
        found[table] = sorted(plain(row) for row in rows)
    return found


def columns_of(platform: PlatformOnBus, service: str) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, column in platform.rows(
        service,
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
    ):
        if table not in MECHANICS:
            found.setdefault(table, []).append(column)
    return found


def changes(
    before: Mapping[str, State], after: Mapping[str, State]
) -> dict[str, dict[str, list[tuple[Any, ...]]]]:
    """What is gone and what is new, by service and table."""
    return {
        f"{service}.{table}": {
            "gone": sorted(set(rows) - set(after[service][table])),
            "new": sorted(set(after[service][table]) - set(rows)),
        }
        for service, tables in before.items()
        for table, rows in tables.items()
        if rows != after[service][table]
    }


def plain(row: tuple[Any, ...]) -> tuple[str, ...]:
    """The parameters of a message are an event: its revision is of the moment, too."""
    return tuple(without_revision(value) if value else "" for value in row)


def without_revision(value: str) -> str:
    if not value.startswith('{"'):
        return value
    event = json.loads(value)
    event.pop("revision", None)
    return json.dumps(event, sort_keys=True)


def recorded(platform: PlatformOnBus, announcers: Sequence[str]) -> list[tuple[str, Parcel]]:
    """Everything that was ever said, with who said it."""
    query = "SELECT position, id, type, message FROM outbox"
    return [(a, Parcel(*row)) for a in announcers for row in platform.rows(a, query)]


def tell_again(platform: PlatformOnBus, messages: Sequence[tuple[str, Parcel]]) -> None:
    """Publish messages in this order."""
    carriers = {
        announcer: BusCarrier(platform.broker_url, announcer, roster.all_subscriptions())
        for announcer in ANNOUNCERS
    }
    for announcer, parcel in messages:
        carriers[announcer].carry([parcel])
    for carrier in carriers.values():
        carrier.close()


def test_who_knows_it_all_does_not_change(told: PlatformOnBus) -> None:
    before = {service: state(told, service) for service in HEARERS}
    said = recorded(told, ANNOUNCERS)
    random.Random(610300).shuffle(said)
    tell_again(told, said)
    told.wait_until_quiet()

    assert changes(before, {service: state(told, service) for service in HEARERS}) == {}
    assert len(recorded(told, ANNOUNCERS)) == len(said)


@pytest.mark.parametrize("seed", [1, 2])
def test_who_knows_nothing_ends_in_the_same_state_in_any_order(
    seed: int, told: PlatformOnBus
) -> None:
    """Fresh databases of credit and notify hear everything shuffled, much of it twice."""
    before = {s: outcome(told, s) for s in ("credit", "notify")}
    said = recorded(told, ("registry", "inspection"))
    chance = random.Random(seed)
    said += chance.sample(said, len(said) // 2)
    chance.shuffle(said)
    for service in ("credit", "notify"):
        told.use_database(service, told.databases.fresh(service))
    told.migrate().start("credit:events", "notify:events", "credit:api", "notify:api")
    assert not any(state(told, "notify").values())
    tell_again(told, said)
    told.wait_until_quiet()

    after = {s: outcome(told, s) for s in ("credit", "notify")}
    assert changes(before, after) == {}
