"""为什么 — why an entry stands as it does: grounds, term, every step with its rule and cause.

Everything is data with Chinese words in it, for a page or a program to lay out.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.chassis.scope import Scope
from services.credit import store
from services.credit.handlers.deciding import Unknown
from services.credit.handlers.wording import LABELS, sentence
from services.credit.model import BadInformation, WarningFacts
from services.credit.rules import RULES
from services.credit.rules.escalation import as_told
from services.credit.store import LoggedStep


def explain(
    session: Session,
    bad_information_id: UUID,
    *,
    scope: Scope,
    policy: Policy,
    proposals_too: bool = True,
) -> dict[str, Any]:
    """The explanation of one entry; outside the bureau without proposals. Raises Unknown."""
    found = store.find(session, bad_information_id, scope=scope)
    if found is None:
        raise Unknown(bad_information_id)
    entry, steps = found.entry, store.steps(session, found.entry.id)
    if not proposals_too:
        proposed = entry.id in store.proposed(session, [entry.id])
        entry = as_told(entry, proposed=proposed)
        steps = [step for step in steps if not _is_about_a_proposal(step)]
    [facts] = store.known(session, [entry.warning_id])
    return {
        "bad_information_id": entry.id,
        "enterprise_id": entry.enterprise_id,
        "enterprise": found.enterprise,
        "state": entry.state.value,
        "state_label": LABELS[entry.state.value],
        "grounds": _grounds(facts),
        "cleared": _cleared(facts),
        "term": _term(entry, policy),
        "steps": [_step(step, policy) for step in steps],
    }


def _is_about_a_proposal(step: LoggedStep) -> bool:
    """A proposal, or that one was lifted."""
    return step.what == "propose" or step.particulars.get("proposed") is True


def _grounds(facts: WarningFacts) -> dict[str, Any] | None:
    red = facts.red
    if red is None:
        return None
    return {
        "warning_id": facts.warning_id,
        "object_id": red.object_id,
        "object_kind": red.object_kind.value,
        "object_label": red.object_label,
        "duty": red.duty.value,
        "was_due_on": red.was_due_on,
        "turned_red_on": red.turned_red_on,
        "endangers_safety": red.endangers_safety,
        "message_id": red.message_id,
        "words": f"{red.object_label}的{LABELS[red.duty.value]}应于{red.was_due_on}前完成,"
        f"到期未完成,{red.turned_red_on}转为红色预警。",
    }


def _cleared(facts: WarningFacts) -> dict[str, Any] | None:
    cleared = facts.cleared_now
    if cleared is None:
        return None
    return {
        "cleared_on": cleared.cleared_on,
        "cleared_by": cleared.cleared_by.value,
        "message_id": cleared.message_id,
        "words": f"红色预警于{cleared.cleared_on}消除: {LABELS[cleared.cleared_by.value]}。",
    }


def _term(entry: BadInformation, policy: Policy) -> dict[str, Any] | None:
    if entry.published_on is None:
        return None
    doubt = "当年节假日安排尚未公布,该日期为暂定。" if entry.provisional else ""
    return {
        "published_on": entry.published_on,
        "last_day_to_correct": entry.last_day_to_correct,
        "provisional": entry.provisional,
        "words": f"{entry.published_on}公布,改正期限至{entry.last_day_to_correct}届满。{doubt}",
        "numbers": _numbers(
            ("days_to_correct", "last_day_moves_to_a_working_day"), entry.published_on, policy
        ),
    }


def _step(step: LoggedStep, policy: Policy) -> dict[str, Any]:
    rule = RULES[step.rule]
    return {
        "number": step.number,
        "what": step.what,
        "on": step.taken_on,
        "by": step.taken_by,
        "caused_by": step.caused_by,
        "words": sentence(step.what, step.taken_on, step.taken_by, step.particulars),
        "rule": {"name": rule.name, "words": rule.words},
        "numbers": _numbers(rule.rests_on, step.taken_on, policy),
        "policy_version": step.policy_version,
        "policy_unchanged": step.policy_version == policy.version(on=step.taken_on),
    }


def _numbers(names: tuple[str, ...], on: date, policy: Policy) -> list[dict[str, Any]]:
    return [policy.explain(name, on=on) for name in names]
