"""A surveyor's sheet as a file, through a mapping: good lines go in, wrong ones are listed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from marshmallow import Schema, ValidationError, fields
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.chassis.api import Refused
from services.registry.api.census.asking import known
from services.registry.api.census.sheets import MOST_LINES, Line, visit_of
from services.registry.api.serving import Service
from services.registry.handlers import census, leftovers
from services.registry.mapping import MappingBroken
from services.registry.mapping.survey import RowWrong, SurveyMapping, read_survey
from services.registry.model import RowError
from services.registry.reading import FileBroken, open_table
from services.registry.rules.census import Visit
from services.registry.store import runs
from services.registry.store.census import campaigns

LISTED = 1000  # errors that are told one by one
MOST_ROWS = 50_000  # what a surveyor, or a district, can bring home in a day and more


class SheetQuery(Schema):
    """Whether to take it in, or only to look."""

    dry_run = fields.Boolean(load_default=False)


@dataclass
class Read:
    """The lines of a sheet, good and wrong."""

    visits: list[Visit] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    rows: int = 0


def add_views(views: Blueprint, service: Service) -> None:
    """Sheets as files."""

    @views.post("/census/<uuid:campaign_id>/sheets")
    def census_sheet_file(campaign_id: UUID) -> Any:
        dry_run = api.query(SheetQuery)["dry_run"]
        with service.database.reading() as session:
            known(session, campaign_id)
            rows = campaigns.grids(session, campaign_id, scope=api.caller().scope)
            mine = {row.code for row in rows}
        salt = runs.salt(service.database, may_write=True)
        found, digest = _read(campaign_id, salt, mine)

        def act(session: Session) -> dict[str, Any]:
            counts = {"new": 0, "changed": 0, "same": 0}
            for some in _slices([] if dry_run else found.visits):
                taken = census.take_visits(
                    session,
                    campaign_id,
                    some,
                    by=api.caller().name,
                    at=clock.now(),
                    scope=api.caller().scope,
                )
                counts = {name: many + taken[name] for name, many in counts.items()}
            return _told(found, counts, dry_run=dry_run)

        return api.write(service.database, act, body=digest)


def _told(found: Read, counts: dict[str, int], *, dry_run: bool) -> dict[str, Any]:
    wrong = found.rows - len(found.visits)
    listed = [asdict(error) for error in found.errors[:LISTED]]
    good = len(found.visits)
    return {
        "rows": found.rows,
        "good": good,
        "wrong": wrong,
        "errors": listed,
        "dry_run": dry_run,
        **counts,
    }


def _read(campaign_id: UUID, salt: str, grids: set[str]) -> tuple[Read, bytes]:
    """The file and the mapping of the request. Raises Refused."""
    for name in ("file", "mapping"):
        if name not in request.files:
            raise Refused("file_missing", f"请求中缺少文件“{name}”(multipart/form-data)", 400)
    said = request.files["mapping"].read()
    with TemporaryDirectory(prefix=leftovers.SHEET) as folder:
        path = Path(folder) / "sheet"
        request.files["file"].save(path)
        digest = hashlib.sha256(path.read_bytes() + said).digest()
        try:
            mapping = read_survey(
                said.decode("utf-8"), name="mapping", known=tuple(Line().fields)
            )
            found = _rows(path, mapping, campaign_id, salt, grids)
        except UnicodeDecodeError:
            raise Refused("not_yaml", "映射文件不是 UTF-8 编码") from None
        except MappingBroken as broken:
            faults = [asdict(fault) for fault in broken.faults]
            raise Refused("mapping_broken", str(broken), faults=faults) from None
        except FileBroken as broken:
            raise Refused(broken.code, str(broken), place=broken.place) from None
    return found, digest


def _rows(
    path: Path, mapping: SurveyMapping, campaign_id: UUID, salt: str, grids: set[str]
) -> Read:
    found, schema, today = Read(), Line(), clock.today()
    with open_table(path, mapping.wanted, sheet=mapping.sheet) as table:
        for row in table.rows:
            if not any(cell.strip() for cell in row[1]):
                continue
            found.rows += 1
            if found.rows > MOST_ROWS:
                raise Refused("sheet_too_long", f"一次至多 {MOST_ROWS} 行, 请分成几份", 413)
            try:
                line = schema.load(mapping.line(row, table.places))
                visit = visit_of(line, campaign_id, salt)
            except RowWrong as wrong:
                found.errors.append(wrong.error)
                continue
            except ValidationError as error:
                found.errors += _errors(row[0], error.messages_dict, mapping)
                continue
            faults = list(_refused(row[0], visit, grids, today, mapping))
            found.errors += faults
            if not faults:
                found.visits.append(visit)
    return found


def _refused(
    line: int, visit: Visit, grids: set[str], today: date, mapping: SurveyMapping
) -> Iterator[RowError]:
    if visit.grid not in grids:
        column = mapping.columns.get("grid", "grid")
        reason = "没有这个网格, 或不在管辖范围内"
        right = f"可用: {'、'.join(sorted(grids)[:20])}"
        yield RowError(line, column, visit.grid, "grid_out_of_scope", reason, right)
    if visit.surveyed_on > today:
        column, day = mapping.columns.get("surveyed_on", ""), visit.surveyed_on.isoformat()
        yield RowError(
            line, column, day, "surveyed_in_future", "普查日期在今天之后", "核对年份"
        )


def _errors(line: int, messages: dict[str, Any], mapping: SurveyMapping) -> list[RowError]:
    return [
        RowError(
            line,
            mapping.columns.get(name, name),
            "",
            "field_wrong",
            "; ".join(map(str, said if isinstance(said, list) else [said])),
            "见 docs/census.md",
        )
        for name, said in messages.items()
    ]


def _slices(visits: list[Visit]) -> Iterator[list[Visit]]:
    for start in range(0, len(visits), MOST_LINES):
        yield visits[start : start + MOST_LINES]
