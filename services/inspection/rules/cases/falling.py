"""依据消失 — what becomes of a case when the refusal that it was opened for is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.inspection.model.cases import Case, CaseState
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.cases.opening import not_file
from services.inspection.rules.refusal import NotAllowed

NOT_YET_FILED = frozenset({CaseState.PROPOSED, CaseState.CLUE})
UNDER_WAY = frozenset({CaseState.FILED, CaseState.NOTIFIED, CaseState.HEARING})


def ground_falls(
    case: Case, *, because: str, other_ground: str | None, today: date
) -> Taken[Case]:
    """拒绝整改的记录撤回的,为此尚未立案的线索不予立案;已经立案的由负责人决定去留,没有新的证据
    不得告知和处罚;已经作出决定的,记入案卷,由负责人决定是否撤销或变更。另有依据的,案件继续.

    other_ground  what the case rests on all the same; None: nothing
    """
    words = f"立案所依据的拒绝整改记录已撤回: {because}"
    if other_ground is not None:
        return _noted(case, f"{words};另有依据: {other_ground},案件继续")
    if case.state in NOT_YET_FILED:
        return not_file(case, because=words, today=today)
    if case.state in UNDER_WAY:
        fallen = replace(case, ground_fell_on=today)
        return _noted(fallen, f"{words};没有新的证据,不得告知和作出处罚决定")
    return _noted(case, f"{words};请负责人决定是否撤销或者变更处罚决定")


def ground_stands(case: Case) -> None:
    """立案的依据已经撤回而没有新的证据的,不得告知和作出处罚决定. Raises NotAllowed."""
    if case.ground_fell_on is not None:
        raise NotAllowed(
            "ground_withdrawn",
            f"立案所依据的拒绝整改记录已于{case.ground_fell_on}撤回,此后没有新的证据入卷。",
            "请先调查取证;没有其他违法事实的,不予处罚并结案。",
        )


def _noted(case: Case, words: str) -> Taken[Case]:
    return Taken(case, (Act(what="ground_falls", rule="ground_falls", words=words),))
