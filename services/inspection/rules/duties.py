"""义务 — everything that one object owes, with the days on which its colours change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from services.events.registry import DutyKind, DutyRecord, ObjectRecorded, ObjectStatus
from services.inspection.model import Duty, DutyRule, Terms, duty_id_of
from services.inspection.rules import colour, due
from services.inspection.rules.rule_table import RulesInForce


def in_service(facts: ObjectRecorded) -> bool:
    """停用、报废、移装、注销的对象不研判,显示灰色."""
    return facts.status is ObjectStatus.IN_USE


def owed(facts: ObjectRecorded, rules: RulesInForce, terms: Terms) -> list[Duty]:
    """规则要求的义务,有无记录都应履行; 规则未要求而来源有记录的,也应履行.

    An object without a rule owes what its records say, by their own dates and cycles.
    """
    of_class = rules.of(facts.kind, facts.class_code, facts.traits)
    records = latest_records(facts.records)
    return [
        _duty(facts, kind, records.get(kind), of_class.get(kind), terms)
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


def _duty(
    facts: ObjectRecorded,
    kind: DutyKind,
    record: DutyRecord | None,
    rule: DutyRule | None,
    terms: Terms,
) -> Duty:
    when = due.due(record, facts.commissioned_on, rule)
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
