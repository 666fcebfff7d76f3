"""规则簿 — each rule in the words of its docstring, and the policy values it rests on."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.credit.rules import escalation, steps

_TERM = ("days_to_correct", "last_day_moves_to_a_working_day")
_TARGET = ("escalation_of_a_hazard", "escalation_of_others")


@dataclass(frozen=True)
class Rule:
    """A rule as a person reads it."""

    name: str
    words: str
    rests_on: tuple[str, ...]


def _rule(function: Callable[..., Any], *rests_on: str) -> tuple[str, Rule]:
    words = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", "")
    return function.__name__, Rule(function.__name__, words, rests_on)


RULES: dict[str, Rule] = dict(
    [
        _rule(steps.draft, "publish_automatically"),
        _rule(steps.publish_at_once, "publish_automatically", *_TERM),
        _rule(steps.confirm, "publish_automatically", *_TERM),
        _rule(steps.fix_term, *_TERM),
        _rule(steps.correct, *_TERM),
        _rule(steps.lift),
        _rule(steps.withdraw),
        _rule(escalation.escalate, "escalation", *_TERM, *_TARGET),
        _rule(escalation.propose, "escalation", *_TERM, *_TARGET),
    ]
)
