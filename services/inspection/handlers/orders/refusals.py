"""A refusal or a grave violation is recorded, or taken back."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.events.inspection import RefusalGround, RefusalRecorded, RefusalWithdrawn
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.announcing import OfRefusal, say
from services.inspection.model.orders import Order, Refusal
from services.inspection.model.procedure import Taken
from services.inspection.rules import offences
from services.inspection.rules.orders import refusing
from services.inspection.store import acts, refusals


def about_order(order: Order, ground: RefusalGround, statement: str, acting: Acting) -> Refusal:
    """A refusal that concerns everything which an order still asks for."""
    known = offences.matters(acting.policy, on=acting.today)
    asked = [item for item in order.items if not item.ended]
    objects = dict.fromkeys(item.object_id for item in asked if item.object_id)
    return Refusal(
        refusal_id=uuid4(),
        enterprise_id=order.enterprise_id,
        division=order.division,
        ground=ground,
        recorded_on=acting.today,
        order_id=order.order_id,
        case_id=order.case_id,
        object_ids=tuple(objects),
        endangers_safety=any(
            known[item.matter].endangers for item in asked if item.matter in known
        ),
        statement=statement,
    )


def record(
    session: Session,
    refusal: Refusal,
    order: Order | None,
    acting: Acting,
    *,
    serious: bool = False,
) -> tuple[Refusal, UUID]:
    """Put it on file and tell it. Returns it, and the id of the message.

    *serious*: a decided case found the violation serious. Raises NotAllowed.
    """
    taken = refusing.record(
        refusal, order, serious=serious, today=acting.today, policy=acting.policy
    )
    kept = _kept(session, taken, acting)
    event = RefusalRecorded(
        refusal_id=kept.refusal_id,
        revision=kept.revision,
        enterprise_id=kept.enterprise_id,
        division=kept.division,
        ground=kept.ground,
        recorded_on=kept.recorded_on,
        order_id=kept.order_id,
        case_id=kept.case_id,
        object_ids=kept.object_ids,
        endangers_safety=kept.endangers_safety,
    )
    return kept, say(session, event, caused_by=acting.caused_by)


def take_back(
    session: Session, refusal_id: UUID, *, because: str, acting: Acting
) -> tuple[Refusal, UUID]:
    """It did not hold. Returns it, and the id of the message. Raises Unknown, NotAllowed."""
    known = refusals.lock(session, refusal_id, scope=acting.scope)
    if known is None:
        raise Unknown(
            "no_such_refusal", f"没有编号为 {refusal_id} 的拒绝整改记录, 或不在管辖范围内"
        )
    taken = refusing.take_back(known, because=because, today=acting.today)
    kept = _kept(session, taken, acting)
    event: OfRefusal = RefusalWithdrawn(
        refusal_id=kept.refusal_id,
        revision=kept.revision,
        enterprise_id=kept.enterprise_id,
        division=kept.division,
        withdrawn_on=acting.today,
        reason=because,
    )
    return kept, say(session, event, caused_by=acting.caused_by)


def _kept(session: Session, taken: Taken[Refusal], acting: Acting) -> Refusal:
    filed = acts.add(
        session,
        taken.after.refusal_id,
        taken.acts,
        after=taken.after.acts,
        on=acting.today,
        by=acting.by,
        at=acting.at,
        caused_by=acting.caused_by,
        policy_version=acting.policy.version(on=acting.today),
    )
    revision = outbox.revision_after(taken.after.revision)
    kept = replace(taken.after, acts=filed, revision=revision)
    refusals.save(session, kept)
    return kept
