"""The mapping language: what a mapping file can say (docs/mapping.md)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping as Of
from dataclasses import dataclass

from services.events.registry import DutyKind
from services.registry.model import EnterpriseFacts, RowKind, StandardFacts

VERSION = 1
DEFAULT_JOIN = " "

_OBJECT = (
    "key",
    "number",
    "class_code",
    "label",
    "division",
    "address",
    "status",
    "commissioned_on",
    "traits",
    "maker",
    "filing_number",
    "grid",
    "status_since",
)
_EQUIPMENT = (*_OBJECT, "installation_filing")
_OWNER = tuple(f"owner.{name}" for name in EnterpriseFacts._fields)
_PROPRIETOR = tuple(f"proprietor.{name}" for name in ("key", "uscc", "name", "division"))
_OPERATOR = (
    *("holder" if name == "label" else name for name in _OBJECT if name != "maker"),
    "phone",
)
_STANDARD = StandardFacts._fields[:-1]
DATES = ("commissioned_on", "status_since", "filed_on", "valid_until")

FIELDS: Of[RowKind, tuple[str, ...]] = {
    RowKind.ENTERPRISE: EnterpriseFacts._fields,
    RowKind.PRODUCT: ("key", "name", "class_code", *_OWNER),
    RowKind.STANDARD: (*_STANDARD, *_OWNER),
    RowKind.EQUIPMENT: (*_EQUIPMENT, *_OWNER, *_PROPRIETOR),
    RowKind.INSTRUMENT: (*_OBJECT, *_OWNER, *_PROPRIETOR),
    RowKind.OPERATOR: (*_OPERATOR, *_OWNER),
    RowKind.LICENCE: (*_OBJECT, *_OWNER),
}

_OWNED = (("owner.key", "owner.uscc"),)
_DUTIABLE = (("key", "number"), ("class_code",), ("division", "owner.division"), *_OWNED)

# one of each group has to be mapped
MUST_HAVE: Of[RowKind, tuple[tuple[str, ...], ...]] = {
    RowKind.ENTERPRISE: (("key", "uscc"), ("name",), ("division",)),
    RowKind.PRODUCT: (("key",), ("name",), *_OWNED),
    RowKind.STANDARD: (("key", "number"), ("name",), *_OWNED),
    RowKind.EQUIPMENT: _DUTIABLE,
    RowKind.INSTRUMENT: _DUTIABLE,
    RowKind.OPERATOR: (*_DUTIABLE, ("holder",)),
    RowKind.LICENCE: _DUTIABLE,
}

# what a row cannot be read without, or what changes its meaning if it is left out
_NEVER_LEFT_OUT = frozenset(
    f"{whose}{name}"
    for whose in ("", "owner.", "proprietor.")
    for name in ("key", "uscc", "name", "division", "status", "class_code", "label", "holder")
)
# numbers among free text
MEASURABLE = ("traits", "label", "name", "address", "maker")
MONTHS = "月"
CHECKABLE = ("key", "number", "filing_number")
CHECKS = (
    "equipment_code",
    "registration_code",
    "use_registration",
    "production_licence",
    "resident_id",
    "operator_certificate",
)


@dataclass(frozen=True)
class Columns:
    """One column, the filled cells of several joined, or the *first* of several that is filled."""

    names: tuple[str, ...]
    join: str = DEFAULT_JOIN
    first: bool = False


@dataclass(frozen=True)
class ValueMap:
    """Words of the table and what they mean here. *default* "" means: counts as empty."""

    known: Of[str, str]
    default: str | None


@dataclass(frozen=True)
class Condition:
    """Which rows are taken: those whose cell is one of the words, or (*takes* not) is none."""

    column: str
    words: frozenset[str]
    takes: bool

    def skips(self, word: str) -> bool:
        return (word in self.words) is not self.takes

    def __str__(self) -> str:
        words = "、".join(sorted(word or "空" for word in self.words))
        return f"{self.column}{'不是' if self.takes else '是'} {words}"


@dataclass(frozen=True)
class RecordColumns:
    """Where the dates of one duty stand."""

    duty: DutyKind
    done_on: str | None
    stated_due_on: str | None
    cycle_months: int | None
    cycle_column: str | None
    cycle_unit: str
    basis: str

    def field(self, name: str) -> str:
        """The name of one of its dates in `dates` and `tolerate`."""
        return f"records.{self.duty.value}.{name}"

    def columns(self) -> Iterator[str]:
        yield from filter(None, (self.done_on, self.stated_due_on, self.cycle_column))


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """A mapping file that has been read and found right. *digest* is the SHA-256 of its text."""

    name: str
    digest: str
    source: str
    about: str
    kind: RowKind
    sheet: str | None
    columns: Of[str, Columns]
    constants: Of[str, str]
    values: Of[str, ValueMap]
    dates: Of[str, tuple[str, ...]]
    blank: frozenset[str]
    tolerate: frozenset[str]
    checks: Of[str, str]
    divisions: Of[str, str]
    fills_only: bool
    records: tuple[RecordColumns, ...]
    units: Of[str, tuple[str, str]]
    conditions: tuple[Condition, ...]

    @property
    def wanted(self) -> tuple[str, ...]:
        """Every column that the table must have, each once."""
        names = [name for columns in self.columns.values() for name in columns.names]
        names += [name for record in self.records for name in record.columns()]
        names += [condition.column for condition in self.conditions]
        return tuple(dict.fromkeys(names))

    def states(self, field: str) -> bool:
        """Whether rows say anything of a field."""
        return field in self.columns or field in self.constants


def date_fields(kind: RowKind, records: tuple[RecordColumns, ...]) -> tuple[str, ...]:
    """The fields that are read as dates."""
    own = tuple(field for field in DATES if field in FIELDS[kind])
    return own + tuple(r.field(name) for r in records for name in ("done_on", "stated_due_on"))


def can_be_left_out(kind: RowKind, records: tuple[RecordColumns, ...]) -> tuple[str, ...]:
    """The fields that `tolerate` may name."""
    own = tuple(field for field in FIELDS[kind] if field not in _NEVER_LEFT_OUT)
    return own + tuple(f for f in date_fields(kind, records) if f not in own)


def same_word(text: str) -> str:
    """As words of a table are compared: trimmed, half width."""
    return unicodedata.normalize("NFKC", text).strip()
