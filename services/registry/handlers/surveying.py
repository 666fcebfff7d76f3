"""Surveyors' sheets: what a line tells of, and a whole file of lines as a job.

Good lines go in, wrong ones are listed; the same sheet again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping as Of
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.masking import masked_name
from services.chassis.scope import Scope
from services.registry.handlers import census
from services.registry.handlers.tally import KEPT, Told
from services.registry.mapping.survey import DAY, RowWrong, SurveyMapping, read_survey
from services.registry.mapping.survey_line import FIELDS, Line
from services.registry.model import ImportReport, Outcome, Progress, RowError, RowKind
from services.registry.reading import FileBroken, Row, open_table
from services.registry.rules.census import Visit
from services.registry.rules.people import masked_number
from services.registry.store import identity, runs
from services.registry.store.census import campaigns
from services.registry.store.tables import ImportJobRow

SLICE = 1000
MOST_ROWS = 50_000  # what a surveyor, or a district, can bring home in a day and more
TOO_LONG = f"一次至多 {MOST_ROWS} 行, 请分成几份"
Ending = Callable[[Session, ImportReport], None]


class _OnlyTried(Exception):
    """It was a dry run: what was written is taken back."""


@dataclass
class Sheet:
    """One file of a campaign, taken in step by step like an import.

    *tell* hears of everything that is wrong. *ending* is called in the transaction that
    makes the visits true.
    """

    database: Database
    path: Path
    job: ImportJobRow
    tell: Told
    ending: Ending
    _report: ImportReport | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._mapping = read_sheet_mapping(self.job.mapping_text, name=self.job.mapping_name)
        self._scope = Scope.parse(self.job.scope or "")
        self._visits: list[Visit] = []
        self._errors: list[RowError] = []
        self._rows = 0
        self._sheet: str | None = None

    @property
    def report(self) -> ImportReport:
        """What came of it. Only after the last step."""
        if self._report is None:
            raise RuntimeError("the sheet has not come to its end")
        return self._report

    @property
    def campaign(self) -> UUID:
        """The one that it belongs to."""
        assert self.job.campaign_id is not None  # noqa: S101 - jobs without one are no sheets
        return self.job.campaign_id

    def steps(self) -> Iterator[Progress]:
        """Do it. Raises FileBroken."""
        salt = runs.salt(self.database, may_write=True)
        with self.database.reading() as session:
            found = campaigns.grids(session, self.campaign, scope=self._scope)
            grids = {grid.code for grid in found}
        reading = _Reading(self._mapping, self.campaign, salt, grids)
        with open_table(self.path, self._mapping.wanted, sheet=self._mapping.sheet) as table:
            self._sheet = table.sheet
            for row in table.rows:
                if any(cell.strip() for cell in row[1]):
                    self._take(reading, row, table.places)
                if self._rows and self._rows % SLICE == 0:
                    yield Progress("reading", self._rows, table.share())
        yield Progress("settling", self._rows, 0.0)
        with suppress(_OnlyTried), self.database.transaction() as session:
            report = self._report = self._taken_in(session)
            if self.job.dry_run:
                raise _OnlyTried
            self.ending(session, report)

    def _take(self, reading: _Reading, row: Row, places: Of[str, int]) -> None:
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise FileBroken("sheet_too_long", "", TOO_LONG)
        visit, errors = reading.visit(row, places)
        if visit is not None:
            self._visits.append(visit)
        self.tell(True, errors)
        if len(self._errors) < KEPT:
            self._errors += errors

    def _taken_in(self, session: Session) -> ImportReport:
        counts = {"new": 0, "changed": 0, "same": 0}
        wrong = self._rows - len(self._visits)
        refused = self.job.all_or_nothing and wrong > 0
        for start in range(0, 0 if refused else len(self._visits), SLICE):
            taken = census.take_visits(
                session,
                self.campaign,
                self._visits[start : start + SLICE],
                by=self.job.asked_by,
                at=clock.now(),
                scope=self._scope,
            )
            counts = {name: many + taken[name] for name, many in counts.items()}
        done = Outcome.CHECKED if self.job.dry_run else Outcome.IMPORTED
        return ImportReport(
            outcome=Outcome.REFUSED if refused else done,
            run_id=None,
            rows=self._rows,
            new=counts["new"],
            changed=counts["changed"],
            same=counts["same"],
            wrong=wrong,
            suspicious=0,
            errors=tuple(self._errors),
            findings=(),
            sheet=self._sheet,
        )


def read_sheet_mapping(text: str, *, name: str) -> SurveyMapping:
    """How a sheet is to be read. Raises MappingBroken."""
    return read_survey(text, name=name, known=FIELDS)


@dataclass(frozen=True)
class _Reading:
    """Rows through a mapping, of one campaign, in these grids."""

    mapping: SurveyMapping
    campaign: UUID
    salt: str
    grids: set[str]

    def visit(self, row: Row, places: Of[str, int]) -> tuple[Visit | None, list[RowError]]:
        """What a row tells of, or what is wrong with it."""
        try:
            line = Line().load(self.mapping.line(row, places))
        except RowWrong as wrong:
            return None, [wrong.error]
        except ValidationError as error:
            return None, list(self._errors(row[0], error.messages_dict))
        visit = visit_of(line, self.campaign, self.salt)
        errors = list(self._refused(row[0], visit, clock.today()))
        return (None if errors else visit), errors

    def _refused(self, line: int, visit: Visit, today: date) -> Iterator[RowError]:
        if visit.grid not in self.grids:
            reason = "没有这个网格, 或不在管辖范围内"
            right = f"可用: {'、'.join(sorted(self.grids)[:20])}"
            column = self.mapping.columns.get("grid", "grid")
            yield RowError(line, column, visit.grid, "grid_out_of_scope", reason, right)
        if visit.surveyed_on > today:
            day, column = visit.surveyed_on.isoformat(), self.mapping.columns.get(DAY, DAY)
            reason = "普查日期在今天之后"
            yield RowError(line, column, day, "surveyed_in_future", reason, "核对年份")

    def _errors(self, line: int, messages: dict[str, Any]) -> Iterator[RowError]:
        for name, said in messages.items():
            reason = "; ".join(map(str, said if isinstance(said, list) else [said]))
            column = self.mapping.columns.get(name, name)
            yield RowError(line, column, "", "field_wrong", reason, "见 docs/census.md")


def visit_of(line: dict[str, Any], campaign_id: UUID, salt: str) -> Visit:
    """The visit that a checked line tells of; of a person nothing that names him."""
    kind = RowKind(line["kind"])
    label = line["label"] or line["key"] or line["uscc"] or str(line["thing"])
    if kind is RowKind.OPERATOR:
        label = masked_name(label) if line["label"] else masked_number(label)
    return Visit(
        thing=_thing(line, kind, campaign_id, salt),
        grid=line["grid"],
        kind=kind,
        outcome=line["outcome"],
        surveyed_on=line["surveyed_on"],
        surveyor=line["surveyor"],
        label=label,
        leased=line["leased"],
        used_by=line["used_by"],
        note=line["note"],
    )


def _thing(line: dict[str, Any], kind: RowKind, campaign_id: UUID, salt: str) -> UUID:
    """The id that the registry has, or would have, of it: so both find each other later."""
    source, key = line["source"], line["key"]
    if line["thing"]:
        found: UUID = line["thing"]
        return found
    if kind is RowKind.ENTERPRISE and line["uscc"]:
        return UUID(identity.enterprise_by_uscc(line["uscc"]))
    if not (source and key):
        return uuid5(campaign_id, f"{line['grid']}/{kind.value}/{line['label']}")
    if kind is RowKind.OPERATOR:
        return UUID(identity.person(source, key, salt))
    if kind is RowKind.ENTERPRISE:
        return UUID(identity.enterprise_by_key(source, key))
    return UUID(identity.thing(source, kind, key))
