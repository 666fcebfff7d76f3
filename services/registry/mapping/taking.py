"""Several cells of a row at once, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping as Of, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from services.registry.mapping.cells import REMEMBERED, Fault, Flawed, Reader
from services.registry.mapping.fields import Fields
from services.registry.mapping.language import DATES, Columns, Mapping, same_word

V = TypeVar("V")
Text = Callable[[list[str]], str]


class Trouble(NamedTuple):
    """A fault, and the cell it stands in."""

    field: str
    column: str
    text: str
    fault: Fault


class _Cell(NamedTuple):
    slot: int
    field: str
    column: str
    text: Text
    reader: Reader


class Taker:
    """Takes the mapped fields among some, in their order; the others are constants or None."""

    def __init__(self, names: Sequence[str], fields: Fields, places: Of[str, int]) -> None:
        mapping = fields.mapping
        self._if_empty = [fields.constant(name).value for name in names]
        self._of_constants = [
            Trouble(name, "constants", mapping.constants[name], fault)
            for name in names
            if name not in mapping.columns and (fault := fields.constant(name).fault)
        ]
        self._cells = [
            _Cell(
                slot,
                name,
                "、".join(mapping.columns[name].names),
                _text_of(name, mapping, places),
                fields.day_reader(name, name=name) if name in DATES else fields.reader(name),
            )
            for slot, name in enumerate(names)
            if name in mapping.columns
        ]
        self.columns = {cell.field: cell.column for cell in self._cells}

    def take(self, cells: list[str]) -> tuple[list[Any], list[Trouble]]:
        """The values of all fields, and what is wrong."""
        values = self._if_empty.copy()
        troubles = self._of_constants.copy()
        for slot, field, column, text, reader in self._cells:
            found = text(cells)
            value = reader[found]
            if value is None:
                continue
            if value.__class__ is Flawed:
                troubles.append(Trouble(field, column, found, value.fault))
                value = value.value
            values[slot] = value
        return values, troubles


class Remembered(Generic[V]):
    """The same cells give the same answer: owners and dates come again and again."""

    def __init__(
        self, places: Sequence[int], compute: Callable[[list[str], str | None], V]
    ) -> None:
        self._key: Callable[[list[str]], Hashable] = (
            itemgetter(*sorted(set(places))) if places else lambda _cells: None
        )
        self._compute = compute
        self._known: dict[Hashable, V] = {}

    def __call__(self, cells: list[str], beside: str | None = None) -> V:
        key = (self._key(cells), beside)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._compute(cells, beside)
        return found


def text_at(columns: Columns, places: Of[str, int], blank: frozenset[str]) -> Text:
    """The text of one column, or of several joined."""
    at = [places[name] for name in columns.names]
    if len(at) == 1:
        return itemgetter(at[0])

    pieces_of = itemgetter(*at)
    nothing = blank | {""}
    if columns.first:
        return lambda cells: next(
            (cell for cell in pieces_of(cells) if same_word(cell) not in nothing), ""
        )

    def joined(cells: list[str]) -> str:
        pieces = [piece.strip() for piece in pieces_of(cells)]
        if nothing.isdisjoint(pieces):
            return columns.join.join(pieces)
        return columns.join.join(piece for piece in pieces if piece not in nothing)

    return joined


def _text_of(name: str, mapping: Mapping, places: Of[str, int]) -> Text:
    """Each column of traits is a trait of its own, however they are joined."""
    columns = mapping.columns[name]
    if name == "traits" and not columns.first:
        columns = replace(columns, join=";")
    if name.endswith("key") and len(columns.names) > 1 and not columns.first:
        return _whole_key(columns, places, mapping.blank)
    return text_at(columns, places, mapping.blank)


def _whole_key(columns: Columns, places: Of[str, int], blank: frozenset[str]) -> Text:
    """A key of several columns needs all of them, and two keys never look the same."""
    pieces_of = itemgetter(*(places[name] for name in columns.names))
    nothing = blank | {""}
    join = columns.join

    def joined(cells: list[str]) -> str:
        pieces = [piece.strip() for piece in pieces_of(cells)]
        if any(same_word(piece) in nothing for piece in pieces):
            return ""
        if join:
            pieces = [p.replace("\\", "\\\\").replace(join, "\\" + join) for p in pieces]
        return join.join(pieces)

    return joined
