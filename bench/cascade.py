"""Red warnings through inspection, credit and notify over RabbitMQ and PostgreSQL.

Flat out: so many duties turn red in one evaluation; how many a second are bad information
and messages, all persisted. Paced: 200 red warnings a second; how long from the commit of
a red warning to the commit of what credit and notify made of it.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from bench.anchors import bare_ping, percentile
from services.chassis import clock, outbox
from services.chassis.database import Database
from services.events.inspection import WarningTurnedRed
from services.events.registry import DutyKind, ObjectKind
from tests.support.cascades import Cascades
from tests.support.platform_on_bus import PlatformOnBus, platform_on_bus
from tests.support.servers import a_broker, a_postgres

REDS = 5000
PACED_PER_SECOND = 200
PACED_SECONDS = 20
PING = 3000

PUBLISHED = "credit.bad_information_published.v1"
TURNED_RED = "inspection.warning_turned_red.v1"


def measure() -> dict[str, Any]:
    """Rates and latencies, with the bare broker's rate of the same run."""
    with (
        a_broker() as broker,
        a_postgres() as postgres,
        platform_on_bus(broker, postgres) as platform,
        TemporaryDirectory() as folder,
    ):
        bare = bare_ping(platform.broker_url, PING)
        platform.start()
        flat = _flat_out(platform, Path(folder))
        paced = _paced(platform)
        bare_after = bare_ping(platform.broker_url, PING)
    anchor = (bare + bare_after) / 2
    return {
        "bare_confirmed_messages_per_second": round(anchor),
        "flat_out": {**flat, "of_bare": round(flat["reds_per_second"] / anchor, 2)},
        f"paced_at_{PACED_PER_SECOND}_per_second": paced,
    }


def _flat_out(platform: PlatformOnBus, folder: Path) -> dict[str, Any]:
    cascades = Cascades(platform, folder)
    cascades.take_in(REDS)
    cascades.wait_until_heard()
    platform.wait_until_quiet()
    start = time.perf_counter()
    cascades.evaluate()
    evaluated = time.perf_counter() - start
    heard = "inbox WHERE heard_by = 'notify.on_bad_information_published'"
    platform.wait_until(lambda: platform.count("notify", heard) >= REDS)
    seconds = time.perf_counter() - start
    platform.wait_until_quiet()
    return {
        "reds": REDS,
        "seconds": round(seconds, 2),
        "reds_per_second": round(REDS / seconds),
        "evaluation_seconds": round(evaluated, 2),
        "messages_stored": platform.count("notify", "message"),
    }


def _paced(platform: PlatformOnBus) -> dict[str, Any]:
    began_at = clock.now()
    database = Database(platform.databases.urls["inspection"], source="/610300/inspection")
    step = 0.05
    each = int(PACED_PER_SECOND * step)
    start = time.perf_counter()
    for number in range(int(PACED_SECONDS / step)):
        with database.transaction() as session:
            outbox.announce_all(session, [_red() for _ in range(each)])
        time.sleep(max(0.0, start + (number + 1) * step - time.perf_counter()))
    database.close()
    platform.wait_until_quiet()
    reds = _said(platform, "inspection", TURNED_RED, began_at)
    published = _said(platform, "credit", PUBLISHED, began_at)
    to_credit = _heard(platform, "credit", "credit.on_warning_turned_red", reds)
    told = _heard(platform, "notify", "notify.on_bad_information_published", published)
    caused = dict(
        platform.rows(
            "credit",
            "SELECT id, (message::json->>'causedby')::uuid FROM outbox "  # noqa: S608 - ours
            f"WHERE type = '{PUBLISHED}'",
        )
    )
    return {
        "reds": len(reds),
        "red_to_credit": _spread([to_credit[i] - at for i, at in reds.items()]),
        "red_to_message": _spread([told[i] - reds[caused[i]] for i in published]),
    }


def _red() -> outbox.Saying:
    warning_id = uuid4()
    today = clock.today()
    event = WarningTurnedRed(
        warning_id=warning_id,
        revision=outbox.revision_after(None),
        enterprise_id=uuid4(),
        division="610303",
        object_id=uuid4(),
        object_kind=ObjectKind.EQUIPMENT,
        object_label="锅炉",
        duty=DutyKind.INSPECTION,
        was_due_on=today,
        turned_red_on=today,
        endangers_safety=True,
    )
    return outbox.Saying(event, f"warning/{warning_id}")


def _said(
    platform: PlatformOnBus, service: str, kind: str, since: datetime
) -> dict[Any, datetime]:
    query = (
        f"SELECT id, written_at FROM outbox WHERE type = '{kind}' "  # noqa: S608 - our own words
        f"AND written_at >= '{since.isoformat()}'"
    )
    return dict(platform.rows(service, query))


def _heard(
    platform: PlatformOnBus, service: str, heard_by: str, wanted: dict[Any, Any]
) -> dict[Any, Any]:
    query = f"SELECT message_id, handled_at FROM inbox WHERE heard_by = '{heard_by}'"  # noqa: S608
    return {i: at for i, at in platform.rows(service, query) if i in wanted}


def _spread(waits: list[Any]) -> dict[str, float]:
    seconds = [wait.total_seconds() for wait in waits]
    return {
        "p50_ms": round(percentile(seconds, 0.5) * 1000),
        "p99_ms": round(percentile(seconds, 0.99) * 1000),
        "max_ms": round(max(seconds) * 1000),
    }
