"""当日的研判 — the rules and numbers of one day, taken together once for many objects."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from services.chassis.policy import Policy
from services.events.registry import ObjectKind, ObjectRecorded
from services.inspection.model import Colour, Duty, DutyRule, Stop, Terms, warning_id_of
from services.inspection.rules import colour, duties
from services.inspection.rules.codes import is_for
from services.inspection.rules.rule_table import RulesInForce, RuleTable

COLOUR_NUMBERS = "*policy"

# Before anything was evaluated everything stands for a day before all others: whichever the
# first evaluated day is, also a past one of an old register, it decides on every duty.
BEFORE_ALL = date(1900, 1, 1)


@dataclass(frozen=True)
class Ruling:
    """What decides on one day. *version* stands for every number and rule in force."""

    on: date
    rules: RulesInForce
    terms: Terms
    version: str
    endangering_kinds: frozenset[ObjectKind]
    digests: dict[str, str]
    stopped_months: tuple[tuple[ObjectKind, str, int], ...]

    def owed(self, facts: ObjectRecorded, stop: Stop | None = None) -> list[Duty]:
        """Everything that an object owes; *stop*: that it was stopped, if it was."""
        return duties.owed(
            facts, self.rules, self.terms, stop=stop, stopped_months=self._stopped(facts)
        )

    def _stopped(self, facts: ObjectRecorded) -> int | None:
        """The months of the first row that is for such an object."""
        for kind, code, months in self.stopped_months:
            if facts.kind is kind and is_for(code, facts.class_code):
                return months
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one duty stands, and the next day on which that changes by itself."""

    duty: Duty
    colour: Colour
    next_change_on: date | None


@lru_cache(maxsize=16)  # neither a table nor a policy changes once it is read
def ruling(table: RuleTable, policy: Policy, *, on: date) -> Ruling:
    """The rules and numbers in force on a day."""
    rules = table.in_force(on)
    numbers = policy.version(on=on)
    kinds = policy.table("endangering_kinds", on=on)
    return Ruling(
        on=on,
        rules=rules,
        terms=colour.terms(policy, on=on),
        version=f"{numbers}+{rules.version()}",
        endangering_kinds=frozenset(ObjectKind(row["object_kind"]) for row in kinds),
        digests={**rules.digests(), COLOUR_NUMBERS: numbers},
        stopped_months=tuple(
            (ObjectKind(row["object_kind"]), str(row["class_code"]), int(row["months"]))
            for row in policy.table("reinspection_after_stop", on=on)
        ),
    )


def as_recorded(duty: Duty, *, on: date, red: Collection[UUID]) -> Standing:
    """登记和更正本身不使任何义务转红: 转红只由每日研判作出并登记.

    *red* are the warnings that are red and stay so. What is overdue without one stands yellow,
    its change having come already; the next evaluation finds it by that. 从未研判过的显示灰色.
    """
    if on == BEFORE_ALL:
        return Standing(duty, Colour.GREY, BEFORE_ALL if duty.due_on else None)
    stands = colour.colour(yellow_on=duty.yellow_on, red_on=duty.red_on, today=on)
    if stands is not Colour.RED or duty.due_on is None:
        return Standing(
            duty,
            stands,
            colour.next_change_on(yellow_on=duty.yellow_on, red_on=duty.red_on, today=on),
        )
    if warning_id_of(duty.duty_id, duty.due_on) in red:
        return Standing(duty, Colour.RED, None)
    return Standing(duty, Colour.YELLOW, duty.red_on)


def worst(standings: Iterable[Standing]) -> Colour:
    """对象显示其各项义务中最差的颜色: 红、黄、灰 (没有到期日)、绿; 没有义务的为灰色."""
    colours = [standing.colour for standing in standings]
    return max(colours, key=lambda shown: shown.severity, default=Colour.GREY)


def endangers_safety(rule: DutyRule | None, kind: ObjectKind, ruling: Ruling) -> bool:
    """对象本身是否可危及人身安全: 依规则表; 没有规则的,依对象种类."""
    return rule.endangers_safety if rule else kind in ruling.endangering_kinds
