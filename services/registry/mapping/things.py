"""What a row describes: an object, a product or an enterprise, and its owner."""

from __future__ import annotations

from collections.abc import Mapping as Of
from typing import Any, Protocol

from services.chassis.masking import masked_name
from services.events.registry import ObjectKind, ObjectStatus
from services.registry.mapping.cells import Fault
from services.registry.mapping.duties import Duties
from services.registry.mapping.fields import Fields
from services.registry.mapping.language import Mapping
from services.registry.mapping.taking import Remembered, Taker, Trouble
from services.registry.model import (
    EnterpriseFacts,
    ObjectFacts,
    ProductFacts,
    RowKind,
    StandardFacts,
    StandardLevel,
    StandardPart,
    StandardStatus,
    Thing,
)

_BESIDE = ("kind", "records", "owner", "proprietor")
_OBJECT = tuple(name for name in ObjectFacts._fields if name not in _BESIDE)
_BEFORE_RECORDS = ObjectFacts._fields.index("records") - 1
_KEY, _NUMBER, _CLASS, _LABEL, _DIVISION, _STATUS, _TRAITS, _HOLDER = map(
    _OBJECT.index,
    ("key", "number", "class_code", "label", "division", "status", "traits", "holder"),
)
_OWNER_DIVISION = EnterpriseFacts._fields.index("division")
_STAND_INS = {  # any of these being wrong explains that one is missing
    "key": ("key", "number", "uscc"),
    "division": ("division", "owner.division"),
    "owner.key": ("owner.key", "owner.uscc"),
}
_WORDS = {
    "key": "编号",
    "name": "名称",
    "class_code": "类别代码",
    "holder": "姓名",
    "division": "行政区划",
    "owner.key": "所属单位的编号或统一社会信用代码",
}


class Things(Protocol):
    """Takes one kind of thing from the trimmed cells of a row."""

    def take(self, cells: list[str]) -> tuple[Thing, list[Trouble]]:
        """The facts, which mean nothing if a trouble refuses the row."""


def things_of(fields: Fields, places: Of[str, int]) -> Things:
    """What takes the rows of a mapping."""
    if fields.mapping.kind is RowKind.ENTERPRISE:
        return _Enterprises(fields, places)
    if fields.mapping.kind is RowKind.PRODUCT:
        return _Products(fields, places)
    if fields.mapping.kind is RowKind.STANDARD:
        return _Standards(fields, places)
    return _Objects(fields, places)


class _Enterprises:
    def __init__(self, fields: Fields, places: Of[str, int]) -> None:
        self._mapping = fields.mapping
        self._own = Taker(EnterpriseFacts._fields, fields, places)

    def take(self, cells: list[str]) -> tuple[Thing, list[Trouble]]:
        values, troubles = self._own.take(cells)
        facts = EnterpriseFacts._make(values)
        wanted = {
            "key": facts.key or facts.uscc,
            "name": facts.name,
            "division": facts.division,
        }
        if not all(wanted.values()):
            troubles = troubles + missing(wanted, troubles, self._mapping)
        return facts, troubles


class _Products:
    def __init__(self, fields: Fields, places: Of[str, int]) -> None:
        self._mapping = fields.mapping
        self._own = Taker(ProductFacts._fields[:-1], fields, places)
        self._owners = _Owners(fields, places)

    def take(self, cells: list[str]) -> tuple[Thing, list[Trouble]]:
        (key, name, class_code), troubles = self._own.take(cells)
        owner, of_owner = self._owners.take(cells, None)
        troubles = troubles + of_owner
        troubles += missing({"key": key, "name": name}, troubles, self._mapping)
        return ProductFacts(key, name, class_code, owner), troubles


class _Standards:
    def __init__(self, fields: Fields, places: Of[str, int]) -> None:
        self._mapping = fields.mapping
        self._own = Taker(StandardFacts._fields[:-1], fields, places)
        self._owners = _Owners(fields, places)

    def take(self, cells: list[str]) -> tuple[Thing, list[Trouble]]:
        values, troubles = self._own.take(cells)
        owner, of_owner = self._owners.take(cells, None)
        key, number, name, level, part, filed_on, valid_until, status = values
        troubles = troubles + of_owner
        wanted = {"key": key or number, "name": name}
        troubles += missing(wanted, troubles, self._mapping)
        facts = StandardFacts(
            key=key or number,
            number=number or key,
            name=name,
            level=level or StandardLevel.ENTERPRISE,
            part=part or StandardPart.FILED,
            filed_on=filed_on,
            valid_until=valid_until,
            status=status or StandardStatus.IN_FORCE,
            owner=owner,
        )
        return facts, troubles


