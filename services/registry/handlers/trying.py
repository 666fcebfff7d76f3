"""What a mapping would make of the first rows of a file. Nothing is written, nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any

from services.chassis.masking import masked_name, masked_phone
from services.events.registry import DutyRecord
from services.registry.mapping import Mapping
from services.registry.mapping.drafting import Draft, Drafting
from services.registry.reading import open_table
from services.registry.rules.people import masked_number

SHOWN = 5


def said_by(mapping: Mapping) -> dict[str, Any]:
    """What a mapping says: which field comes from which columns, and which rows it takes."""
    columns = {field: list(found.names) for field, found in mapping.columns.items()}
    for record in mapping.records:
        columns[f"records.{record.duty.value}"] = list(record.columns())
    return {
        "source": mapping.source,
        "kind": mapping.kind.value,
        "about": mapping.about,
        "columns": columns,
        "constants": dict(mapping.constants),
        "skips": [str(condition) for condition in mapping.conditions],
    }


def tried(mapping: Mapping, file: Path, *, today: date, rows: int = SHOWN) -> dict[str, Any]:
    """The sheet, the header, and what comes of the first rows. Raises FileBroken."""
    with open_table(file, mapping.wanted, sheet=mapping.sheet) as table:
        drafting = Drafting(mapping, table.columns, table.places, today=today)
        drafts = (drafting.draft(row) for row in table.rows)
        found = (_told(draft) for draft in drafts if draft is not None)
        unused = [name for name in table.columns if name.strip() and name not in table.places]
        return {
            "sheet": table.sheet,
            "header_line": table.header_line,
            "columns_not_used": unused,
            "rows": list(islice(found, rows)),
        }


def _told(draft: Draft) -> dict[str, Any]:
    told: dict[str, Any] = {"line": draft.line, "skipped": draft.skipped}
    told["errors"] = [f"{e.column}: {e.value} {e.reason} {e.right}" for e in draft.errors]
    told["findings"] = [f"{f.column}: {f.value} {f.reason}" for f in draft.findings]
    told["values"] = dict(_values(draft.thing)) if draft.thing is not None else {}
    return told


def _values(thing: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """What is stated, field by field; people's numbers stay masked."""
    for name, value in zip(thing._fields, thing, strict=True):
        if value is None or value == ():
            continue
        if hasattr(value, "_fields"):
            yield from _values(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", _plain(name, value)


def _plain(name: str, value: Any) -> Any:
    if name == "phone":
        return masked_phone(value)
    if name in ("holder", "legal_representative"):
        return masked_name(value)
    if isinstance(value, str) and not isinstance(value, Enum):
        return masked_number(value) if name in ("key", "number") else value
    if isinstance(value, tuple):
        return [_record(each) if isinstance(each, DutyRecord) else str(each) for each in value]
    return value.value if isinstance(value, Enum) else str(value)


def _record(record: DutyRecord) -> str:
    months = f"{record.cycle_months}个月" if record.cycle_months else "按规则"
    return f"{record.duty.value} {record.done_on or '无'} → {record.stated_due_on or months}"
