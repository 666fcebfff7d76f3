"""A surveyor's sheet through a mapping file: which column says what of a visit.

The language is that of docs/mapping.md, as far as a sheet needs it: columns, constants,
values, dates. What the words of a line must be is for the asker to check.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping as Of
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields, validate

from services.registry.mapping.broken import Fault, MappingBroken, unknown
from services.registry.mapping.language import same_word
from services.registry.model import RowError
from services.registry.reading import Row
from services.registry.rules.days import USUAL, DayReader, FormatBroken, NotADay

LARGEST = 1 << 16  # characters
DAY = "surveyed_on"


class _File(Schema):
    mapping = fields.String(required=True, validate=validate.Equal("1"))
    kind = fields.String(required=True, validate=validate.Equal("census"))
    about = fields.String(load_default="")
    sheet = fields.String(load_default=None)
    columns = fields.Dict(fields.String(), fields.String(), required=True)
    constants = fields.Dict(fields.String(), fields.String(), load_default=dict)
    values = fields.Dict(
        fields.String(), fields.Dict(fields.String(), fields.String()), load_default=dict
    )
    dates = fields.List(fields.String(), load_default=list)


@dataclass(frozen=True)
class SurveyMapping:
    """What each field of a visit is taken from. *digest* is the SHA-256 of its text."""

    name: str
    digest: str
    sheet: str | None
    columns: Of[str, str]
    constants: Of[str, str]
    values: Of[str, Of[str, str]]
    days: DayReader

    @property
    def wanted(self) -> Collection[str]:
        """The headings that the sheet must have."""
        return sorted(set(self.columns.values()))

    def line(self, row: Row, places: Of[str, int]) -> dict[str, Any]:
        """The fields of a row as texts; what is empty is not stated.

        Raises RowWrong.
        """
        cells = row[1]
        found: dict[str, Any] = dict(self.constants)
        for field, column in self.columns.items():
            at = places[column]
            text = cells[at].strip() if at < len(cells) else ""
            if text:
                found[field] = self._read(field, text, row[0])
        return found

    def _read(self, field: str, text: str, line: int) -> str:
        if field == DAY:
            try:
                return self.days.read(text).isoformat()
            except NotADay as error:
                right = f"写法: {'、'.join(self.days.formats)}"
                wrong = RowError(
                    line, self.columns[field], text, error.code, error.reason, right
                )
                raise RowWrong(wrong) from None
        words = self.values.get(field)
        if words is None:
            return text
        ours = words.get(same_word(text))
        if ours is None:
            right = f"已知: {'、'.join(words)}"
            reason = "映射文件没有说明这个词"
            raise RowWrong(
                RowError(line, self.columns[field], text, "value_unknown", reason, right)
            )
        return ours


class RowWrong(Exception):
    """A row that cannot be read; *error* says where."""

    def __init__(self, error: RowError) -> None:
        super().__init__(error.reason)
        self.error = error


def read_survey(text: str, *, name: str, known: Collection[str]) -> SurveyMapping:
    """The mapping of a sheet, whose fields are among *known*. Raises MappingBroken."""
    said = _shaped(text, name)
    faults = list(_faults(said, known))
    if faults:
        raise MappingBroken(name, faults)
    return SurveyMapping(
        name=name,
        digest=sha256(text.encode()).hexdigest(),
        sheet=said["sheet"],
        columns=said["columns"],
        constants=said["constants"],
        values={
            field: {same_word(theirs): ours for theirs, ours in words.items()}
            for field, words in said["values"].items()
        },
        days=DayReader.of(said["dates"] or USUAL, last_of_month=False),
    )


def _shaped(text: str, name: str) -> dict[str, Any]:
    try:
        if len(text) > LARGEST:
            raise yaml.YAMLError(f"more than {LARGEST} characters")
        content = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes only text
        if not isinstance(content, dict):
            raise yaml.YAMLError("应由“键: 值”组成")
        if isinstance(content.get("dates"), str):
            content["dates"] = [content["dates"]]
        loaded: dict[str, Any] = _File().load(content)
    except (yaml.YAMLError, RecursionError, TypeError) as error:
        said = " ".join(str(error).split())
        raise MappingBroken(
            name, [Fault("not_yaml", name, f"不是可读的映射文件: {said}")]
        ) from None
    except ValidationError as error:
        found = [
            Fault("shape", place, str(said)) for place, said in error.messages_dict.items()
        ]
        raise MappingBroken(name, found) from None
    return loaded


def _faults(said: dict[str, Any], known: Collection[str]) -> Iterator[Fault]:
    for section in ("columns", "constants", "values"):
        for field in said[section]:
            if field not in known:
                yield unknown("field_unknown", f"{section}.{field}", field, known)
    try:
        DayReader.of(said["dates"] or USUAL, last_of_month=False)
    except FormatBroken as error:
        yield Fault("date_format", "dates", f"日期写法不能用: {error}")
