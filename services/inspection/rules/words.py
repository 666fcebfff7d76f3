"""为什么是这个颜色 — the explanation of a duty, in words that a clerk can check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.events.inspection import ClearedBy
from services.events.registry import DutyKind, ObjectRecorded, ObjectStatus
from services.inspection.model import (
    Basis,
    Colour,
    Duty,
    DutyRule,
    Explanation,
    RaisedWarning,
    Terms,
)
from services.inspection.rules import colour, duties
from services.inspection.rules.months import days_earlier, months_earlier

DUTIES = {
    DutyKind.INSPECTION: "定期检验",
    DutyKind.SELF_CHECK: "年度自行检查",
    DutyKind.SELF_TEST: "自行检测",
    DutyKind.VERIFICATION: "强制检定",
    DutyKind.REPLACEMENT: "到期轮换",
    DutyKind.REVIEW: "证书复审",
    DutyKind.RENEWAL: "证照换发",
    DutyKind.INTERNAL: "内部检验",
    DutyKind.PRESSURE_TEST: "水(耐)压试验",
    DutyKind.ANNUAL: "年度检验",
    DutyKind.MAINTENANCE: "维护保养",
    DutyKind.SURVEILLANCE: "获证后监督",
}
STATUSES = {
    ObjectStatus.IN_USE: "在用",
    ObjectStatus.STOPPED: "停用",
    ObjectStatus.SCRAPPED: "报废",
    ObjectStatus.MOVED: "移装或过户",
    ObjectStatus.CLOSED: "注销",
}
BASES = {
    Basis.STATED: "来源载明的日期",
    Basis.OWN_CYCLE: "上次完成日期加来源载明的周期",
    Basis.SCHEDULE: "规则规定的年份",
    Basis.CYCLE: "上次完成日期加规则的周期",
    Basis.FIRST: "投入使用日期加首次期限",
    Basis.REUSE: "停用期满重新启用之日",
    Basis.UNKNOWN: "没有依据",
}
CLEARINGS = {
    ClearedBy.DONE: "已检验合格,完成日期晚于到期日",
    ClearedBy.OUT_OF_SERVICE: "已停用、报废、移装过户或注销",
    ClearedBy.CORRECTED_DATA: "原数据或其所依据的规则已更正,该到期日不再成立",
}
CONFIDENCES = {
    "found": "已查到出处",
    "memory-h": "凭记忆录入,把握较大,待核对",
    "memory-m": "凭记忆录入,把握一般,待核对",
}


def explain(duty: Duty, facts: ObjectRecorded, *, today: date, terms: Terms) -> Explanation:
    """The whole reason: what the due date rests on, where it stands, by when to apply."""
    stands = colour.colour(yellow_on=duty.yellow_on, red_on=duty.red_on, today=today)
    near = stands is Colour.GREEN and colour.approaching(
        duty.due_on,
        duty.cycle_months,
        today=today,
        terms=terms,
        cycle_days=duty.cycle_days,
    )
    last_day_to_apply = apply_by_on(duty)
    return Explanation(
        rule_id=duty.rule.version_id if duty.rule else None,
        rule_label=duty.rule.label if duty.rule else None,
        source=duty.rule.source if duty.rule else None,
        confidence=duty.rule.confidence if duty.rule else None,
        basis=duty.basis,
        colour=stands,
        approaching=near,
        done_on=duty.done_on,
        due_on=duty.due_on,
        yellow_on=duty.yellow_on,
        red_on=duty.red_on,
        apply_by_on=last_day_to_apply,
        sentences=(
            why_due(duty, facts),
            _why_colour(duty, facts, stands, today=today),
            *_near_sentence(near, terms),
            *_apply_sentence(duty.rule, last_day_to_apply),
            *_rule_sentence(duty.rule),
        ),
    )


def explain_warning(warning: RaisedWarning, rule: DutyRule | None) -> tuple[str, ...]:
    """Why a warning turned red, as it was known then, and what became of it."""
    red = warning.red
    last = f"当时所知的上次完成日期为{red.done_on}" if red.done_on else "当时没有完成记录"
    return (
        f"{DUTIES[red.duty]}于{red.was_due_on}到期 ({BASES[red.basis]}),{last}。",
        f"到期日当天未见新的合格记录,{red.turned_red_on}转为红色。",
        *_after(warning),
        *_rule_sentence(rule),
    )


def apply_by_on(duty: Duty) -> date | None:
    """The last day to apply for what a duty owes; None while its object is out of service."""
    return apply_by(duty.rule, duty.due_on) if duty.yellow_on is not None else None


def apply_by(rule: DutyRule | None, due_on: date | None) -> date | None:
    """最迟申请日: 设备为到期前1个月,生产许可证为6个月,其他许可为30日."""
    if rule is None or due_on is None:
        return None
    if rule.apply_by_months is not None:
        return months_earlier(due_on, rule.apply_by_months)
    if rule.apply_by_days is not None:
        return days_earlier(due_on, rule.apply_by_days)
    return None


def why_due(duty: Duty, facts: ObjectRecorded) -> str:
    """One sentence: the due date and what it rests on."""
    name = DUTIES[duty.duty]
    match duty.basis:
        case Basis.STATED:
            return f"{name}于{duty.due_on}到期: 检验机构或发证机关载明的日期,优先于任何周期。"
        case Basis.OWN_CYCLE:
            reason = f"上次完成于{duty.done_on},来源载明的周期为{_period(duty)}"
        case Basis.CYCLE:
            reason = _cycle_words(duty)
        case Basis.FIRST:
            reason = (
                f"没有完成记录; 自投入使用 ({facts.commissioned_on}) "
                f"起{_period(duty)}内应首次进行"
            )
        case Basis.REUSE:
            reason = "停用超过规定期间后重新启用,启用前应当检验,停用以后没有检验合格记录"
        case Basis.SCHEDULE:
            reason = _schedule_words(duty, facts)
        case Basis.UNKNOWN:
            return f"{name}没有到期日: {_missing_words(duty)}。"
    return f"{name}于{duty.due_on}到期: {reason}。"


def _cycle_words(duty: Duty) -> str:
    if duty.cycle_months == 0:
        return "该次检验的结论为不得继续使用"
    return f"上次完成于{duty.done_on},规则的周期为{_period(duty)}"


def _period(duty: Duty) -> str:
    days = duty.cycle_days
    return f"{duty.cycle_months}个月" if days is None else f"{days}日"


def _schedule_words(duty: Duty, facts: ObjectRecorded) -> str:
    rule = duty.rule
    years = "、".join(str(year) for year in rule.schedule_years) if rule else ""
    last = f"上次完成于{duty.done_on}" if duty.done_on else "没有完成记录"
    return (
        f"自投入使用 ({facts.commissioned_on}) 起第{years}年各一次,"
        f"以后每{duty.cycle_months}个月一次; {last}"
    )


def _missing_words(duty: Duty) -> str:
    if duty.rule is None:
        return "没有适用的规则,来源也没有载明日期或周期,请补充"
    if duty.rule.months is None and duty.rule.days is None:
        return (
            f"没有载明的日期,{duty.rule.label}的规则不能单独确定周期,请补充日期或决定周期的条件"
        )
    return "既没有载明的日期和上次完成日期,也没有投入使用日期,请补充"


def _why_colour(duty: Duty, facts: ObjectRecorded, stands: Colour, *, today: date) -> str:
    if not duties.in_service(facts):
        return f"灰色: 对象状态为{STATUSES[facts.status]},不研判。"
    if duty.due_on is None or duty.yellow_on is None:
        return "灰色: 没有到期日,列入待补数据清单。"
    left = (duty.due_on - today).days
    if stands is Colour.RED:
        return f"红色: 截至{today}已超过到期日{-left}天,没有晚于到期日的合格记录。"
    if stands is Colour.YELLOW:
        when = f"还有{left}天到期" if left else "今天到期,当天仍为黄色,次日转红"
        return f"黄色: 自{duty.yellow_on}起进入预警期,{when}。"
    return f"绿色: 还有{left}天到期,{duty.yellow_on}转为黄色。"


def _near_sentence(near: bool, terms: Terms) -> Iterator[str]:
    if near:
        yield f"已不足{terms.approaching_months}个月,临近黄色预警期。"


def _after(warning: RaisedWarning) -> Iterator[str]:
    if warning.reopened_on:
        yield f"曾经消除,但同一到期日仍未完成,{warning.reopened_on}再次转红。"
    if warning.cleared_by:
        yield f"{warning.cleared_on}消除: {CLEARINGS[warning.cleared_by]}。"


def _apply_sentence(rule: DutyRule | None, apply_by: date | None) -> Iterator[str]:
    if rule is not None and apply_by is not None:
        yield f"最迟应于{apply_by}提出申请。"


def _rule_sentence(rule: DutyRule | None) -> Iterator[str]:
    if rule is None:
        yield "没有适用的规则,按来源记录研判。"
        return
    confidence = CONFIDENCES.get(rule.confidence, rule.confidence)
    note = f"; {rule.note}" if rule.note else ""
    yield f"规则 {rule.version_id} ({rule.label}): {rule.source} ({confidence}{note})。"
