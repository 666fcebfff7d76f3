"""What a changed rule table or number would do to the register, before it takes effect.

Nothing is written. Every object that a changed rule is for is decided twice for one day, by
the rules as they are and by the rules as they would be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.database import Database
from services.events.registry import ObjectRecorded
from services.inspection.handlers.rule_changes import touched_by
from services.inspection.model import Colour, Stop
from services.inspection.rules import colour
from services.inspection.rules.ruling import Ruling
from services.inspection.rules.visits.confirmed import effective
from services.inspection.store import confirmed, stops, subjects

SLICE = 2000

COLOURS = {
    Colour.GREEN: "绿色",
    Colour.YELLOW: "黄色",
    Colour.RED: "红色",
    Colour.GREY: "灰色",
}
_NAMED = 5
Known = tuple[ObjectRecorded, Stop | None]


@dataclass(frozen=True)
class Changed:
    """How many objects of a division would change from one colour to another."""

    division: str
    before: Colour
    after: Colour
    objects: int


@dataclass(frozen=True)
class Simulation:
    """What would change on a day, and how many objects were looked at."""

    on: date
    objects: int
    changed: tuple[Changed, ...]
    sentences: tuple[str, ...]


def simulate(database: Database, now: Ruling, then: Ruling) -> Simulation:
    """Decide by both rulings, of the same day, and compare."""
    changes: Counter[tuple[str, Colour, Colour]] = Counter()
    looked_at = 0
    for facts, stop in _facts(database, now, then):
        looked_at += 1
        before, after = _worst(facts, stop, now), _worst(facts, stop, then)
        if before is not after:
            changes[(facts.division, before, after)] += 1
    changed = tuple(
        Changed(division, before, after, objects)
        for (division, before, after), objects in sorted(changes.items())
    )
    return Simulation(now.on, looked_at, changed, tuple(_sentences(changed, looked_at)))


def _facts(database: Database, now: Ruling, then: Ruling) -> Iterator[Known]:
    wanted = touched_by(now, then)
    if wanted is None:
        return
    after: UUID | None = None
    while True:
        with database.reading() as session:
            found = subjects.read_slice(session, wanted, after=after, limit=SLICE)
            yield from _effective(session, [subject.facts for subject in found])
        if not found:
            return
        after = found[-1].facts.object_id


def _effective(session: Session, facts: list[ObjectRecorded]) -> Iterator[Known]:
    ids = [each.object_id for each in facts]
    known, stopped = confirmed.of(session, ids), stops.of(session, ids)
    for each in facts:
        yield effective(each, known.get(each.object_id)), stopped.get(each.object_id)


def _worst(facts: ObjectRecorded, stop: Stop | None, ruled: Ruling) -> Colour:
    colours = [
        colour.colour(yellow_on=duty.yellow_on, red_on=duty.red_on, today=ruled.on)
        for duty in ruled.owed(facts, stop)
    ]
    return max(colours, key=lambda each: each.severity, default=Colour.GREY)


def _sentences(changed: tuple[Changed, ...], looked_at: int) -> Iterator[str]:
    yield f"规则有变动的对象共{looked_at}个, 其中{sum(c.objects for c in changed)}个改变颜色。"
    for shown in (Colour.RED, Colour.YELLOW, Colour.GREEN, Colour.GREY):
        into = _sums(changed, shown, into=True)
        out = _sums(changed, shown, into=False)
        more = sum(into.values()) - sum(out.values())
        if not into and not out:
            continue
        net = into.copy()
        net.subtract(out)
        named = "、".join(
            f"{division} {number:+d}"
            for division, number in sorted(net.items(), key=lambda n: -abs(n[1]))[:_NAMED]
            if number
        )
        yield f"{COLOURS[shown]}: {more:+d}个对象{f' ({named})' if named else ''}。"


def _sums(changed: tuple[Changed, ...], shown: Colour, *, into: bool) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in changed:
        if (each.after if into else each.before) is shown:
            found[each.division] += each.objects
    return found
