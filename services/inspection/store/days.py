"""The day that all colours stand for, the rules applied, runs of the evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table as SqlTable, delete, insert, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_new, upsert
from services.inspection.store.tables import (
    AppliedRuleRow,
    EvaluationRow,
    StandingRow,
    UnattestedRow,
)

STANDING: SqlTable = StandingRow.__table__  # type: ignore[assignment]
APPLIED: SqlTable = AppliedRuleRow.__table__  # type: ignore[assignment]
_THE_ROW = 1


@dataclass(frozen=True)
class Run:
    """One run of the evaluation; not finished: it was interrupted."""

    evaluated_on: date
    started_at: datetime
    finished_at: datetime | None
    changed: int
    turned_red: int


def stands_on(session: Session) -> date | None:
    """The day that all colours stand for; None: nothing has been heard or evaluated yet."""
    return session.scalar(select(StandingRow.stands_on))


def applied_version(session: Session) -> str | None:
    """The version of the rules that all duties were derived by."""
    return session.scalar(select(StandingRow.rule_version))


def begin(session: Session, on: date, rule_version: str) -> bool:
    """Let everything stand for a first day. False: another transaction was first."""
    row = {"id": _THE_ROW, "stands_on": on, "rule_version": rule_version}
    return bool(insert_new(session, STANDING, [row], returning=STANDING.c.id))


def go_on_to(session: Session, on: date) -> None:
    """From here on everything stands for a later day; what is not evaluated yet is found."""
    session.execute(update(StandingRow).where(StandingRow.stands_on < on).values(stands_on=on))


def lock_standing(session: Session) -> date | None:
    """Let only one transaction attest at a time. The day that everything stands for."""
    return session.scalar(select(StandingRow.stands_on).with_for_update())


def applied_rules(session: Session) -> dict[str, AppliedRuleRow]:
    """The rules as the duties were last derived by them."""
    return {row.rule_id: row for row in session.scalars(select(AppliedRuleRow))}


def set_applied(session: Session, rows: Sequence[dict[str, Any]], version: str) -> None:
    """All duties are derived by these rules now."""
    wanted = [row["rule_id"] for row in rows]
    session.execute(delete(AppliedRuleRow).where(AppliedRuleRow.rule_id.not_in(wanted)))
    upsert(session, APPLIED, rows, key=["rule_id"])
    session.execute(update(StandingRow).values(rule_version=version))


def note_change(session: Session) -> None:
    """This transaction changes something that the last attestation does not tell."""
    session.execute(insert(UnattestedRow), [{"id": uuid4()}])


def forget_changes(session: Session) -> None:
    """What was noted so far is seen by the attestation that counts after this."""
    session.execute(delete(UnattestedRow))


def is_attested_as_it_is(session: Session) -> bool:
    """Whether nothing has changed since the last attestation."""
    return session.execute(select(UnattestedRow.id).limit(1)).first() is None


def start_run(session: Session, on: date, *, at: datetime) -> UUID:
    """Note that an evaluation begins."""
    row = {"id": uuid4(), "evaluated_on": on, "started_at": at, "changed": 0, "turned_red": 0}
    session.execute(insert(EvaluationRow), [row])
    run_id: UUID = row["id"]  # type: ignore[assignment]
    return run_id


def finish_run(
    session: Session, run_id: UUID, *, at: datetime, changed: int, turned_red: int
) -> None:
    """Note what an evaluation did."""
    done = {"finished_at": at, "changed": changed, "turned_red": turned_red}
    session.execute(update(EvaluationRow).where(EvaluationRow.id == run_id).values(**done))


def last_run(session: Session) -> Run | None:
    """The evaluation that began last."""
    columns = [getattr(EvaluationRow, name) for name in Run.__dataclass_fields__]
    latest = select(*columns).order_by(EvaluationRow.started_at.desc()).limit(1)
    row = session.execute(latest).first()
    return Run(*row) if row else None
