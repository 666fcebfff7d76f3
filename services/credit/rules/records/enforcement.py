"""执法和监管来的记录 — what follows from orders, refusals and decided cases.

One pure function for each kind of origin, from all that is known of it, so that any order
of messages ends in the same record. What a case found out in detail (违法事实) is not taken
over: it may name persons; the kind of violation, the penalty and the basis are enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from services.chassis.policy import Policy
from services.credit.model import (
    Content,
    Ground,
    GroundKind,
    Heard,
    OriginFacts,
    Record,
    RecordState,
    RecordStep,
    record_id_of,
)
from services.credit.rules.records.ending import correct, perform, withdraw
from services.credit.rules.records.entering import enter
from services.credit.rules.records.rewriting import change_decision
from services.events.contract import Event
from services.events.credit import RecordKind, RecordSource, Severity
from services.events.inspection import (
    CaseClosed,
    CaseDecided,
    CaseEnd,
    DecisionChange,
    DecisionChanged,
    OrderClosed,
    OrderEnd,
    OrderOverdue,
    PenaltyKind,
    RefusalGround,
    RefusalRecorded,
    RefusalWithdrawn,
)

RESTRICTING = frozenset(
    {
        PenaltyKind.STOPPED,
        PenaltyKind.SHUT,
        PenaltyKind.REVOKED,
        PenaltyKind.RESTRICTED,
        PenaltyKind.BARRED,
    }
)
REFUSED = {
    RefusalGround.WRITTEN: "书面拒绝整改",
    RefusalGround.OVERDUE_AGAIN: "再次逾期未整改",
    RefusalGround.OBSTRUCTION: "阻挠监督检查",
    RefusalGround.GRAVE: "违法情节严重",
}
PLATFORM = "监督检查记录"
E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Standing:
    """The enterprise's names, the day and the policy: what every step needs to know."""

    own: Sequence[str | None]
    authority: str
    today: date
    policy: Policy


def settle_case(
    known: OriginFacts, record: Record | None, standing: Standing
) -> list[RecordStep]:
    """行政处罚决定作出的,拟制行政处罚信息;决定被变更的随之变更,被撤销或确认违法的立即撤回;
    履行完毕而结案的,记为已履行义务.
    """
    decided, decision = _of(known, CaseDecided)
    if decided is None or decision is None:
        return []
    steps: list[RecordStep] = []
    if record is None:
        steps.append(_enter_penalty(known, decided, decision, standing))
        record = steps[0].record
    if record.state is RecordState.ENDED:
        return steps
    changed, change = _of(known, DecisionChanged, after=decided)
    if gone := _fallen(known, changed, change):
        because = "所依据的处罚决定已被撤销、变更为不予公示,或者被确认违法。"
        return [*steps, _withdraw(record, because, gone, standing)]
    if changed is not None and change is not None and changed.revision > record.taken_in:
        steps += _change(record, changed, change, standing)
        record = steps[-1].record if steps else record
    return steps + _performed(known, record, standing)


def settle_order(
    known: OriginFacts, record: Record | None, standing: Standing
) -> list[RecordStep]:
    """责令整改到期未整改的,拟制不良信息待审核;公示前已整改或通知书撤回的撤回,公示后整改的注明."""
    overdue, order = _of(known, OrderOverdue)
    if overdue is None or order is None:
        return []
    steps: list[RecordStep] = []
    if record is None:
        steps.append(_enter_overdue(known, overdue, order, standing))
        record = steps[0].record
    closed, closing = _of(known, OrderClosed, after=overdue)
    if record.state is RecordState.ENDED or closed is None or closing is None:
        return steps
    if closing.end is OrderEnd.WITHDRAWN:
        return [*steps, _withdraw(record, "责令整改通知书已撤回。", closed, standing)]
    if record.published_on is None:
        return [*steps, _withdraw(record, "公示前已经整改到位。", closed, standing)]
    if record.corrected_on != closing.closed_on:
        steps.append(
            correct(
                record,
                corrected_on=closing.closed_on,
                today=standing.today,
                caused_by=closed.message_id,
            )
        )
    return steps


def settle_refusal(
    known: OriginFacts, record: Record | None, standing: Standing
) -> list[RecordStep]:
    """拒绝整改或者严重违法记录在案的,拟制列入名单的建议,前提齐备方可公示;记录撤回的,随之撤回."""
    recorded, refusal = _of(known, RefusalRecorded)
    if recorded is None or refusal is None:
        return []
    steps: list[RecordStep] = []
    if record is None:
        steps.append(_enter_refusal(known, recorded, refusal, standing))
        record = steps[0].record
    undone, _ = _of(known, RefusalWithdrawn, after=recorded)
    if record.state is RecordState.ENDED or undone is None:
        return steps
    return [*steps, _withdraw(record, "拒绝整改或严重违法的记录已撤回。", undone, standing)]


def _of(
    known: OriginFacts, kind: type[E], *, after: Heard | None = None
) -> tuple[Heard | None, E | None]:
    """The newest message of a kind, unless something newer than it began the matter again."""
    heard = known.facts.get(kind.full_name)
    if heard is None or not isinstance(heard.event, kind):
        return None, None
    if after is not None and heard.revision <= after.revision:
        return None, None
    return heard, heard.event