class _Objects:
    def __init__(self, fields: Fields, places: Of[str, int]) -> None:
        self._mapping = fields.mapping
        self._kind = ObjectKind(fields.mapping.kind.value)
        self._of_people = fields.mapping.kind is RowKind.OPERATOR
        self._own = Taker(_OBJECT, fields, places)
        self._owners = _Owners(fields, places)
        self._proprietors = _Proprietors(fields, places)
        self._duties = Duties(fields, places)

    def take(self, cells: list[str]) -> tuple[Thing, list[Trouble]]:
        values, troubles = self._own.take(cells)
        owner, of_owner = self._owners.take(cells, values[_DIVISION])
        records, of_records = self._duties.take(cells)
        proprietor, of_proprietor = self._proprietors.take(cells, values[_DIVISION])
        if of_owner or of_records or of_proprietor:
            troubles = troubles + of_owner + of_records + of_proprietor
        self._complete(values, owner)
        if not (values[_KEY] and values[_CLASS] and values[_DIVISION] and values[_LABEL]):
            wanted = {
                "key": values[_KEY],
                "class_code": values[_CLASS],
                "division": values[_DIVISION],
                "holder": values[_HOLDER] or not self._of_people,
            }
            troubles = troubles + missing(wanted, troubles, self._mapping)
        stated = (*values[:_BEFORE_RECORDS], records, owner, *values[_BEFORE_RECORDS:])
        return ObjectFacts._make((self._kind, *stated, proprietor)), troubles

    def _complete(self, values: list[Any], owner: EnterpriseFacts) -> None:
        """What follows from what was stated."""
        values[_KEY] = values[_KEY] or values[_NUMBER]
        values[_DIVISION] = values[_DIVISION] or owner.division
        values[_STATUS] = values[_STATUS] or ObjectStatus.IN_USE
        values[_TRAITS] = values[_TRAITS] or ()
        if not self._of_people:
            values[_LABEL] = values[_LABEL] or values[_NUMBER] or values[_KEY]
        elif values[_HOLDER]:
            values[_LABEL] = f"{masked_name(values[_HOLDER])} ({values[_CLASS]})"


class _Owners:
    """The owner of a row: many rows have the same one."""

    def __init__(self, fields: Fields, places: Of[str, int]) -> None:
        self._mapping = fields.mapping
        names = [f"owner.{name}" for name in EnterpriseFacts._fields]
        self._taker = Taker(names, fields, places)
        self._takes_over = not fields.mapping.states("owner.division")
        at = [places[name] for field in names for name in _columns_of(fields.mapping, field)]
        self._remembered = Remembered(at, self._taken)

    def take(
        self, cells: list[str], division: str | None
    ) -> tuple[EnterpriseFacts, list[Trouble]]:
        """*division* is the object's, for an owner of whom no place is stated."""
        return self._remembered(cells, division if self._takes_over else None)

    def _taken(
        self, cells: list[str], division: str | None
    ) -> tuple[EnterpriseFacts, list[Trouble]]:
        values, troubles = self._taker.take(cells)
        values[_OWNER_DIVISION] = values[_OWNER_DIVISION] or division
        facts = EnterpriseFacts._make(values)
        if not (facts.key or facts.uscc):
            troubles = troubles + missing({"owner.key": None}, troubles, self._mapping)
        return facts, troubles


class _Proprietors:
    """Who owns the thing of a row, where the mapping says so. Nobody there: nobody else."""

    def __init__(self, fields: Fields, places: Of[str, int]) -> None:
        names = [f"proprietor.{name}" for name in EnterpriseFacts._fields]
        self._stated = any(fields.mapping.states(name) for name in names)
        self._taker = Taker(names, fields, places)

    def take(
        self, cells: list[str], division: str | None
    ) -> tuple[EnterpriseFacts | None, list[Trouble]]:
        """Without a key or a code nobody can tell who is meant; without a name, neither."""
        if not self._stated:
            return None, []
        values, troubles = self._taker.take(cells)
        values[_OWNER_DIVISION] = values[_OWNER_DIVISION] or division
        facts = EnterpriseFacts._make(values)
        known = (facts.key or facts.uscc) and facts.name
        return (facts if known else None), troubles


def missing(wanted: Of[str, Any], troubles: list[Trouble], mapping: Mapping) -> list[Trouble]:
    """What has to be there and is not. What is there and wrong was said already."""
    said = {trouble.field for trouble in troubles if trouble.fault.refused}
    return [
        Trouble(field, _column(field, mapping), "", _missing_fault(field))
        for field, value in wanted.items()
        if not value and said.isdisjoint(_STAND_INS.get(field, (field,)))
    ]


def _column(field: str, mapping: Mapping) -> str:
    for name in _STAND_INS.get(field, (field,)):
        if columns := _columns_of(mapping, name):
            return "、".join(columns)
    return field


def _columns_of(mapping: Mapping, field: str) -> tuple[str, ...]:
    return mapping.columns[field].names if field in mapping.columns else ()


def _missing_fault(field: str) -> Fault:
    code = f"{field.replace('.', '_')}_missing"
    return Fault(code, f"没有{_WORDS[field]},无法登记", "请在原系统补上后重新导出", True)
