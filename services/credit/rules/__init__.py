"""诚信信息的规则 — what may be done with bad information, and what must be.

Pure: told the facts, the day and the policy; numbers are in policy.yaml, the worked cases in
tests/rules/cases/bad_information.yaml.
"""

from services.credit.rules.book import RECORD_RULES, RULES, Rule
from services.credit.rules.refusal import NotAllowed
from services.credit.rules.settling import settle, withdraw_by_hand
from services.credit.rules.steps import Taken, confirm
from services.credit.rules.term import LastDay, last_day_to_correct

__all__ = [
    "RECORD_RULES",
    "RULES",
    "LastDay",
    "NotAllowed",
    "Rule",
    "Taken",
    "confirm",
    "last_day_to_correct",
    "settle",
    "withdraw_by_hand",
]
