"""A mapping and a row that the tests change, and what comes of them."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from services.registry.mapping import MappingBroken
from services.registry.mapping.drafting import Draft, Drafting
from services.registry.model import ObjectFacts
from tests.services.registry_stories import TODAY, mapping_of

INSTRUMENT = {
    "mapping": "1",
    "source": "metrology",
    "kind": "instrument",
    "columns": {
        "key": "k",
        "class_code": "c",
        "division": "d",
        "owner.key": "o",
        "owner.name": "n",
    },
}


CELLS = {"k": "M1", "c": "JJG52", "d": "610303", "o": "U1", "n": "单位1"}


def mapping_text(changes: dict[str, Any], base: dict[str, Any] = INSTRUMENT) -> str:
    merged = dict(base)
    for key, value in changes.items():
        known = merged.get(key)
        both = isinstance(known, dict) and isinstance(value, dict)
        merged[key] = known | value if both else value
    return yaml.safe_dump(merged, allow_unicode=True, sort_keys=False)


def draft(
    changes: dict[str, Any], cells: dict[str, str], base: dict[str, Any] = INSTRUMENT
) -> Draft:
    """One row of CELLS, with changes, through the mapping, with changes."""
    row = CELLS | cells
    mapping = mapping_of(mapping_text(changes, base))
    places = {name: at for at, name in enumerate(row)}
    drafting = Drafting(mapping, tuple(row), places, today=TODAY)
    drafted = drafting.draft((2, list(row.values()), 2))
    assert drafted is not None
    return drafted


def thing(changes: dict[str, Any], cells: dict[str, str]) -> ObjectFacts:
    drafted = draft(changes, cells)
    assert drafted.errors == ()
    assert isinstance(drafted.thing, ObjectFacts)
    return drafted.thing


def error_codes(drafted: Draft) -> list[tuple[str, str]]:
    assert drafted.thing is None
    return [(error.column, error.code) for error in drafted.errors]


def finding_codes(drafted: Draft) -> list[tuple[str, str]]:
    assert drafted.thing is not None
    return [(finding.column, finding.code) for finding in drafted.findings]


def faults(changes: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(MappingBroken) as caught:
        mapping_of(mapping_text(changes))
    return [(fault.place, fault.code) for fault in caught.value.faults]


def records(**columns: Any) -> dict[str, Any]:
    return {"records": [{"duty": "verification", **columns}]}
