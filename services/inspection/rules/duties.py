"""义务 — everything that one object owes, with the days on which its colours change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

    An object without a rule owes what its records say, by their own dates and cycles.

    stop            that it was stopped, if it was
    stopped_months  stopped for longer, it is inspected before it is used again; None: never
    """
    of_class = rules.of(facts.kind, facts.class_code, facts.traits)
    records = latest_records(facts.records)
    return [
        _duty(
            facts,
            kind,
            of_class.get(kind),
            terms,
            record=records.get(kind),
            when=_when(facts, records.get(kind), of_class.get(kind), stop, stopped_months),
        )
        for kind in _kinds(of_class.values(), records)
    ]


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


def _kinds(rules: Iterable[DutyRule], records: Iterable[DutyKind]) -> list[DutyKind]:
    required = [rule.duty for rule in rules if rule.required]
    return [*required, *(kind for kind in records if kind not in required)]


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
        yellow_on=colour.yellow_on(runs, when.cycle_months, terms) if runs else None,
        red_on=colour.red_on(runs) if runs else None,
        rule=rule,
    )
