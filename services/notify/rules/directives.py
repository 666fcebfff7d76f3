"""信息指令规则 — who may direct whom, which step is open, what silence leads to.

指令 (order) 签收后,可以传递 (relay)、反馈 (feedback)、报告 (report). The table is the code: what
is not in it is refused. Terms are in policy.yaml, cases in tests/rules/cases/directives*.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from services.chassis import workdays
from services.chassis.policy import Policy
from services.events.notify import Awaited, Silence
from services.notify.model import DirectiveTerms, Phase, Side, Step
from services.notify.rules.accounts import division_of, is_unit, superior_of
from services.notify.rules.masking import names_a_person_by_number
from services.notify.rules.refusal import NotAllowed

ONE_DAY = timedelta(days=1)
AFTER: Mapping[tuple[Phase, Step], Phase] = {
    (Phase.ISSUED, Step.ACKNOWLEDGE): Phase.ACKNOWLEDGED,
    (Phase.ACKNOWLEDGED, Step.RELAY): Phase.RELAYED,
    (Phase.RELAYED, Step.RELAY): Phase.RELAYED,
    (Phase.ACKNOWLEDGED, Step.FEED_BACK): Phase.FED_BACK,
    (Phase.RELAYED, Step.FEED_BACK): Phase.FED_BACK,
    (Phase.FED_BACK, Step.FEED_BACK): Phase.FED_BACK,
    (Phase.FED_BACK, Step.SEND_BACK): Phase.ACKNOWLEDGED,  # 退回补充的,重新反馈
    (Phase.FED_BACK, Step.REPORT): Phase.REPORTED,
    (Phase.ISSUED, Step.RECALL): Phase.RECALLED,
    (Phase.ACKNOWLEDGED, Step.RECALL): Phase.RECALLED,
    (Phase.RELAYED, Step.RECALL): Phase.RECALLED,
    (Phase.FED_BACK, Step.RECALL): Phase.RECALLED,
}
TAKEN_BY: Mapping[Step, Side] = {
    Step.ACKNOWLEDGE: Side.RECEIVER,
    Step.RELAY: Side.RECEIVER,
    Step.FEED_BACK: Side.RECEIVER,
    Step.SEND_BACK: Side.SENDER,
    Step.REPORT: Side.RECEIVER,
    Step.RECALL: Side.SENDER,
}
CLOSED = frozenset({Phase.REPORTED, Phase.RECALLED})
SAID: Mapping[Phase | Step, str] = {
    Phase.ISSUED: "待签收",
    Phase.ACKNOWLEDGED: "已签收",
    Phase.RELAYED: "已传递",
    Phase.FED_BACK: "已反馈",
    Phase.REPORTED: "已报告",
    Phase.RECALLED: "已收回",
    Step.ACKNOWLEDGE: "签收",
    Step.RELAY: "传递",
    Step.FEED_BACK: "反馈",
    Step.SEND_BACK: "退回补充",
    Step.REPORT: "报告",
    Step.RECALL: "收回",
}


def open_steps(phase: Phase) -> tuple[Step, ...]:
    """现在可以办理的步骤."""
    return tuple(step for at, step in AFTER if at is phase)


def phase_after(phase: Phase, step: Step, *, below: Sequence[Phase] = ()) -> Phase:
    """未签收的不能传递和反馈;未反馈的不能报告;下级未报告或者未收回的,本级不能报告.

    *below*: where the hops stand that were relayed from this one. Raises NotAllowed.
    """
    after = AFTER.get((phase, step))
    if after is None:
        may = "、".join(SAID[each] for each in open_steps(phase)) or "无,本级已经办结"
        raise NotAllowed(
            "directive_step_not_open", f"指令{SAID[phase]},不能{SAID[step]};现在可以: {may}"
        )
    waiting = sum(each not in CLOSED for each in below)
    if step is Step.REPORT and waiting:
        raise NotAllowed(
            "directive_below_open",
            f"已向下传递的指令还有 {waiting} 个单位未报告,本级不能报告;"
            "请等待其报告,或者先收回对该单位的传递",
        )
    return after


def may_direct(sender: str, receiver: str) -> None:
    """上级对下级: 市局对县(区)局和本局科室,局对本局科室;科室可对下级局的单位,不得对本级和上级.

    Raises NotAllowed.
    """
    for unit in (sender, receiver):
        if not is_unit(unit):
            raise NotAllowed(
                "not_a_unit",
                f"{unit} 不是单位;应为 bureau:六位行政区划代码 或者 section:代码/科室名称",
            )
    above = _above(receiver)
    speaks_for = superior_of(sender) if sender.startswith("section:") else None
    is_lower = division_of(sender) != division_of(receiver)
    if sender in above or (speaks_for in above and is_lower):
        return
    raise NotAllowed(
        "not_below",
        f"{receiver} 不是 {sender} 的下级;{receiver} 的上级是 {'、'.join(above) or '无'}",
    )


def terms(
    issued_on: date, due_on: date | None, policy: Policy, *, no_later_than: date | None = None
) -> DirectiveTerms:
    """签收期限按工作日计,自次日起算;未写明报告期限的,按规定的工作日;传递的不得晚于本级的期限.

    Raises NotAllowed.
    """
    days = policy.number("directive_acknowledge_working_days", on=issued_on)
    if due_on is None:
        usual = policy.number("directive_report_working_days", on=issued_on)
        due_on = workdays.add_working_days(issued_on, usual)
        due_on = min(due_on, no_later_than or due_on)
    if due_on < issued_on:
        raise NotAllowed("directive_due_passed", f"报告期限 {due_on} 已过;应不早于 {issued_on}")
    if no_later_than is not None and due_on > no_later_than:
        raise NotAllowed(
            "directive_due_too_late",
            f"传递的报告期限 {due_on} 晚于本级的期限;应不晚于 {no_later_than}",
        )
    acknowledge_by = min(workdays.add_working_days(issued_on, days), due_on)
    return DirectiveTerms(acknowledge_by=acknowledge_by, due_on=due_on)


def awaited(phase: Phase) -> Awaited | None:
    """待签收的等签收,签收以后等报告,办结的不再等."""
    if phase in CLOSED:
        return None
    return Awaited.ACKNOWLEDGEMENT if phase is Phase.ISSUED else Awaited.REPORT


def last_day(phase: Phase, given: DirectiveTerms) -> date:
    """所等事项的最后一日,当日仍算按期."""
    return given.acknowledge_by if phase is Phase.ISSUED else given.due_on


def silence_on(day: date, phase: Phase, given: DirectiveTerms, policy: Policy) -> Silence:
    """逾期次日催办,再过规定的工作日督办,再不办的报上级;办结的没有逾期."""
    reached = Silence.NONE
    if awaited(phase) is None:
        return reached
    for level, since in _steps(phase, given, policy, day):
        reached = level if day >= since else reached
    return reached


def look_on(day: date, phase: Phase, given: DirectiveTerms, policy: Policy) -> date | None:
    """下一次应当查看的日子. None: 不必再看."""
    if awaited(phase) is None:
        return None
    coming = [since for _, since in _steps(phase, given, policy, day) if since > day]
    return min(coming, default=None)


def check_words(*texts: str) -> None:
    """指令会传到其他平台,不得写入手机号和身份证号. Raises NotAllowed."""
    if any(names_a_person_by_number(text) for text in texts):
        raise NotAllowed(
            "directive_names_a_person",
            "指令、反馈和报告的文字会向其他单位传送,不得写入手机号、身份证号;"
            "请改为企业名称、文号或者证据编号",
        )


def _above(unit: str) -> list[str]:
    """Whoever stands above a unit, the nearest first."""
    superior = superior_of(unit)
    return [] if superior is None else [superior, *_above(superior)]


def _steps(
    phase: Phase, given: DirectiveTerms, policy: Policy, day: date
) -> list[tuple[Silence, date]]:
    """From which day each level holds."""
    last = last_day(phase, given)
    return [
        (
            Silence(row["silence"]),
            workdays.add_working_days(last, int(row["after_working_days"])) + ONE_DAY,
        )
        for row in policy.table("directive_silence", on=day)
    ]
