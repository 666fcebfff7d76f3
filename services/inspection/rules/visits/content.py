"""检查记录 — the record of a visit: read from what was saved, and what stands for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.events.inspection import VisitOutcome
from services.events.registry import DutyKind, ObjectStatus
from services.inspection.model.visits import (
    Answer,
    Content,
    Finding,
    PassingRecord,
    StatusChange,
)

EMPTY: dict[str, Any] = {
    "answers": [],
    "passing_records": [],
    "changes": [],
    "outcome": None,
    "summary": "",
}


def read(saved: Mapping[str, Any]) -> Content:
    """What was saved, as values. The API has checked its shape."""
    return Content(
        answers=tuple(
            Answer(
                object_id=UUID(row["object_id"]) if row["object_id"] else None,
                item=row["item"],
                finding=Finding(row["finding"]),
                note=row["note"],
                evidence=tuple(row["evidence"]),
            )
            for row in saved["answers"]
        ),
        passing_records=tuple(_passing(row) for row in saved["passing_records"]),
        changes=tuple(
            StatusChange(
                object_id=UUID(row["object_id"]),
                status=ObjectStatus(row["status"]),
                since=date.fromisoformat(row["since"]),
                note=row["note"],
            )
            for row in saved["changes"]
        ),
        outcome=VisitOutcome(saved["outcome"]) if saved["outcome"] else None,
        summary=saved["summary"],
    )


def digest(saved: Mapping[str, Any]) -> str:
    """签字针对签字时的记录: SHA-256 of the record; whatever is changed after it is unsigned."""
    canonical = json.dumps(saved, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def _passing(row: Mapping[str, Any]) -> PassingRecord:
    stated = row["stated_due_on"]
    return PassingRecord(
        object_id=UUID(row["object_id"]),
        duty=DutyKind(row["duty"]),
        done_on=date.fromisoformat(row["done_on"]),
        stated_due_on=date.fromisoformat(stated) if stated else None,
        cycle_months=row["cycle_months"],
        body=row["body"],
        certificate=row["certificate"],
    )
