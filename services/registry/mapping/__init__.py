"""Mapping files: what they can say, whether they are right, and rows read through them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from services.events.registry import DutyKind
from services.registry.mapping.broken import Fault, MappingBroken
from services.registry.mapping.fields import Fields
from services.registry.mapping.language import (
    Columns,
    Condition,
    Mapping,
    RecordColumns,
    ValueMap,
    same_word,
)
from services.registry.mapping.meaning import faults_of
from services.registry.mapping.shape import shaped
from services.registry.model import RowKind
from services.registry.rules.reference import References

__all__ = ["Fault", "Mapping", "MappingBroken", "parse_mapping", "read_mapping"]


def read_mapping(path: Path, *, today: date, references: References | None = None) -> Mapping:
    """A mapping file. Raises MappingBroken."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = f"读不出来({error});应为 UTF-8 编码的 YAML 文件"
        raise MappingBroken(str(path), [Fault("not_readable", str(path), said)]) from None
    return parse_mapping(text, name=path.name, today=today, references=references)


def parse_mapping(
    text: str, *, name: str, today: date, references: References | None = None
) -> Mapping:
    """A mapping from its text. Raises MappingBroken with all faults that were found.

    *references*: the code tables in force; those that were shipped if not given.
    """
    known = references or References.shipped()
    said = shaped(text, name)
    columns = {field: Columns(*found) for field, found in said["columns"].items()}
    twice = list(_twice(said))
    if said["key"] is not None:
        columns["key"] = Columns(*said["key"])
    mapping = Mapping(
        name=name,
        digest=sha256(text.encode()).hexdigest(),
        source=said["source"],
        about=said["about"],
        kind=RowKind(said["kind"]),
        sheet=said["sheet"],
        columns=columns,
        constants=said["defaults"] | said["constants"],
        values={field: _values(found) for field, found in said["values"].items()},
        dates=said["dates"],
        blank=frozenset(same_word(word) for word in said["blank"]),
        tolerate=frozenset(said["tolerate"]),
        checks=said["checks"],
        divisions=said["divisions"],
        fills_only=said["enterprises"] == "fill",
        records=tuple(_record(found) for found in said["records"]),
        units={field: (found["from"], found["to"]) for field, found in said["units"].items()},
        conditions=tuple(_conditions(said)),
    )
    if faults := twice + list(faults_of(mapping, today=today, references=known)) or list(
        _constants(mapping, today, known)
    ):
        raise MappingBroken(name, faults)
    return mapping


def _twice(said: dict[str, Any]) -> Iterator[Fault]:
    """What is said in two places, which could differ; and a default of what has no column."""
    if said["key"] is not None and "key" in said["columns"]:
        yield Fault("key_twice", "key", "与 columns.key 重复,只留一处")
    mapped = {*said["columns"], *(["key"] if said["key"] is not None else [])}
    for field in said["defaults"]:
        place = f"defaults.{field}"
        if field in said["constants"]:
            yield Fault("said_twice", place, f"与 constants.{field} 重复,只留一处")
        elif field not in mapped:
            said_right = f"{field} 没有对应的列;每一行都一样的值写在 constants 里"
            yield Fault("default_without_column", place, said_right)


def _conditions(said: dict[str, Any]) -> Iterator[Condition]:
    for takes, section in ((True, "taken"), (False, "skip")):
        for column, words in said[section].items():
            yield Condition(column, frozenset(map(same_word, words)), takes)


def _constants(mapping: Mapping, today: date, references: References) -> Iterator[Fault]:
    """A constant is read like a cell; here is the only place to say that it cannot be."""
    fields = Fields(mapping, today=today, references=references)
    for field in mapping.constants:
        found = fields.constant(field)
        doubtful = field == "class_code"  # of a class that no table has, every row says so
        if found.fault is not None and (found.fault.refused or not doubtful):
            said = f"{found.fault.reason}。{found.fault.right}"
            yield Fault(found.fault.code, f"constants.{field}", said)


def _values(said: dict[str, Any]) -> ValueMap:
    return ValueMap(
        {same_word(word): ours for word, ours in said["map"].items()}, said["default"]
    )


def _record(said: dict[str, Any]) -> RecordColumns:
    months, column, unit = said["cycle_months"]
    return RecordColumns(
        duty=DutyKind(said["duty"]),
        done_on=said["done_on"],
        stated_due_on=said["stated_due_on"],
        cycle_months=months,
        cycle_column=column,
        cycle_unit=unit,
        basis=said["basis"],
    )
