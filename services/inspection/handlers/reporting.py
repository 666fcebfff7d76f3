"""What is told to those who look after the installation."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from services.inspection.handlers import alarms
from services.inspection.model import ColourCounts, DayLine
from services.inspection.store import chain, days, reds


def status(session: Session, *, today: date) -> dict[str, Any]:
    """Counts on the last evaluated day, the last line and run, what is wrong; fit for JSON."""
    objects, of_objects, of_duties = chain.counted(session, days.stands_on(session) or today)
    line, run = chain.last_line(session), days.last_run(session)
    return {
        "objects": objects,
        "objects_evaluated": of_objects.total,
        "objects_by_colour": asdict(of_objects),
        "duties_by_colour": asdict(of_duties),
        "warnings": reds.count(session),
        "last_attestation": told(line) if line else None,
        "last_evaluation": None
        if run is None
        else {
            "on": run.evaluated_on.isoformat(),
            "started_at": run.started_at.isoformat(),
            "finished_at": run.finished_at.isoformat() if run.finished_at else None,
            "changed": run.changed,
            "turned_red": run.turned_red,
        },
        "alarms": [asdict(alarm) for alarm in alarms.alarms(session, today=today)],
    }


def told(line: DayLine) -> dict[str, Any]:
    """A line of the attestation, fit for JSON."""
    return {
        "number": line.number,
        "on": line.on.isoformat(),
        "run": line.run,
        "objects": line.objects,
        "evaluated": line.evaluated,
        "complete": line.complete,
        **_by_colour(line.of_objects),
        "duties": _by_colour(line.of_duties),
        "rule_version": line.rule_version,
        "attested_at": line.attested_at.isoformat(),
        "previous_hash": line.previous_hash,
        "hash": line.hash,
    }


def _by_colour(counts: ColourCounts) -> dict[str, int]:
    return asdict(counts)