def _fallen(
    known: OriginFacts, changed: Heard | None, change: DecisionChanged | None
) -> Heard | None:
    """What took the decision away, if something did."""
    if changed is not None and change is not None:
        gone = change.what in {DecisionChange.ANNULLED, DecisionChange.UNLAWFUL}
        if gone or change.content is None:
            return changed
    closed, closing = _of(known, CaseClosed)
    if closing is not None and closing.end is CaseEnd.ANNULLED:
        return closed
    return None


def _performed(known: OriginFacts, record: Record, standing: Standing) -> list[RecordStep]:
    """What the closing of the case says of its performance, unless the record says it."""
    closed, closing = _of(known, CaseClosed)
    if closed is None or closing is None or record.state is RecordState.ENDED:
        return []
    done_on = closing.closed_on if closing.end is CaseEnd.PERFORMED else None
    if done_on == record.duties_done_on:
        return []
    return [perform(record, done_on=done_on, today=standing.today, caused_by=closed.message_id)]


def _change(
    record: Record, changed: Heard, change: DecisionChanged, standing: Standing
) -> list[RecordStep]:
    unpublished = not standing.policy.flag("warning_only_is_published", on=standing.today)
    if record.published_on is not None and change.warning_only and unpublished:
        return [_withdraw(record, "处罚变更为警告,不予公示。", changed, standing)]
    content = replace(
        record.content,
        severity=Severity(change.violation_class.value),
        penalty=change.content,
        warning_only=change.warning_only,
        restricting=bool(RESTRICTING & set(change.kinds)),
    )
    steps = change_decision(
        record,
        content,
        own=standing.own,
        today=standing.today,
        policy=standing.policy,
        caused_by=changed.message_id,
    )
    return [
        replace(step, record=replace(step.record, taken_in=changed.revision)) for step in steps
    ]


def _enter_penalty(
    known: OriginFacts, decided: Heard, decision: CaseDecided, standing: Standing
) -> RecordStep:
    content = Content(
        severity=Severity(decision.violation_class.value),
        content=decision.violation,
        basis=decision.legal_basis,
        authority=decision.authority,
        document_number=decision.number,
        decided_on=decision.decided_on,
        penalty=decision.content,
        warning_only=decision.warning_only,
        restricting=bool(RESTRICTING & set(decision.kinds)),
    )
    on_file = [GroundKind.SOURCE_DOCUMENT]
    on_file += [GroundKind.ORDINARY_PROCEDURE] if decision.ordinary_procedure else []
    on_file += [GroundKind.HEAVIER_PENALTY] if decision.heavier else []
    grounds = tuple(
        Ground(
            kind=kind,
            on=decision.decided_on,
            by=PLATFORM,
            words="见行政处罚决定书",
            document_number=decision.number,
            authority=decision.authority,
        )
        for kind in on_file
    )
    return _entered(
        known, decided, RecordKind.PENALTY, RecordSource.ENFORCEMENT, content, grounds, standing
    )


def _enter_overdue(
    known: OriginFacts, overdue: Heard, order: OrderOverdue, standing: Standing
) -> RecordStep:
    content = Content(
        severity=Severity.SLIGHT,
        content="责令整改到期未整改",
        basis="责令整改通知书所载期限",
        authority=standing.authority,
        document_number=order.number,
        decided_on=order.overdue_on,
    )
    ground = Ground(
        kind=GroundKind.SOURCE_DOCUMENT,
        on=order.overdue_on,
        by=PLATFORM,
        words="责令整改通知书到期未整改",
        document_number=order.number,
        authority=standing.authority,
    )
    return _entered(
        known,
        overdue,
        RecordKind.BAD_INFORMATION,
        RecordSource.SUPERVISION,
        content,
        (ground,),
        standing,
    )


def _enter_refusal(
    known: OriginFacts, recorded: Heard, refusal: RefusalRecorded, standing: Standing
) -> RecordStep:
    words = REFUSED[refusal.ground]
    content = Content(
        severity=Severity.SERIOUS,
        content=words,
        basis="监督检查中记录在案的拒绝整改或者严重违法",
        authority=standing.authority,
        decided_on=refusal.recorded_on,
    )
    grounds = tuple(
        Ground(
            kind=kind,
            on=refusal.recorded_on,
            by=PLATFORM,
            words=words,
            authority=standing.authority,
        )
        for kind in (GroundKind.SOURCE_DOCUMENT, GroundKind.REFUSAL)
    )
    return _entered(
        known,
        recorded,
        RecordKind.SERIOUS_LIST,
        RecordSource.SUPERVISION,
        content,
        grounds,
        standing,
    )


def _entered(
    known: OriginFacts,
    heard: Heard,
    kind: RecordKind,
    source: RecordSource,
    content: Content,
    grounds: tuple[Ground, ...],
    standing: Standing,
) -> RecordStep:
    enterprise_id, division = _whose(heard.event)
    step = enter(
        record_id_of(known.origin_id),
        enterprise_id=enterprise_id,
        division=division,
        kind=kind,
        source=source,
        content=content,
        grounds=grounds,
        by=None,
        today=standing.today,
        policy=standing.policy,
        origin=known.origin_id,
        caused_by=heard.message_id,
    )
    return replace(step, record=replace(step.record, taken_in=heard.revision))


def _whose(event: Event) -> tuple[UUID, str]:
    match event:
        case CaseDecided() | OrderOverdue() | RefusalRecorded():
            return event.enterprise_id, event.division
        case _:
            raise ValueError(f"{event.full_name} begins no record")


def _withdraw(record: Record, because: str, gone: Heard, standing: Standing) -> RecordStep:
    return withdraw(record, because=because, today=standing.today, caused_by=gone.message_id)
