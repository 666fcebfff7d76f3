"""Finds which enterprises may be one, and keeps what a person decided of them.

Only what has changed since the last time is held against others, and only against those
that share something rare with it: the cost follows the changes, not the register.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import aliases, clock
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.chassis.scope import Scope
from services.registry.handlers import merging
from services.registry.model import CandidateState
from services.registry.rules import likeness
from services.registry.rules.likeness import File, Likeness, Measure
from services.registry.rules.merging import NotMergeable
from services.registry.store import blocks, candidates
from services.registry.store.search import indexing
from services.registry.store.tables import CandidateRow

SLICE = 200  # seconds of comparing: on SQLite nobody else writes meanwhile
_LIKENESS = "likeness"
_OVERLAP = 3600 * 1_000_000
"""Revisions go by the clock, and a long import commits late what it numbered early."""

Found = dict[UUID, tuple[UUID, UUID, Likeness]]


def find_all(database: Database, *, policy: Policy) -> int:
    """Hold everything that has changed against the rest. Returns how many were looked at."""
    by = likeness.measure(policy, on=clock.today())
    done = 0
    while some := _find_some(database, by):
        done += some
    return done


def _find_some(database: Database, by: Measure) -> int:
    """One slice in a transaction of its own."""
    with database.transaction() as session:
        reached = indexing.followed(session, _LIKENESS)
        changed = blocks.changed(session, since=max(reached - _OVERLAP, 0), limit=SLICE)
        if not changed:
            return 0
        ids = [each for each, _ in changed]
        files = blocks.files(session, ids)
        blocks.keep(session, {each: likeness.blocks(file) for each, file in files.items()})
        _settle(session, files, by)
        blocks.note_compared(session, changed)
        indexing.note_followed(session, _LIKENESS, max(revision for _, revision in changed))
        return len(changed)


def _settle(session: Session, files: Mapping[UUID, File], by: Measure) -> None:
    """What is alike is proposed, what no longer is is dropped, what was decided stays so."""
    pairs = set(blocks.neighbours(session, files, largest=by.largest_block))
    concerned = {other for _, other in pairs} - files.keys()
    known = {**files, **blocks.files(session, concerned)}
    roots = aliases.roots(session, known)
    found = _alike(((a, b) for a, b in pairs if roots[a] != roots[b]), known, by)
    before = {row.id: row for row in candidates.of(session, list(files))}
    gone = [
        each
        for each, row in before.items()
        if row.state == CandidateState.PROPOSED.value and each not in found
    ]
    candidates.drop(session, gone)
    candidates.propose(session, _to_propose(found, known, before))


def _alike(pairs: Any, known: Mapping[UUID, File], by: Measure) -> Found:
    """Of each enterprise those that come near its best."""
    of_each: dict[UUID, dict[UUID, Likeness]] = {}
    for one, other in pairs:
        if alike := likeness.compare(known[one], known[other], by):
            of_each.setdefault(one, {})[other] = alike
    found: Found = {}
    for one, others in of_each.items():
        for other in likeness.closest(others, by):
            low, high = sorted((one, other), key=str)
            found[candidates.candidate_id(one, other)] = (low, high, others[other])
    return found


def _to_propose(
    found: Found, known: Mapping[UUID, File], before: Mapping[UUID, CandidateRow]
) -> list[dict[str, Any]]:
    rows = []
    for each, (one, other, alike) in found.items():
        facts = _digest((known[one], known[other]))
        decided = before.get(each)
        if decided is not None and decided.facts == facts:
            continue
        rows.append(
            {
                "id": each,
                "one_id": one,
                "other_id": other,
                "state": CandidateState.PROPOSED.value,
                "points": alike.points,
                "signs": list(alike.signs),
                "facts": facts,
                "found_at": clock.now(),
                "decided_at": None,
                "decided_by": None,
                "reason": None,
                "merge_id": None,
            }
        )
    return rows


def _digest(files: Sequence[File]) -> str:
    """Over what was compared of both: while it is the same, a decision holds."""
    return blake2b(repr(files).encode(), digest_size=16).hexdigest()


def merge(
    session: Session,
    candidate: UUID,
    *,
    survivor: UUID | None,
    scope: Scope,
    by: str,
    reason: str | None,
) -> dict[str, Any]:
    """A person says: they are one. Raises Unknown, NotMergeable."""
    found = _open(session, candidate, scope)
    done = merging.merge_two(
        session,
        found.one_id,
        found.other_id,
        survivor=survivor,
        scope=scope,
        by=by,
        reason=reason,
    )
    candidates.decide(
        session,
        candidate,
        CandidateState.MERGED,
        at=clock.now(),
        by=by,
        reason=reason,
        merge_id=done["merge_id"],
    )
    return done


def keep_apart(
    session: Session, candidate: UUID, *, scope: Scope, by: str, reason: str | None
) -> dict[str, Any]:
    """A person says: they are two. Raises Unknown, NotMergeable."""
    _open(session, candidate, scope)
    state = CandidateState.KEPT_APART
    candidates.decide(session, candidate, state, at=clock.now(), by=by, reason=reason)
    return {"id": candidate, "state": state.value}


def _open(session: Session, candidate: UUID, scope: Scope) -> CandidateRow:
    found = candidates.get(session, candidate, scope=scope)
    if found is None:
        raise merging.Unknown("candidate", candidate)
    if found.state == CandidateState.MERGED.value:
        raise NotMergeable(
            "merged_already", f"这两份档案已经合并({found.merge_id});如有误,请先撤销那次合并"
        )
    return found
