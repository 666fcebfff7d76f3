"""Yesterday's backup of inspection is restored: what is overdue acts once, nothing is stuck.

What had been said after the backup is said again, under the same names: whoever has heard it
knows it. What the days since then bring is said once.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.inspection.handlers import reminding
from services.inspection.store import cases, orders
from tests.services.inspection_stories import (
    POLICY,
    SHIPPED,
    announced,
    crane,
    done,
    evaluate,
    tell,
)
from tests.services.order_stories import Bureau, a_bureau

DUE_ON = date(2026, 4, 4)
NAMES = {
    "warning_turned_red": ("warning_id",),
    "duty_reminder_due": ("duty_id", "due_on", "rung"),
    "order_overdue": ("order_id", "overdue_on"),
}
Name = tuple[Any, ...]


def passes(bureau: Bureau, day: str) -> None:
    """All that a day brings by itself."""
    bureau.day(day)
    database, on = bureau.service.database, date.fromisoformat(day)
    evaluate(database, on)
    reminding.remind(database, on=on, policy=POLICY, table=SHIPPED)


def named(bureau: Bureau) -> Counter[Name]:
    """What was said, by the names under which a hearer knows it again."""
    return Counter(
        (kind, *(message["data"][field] for field in fields))
        for kind, fields in NAMES.items()
        for message in announced(bureau.service.database, kind)
    )


def test_what_is_overdue_acts_once_and_nothing_is_stuck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, backup = tmp_path / "inspection.db", tmp_path / "backup.db"
    url = f"sqlite:///{path}"
    with a_bureau(url, tmp_path, monkeypatch) as bureau:
        passing = done(date(2024, 4, 4), due_on=DUE_ON)
        tell(bureau.service.database, crane(1, passing), today=date(2026, 3, 2))
        bureau.issue(bureau.knows())  # put right by 2 April
        passes(bureau, "2026-04-01")
        with sqlite3.connect(path) as live, sqlite3.connect(backup) as kept:
            live.backup(kept)
        before = named(bureau)
        passes(bureau, "2026-04-05")
        lost = named(bureau) - before

    path.unlink()
    for beside in tmp_path.glob("inspection.db-*"):
        beside.unlink()
    backup.rename(path)
    with a_bureau(url, tmp_path, monkeypatch) as bureau:
        for day in ("2026-04-06", "2026-04-06", "2026-04-12"):
            passes(bureau, day)
        again = named(bureau) - before

        assert {kind for kind, *_ in lost} == set(NAMES)
        told_of = {name for name in again if name[0] != "duty_reminder_due"}
        assert told_of == {name for name in lost if name[0] != "duty_reminder_due"}
        assert set(again.values()) == {1}
        rungs = [name[3] for name in again if name[0] == "duty_reminder_due"]
        assert sorted(rungs, reverse=True) == rungs == [0, -7]
        with bureau.service.database.reading() as session:
            on = date(2026, 4, 12)
            assert orders.count_due(session, today=on) == cases.count_due(session, today=on)
            assert cases.count_due(session, today=on) == 0
