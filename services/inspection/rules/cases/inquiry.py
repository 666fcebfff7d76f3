"""调查取证 — evidence, and the time for a decision. Numbers: policy.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from services.chassis.policy import Policy
from services.inspection.model.cases import Case, CaseStep
from services.inspection.model.procedure import Act, LastDay, Taken
from services.inspection.rules.cases.table import after
from services.inspection.rules.orders.issuing import enough_officers
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.terms import calendar_days, ended_by, falls_on


def take_evidence(
    case: Case,
    *,
    evidence: Sequence[str],
    officers: Sequence[str],
    note: str,
    today: date,
    policy: Policy,
) -> Taken[Case]:
    """调查取证由两名以上执法人员进行,证据入卷 (《行政处罚法》第四十二条、第四十六条)."""
    to = after(case, CaseStep.TAKE_EVIDENCE)
    enough_officers(officers, today=today, policy=policy)
    new = [each for each in dict.fromkeys(evidence) if each not in case.evidence]
    if not new:
        raise NotAllowed("evidence_missing", "没有新的证据。", "请先上传证据文件,再记入案卷。")
    kept = replace(case, state=to, evidence=(*case.evidence, *new), ground_fell_on=None)
    told = {"evidence": new, "officers": list(officers)}
    words = f"证据{len(new)}份入卷: {note}"
    return Taken(kept, (_act("take_evidence", words, told),))


def exclude(case: Case, *, days: int, because: str, today: date, policy: Policy) -> Taken[Case]:
    """听证、公告、检测、检验、鉴定等所需时间,不计入办案期限."""
    to = after(case, CaseStep.EXCLUDE)
    if days < 1:
        raise NotAllowed("days_wrong", "扣除的时间应为一日以上。", "请填写实际所用的日数。")
    decide_by = _decide_by(case)
    last = calendar_days(decide_by, days)
    longer = replace(case, state=to, decide_by=last.day)
    words = f"扣除不计入办案期限的{days}日,期限由{decide_by}变为{last.day}: {because}"
    return Taken(longer, (_act("exclude", words, {"days": days, "because": because}),))


def extend_decide(
    case: Case, *, until: date | None, because: str, today: date, policy: Policy
) -> Taken[Case]:
    """案情复杂的,经负责人批准可以延长三十日;仍不能作出决定的,由负责人集体讨论决定继续延期,
    并确定合理期限. 《市场监督管理行政处罚程序规定》第六十四条.
    """
    to = after(case, CaseStep.EXTEND_DECIDE)
    decide_by = _decide_by(case)
    if ended_by(decide_by, today=today):
        raise NotAllowed(
            "term_has_passed",
            "办案期限已经届满,不能再延长。",
            "请尽快作出处理决定;超期将记入案卷。",
        )
    last = _longer(case, decide_by, until, today=today, policy=policy)
    longer = replace(
        case, state=to, decide_by=last.day, decide_extensions=case.decide_extensions + 1
    )
    how = "负责人批准" if case.decide_extensions == 0 else "集体讨论决定"
    words = f"{how},办案期限由{decide_by}延长至{last.day}: {because}"
    return Taken(longer, (_act("extend_decide", words, {"because": because}),))


def _longer(
    case: Case, decide_by: date, until: date | None, *, today: date, policy: Policy
) -> LastDay:
    if case.decide_extensions == 0:
        return calendar_days(decide_by, policy.number("case_decide_extension_days", on=today))
    if until is None or until <= decide_by:
        raise NotAllowed(
            "until_missing",
            "继续延期的,应当同时确定延长的合理期限。",
            f"请填写集体讨论确定的日期,晚于{decide_by}。",
        )
    return falls_on(until)


def _decide_by(case: Case) -> date:
    if case.decide_by is None:
        raise ValueError(f"case {case.case_id} is filed and has no term")
    return case.decide_by


def review(case: Case, *, opinion: str, today: date) -> Taken[Case]:
    """法制审核: 经过听证的、重大复杂的,未经审核或者审核未通过的,不得作出决定.

    《行政处罚法》第五十八条.
    """
    to = after(case, CaseStep.REVIEW)
    words = f"法制审核通过: {opinion}"
    return Taken(replace(case, state=to, reviewed_on=today), (_act("review", words, {}),))


def discuss(case: Case, *, record: str, today: date) -> Taken[Case]:
    """情节复杂或者重大违法行为给予行政处罚的,负责人应当集体讨论决定 (《行政处罚法》第五十七条)."""
    to = after(case, CaseStep.DISCUSS)
    words = f"负责人集体讨论: {record}"
    return Taken(replace(case, state=to, discussed_on=today), (_act("discuss", words, {}),))


def _act(what: str, words: str, particulars: Mapping[str, object]) -> Act:
    return Act(what=what, rule=what, words=words, particulars=particulars)
