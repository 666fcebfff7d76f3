"""What an operator is told: the alarms, and the page docs/operations.md."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import alarms
from services.chassis.settings import SERVICES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def status_with(**changes: Any) -> dict[str, Any]:
    """What `bianque status --json` says when all is well, but for the changes of credit."""
    well = {"outbox_waiting": 0, "outbox_oldest_seconds": 0, "parked": 0, "facts": {}}
    services = {name: dict(well) for name in SERVICES}
    services["inspection"]["facts"] = {"last_attestation": {"on": "2026-11-20"}, "alarms": []}
    services["credit"].update(changes)
    return {"services": services, "queues": {"evt-a--b.c": 7, "evt-a--b.c.dead": 0}}


def told(status: dict[str, Any], *, at: str = "2026-11-20T23:00:00+08:00") -> list[str]:
    return list(alarms.alarms(status, now=datetime.fromisoformat(at)))


def test_nothing_is_said_when_all_is_well() -> None:
    assert told(status_with()) == []
    assert told(status_with(outbox_waiting=900, outbox_oldest_seconds=30)) == []


def test_events_that_cannot_leave_and_messages_that_are_parked_are_told() -> None:
    found = told(status_with(outbox_waiting=900, outbox_oldest_seconds=121.4, parked=2))

    assert found == [
        "credit: 900 events wait to leave, the oldest for 121 s",
        "credit: 2 messages are parked",
    ]


def test_a_queue_that_is_missing_and_messages_never_settled_are_told() -> None:
    status = status_with()
    status["queues"] = {"evt-a--b.c": None, "evt-a--b.c.dead": 3}

    assert told(status) == [
        "evt-a--b.c: the queue does not exist",
        "evt-a--b.c.dead: 3 messages that were never settled",
    ]


def test_a_day_without_its_attestation_is_told_an_hour_after_it_has_begun() -> None:
    assert told(status_with(), at="2026-11-21T00:59:00+08:00") == []
    assert told(status_with(), at="2026-11-21T01:01:00+08:00") == [
        "inspection: the last day attested is 2026-11-20"
    ]


def test_a_broken_chain_of_attestations_is_told() -> None:
    status = status_with()
    broken = {"code": "chain_broken", "detail": "存证第3号"}
    status["services"]["inspection"]["facts"] = {"last_attestation": None, "alarms": [broken]}

    assert told(status) == [
        "inspection: no day was ever attested",
        "inspection: chain_broken: 存证第3号",
    ]


@pytest.mark.parametrize(
    ("said", "code"), [("", 2), ("[]", 2), (json.dumps(status_with(parked=1)), 1)]
)
def test_the_exit_code_tells_whether_there_is_something(said: str, code: int) -> None:
    ran = subprocess.run(
        [sys.executable, str(DEPLOY / "alarms.py")],
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == code
    assert ran.stdout


def test_the_time_of_the_machine_does_not_matter() -> None:
    in_utc = datetime(2026, 11, 20, 16, 59, tzinfo=UTC)

    assert list(alarms.alarms(status_with(), now=in_utc)) == []


# --- the page for operators ----------------------------------------------------------------


def source() -> str:
    paths = sorted((ROOT / "services").rglob("*.py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_the_page_explains_every_metric_and_no_other() -> None:
    declared = re.findall(r"(?:Gauge|Counter|Histogram)\(\s*\"(bianque_\w+)\"", source())

    assert set(re.findall(r"`(bianque_\w+)", PAGE)) == set(declared)


def test_the_words_of_the_log_that_the_page_explains_are_said() -> None:
    table = PAGE.split("| word |", 1)[1].split("\n\n", 1)[0]
    words = [
        word
        for row in re.findall(r"(?m)^\| (`.+?) \|", table)
        for word in re.findall(r"`(\w+)`", row)
    ]

    assert words
    assert [word for word in words if f'"{word}"' not in source()] == []


def test_the_page_names_every_port_that_is_published() -> None:
    containers = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    ports = [port.split(":")[1] for c in containers.values() for port in c.get("ports", [])]

    assert [port for port in ports if port not in PAGE] == []


def test_files_that_the_page_names_exist() -> None:
    named = set(re.findall(r"deploy/[\w./-]*\w", PAGE))
    made = {"deploy/secrets", "deploy/.env", "deploy/compose.override.yaml"}

    assert [name for name in sorted(named - made) if not (ROOT / name).exists()] == []
