"""检查项目表 — what is looked at, by kind of object and day; data/checklists.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from services.events.registry import ObjectKind
from services.inspection.model.visits import Facing
from services.inspection.rules.codes import is_for, stem

SHIPPED = Path(__file__).parents[2] / "data" / "checklists.yaml"
_ITEM = {"id": str, "text": str, "basis": str, "grave": bool, "matter": str}


class ChecklistsBroken(ValueError):
    """The checklists cannot be used; names the file, the place and what is right."""

    code = "checklists_broken"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing to be looked at.

    grave   what is wrong with it endangers health or safety
    matter  the kind of violation it is if it is wrong: see policy violation_matters
    """

    id: str
    text: str
    basis: str
    grave: bool
    matter: str


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """One wording of a checklist. Without a kind it is for the enterprise itself."""

    id: str
    label: str
    object_kind: ObjectKind | None
    class_codes: tuple[str, ...]
    valid_from: date
    source: str
    confidence: str
    items: tuple[Item, ...]

    @property
    def version_id(self) -> str:
        """The list and the day its wording took effect, e.g. `elevator@2000-01-01`."""
        return f"{self.id}@{self.valid_from}"


@dataclass(frozen=True)
class Asked:
    """One item that a visit has to answer, at an object or at the enterprise."""

    object_id: UUID | None
    checklist: Checklist
    item: Item


class Checklists:
    """All wordings of all checklists. They never change once read."""

    def __init__(self, wordings: Iterable[Checklist]) -> None:
        self._wordings = {wording.version_id: wording for wording in wordings}

    @classmethod
    def read(cls, own: Path | None = None) -> Checklists:
        """The shipped lists; a bureau's own replace those of the same id and day.

        Raises ChecklistsBroken.
        """
        return cls([*_read(SHIPPED), *(_read(own) if own else ())])

    def in_force(self, on: date) -> list[Checklist]:
        """Of each list, the wording that took effect last by that day."""
        latest: dict[str, Checklist] = {}
        for wording in self._wordings.values():
            known = latest.get(wording.id)
            if wording.valid_from <= on and (
                not known or known.valid_from < wording.valid_from
            ):
                latest[wording.id] = wording
        return list(latest.values())

    def asked(self, objects: Iterable[Facing], *, on: date) -> list[Asked]:
        """单位本身用单位项目表; 每个对象用类别最具体的一张; 都用检查当日有效的一版."""
        lists = self.in_force(on)
        found = [
            Asked(None, each, item)
            for each in lists
            if each.object_kind is None
            for item in each.items
        ]
        for facing in objects:
            if (chosen := _most_exact(lists, facing)) is not None:
                found += [Asked(facing.object_id, chosen, item) for item in chosen.items]
        return found


def _most_exact(lists: Iterable[Checklist], facing: Facing) -> Checklist | None:
    weights = [
        (max(exact), each.id, each)
        for each in lists
        if each.object_kind is facing.kind
        and (exact := [len(stem(c)) for c in each.class_codes if is_for(c, facing.class_code)])
    ]
    return max(weights, key=lambda weight: weight[:2])[2] if weights else None


def _read(path: Path) -> Iterator[Checklist]:
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ChecklistsBroken(f"{path}: 读不到或不是 YAML ({error})") from error
    if not isinstance(written, dict):
        raise ChecklistsBroken(f"{path}: 应为 表的代码: {{label, versions}}")
    for list_id, entry in written.items():
        yield from _wordings(path, str(list_id), entry)


def _wordings(path: Path, list_id: str, entry: Any) -> Iterator[Checklist]:
    place = f"{path}: {list_id}"
    versions = entry.get("versions") if isinstance(entry, dict) else None
    if not isinstance(versions, dict) or not isinstance(entry.get("label"), str):
        raise ChecklistsBroken(f"{place}: 应有 label 和 versions (日期: 一版)")
    kind = _kind(place, entry)
    for since, version in versions.items():
        if not isinstance(since, date) or not isinstance(version, dict):
            raise ChecklistsBroken(
                f"{place}: {since} 应为日期, 其下为 source、confidence、items"
            )
        yield Checklist(
            id=list_id,
            label=entry["label"],
            object_kind=kind,
            class_codes=tuple(str(code) for code in entry.get("class_codes", ())),
            valid_from=since,
            source=str(version.get("source", "")),
            confidence=str(version.get("confidence", "")),
            items=tuple(_items(f"{place} {since}", version.get("items"))),
        )


def _kind(place: str, entry: Mapping[str, Any]) -> ObjectKind | None:
    written = entry.get("object_kind")
    try:
        return ObjectKind(written) if written is not None else None
    except ValueError:
        kinds = "、".join(kind.value for kind in ObjectKind)
        raise ChecklistsBroken(f"{place}: object_kind 应为 {kinds}, 或不写") from None


def _items(place: str, rows: Any) -> Iterator[Item]:
    if not isinstance(rows, list) or not rows:
        raise ChecklistsBroken(f"{place}: items 应至少有一项")
    seen: set[str] = set()
    for row in rows:
        if not isinstance(row, dict) or any(
            not isinstance(row.get(name), kind) for name, kind in _ITEM.items()
        ):
            raise ChecklistsBroken(f"{place}: 每项应有 {'、'.join(_ITEM)}: {row}")
        if row["id"] in seen:
            raise ChecklistsBroken(f"{place}: {row['id']} 写了两次")
        seen.add(row["id"])
        yield Item(**{name: row[name] for name in _ITEM})
