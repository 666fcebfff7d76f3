"""Whether a mapping in its right shape makes sense, before any row is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from services.registry.mapping.broken import Fault, unknown
from services.registry.mapping.language import (
    CHECKABLE,
    CHECKS,
    FIELDS,
    MEASURABLE,
    MONTHS,
    MUST_HAVE,
    Mapping,
    can_be_left_out,
    date_fields,
)
from services.registry.mapping.units import alike, units
from services.registry.rules.days import DayReader, FormatBroken
from services.registry.rules.divisions import LOCAL_PREFIX, Divisions
from services.registry.rules.reference import References
from services.registry.rules.status import words_of
from services.registry.rules.verdict import Standing

EVERY_DATE = "*"


def faults_of(mapping: Mapping, *, today: date, references: References) -> Iterator[Fault]:
    """Everything that is wrong with it."""
    yield from _names(mapping)
    yield from _must_have(mapping)
    yield from _dates(mapping)
    yield from _words(mapping)
    yield from _own_divisions(mapping)
    yield from _divisions(mapping, today, references)
    yield from _records(mapping)
    yield from _units(mapping)


def _names(mapping: Mapping) -> Iterator[Fault]:
    fields = FIELDS[mapping.kind]
    dates = date_fields(mapping.kind, mapping.records)
    places: dict[str, tuple[Iterable[str], Iterable[str]]] = {
        "columns": (mapping.columns, fields),
        "constants": (mapping.constants, [f for f in fields if f not in dates]),
        "values": (mapping.values, [f for f in fields if f not in dates]),
        "dates": (mapping.dates, [EVERY_DATE, *dates]),
        "tolerate": (mapping.tolerate, can_be_left_out(mapping.kind, mapping.records)),
        "units": (mapping.units, [f for f in MEASURABLE if f in fields]),
        "checks": (mapping.checks, [f for f in CHECKABLE if f in fields]),
    }
    for section, (said, known) in places.items():
        for name in said:
            if name not in known:
                yield unknown("field_unknown", f"{section}.{name}", name, known)
    for field, check in mapping.checks.items():
        if check not in CHECKS:
            yield unknown("check_unknown", f"checks.{field}", check, CHECKS)


def _must_have(mapping: Mapping) -> Iterator[Fault]:
    for group in MUST_HAVE[mapping.kind]:
        if not any(mapping.states(field) for field in group):
            yield Fault(
                "field_missing",
                "columns",
                f"{mapping.kind.value} 必须说明 {' 或 '.join(group)} 在哪一列",
            )


def _dates(mapping: Mapping) -> Iterator[Fault]:
    for field, formats in mapping.dates.items():
        try:
            DayReader.of(formats, last_of_month=False)
        except FormatBroken as error:
            yield Fault("date_format", f"dates.{field}", f"日期写法不能用: {error}")


def _words(mapping: Mapping) -> Iterator[Fault]:
    """Status words are few and known: a wrong one is found here, not in row 60,000."""
    for field in FIELDS[mapping.kind]:
        known = words_of(mapping.kind, field)
        if known is None:
            continue
        for place, word in _said_of(mapping, field):
            if word and word not in known:
                yield unknown("word_unknown", place, word, known)


def _own_divisions(mapping: Mapping) -> Iterator[Fault]:
    for code in mapping.divisions:
        if not (len(code) == 6 and code.isdigit() and code.startswith(LOCAL_PREFIX)):
            yield Fault(
                "division_code",
                f"divisions.{code}",
                f"自定区划代码应为 {LOCAL_PREFIX} 开头的六位数字,以免与国家代码相撞",
            )


def _divisions(mapping: Mapping, today: date, references: References) -> Iterator[Fault]:
    divisions = Divisions(references.edition("divisions"), mapping.divisions)
    for field in ("division", "owner.division"):
        for place, word in _said_of(mapping, field):
            verdict = divisions.check(word, today=today)
            if word and verdict.standing is Standing.IMPOSSIBLE:
                yield Fault(verdict.code, place, f"“{word}”: {verdict.reason}。{verdict.right}")


def _said_of(mapping: Mapping, field: str) -> Iterator[tuple[str, str]]:
    """The words a mapping itself gives to a field, with their place."""
    if field in mapping.constants:
        yield f"constants.{field}", mapping.constants[field]
    if values := mapping.values.get(field):
        for theirs, ours in values.known.items():
            yield f"values.{field}.map.{theirs}", ours
        yield f"values.{field}.default", values.default or ""


def _records(mapping: Mapping) -> Iterator[Fault]:
    if mapping.records and not mapping.kind.falls_due:
        yield Fault(
            "records_not_here", "records", f"{mapping.kind.value} 没有到期义务,不能有 records"
        )
    duties = [record.duty for record in mapping.records]
    for duty in sorted({duty for duty in duties if duties.count(duty) > 1}):
        yield Fault("duty_twice", "records", f"{duty.value} 出现了不止一次")


def _units(mapping: Mapping) -> Iterator[Fault]:
    """Both are known, and measure the same."""
    said = {f"units.{field}": both for field, both in mapping.units.items()}
    for number, record in enumerate(mapping.records):
        said[f"records.{number}.cycle_months.unit"] = (record.cycle_unit, MONTHS)
    for place, both in said.items():
        missing = [unit for unit in both if unit not in units()]
        if missing:
            yield from (unknown("unit_unknown", place, unit, units()) for unit in missing)
        elif both[1] not in alike(both[0]):
            right = "、".join(alike(both[0]))
            yield Fault("unit_unlike", place, f"{both[0]} 不能换算成 {both[1]};可用: {right}")
