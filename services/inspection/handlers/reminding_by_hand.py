"""批量提醒 — the bureau has enterprises reminded of many duties at once, after a preview.

What is sent is decided again when it is sent, with the objects locked: two officers who send the
same at the same moment remind once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.chassis.outbox import Saying
from services.events.inspection import DutyRemindedByHand
from services.events.registry import ObjectKind
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.model.reminding import Line, Outcome, Owed
from services.inspection.rules import reminders as ladders, reminding_by_hand as rules
from services.inspection.rules.rule_table import RuleTable
from services.inspection.rules.words import apply_by
from services.inspection.store import duties, hand_reminders, listing, reminders
from services.inspection.store.listing import Wanted


@dataclass(frozen=True)
class Batch:
    """What a batch told, and what it passed over."""

    batch_id: UUID
    lines: Sequence[Line]


def preview(
    session: Session, chosen: Sequence[UUID] | Wanted, *, table: RuleTable, acting: Acting
) -> dict[str, Any]:
    """What would be told to whom, and what was told lately. Raises Unknown, NotAllowed.

    chosen  duties, or all that a filter of the worklist finds
    """
    duty_ids = _found(session, chosen) if isinstance(chosen, Wanted) else chosen
    lines = _lines(session, duty_ids, acting)
    telling = [each.owed for each in lines if each.outcome is Outcome.TELL]
    policy, today = acting.policy, acting.today
    return {
        "items": [_shown(each) for each in lines],
        "told": len(telling),
        "passed_over": len(lines) - len(telling),
        "enterprises": len({owed.firm for owed in telling}),
        "quiet_days": policy.number("hand_reminder_quiet_days", on=today),
        "most": policy.number("hand_reminder_most", on=today),
        "sample": _saying(telling[0], table, acting).event.to_wire() if telling else None,
    }


def send(
    session: Session, duty_ids: Sequence[UUID], *, table: RuleTable, acting: Acting
) -> Batch:
    """Have them told, each once, as far as they need it. Raises Unknown, NotAllowed."""
    duties.lock_objects_of(session, list(duty_ids))
    lines = _lines(session, duty_ids, acting)
    telling = [each.owed for each in rules.somebody(lines)]
    batch_id = uuid4()
    new = hand_reminders.note(session, batch_id, telling, on=acting.today)
    hand_reminders.add_batch(
        session,
        batch_id,
        at=acting.at,
        by=acting.by or "",
        told=len(new),
        passed_over=len(lines) - len(new),
        policy_version=acting.policy.version(on=acting.today),
    )
    outbox.announce_all(
        session, (_saying(each, table, acting) for each in telling if each.duty_id in new)
    )
    return Batch(batch_id, lines)


def sent(session: Session, batch_id: UUID, acting: Acting) -> dict[str, Any]:
    """A batch with what it told within the scope. Raises Unknown."""
    known = hand_reminders.batch(session, batch_id)
    told = hand_reminders.told_in(session, batch_id, acting.scope)
    if known is None or not told:
        raise Unknown("no_such_batch", f"没有编号为 {batch_id} 的提醒, 或不在管辖范围内")
    return known | {"items": told}


def _found(session: Session, wanted: Wanted) -> list[UUID]:
    return [row["duty_id"] for row in listing.warnings(session, wanted)]


def _lines(session: Session, duty_ids: Sequence[UUID], acting: Acting) -> list[Line]:
    policy, today = acting.policy, acting.today
    wanted = set(duty_ids)
    rules.few_enough(len(wanted), policy=policy, today=today)
    found = hand_reminders.owed(session, wanted, acting.scope)
    if gone := wanted - {each.duty_id for each in found}:
        one = min(gone, key=str)
        raise Unknown("no_such_duty", f"没有编号为 {one} 的事项 (duty_ids), 或不在管辖范围内")
    told = hand_reminders.last_told(session, wanted)
    digests = reminders.last_digests(session, {each.enterprise_id for each in found})
    since = rules.quiet_since(policy, today=today)
    ladder = ladders.ladder(policy, on=today)
    return [
        rules.line(
            each,
            told.get(each.duty_id),
            digests.get(each.enterprise_id),
            since=since,
            ladder=ladder,
        )
        for each in found
    ]


def _shown(line: Line) -> dict[str, Any]:
    names = ("duty_id", "object_id", "division", "kind", "label", "duty", "due_on", "colour")
    owed = line.owed
    return {
        **{name: getattr(owed, name) for name in names},
        "enterprise_id": owed.firm,
        "outcome": line.outcome,
        "told_on": line.told_on,
    }


def _saying(owed: Owed, table: RuleTable, acting: Acting) -> Saying:
    if owed.due_on is None:
        raise ValueError(f"duty {owed.duty_id} has no day to remind of: rules.line let it pass")
    event = DutyRemindedByHand(
        duty_id=owed.duty_id,
        revision=outbox.revision_after(None),
        enterprise_id=owed.enterprise_id,
        division=owed.division,
        object_id=owed.object_id,
        object_kind=owed.kind,
        class_code=owed.class_code,
        object_label=None if owed.kind is ObjectKind.OPERATOR else owed.label,
        duty=owed.duty,
        due_on=owed.due_on,
        days_left=(owed.due_on - acting.today).days,
        told_on=acting.today,
        apply_by_on=apply_by(
            table.wording(owed.rule_id) if owed.rule_id else None, owed.due_on
        ),
    )
    return Saying(event, f"duty/{owed.duty_id}")
