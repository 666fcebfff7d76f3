"""Corrections by hand are read as the cells of a file are, and refused in the same words."""

from __future__ import annotations

from collections.abc import Mapping as Of
from datetime import date
from typing import Any, NamedTuple

from services.registry.mapping import parse_mapping
from services.registry.mapping.fields import Fields
from services.registry.mapping.taking import Taker, Trouble
from services.registry.model import EnterpriseFacts, RowKind
from services.registry.rules.reference import References

MANUAL = "manual"

OF_ENTERPRISES = EnterpriseFacts._fields[1:]
OF_OBJECTS = (
    "number",
    "class_code",
    "label",
    "division",
    "grid",
    "address",
    "status",
    "status_since",
    "commissioned_on",
    "traits",
    "maker",
    "filing_number",
    "installation_filing",
)


class Corrections(NamedTuple):
    """The values of the corrected fields, and what is wrong with some."""

    values: dict[str, Any]
    troubles: list[Trouble]


def read_corrections(
    kind: RowKind, said: Of[str, str], *, today: date, references: References
) -> Corrections:
    """Facts from their texts, by the same checks as those of a file."""
    names = tuple(said)
    columns = "".join(f"  {name}: {name}\n" for name in (*_needed(kind), *names))
    text = f"mapping: 1\nsource: {MANUAL}\nkind: {kind.value}\ncolumns:\n{columns}"
    mapping = parse_mapping(_once(text), name=MANUAL, today=today)
    places = {name: place for place, name in enumerate(names)}
    fields = Fields(mapping, today=today, references=references)
    values, troubles = Taker(names, fields, places).take([said[name] for name in names])
    return Corrections(dict(zip(names, values, strict=True)), troubles)


def _needed(kind: RowKind) -> tuple[str, ...]:
    """What a mapping of this kind cannot be without; the corrections do not speak of it."""
    if kind is RowKind.ENTERPRISE:
        return ("uscc", "name", "division")
    holder = ("holder",) if kind is RowKind.OPERATOR else ()
    return ("key", "class_code", "division", "owner.key", *holder)


def _once(text: str) -> str:
    """Each line once: a field that is needed may be corrected too."""
    return "\n".join(dict.fromkeys(text.splitlines())) + "\n"
