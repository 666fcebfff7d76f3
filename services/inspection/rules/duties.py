"""义务 — everything that one object owes, with the days on which its colours change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from services.events.registry import DutyKind, DutyRecord, ObjectRecorded, ObjectStatus
from services.inspection.model import Due, Duty, DutyRule, Stop, Terms, duty_id_of
from services.inspection.rules import colour, due
from services.inspection.rules.rule_table import RulesInForce


def in_service(facts: ObjectRecorded) -> bool:
    """停用、报废、移装、注销的对象不研判,显示灰色."""
    return facts.status is ObjectStatus.IN_USE


def owed(
    facts: ObjectRecorded,
    rules: RulesInForce,
    terms: Terms,
    *,
    stop: Stop | None = None,
    stopped_months: int | None = None,
) -> list[Duty]:
    """规则要求的义务,有无记录都应履行; 规则未要求而来源有记录的,也应履行.

    空白的记录不算记录: 规则未要求的, 不因来源有此一栏而应履行.

    An object without a rule owes what its records say, by their own dates and cycles.

    stop            that it was stopped, if it was
    stopped_months  stopped for longer, it is inspected before it is used again; None: never
    """
    of_class = rules.of(facts.kind, facts.class_code, facts.traits)
    records = latest_records(facts.records)
    found = []
    for kind in _kinds(of_class, records):
        rule = of_class.get(kind)
        record = _done_last(kind, rule, records)
        when = _when(facts, record, rule, stop, stopped_months)
        found.append(_duty(facts, kind, rule, terms, record=record, when=when))
    return found


def latest_records(records: Sequence[DutyRecord]) -> dict[DutyKind, DutyRecord]:
    """One record for each duty: the one done last; of two on one day, the later stated date."""
    latest: dict[DutyKind, DutyRecord] = {}
    for record in records:
        known = latest.get(record.duty)
        if known is None or _weight(record) > _weight(known):
            latest[record.duty] = record
    return latest


def _weight(record: DutyRecord) -> tuple[date, date, int]:
    return (
        record.done_on or date.min,
        record.stated_due_on or date.min,
        record.cycle_months or 0,
    )


def _kinds(
    rules: Mapping[DutyKind, DutyRule], records: Mapping[DutyKind, DutyRecord]
) -> list[DutyKind]:
    required = [kind for kind, rule in rules.items() if rule.required]
    recorded = [kind for kind, each in records.items() if kind not in rules or _says(each)]
    return [*required, *(kind for kind in recorded if kind not in required)]


def _says(record: DutyRecord) -> bool:
    """Whether a record says anything at all."""
    return any((record.done_on, record.stated_due_on, record.cycle_months))


def _done_last(
    kind: DutyKind, rule: DutyRule | None, records: Mapping[DutyKind, DutyRecord]
) -> DutyRecord | None:
    """一项义务可由另一项一并完成的 (全面检验的当年不再年度检验), 以两者中较晚的为准."""
    own = records.get(kind)
    other = records.get(rule.met_by) if rule and rule.met_by else None
    if other is None or other.done_on is None:
        return own
    if own is not None and own.done_on is not None and own.done_on >= other.done_on:
        return own
    cycle = own.cycle_months if own else None
    return DutyRecord(duty=kind, done_on=other.done_on, stated_due_on=None, cycle_months=cycle)


def _when(
    facts: ObjectRecorded,
    record: DutyRecord | None,
    rule: DutyRule | None,
    stop: Stop | None,
    stopped_months: int | None,
) -> Due:
    when = due.due(record, facts.commissioned_on, rule)
    if rule is None or rule.duty is not DutyKind.INSPECTION:
        return when
    return due.before_reuse(when, record.done_on if record else None, stop, stopped_months)


def _duty(
    facts: ObjectRecorded,
    kind: DutyKind,
    rule: DutyRule | None,
    terms: Terms,
    *,
    record: DutyRecord | None,
    when: Due,
) -> Duty:
    runs = when.due_on if in_service(facts) else None
    return Duty(
        duty_id=duty_id_of(facts.object_id, kind),
        duty=kind,
        due_on=when.due_on,
        basis=when.basis,
        cycle_months=when.cycle_months,
        done_on=record.done_on if record else None,
        yellow_on=colour.yellow_on(runs, when.cycle_months, terms, when.cycle_days)
        if runs
        else None,
        red_on=colour.red_on(runs) if runs else None,
        rule=rule,
        cycle_days=when.cycle_days,
    )
