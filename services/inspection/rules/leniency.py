"""首违不罚 — whether the law lets a violation go unpunished, condition by condition.

依据: 《行政处罚法》第三十三条. It proposes; a named person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.chassis.policy import Policy
from services.inspection.model.cases import Harm, Leniency
from services.inspection.model.orders import Earlier
from services.inspection.model.procedure import Matter
from services.inspection.rules.offences import same_class


class Proposal(StrEnum):
    """评估意见."""

    SHALL_NOT = "shall_not"  # 不予行政处罚
    MAY_NOT = "may_not"  # 可以不予行政处罚
    PUNISH = "punish"  # 不符合不予处罚的条件
    UNKNOWN = "unknown"  # 事实尚未查清


@dataclass(frozen=True)
class Condition:
    """One condition of the law, and whether it is met; None: not found out yet."""

    words: str
    met: bool | None


@dataclass(frozen=True)
class Ground:
    """One sentence of the article, with its conditions."""

    words: str
    proposal: Proposal
    conditions: tuple[Condition, ...]

    @property
    def met(self) -> bool | None:
        """Met if all conditions are; None while it still could be."""
        known = [condition.met for condition in self.conditions]
        if False in known:
            return False
        return None if None in known else True


@dataclass(frozen=True)
class Assessment:
    """All grounds, what is proposed, and the duty that goes with it."""

    grounds: tuple[Ground, ...]
    proposal: Proposal
    words: str


def assess(
    found: Leniency | None,
    matter: Matter,
    earlier: Sequence[Earlier],
    *,
    today: date,
    policy: Policy,
) -> Assessment:
    """违法行为轻微并及时改正,没有造成危害后果的,不予行政处罚;初次违法且危害后果轻微并及时改正的,
    可以不予行政处罚;有证据足以证明没有主观过错的,不予行政处罚. 不予处罚的,应当对当事人进行教育.
    """
    facts = found or Leniency(
        assessed_on=today, slight=None, corrected_on=None, harm=None, no_fault=None
    )
    grounds = _grounds(facts, matter, earlier, today=today, policy=policy)
    proposal = _proposal(grounds)
    return Assessment(grounds, proposal, _WORDS[proposal])


_WORDS = {
    Proposal.SHALL_NOT: "符合《行政处罚法》第三十三条,应当不予处罚并进行教育;由具名人员决定",
    Proposal.MAY_NOT: "符合《行政处罚法》第三十三条,可以不予处罚并进行教育;由具名人员决定",
    Proposal.PUNISH: "不符合《行政处罚法》第三十三条不予处罚的条件,依程序处理",
    Proposal.UNKNOWN: "事实尚未查清,不能评估",
}


def _grounds(
    facts: Leniency,
    matter: Matter,
    earlier: Sequence[Earlier],
    *,
    today: date,
    policy: Policy,
) -> tuple[Ground, ...]:
    before = same_class(matter, earlier, today=today, policy=policy)
    first = f"初次违法 ({before[0].on}已有同类违法)" if before else "初次违法"
    harm = facts.harm
    corrected = Condition("及时改正", facts.corrected_on is not None)
    none = Condition("没有造成危害后果", None if harm is None else harm is Harm.NONE)
    light = Condition("危害后果轻微", None if harm is None else harm is not Harm.REAL)
    return (
        Ground(
            "违法行为轻微并及时改正,没有造成危害后果",
            Proposal.SHALL_NOT,
            (Condition("违法行为轻微", facts.slight), corrected, none),
        ),
        Ground(
            "有证据足以证明没有主观过错",
            Proposal.SHALL_NOT,
            (Condition("有证据足以证明没有主观过错", facts.no_fault),),
        ),
        Ground(
            "初次违法且危害后果轻微并及时改正",
            Proposal.MAY_NOT,
            (Condition(first, not before), light, corrected),
        ),
    )


def _proposal(grounds: Sequence[Ground]) -> Proposal:
    for ground in grounds:
        if ground.met:
            return ground.proposal
    if any(ground.met is None for ground in grounds):
        return Proposal.UNKNOWN
    return Proposal.PUNISH
