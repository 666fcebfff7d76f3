"""What the sources deliver in the days after the census: the city goes on living.

Most things are looked after before they fall due, some late, a few not at all; of those some
are taken out of use in the end. Each row is the one of the census with new dates.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from heapq import heappop, heappush
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import NamedTuple

from services.demo.city import CENSUS_ON, SEED, everything
from services.demo.files import DemoFile, Item, sheets
from services.demo.layouts import LAYOUTS
from services.demo.records import Record, due, plus_months

_LATE, _NEGLECTED, _TAKEN_OUT = 0.08, 0.02, 0.5
_EARLY_DAYS, _LATE_DAYS = 30, 25
_TAKEN_OUT_DAYS = (35, 120)
_MAINTENANCE_DAYS, _MAINTAINED_LATE = 15, 0.02
_STATE_COLUMNS = ("设备状态", "器具状态", "表状态")
_STOPPED = "停用"
_PASSED, _CHECKED, _MAINTAINED = "passed", "checked", "maintained"
_OUT, _NOTHING = "out", "nothing"
_NIGHT = 1
"""A source delivers by night what it recorded by day."""


class Delivery(NamedTuple):
    """One row, and the day (an ordinal) on which its source delivers it."""

    day: int
    item: Item


def year(
    *,
    seed: int = SEED,
    factor: float = 1.0,
    on: date = CENSUS_ON,
    days: int = 365,
    every: int = 1,
) -> Iterator[tuple[date, list[Item]]]:
    """Day by day after the census what changed; only days on which something is delivered.

    With *every* 7 the sources deliver once a week. Unlike the census it is held in memory: it
    must be sorted by day. A thing appears once a day, as it stands then.
    """
    first, last = on.toordinal(), on.toordinal() + days
    told: list[Delivery] = []
    for number, item in enumerate(everything(seed, factor, on)):
        if item.record and item.in_use:
            chance = Random(seed * 1_000_003 + number)  # noqa: S311  (invented data)
            told.extend(_life(item, chance, first, last, every))
    told.sort(key=itemgetter(0))
    for day, deliveries in groupby(told, key=itemgetter(0)):
        yield date.fromordinal(day), [delivery.item for delivery in deliveries]


def write_delivery(folder: Path, items: Sequence[Item]) -> list[DemoFile]:
    """The files of one day, one for each table of which something is delivered."""
    with sheets(folder, prefix="daily_", only_dated=True) as files:
        for item in items:
            files[item.layout].write(item)
    return [sheet.delivered() for sheet in files.values() if sheet.rows]


def _life(item: Item, chance: Random, first: int, last: int, every: int) -> Iterator[Delivery]:
    """The rows of one thing, by the days of delivery."""
    by_day: dict[int, Item] = {}
    for day, item_then in _changes(item, chance, first, last):
        delivered = first + -(-(day + _NIGHT - first) // every) * every
        if delivered <= last:
            by_day[delivered] = item_then
    return (Delivery(day, item_then) for day, item_then in by_day.items())


def _changes(item: Item, chance: Random, first: int, last: int) -> Iterator[tuple[int, Item]]:
    """(day, the thing from then on), in order; own checks and passing records intertwined."""
    coming: list[tuple[int, str]] = []
    if item.record is not None:
        heappush(coming, _next_passing(item.record, item, chance, first))
    if item.checked:
        heappush(coming, _next_check(item, chance, first))
    if item.maintained:
        heappush(coming, _next_maintenance(item.maintained, chance, first))
    while coming and coming[0][0] <= last:
        day, what = heappop(coming)
        if what == _NOTHING:
            continue
        if what == _OUT:
            yield day, item._replace(cells=_with_state(item, _STOPPED))
            return
        item, then = _done(item, what, day, chance)
        heappush(coming, then)
        yield day, item


def _done(item: Item, what: str, day: int, chance: Random) -> tuple[Item, tuple[int, str]]:
    """The thing after one of its duties was done, and the next time."""
    if what == _MAINTAINED:
        return item._replace(maintained=day), _next_maintenance(day, chance, day + 1)
    if what == _CHECKED or item.record is None:
        checked = item._replace(checked=day)
        return checked, _next_check(checked, chance, day + 1)
    record = item.record._replace(done=day, due=due(day, item.record.custom), renewed_after=0)
    return item._replace(record=record), _next_passing(record, item, chance, day + 1)


def _next_passing(record: Record, item: Item, chance: Random, earliest: int) -> tuple[int, str]:
    """When it will have passed, be taken out of use, or neither."""
    if record.renewed_after:
        return earliest + record.renewed_after, _PASSED
    luck = chance.random()
    if luck < _NEGLECTED:
        if chance.random() < _TAKEN_OUT and _state_column(item) is not None:
            return max(record.due + chance.randint(*_TAKEN_OUT_DAYS), earliest), _OUT
        return record.due + 10_000, _NOTHING
    if luck < _NEGLECTED + _LATE:
        return max(record.due + 1 + int(chance.expovariate(1 / _LATE_DAYS)), earliest), _PASSED
    return max(record.due - int(chance.random() * _EARLY_DAYS), earliest), _PASSED


def _next_check(item: Item, chance: Random, earliest: int) -> tuple[int, str]:
    """The owner's own check, a boiler's inside: mostly a little early, now and then late."""
    falls_due = plus_months(item.checked, LAYOUTS[item.layout].second_months)
    return max(falls_due + int(chance.gauss(-20, 12)), earliest), _CHECKED


def _next_maintenance(maintained: int, chance: Random, earliest: int) -> tuple[int, str]:
    """A day or two before the fifteenth day; now and then it is forgotten for some days."""
    late = chance.random() < _MAINTAINED_LATE
    days = chance.randint(1, 20) if late else -chance.randint(0, 2)
    return max(maintained + _MAINTENANCE_DAYS + days, earliest), _MAINTAINED


def _state_column(item: Item) -> int | None:
    heading = LAYOUTS[item.layout].heading
    return next((heading.index(name) for name in _STATE_COLUMNS if name in heading), None)


def _with_state(item: Item, word: str) -> list[str]:
    cells, column = list(item.cells), _state_column(item)
    if column is not None:
        cells[column] = word
    return cells
