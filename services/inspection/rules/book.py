"""规则簿 — the rules of orders and cases in the words of their docstrings, and their numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.inspection.rules import offences
from services.inspection.rules.cases import (
    deciding,
    falling,
    inquiry,
    notifying,
    opening,
    performing,
    terms,
)
from services.inspection.rules.complaints import handling, intake, routing
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
        _rule(opening.open_by_rule, "overdue_leads_to", "case_verify_days"),
        _rule(opening.open_clue, "case_verify_days"),
        _rule(opening.extend_verify, "case_verify_extension_days"),
        _rule(opening.file, "case_decide_days", "officers_at_least", "case_number_form"),
        _rule(opening.not_file),
        _rule(falling.ground_falls),
        _rule(opening.transfer),
        _rule(inquiry.take_evidence, "officers_at_least"),
        _rule(inquiry.exclude),
        _rule(inquiry.extend_decide, "case_decide_extension_days"),
        _rule(inquiry.review),
        _rule(inquiry.discuss),
        _rule(notifying.notify, "statement_days", "hearing_from_fen"),
        _rule(notifying.return_),
        _rule(notifying.hear),
        _rule(notifying.waive),
        _rule(notifying.request_hearing, "statement_days"),
        _rule(notifying.call_hearing, "hearing_notice_days"),
        _rule(notifying.hold_hearing),
        _rule(deciding.assess, "first_offence_months"),
        _rule(deciding.decide, "serve_days", "decision_number_form"),
        _rule(deciding.decide_at_once, "at_once_most_fen", "pay_days"),
        _rule(deciding.drop),
        _rule(deciding.change),
        _rule(performing.serve, "pay_days"),
        _rule(performing.pay, "surcharge_percent"),
        _rule(performing.defer),
        _rule(performing.perform, "surcharge_percent"),
        _rule(performing.enforce),
        _rule(terms.remind, "term_near_days"),
        _rule(intake.receive, "complaint_accept_days", "complaint_check_days"),
        _rule(intake.reveal),
        _rule(handling.identify),
        _rule(handling.accept_complaint, "complaint_mediate_days"),
        _rule(handling.refuse_complaint, "complaint_refusal_grounds"),
        _rule(handling.mediate, "complaint_mediation_told_days"),
        _rule(handling.check_lead),
        _rule(handling.extend_check, "complaint_check_extension_days"),
        _rule(handling.open_case_of, "complaint_result_told_days"),
        _rule(handling.no_case, "complaint_result_told_days"),
        _rule(handling.answer_complaint),
        _rule(handling.close_complaint),
        _rule(handling.reopen, "complaint_accept_days", "complaint_check_days"),
        _rule(routing.transfer_complaint, "complaint_transfer_term"),
        _rule(routing.join),
        _rule(routing.separate),
        _rule(routing.follow),
    ]
)
