"""Traits and duty records as they are kept: text that one can read in the table.

traits   grade 3;NH3
records  inspection/2013-05-20/2014-05-31/;selftest/2013-05-20//12
person   {"name": ..., "number": ..., "phone": ...}, and that only sealed
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from services.events.registry import DutyKind, DutyRecord

REMEMBERED = 20_000  # the same dates come again and again


@lru_cache(REMEMBERED)
def packed_traits(traits: tuple[str, ...]) -> str | None:
    """None for none. A trait never holds the mark between them: cells are cut at it."""
    return ";".join(traits) or None


@lru_cache(REMEMBERED)
def traits_of(packed: str | None) -> tuple[str, ...]:
    """What was packed."""
    return tuple(packed.split(";")) if packed else ()


@lru_cache(REMEMBERED)
def packed_records(records: tuple[DutyRecord, ...]) -> str | None:
    """None for none."""
    return ";".join(map(_packed, records)) or None


def _packed(record: DutyRecord) -> str:
    done_on = record.done_on.isoformat() if record.done_on else ""
    stated_due_on = record.stated_due_on.isoformat() if record.stated_due_on else ""
    return f"{record.duty.value}/{done_on}/{stated_due_on}/{record.cycle_months or ''}"


@lru_cache(REMEMBERED)
def records_of(packed: str | None) -> tuple[DutyRecord, ...]:
    """What was packed."""
    return tuple(map(_record, packed.split(";"))) if packed else ()


def _record(packed: str) -> DutyRecord:
    duty, done_on, stated_due_on, cycle_months = packed.split("/")
    return DutyRecord(
        duty=DutyKind(duty),
        done_on=date.fromisoformat(done_on) if done_on else None,
        stated_due_on=date.fromisoformat(stated_due_on) if stated_due_on else None,
        cycle_months=int(cycle_months) if cycle_months else None,
    )


def packed_person(whole: Mapping[str, str | None]) -> str:
    """What is to be sealed of a person: always written the same way."""
    return json.dumps(
        {name: word for name, word in whole.items() if word}, ensure_ascii=False, sort_keys=True
    )


def person_of(packed: str) -> dict[str, str]:
    """What was packed."""
    person: dict[str, str] = json.loads(packed)
    return person
