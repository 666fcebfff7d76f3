"""The duty records of a row."""

from __future__ import annotations

from collections.abc import Mapping as Of
from dataclasses import dataclass
from datetime import date

from services.events.registry import DutyRecord
from services.registry.mapping.cells import Fault, Flawed, Reader
from services.registry.mapping.fields import Fields
from services.registry.mapping.language import RecordColumns
from services.registry.mapping.taking import Remembered, Trouble

_BEFORE_DONE = Fault(
    "due_before_done", "载明的下次日期早于上次完成日期", "请核对两个日期是否填反", False
)


@dataclass(frozen=True)
class _Place:
    """One cell of a record."""

    field: str
    column: str
    at: int
    reader: Reader


class Duties:
    """Reads what an object owes, by the columns the mapping names."""

    def __init__(self, fields: Fields, places: Of[str, int]) -> None:
        self._fields = fields
        self._records = [
            (record, self._places(record, places)) for record in fields.mapping.records
        ]
        at = [place.at for _, found in self._records for place in found.values()]
        self.take = Remembered(at, self._take)

    def _places(self, record: RecordColumns, places: Of[str, int]) -> dict[str, _Place]:
        said = {"done_on": record.done_on, "stated_due_on": record.stated_due_on}
        found = {
            name: _Place(
                record.field(name),
                column,
                places[column],
                self._fields.day_reader(record.field(name), name=name),
            )
            for name, column in said.items()
            if column is not None
        }
        if (column := record.cycle_column) is not None:
            months = self._fields.months_reader(record.cycle_unit)
            found["cycle_months"] = _Place(
                record.field("cycle_months"), column, places[column], months
            )
        return found

    def _take(
        self, cells: list[str], _beside: str | None
    ) -> tuple[tuple[DutyRecord, ...], list[Trouble]]:
        troubles: list[Trouble] = []
        records = []
        for record, places in self._records:
            values: dict[str, date | int | None] = {}
            for name, place in places.items():
                value = place.reader[cells[place.at]]
                if isinstance(value, Flawed):
                    trouble = Trouble(place.field, place.column, cells[place.at], value.fault)
                    troubles.append(trouble)
                    value = value.value
                values[name] = value
            records.append(_record(record, values))
            troubles += _contradiction(records[-1], places, cells)
        return tuple(records), troubles


def _record(record: RecordColumns, values: dict[str, date | int | None]) -> DutyRecord:
    months = values.get("cycle_months")
    done_on, stated_due_on = values.get("done_on"), values.get("stated_due_on")
    return DutyRecord(
        duty=record.duty,
        done_on=done_on if isinstance(done_on, date) else None,
        stated_due_on=stated_due_on if isinstance(stated_due_on, date) else None,
        cycle_months=months if isinstance(months, int) else record.cycle_months,
    )


def _contradiction(
    record: DutyRecord, places: Of[str, _Place], cells: list[str]
) -> list[Trouble]:
    if not record.done_on or not record.stated_due_on:
        return []
    if record.stated_due_on >= record.done_on:
        return []
    place = places["stated_due_on"]
    return [Trouble(place.field, place.column, cells[place.at], _BEFORE_DONE)]
