"""The chain of attestations, and the counts that its lines tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, insert, literal, select, union_all
from sqlalchemy.orm import Session

from services.inspection.model import Colour, ColourCounts, DayLine
from services.inspection.store.duties import DUTY
from services.inspection.store.subjects import SUBJECT
from services.inspection.store.tables import AttestationRow


def counted(session: Session, on: date) -> tuple[int, ColourCounts, ColourCounts]:
    """All objects, the decided ones by colour, all duties by colour: of one moment.

    One statement, so that the three agree even while others write.
    """
    undecided = select(DUTY.c.object_id).where(DUTY.c.next_change_on <= on)
    count = func.count().label("count")
    statement = union_all(
        select(literal("objects").label("what"), SUBJECT.c.colour, count).group_by(
            SUBJECT.c.colour
        ),
        select(literal("undecided"), SUBJECT.c.colour, count)
        .where(SUBJECT.c.object_id.in_(undecided))
        .group_by(SUBJECT.c.colour),
        select(literal("duties"), DUTY.c.colour, count).group_by(DUTY.c.colour),
    )
    found: dict[str, dict[Colour, int]] = {"objects": {}, "undecided": {}, "duties": {}}
    for what, colour, number in session.execute(statement):
        found[what][colour] = number
    decided = {
        colour: number - found["undecided"].get(colour, 0)
        for colour, number in found["objects"].items()
    }
    return sum(found["objects"].values()), _counts(decided), _counts(found["duties"])


def last_line(session: Session, *, on: date | None = None) -> DayLine | None:
    """The last line of a day, or of all."""
    statement = select(AttestationRow).order_by(AttestationRow.number.desc()).limit(1)
    if on is not None:
        statement = statement.where(AttestationRow.attested_on == on)
    row = session.scalar(statement)
    return _line(row) if row else None


def first_attested_on(session: Session) -> date | None:
    """The day of the first line."""
    return session.scalar(select(func.min(AttestationRow.attested_on)))


def add_line(session: Session, line: DayLine) -> None:
    """Append a sealed line."""
    row = {
        "number": line.number,
        "attested_on": line.on,
        "run": line.run,
        "objects": line.objects,
        **vars(line.of_objects),
        **{f"duties_{colour}": number for colour, number in vars(line.of_duties).items()},
        "rule_version": line.rule_version,
        "attested_at": line.attested_at,
        "previous_hash": line.previous_hash,
        "hash": line.hash,
    }
    session.execute(insert(AttestationRow), [row])


def lines(
    session: Session, *, since: date | None = None, until: date | None = None
) -> Iterator[DayLine]:
    """Lines in the order of the chain."""
    statement = select(AttestationRow).order_by(AttestationRow.number)
    if since is not None:
        statement = statement.where(AttestationRow.attested_on >= since)
    if until is not None:
        statement = statement.where(AttestationRow.attested_on <= until)
    for row in session.scalars(statement.execution_options(yield_per=1000)):
        yield _line(row)


def _counts(by_colour: dict[Colour, int]) -> ColourCounts:
    return ColourCounts(**{colour.value: by_colour.get(colour, 0) for colour in Colour})


def _line(row: AttestationRow) -> DayLine:
    return DayLine(
        number=row.number,
        on=row.attested_on,
        run=row.run,
        objects=row.objects,
        of_objects=ColourCounts(green=row.green, yellow=row.yellow, red=row.red, grey=row.grey),
        of_duties=ColourCounts(
            green=row.duties_green,
            yellow=row.duties_yellow,
            red=row.duties_red,
            grey=row.duties_grey,
        ),
        rule_version=row.rule_version,
        attested_at=row.attested_at,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
