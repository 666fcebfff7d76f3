"""Takes the steps that are due for some warnings: load, decide, save, announce."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.chassis.policy import Policy
from services.credit import rules, store
from services.credit.handlers.saying import sayings
from services.credit.model import BadInformation, Publish, WarningFacts, Withdraw
from services.credit.rules import Taken
from services.credit.store import Change


def settle(
    session: Session, facts: Sequence[WarningFacts], *, today: date, policy: Policy
) -> int:
    """Do what the facts known of some locked warnings call for. Returns how many steps."""
    if not facts:
        return 0
    entries = store.of_warnings(session, [known.warning_id for known in facts])
    changes: list[Change] = []
    for known in facts:
        entry = entries.get(known.warning_id)
        taken = rules.settle(known, entry, today=today, policy=policy)
        changes += recorded(taken, entry, today=today, policy=policy)
    keep(session, changes)
    return len(changes)


def recorded(
    taken: Iterable[Taken], entry: BadInformation | None, *, today: date, policy: Policy
) -> list[Change]:
    """The steps with what the log needs: number, revision, day, version of the policy."""
    revision, number = (entry.revision, entry.steps) if entry else (None, 0)
    version = policy.version(on=today)
    changes = []
    for one in taken:
        revision, number = outbox.revision_after(revision), number + 1
        changes.append(
            Change(
                step=one.step,
                entry=one.entry,
                revision=revision,
                number=number,
                taken_on=today,
                rule=one.rule,
                policy_version=version,
                caused_by=one.caused_by,
                taken_by=one.step.by if isinstance(one.step, Publish | Withdraw) else None,
            )
        )
    return changes


def keep(session: Session, changes: list[Change]) -> None:
    """Save and announce, in one transaction with what led to it."""
    store.save(session, changes)
    outbox.announce_all(session, sayings(changes))
    public = [change for change in changes if change.entry.published_on is not None]
    for day in {change.taken_on for change in public}:
        who = {change.entry.enterprise_id for change in public}
        store.mark_for_grading(session, who, since=day)
