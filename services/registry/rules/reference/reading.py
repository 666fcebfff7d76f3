"""An edition from its file: read line by line, refused with every place where it is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from services.registry.model import RowError
from services.registry.rules.reference.contradictions import contradictions
from services.registry.rules.reference.edition import Edition, Entry
from services.registry.rules.reference.subjects import COLUMNS, Subject


class EditionBroken(ValueError):
    """An edition that cannot be taken; *faults* say where and what would be right."""

    code = "edition_broken"

    def __init__(self, subject: Subject, faults: Iterable[RowError]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        place = f"第{first.line}行 {first.column}".strip()
        super().__init__(f"{subject.label}不能采用: {place}: {first.reason}")


@dataclass
class _Lines:
    """The lines read so far, and what is wrong with them."""

    subject: Subject
    entries: list[Entry] = field(default_factory=list)
    faults: list[RowError] = field(default_factory=list)

    def take(self, line: int, said: dict[str, str]) -> None:
        before = len(self.faults)
        days = {name: self._day(line, name, said[name]) for name in COLUMNS[2:4]}
        self._plain_text(line, said)
        if len(self.faults) > before:
            return
        more = {name: said[name] for name in self.subject.further}
        entry = Entry(
            line=line,
            code=said["code"],
            name=said["name"],
            valid_from=days["valid_from"],
            valid_until=days["valid_until"],
            successor=said["successor"] or None,
            source=said["source"],
            more=more,
        )
        self.entries.append(entry)

    def _plain_text(self, line: int, said: dict[str, str]) -> None:
        if not self.subject.form.fullmatch(said["code"]):
            right = f"应为{self.subject.form_in_words}"
            self._fault(line, "code", said["code"], "code_form", "代码的形式不对", right)
        for name, reason in (("name", "没有名称"), ("source", "没有来源")):
            if not said[name]:
                self._fault(line, name, "", f"{name}_missing", reason, "每一行都要写明")

    def _day(self, line: int, name: str, text: str) -> date | None:
        if not text:
            return None
        try:
            # spreadsheets write 2021/1/1 when they save
            year, month, day = (int(part) for part in text.replace("/", "-").split("-"))
            return date(year, month, day)
        except ValueError:
            self._fault(line, name, text, "date_unreadable", "不是日期", "应写成 2021-01-01")
            return None

    def _fault(
        self, line: int, column: str, value: str, code: str, reason: str, right: str
    ) -> None:
        self.faults.append(RowError(line, column, value, code, reason, right))


def read_edition(subject: Subject, text: str, *, effective_on: date | None = None) -> Edition:
    """The edition of a CSV text. Raises EditionBroken with all that is wrong."""
    lines = _Lines(subject)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        heading = [cell.strip() for cell in next(reader, [])]
        _check_heading(subject, heading)
        for cells in reader:
            _take(lines, reader.line_num, heading, cells)
    except csv.Error as error:
        fault = RowError(
            reader.line_num, "", "", "not_csv", f"不是 CSV: {error}", "双引号要配对"
        )
        lines.faults.append(fault)
    if not lines.entries and not lines.faults:
        lines.faults.append(
            RowError(1, "", "", "empty", "一行也没有", "要给出整张表, 不是增补")
        )
    faults = lines.faults or list(contradictions(subject, lines.entries))
    if faults:
        raise EditionBroken(subject, faults)
    return Edition(
        subject.name,
        lines.entries,
        digest=sha256(text.encode()).hexdigest(),
        effective_on=effective_on,
    )


def _take(lines: _Lines, line: int, heading: list[str], cells: list[str]) -> None:
    if not any(cell.strip() for cell in cells):
        return
    if len(cells) != len(heading):
        reason = f"这一行有{len(cells)}个单元格,表头有{len(heading)}个"
        lines.faults.append(
            RowError(line, "", "", "ragged_row", reason, "检查多余或缺少的逗号")
        )
        return
    lines.take(line, dict(zip(heading, map(str.strip, cells), strict=True)))


def _check_heading(subject: Subject, heading: list[str]) -> None:
    right = f"应为 {','.join((*COLUMNS, *subject.further))}"
    wrong = sorted(subject.columns.symmetric_difference(heading))
    twice = sorted({name for name in heading if heading.count(name) > 1})
    if wrong or twice:
        named = "、".join((*wrong, *twice))
        fault = RowError(1, named, "", "heading", "第一行的列不对: 缺少、多余或重复", right)
        raise EditionBroken(subject, [fault])
