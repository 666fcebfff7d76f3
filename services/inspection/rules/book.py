"""规则簿 — the rules of orders and cases in the words of their docstrings, and their numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.inspection.rules import offences
from services.inspection.rules.orders import days, ending, issuing, items, refusing

_TERM = (
    "order_term_months",
    "order_term_least_days",
    "order_term_most_days",
    "sampling_term_days",
)


@dataclass(frozen=True)
class Rule:
    """A rule as a person reads it, and the names of the policy values it rests on."""

    name: str
    words: str
    rests_on: tuple[str, ...]


def _rule(function: Callable[..., Any], *rests_on: str) -> tuple[str, Rule]:
    words = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", "")
    return function.__name__, Rule(function.__name__, words, rests_on)


RULES: dict[str, Rule] = dict(
    [
        _rule(issuing.check_draft, *_TERM),
        _rule(issuing.discard),
        _rule(issuing.issue, "officers_at_least", "order_number_form", *_TERM),
        _rule(offences.answer, "first_offence_months"),
        _rule(items.extend, "extension_most_days"),
        _rule(items.hand_in, "recheck_working_days"),
        _rule(items.find, "officers_at_least"),
        _rule(items.withdraw),
        _rule(items.set_again, *_TERM),
        _rule(days.pass_terms),
        _rule(ending.closed_if_done),
        _rule(refusing.record, "grave_needs_a_decision", "officers_at_least"),
        _rule(refusing.take_back),
    ]
)
