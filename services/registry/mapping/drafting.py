"""Rows through a mapping: from the cells of a line to facts, or to what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping as Of, Sequence
from datetime import date
from typing import NamedTuple

from services.chassis.masking import masked_name, masked_phone
from services.registry.mapping.fields import Fields, bare
from services.registry.mapping.language import Mapping, same_word
from services.registry.mapping.taking import Trouble
from services.registry.mapping.things import things_of
from services.registry.model import RowError, RowKind, Thing
from services.registry.reading import Row
from services.registry.rules.people import masked_number
from services.registry.rules.reference import References

_SHOWN = 60


class Draft(NamedTuple):
    """What a row came to. *thing* is None if the row is wrong; then *errors* say why.

    *skipped*: by which condition of the mapping it was passed over.
    """

    line: int
    thing: Thing | None
    errors: tuple[RowError, ...]
    findings: tuple[RowError, ...]
    skipped: str | None = None


class Drafting:
    """Reads the rows of one table through one mapping, on one day."""

    def __init__(
        self,
        mapping: Mapping,
        columns: Sequence[str],
        places: Of[str, int],
        *,
        today: date,
        references: References | None = None,
    ) -> None:
        self._of_people = mapping.kind is RowKind.OPERATOR
        self._width = len(columns)
        self._nothing = mapping.blank
        self._conditions = [(places[c.column], c) for c in mapping.conditions]
        self._take = things_of(Fields(mapping, today=today, references=references), places).take

    def draft(self, row: Row) -> Draft | None:
        """The facts of a row, or what is wrong; None if nothing stands in it."""
        line, cells, last_line = row
        if len(cells) != self._width:
            if _blank(cells):
                return None
            if len(cells) < self._width or not _blank(cells[self._width :]):
                return _ragged(row, self._width)
        if last_line > line and _swallowed_rows(cells, last_line - line):
            return _ragged(row, self._width)
        if self._conditions and (skipped := self._skipped(cells)):
            return None if _blank(cells) else Draft(line, None, (), (), skipped)
        thing, troubles = self._take(cells)
        if not troubles:
            return Draft(line, thing, (), ())
        if _blank(cells):
            return None
        errors = tuple(self._said(line, t) for t in troubles if t.fault.refused)
        findings = tuple(self._said(line, t) for t in troubles if not t.fault.refused)
        return Draft(line, None, errors, ()) if errors else Draft(line, thing, (), findings)

    def _skipped(self, cells: list[str]) -> str | None:
        for at, condition in self._conditions:
            word = same_word(cells[at])
            if condition.skips("" if word in self._nothing else word):
                return str(condition)
        return None

    def _said(self, line: int, trouble: Trouble) -> RowError:
        field, column, text, fault = trouble
        text = text.strip()
        name = bare(field)
        if name in ("holder", "legal_representative"):
            text = masked_name(text)
        elif name == "phone":
            text = masked_phone(text)
        elif self._of_people:
            text = masked_number(text)
        return RowError(line, column, text[:_SHOWN], fault.code, fault.reason, fault.right)


def _blank(cells: list[str]) -> bool:
    return not any(cell.strip() for cell in cells)


def _swallowed_rows(cells: list[str], lines_more: int) -> bool:
    """A pair of stray quotes can make one cell of many rows, and still fit the header."""
    return any(
        cell.count("\n") == lines_more and max(map(cell.count, ",;\t|")) >= len(cells) - 1
        for cell in cells
    )


def _ragged(row: Row, width: int) -> Draft:
    line, cells, last_line = row
    reason = f"这一行有{len(cells)}个单元格,表头有{width}个"
    if last_line > line:
        reason = f"第{line}至{last_line}行被没有配对的双引号连成了一行"
    right = "请检查多余或缺少的分隔符和双引号"
    return Draft(line, None, (RowError(line, "", "", "ragged_row", reason, right),), ())
