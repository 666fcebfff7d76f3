"""What a named person does with records: load, decide, save, announce."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.policy import Policy
from services.chassis.scope import Scope
from services.credit import store
from services.credit.handlers.deciding import Unknown
from services.credit.handlers.records.keeping import keep_steps
from services.credit.model import Content, Ground, Record, RecordState, RecordStep
from services.credit.rules.records import ending, entering, grounds, publishing, rewriting
from services.events.credit import RecordKind, RecordSource

Own = Sequence[str | None]


@dataclass(frozen=True, kw_only=True)
class Act:
    """Who acts, on which day, for whose rows, by which policy."""

    scope: Scope
    by: str
    today: date
    policy: Policy
    outside: bool = False  # for a party or another department, not for the bureau


def enter_record(
    session: Session,
    act: Act,
    *,
    enterprise_id: UUID,
    kind: RecordKind,
    source: RecordSource,
    content: Content,
    grounds_on_file: Sequence[Ground],
    supersedes: UUID | None = None,
) -> Record:
    """来源信息登记在案: a record, or of the press a lead. Raises Unknown, NotAllowed."""
    enterprise = store.enterprise(session, enterprise_id)
    if enterprise is None or not act.scope.covers(enterprise.division):
        raise Unknown(enterprise_id)
    if act.outside:
        entering.check_from_outside(source, grounds_on_file)
    if supersedes is not None:
        former = store.records(session, [supersedes]).get(supersedes)
        together = aliases.together(session, enterprise_id)
        entering.check_superseded(former, enterprise_id, together)
    step = entering.enter(
        uuid4(),
        enterprise_id=enterprise_id,
        division=enterprise.division,
        kind=kind,
        source=source,
        content=content,
        by=act.by,
        today=act.today,
        policy=act.policy,
    )
    steps = [replace(step, record=replace(step.record, supersedes=supersedes))]
    for ground in grounds_on_file:
        steps.append(
            grounds.file_ground(
                steps[-1].record, ground, by=act.by, today=act.today, policy=act.policy
            )
        )
    return keep_steps(session, steps, {}, today=act.today, policy=act.policy)[-1].record


def file_ground(session: Session, act: Act, record_id: UUID, ground: Ground) -> Record:
    """补充一项前提. Raises Unknown, NotAllowed."""
    return _one(
        session,
        act,
        record_id,
        lambda record, _: grounds.file_ground(
            record, ground, by=act.by, today=act.today, policy=act.policy
        ),
    )


def verify(session: Session, act: Act, record_id: UUID, ground: Ground) -> Record:
    """核实线索. Raises Unknown, NotAllowed."""
    return _one(
        session,
        act,
        record_id,
        lambda record, _: entering.verify(record, ground, by=act.by, today=act.today),
    )


def rewrite(
    session: Session, act: Act, record_id: UUID, content: Content, *, because: str
) -> Record:
    """改写公示内容. Raises Unknown, NotAllowed."""
    return _one(
        session,
        act,
        record_id,
        lambda record, own: rewriting.rewrite(
            record,
            content,
            own=own,
            by=act.by,
            because=because,
            today=act.today,
            policy=act.policy,
        ),
    )


def publish(session: Session, act: Act, record_id: UUID) -> Record:
    """公示;疑含个人信息的停止公示. Asked again, it has been done. Raises Unknown, NotAllowed."""
    record, own = locked(session, act.scope, record_id)
    if record.state is RecordState.PUBLISHED:
        return record
    step = publishing.publish(record, own=own, by=act.by, today=act.today, policy=act.policy)
    return _kept(session, act, record, [step])


def withdraw(session: Session, act: Act, record_id: UUID, *, because: str) -> Record:
    """撤回. Asked again, it has been done. Raises Unknown, NotAllowed."""
    record, _ = locked(session, act.scope, record_id)
    if record.state is RecordState.ENDED:
        return record
    step = ending.withdraw(record, because=because, by=act.by, today=act.today)
    return _kept(session, act, record, [step])


def annul(session: Session, act: Act, record_id: UUID, *, annulled_on: date) -> Record:
    """登记决定被撤销. Raises Unknown, NotAllowed."""
    return _one(
        session,
        act,
        record_id,
        lambda record, _: ending.annul(
            record, annulled_on=annulled_on, by=act.by, today=act.today, policy=act.policy
        ),
    )


def resume(session: Session, act: Act, record_id: UUID, *, because: str) -> Record:
    """恢复公示. Raises Unknown, NotAllowed."""
    return _one(
        session,
        act,
        record_id,
        lambda record, own: ending.resume(
            record, own=own, by=act.by, because=because, today=act.today, policy=act.policy
        ),
    )


def correct(session: Session, act: Act, record_id: UUID, *, corrected_on: date) -> Record:
    """登记改正. Raises Unknown, NotAllowed."""
    return _one(
        session,
        act,
        record_id,
        lambda record, _: ending.correct(
            record, corrected_on=corrected_on, by=act.by, today=act.today
        ),
    )


def reply(session: Session, act: Act, record_id: UUID, *, words: str) -> Record:
    """企业回应;再次回应即为替换. Raises Unknown, NotAllowed."""
    return _one(
        session,
        act,
        record_id,
        lambda record, own: ending.reply(
            record, words, own=own, by=act.by, today=act.today, policy=act.policy
        ),
    )


def locked(session: Session, scope: Scope, record_id: UUID) -> tuple[Record, Own]:
    """The record once nobody else is at it, and the names of its enterprise. Raises Unknown."""
    record = store.locked_records(session, [record_id]).get(record_id)
    if record is None or not scope.covers(record.division):
        raise Unknown(record_id)
    return record, store.own_names(session, [record.enterprise_id])[record.enterprise_id]


def _one(
    session: Session,
    act: Act,
    record_id: UUID,
    decide: Callable[[Record, Own], RecordStep],
) -> Record:
    record, own = locked(session, act.scope, record_id)
    return _kept(session, act, record, [decide(record, own)])


def _kept(session: Session, act: Act, before: Record, steps: list[RecordStep]) -> Record:
    done = keep_steps(session, steps, {before.id: before}, today=act.today, policy=act.policy)
    return done[-1].record
