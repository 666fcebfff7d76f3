"""Merge, and undo: a person has found that two enterprises are one, or that they are not.

Nothing is moved and nothing is lost: objects, products, keys and statements stay with the
enterprise they were recorded for, and the one that is merged stands under the survivor.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis import aliases, clock, outbox
from services.chassis.aliases import Link
from services.chassis.scope import Scope
from services.events.registry import EnterprisesMerged, MergeUndone
from services.registry.rules import merging as rules
from services.registry.rules.merging import NotMergeable
from services.registry.store import candidates, merges


class Unknown(Exception):
    """There is no such thing, or the scope does not cover it."""

    def __init__(self, thing: str, of: UUID) -> None:
        super().__init__(thing, of)
        self.thing = thing
        self.of = of


def proposed_survivor(session: Session, one: UUID, other: UUID, *, scope: Scope) -> UUID:
    """Which of two would stand for both, if nobody chooses. Raises Unknown."""
    known = _sides(session, (one, other), scope)
    return rules.stands_for_both(known[one], known[other])


def merge_two(
    session: Session,
    one: UUID,
    other: UUID,
    *,
    survivor: UUID | None,
    scope: Scope,
    by: str,
    reason: str | None,
) -> dict[str, Any]:
    """The one that was chosen stands for both, else the one that the rule proposes.

    Raises Unknown, NotMergeable.
    """
    if survivor is None:
        survivor = proposed_survivor(session, one, other, scope=scope)
    if survivor not in (one, other):
        raise NotMergeable("survivor_is_neither", "保留的档案应为这两家企业之一")
    merged = other if survivor == one else one
    return merge(session, survivor, merged, scope=scope, by=by, reason=reason)


def merge(
    session: Session, survivor: UUID, merged: UUID, *, scope: Scope, by: str, reason: str | None
) -> dict[str, Any]:
    """One enterprise stands for two from now on. Raises Unknown, NotMergeable.

    Who stands under another one already is meant by that other one.
    """
    roots = aliases.roots(session, (survivor, merged))
    survivor, merged = roots[survivor], roots[merged]
    known = _sides(session, (survivor, merged), scope)
    rules.check(known[survivor], known[merged], reason=reason)
    revision = outbox.revision_after(aliases.revision_of(session, merged))
    aliases.note(session, [Link(merged, survivor, revision)])
    merge_id, now = uuid4(), clock.now()
    merges.note(
        session,
        {
            "id": merge_id,
            "survivor_id": survivor,
            "merged_id": merged,
            "reason": reason,
            "merged_at": now,
            "merged_by": by,
        },
    )
    event = EnterprisesMerged(
        merge_id=merge_id,
        revision=revision,
        survivor_id=survivor,
        merged_id=merged,
        since=clock.today(),
    )
    outbox.announce(session, event, about=f"enterprise/{merged}")
    return {"merge_id": merge_id, "survivor_id": survivor, "merged_id": merged}


def undo(
    session: Session, merge_id: UUID, *, scope: Scope, by: str, because: str | None
) -> dict[str, Any]:
    """The two stand for themselves again. Raises Unknown, NotMergeable."""
    found = merges.get(session, merge_id, scope=scope)
    if found is None:
        raise Unknown("merge", merge_id)
    if found.undone_at is not None:
        raise NotMergeable("undone_already", f"这次合并已于 {found.undone_at:%Y-%m-%d} 撤销")
    revision = outbox.revision_after(aliases.revision_of(session, found.merged_id))
    aliases.note(session, [Link(found.merged_id, None, revision)])
    merges.note_undone(session, merge_id, at=clock.now(), by=by, because=because)
    candidates.undo(session, merge_id, at=clock.now(), by=by)
    event = MergeUndone(
        merge_id=merge_id,
        revision=revision,
        survivor_id=found.survivor_id,
        merged_id=found.merged_id,
        since=clock.today(),
    )
    outbox.announce(session, event, about=f"enterprise/{found.merged_id}")
    return {
        "merge_id": merge_id,
        "survivor_id": found.survivor_id,
        "merged_id": found.merged_id,
    }


def _sides(session: Session, ids: tuple[UUID, UUID], scope: Scope) -> dict[UUID, rules.Side]:
    known = merges.sides(session, ids, scope=scope)
    for each in ids:
        if each not in known:
            raise Unknown("enterprise", each)
    return known
