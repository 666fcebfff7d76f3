"""规则簿 — each rule in the words of its docstring, and the policy values it rests on."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.credit.rules import escalation, steps
from services.credit.rules.records import (
    days,
    ending,
    entering,
    grounds,
    publishing,
    rewriting,
)

_TERM = ("days_to_correct", "last_day_moves_to_a_working_day")
_TARGET = ("escalation_of_a_hazard", "escalation_of_others")
_NEEDS = ("publication_needs", "superior_approval_needed")
_PERIOD = ("publication_periods", "period_counted_from")


@dataclass(frozen=True)
class Rule:
    """A rule as a person reads it."""

    name: str
    words: str
    rests_on: tuple[str, ...]


def _rule(
    function: Callable[..., Any], *rests_on: str, name: str | None = None
) -> tuple[str, Rule]:
    words = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", "")
    called = name or function.__name__
    return called, Rule(called, words, rests_on)


RULES: dict[str, Rule] = dict(
    [
        _rule(steps.draft, "publish_automatically"),
        _rule(steps.publish_at_once, "publish_automatically", *_TERM),
        _rule(steps.confirm, "publish_automatically", *_TERM),
        _rule(steps.fix_term, *_TERM),
        _rule(steps.correct, *_TERM),
        _rule(steps.lift),
        _rule(steps.lift_before_reopening, "escalation"),
        _rule(steps.withdraw),
        _rule(escalation.escalate, "escalation", *_TERM, *_TARGET),
        _rule(escalation.propose, "escalation", *_TERM, *_TARGET),
    ]
)

# The steps of records, apart: `correct` and `withdraw` are other rules there.
RECORD_RULES: dict[str, Rule] = dict(
    [
        _rule(entering.enter),
        _rule(entering.verify),
        _rule(grounds.file_ground, *_NEEDS, "statement_days"),
        _rule(rewriting.rewrite),
        _rule(rewriting.change_decision, *_PERIOD),
        _rule(publishing.publish, *_NEEDS, "warning_only_is_published", *_PERIOD),
        _rule(publishing.block),
        _rule(ending.expire, *_PERIOD),
        _rule(ending.withdraw, "withdraw_within_days", name="withdraw_record"),
        _rule(ending.annul, "withdraw_within_days"),
        _rule(ending.repaired, "repair_needs", "publication_periods"),
        _rule(ending.removed, "repair_needs", "publication_periods"),
        _rule(ending.suspend, "repair_needs"),
        _rule(ending.resume),
        _rule(ending.object_to, "request_terms"),
        _rule(ending.settle_objection, "request_terms"),
        _rule(ending.reply),
        _rule(ending.correct, name="correct_record"),
        _rule(ending.perform, name="perform_record"),
        _rule(days.day_brings, "publish_within_days", "share_within_days"),
    ]
)
