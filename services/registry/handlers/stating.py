"""Rows that a linked system states by message: checked, kept as a job, done like a file."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.envelope import Envelope
from services.chassis.sealing import Seals
from services.events.source import RowsStated
from services.registry.adapters import mapping_text
from services.registry.handlers.faults import storable
from services.registry.mapping import Mapping, parse_mapping
from services.registry.mapping.language import Condition, same_word
from services.registry.store import jobs, reference, stated

MOST_ROWS = 5_000
MARK, OLD = "陈述", "已过时"
_BETWEEN = "\x1f"


class StatementBroken(Exception):
    """A batch of rows that no mapping can read. Nothing of it was taken; it is parked."""


@dataclass(frozen=True)
class Statement:
    """A batch of rows of one table, and when its system stated them."""

    system: str
    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    stated_at: datetime
    stated_by: str


def take_statements(
    received: Sequence[Envelope[RowsStated]], session: Session, seals: Seals
) -> None:
    """Keep each batch as a job, the oldest statement first. Raises what parks a message."""
    batches = {
        sealed.id: Statement(
            sealed.event.system,
            sealed.event.table,
            sealed.event.columns,
            sealed.event.rows,
            sealed.event.stated_at or sealed.happened_at,
            sealed.source,
        )
        for sealed in received
    }
    for message_id, batch in sorted(batches.items(), key=lambda told: told[1].stated_at):
        ask_for(session, message_id, batch, seals)


def ask_for(session: Session, message_id: UUID, batch: Statement, seals: Seals) -> None:
    """One job for one batch; its id is that of the message.

    Raises UnknownTable, StatementBroken.
    """
    text, mapping = _mapping_of(session, batch)
    content = _as_csv(batch, _outdated(session, batch, mapping))
    job = {
        "id": message_id,
        "asked_by": storable(batch.stated_by),
        "asked_at": clock.now(),
        "file_name": f"{mapping.name}@{batch.stated_at.isoformat(timespec='seconds')}",
        "file_sha256": hashlib.sha256(content).hexdigest(),
        "file_size": len(content),
        "mapping_name": mapping.name,
        "mapping_sha256": mapping.digest,
        "mapping_text": text,
        "source": mapping.source,
        "kind": mapping.kind.value,
        "dry_run": False,
        "all_or_nothing": False,
        "stated_at": batch.stated_at,
    }
    jobs.ask_for(session, job, [content], seals)


def stated_again(
    session: Session, content: bytes, *, system_table: str, stated_at: datetime, by: str
) -> tuple[Mapping, str, bytes]:
    """A batch that was kept, under the mapping of today: that, its text, and the content anew.

    What was stated later meanwhile stays. Raises UnknownTable, StatementBroken.
    """
    system, _slash, table = system_table.partition("/")
    columns, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    batch = Statement(
        system=system,
        table=table,
        columns=tuple(columns[:-1]),
        rows=tuple(tuple(row[:-1]) for row in rows),
        stated_at=stated_at,
        stated_by=by,
    )
    text, mapping = _mapping_of(session, batch)
    keys = dict(_keys(batch, mapping))
    stated_of = dict.fromkeys(keys.values(), stated_at)
    stated.newer(session, mapping.source, table, stated_of)
    later = stated.later(session, mapping.source, table, stated_of)
    outdated = frozenset(number for number, key in keys.items() if key in later)
    return mapping, text, _as_csv(batch, outdated)


def without_outdated(mapping: Mapping) -> Mapping:
    """As rows of a message are read: those that something later was stated of are skipped."""
    old = Condition(MARK, frozenset({OLD}), takes=False)
    return replace(mapping, conditions=(*mapping.conditions, old))


def _mapping_of(session: Session, batch: Statement) -> tuple[str, Mapping]:
    """The adapter's, as text and as it reads today. Raises UnknownTable, StatementBroken."""
    text = mapping_text(batch.system, batch.table)
    today = clock.today()
    known = reference.in_force(session, today)
    name = f"{batch.system}/{batch.table}"
    mapping = parse_mapping(text, name=name, today=today, references=known)
    _refuse_unreadable(batch, mapping)
    return text, mapping


def _refuse_unreadable(batch: Statement, mapping: Mapping) -> None:
    missing = [name for name in mapping.wanted if name not in batch.columns]
    if missing:
        raise StatementBroken(f"{mapping.name}: 缺少列 {'、'.join(missing)}")
    if len(set(batch.columns)) < len(batch.columns):
        raise StatementBroken(f"{mapping.name}: 有的列名出现了不止一次")
    if len(batch.rows) > MOST_ROWS:
        raise StatementBroken(f"{mapping.name}: {len(batch.rows)}行,一批至多{MOST_ROWS}行")
    for number, row in enumerate(batch.rows, start=1):
        if len(row) != len(batch.columns):
            said = f"{len(row)}个单元格,应为{len(batch.columns)}个"
            raise StatementBroken(f"{mapping.name}: 第{number}行有{said}")


def _outdated(session: Session, batch: Statement, mapping: Mapping) -> frozenset[int]:
    """Which rows speak of a key of which something later was stated."""
    keys = dict(_keys(batch, mapping))
    stated_of = dict.fromkeys(keys.values(), batch.stated_at)
    newer = stated.newer(session, mapping.source, batch.table, stated_of)
    return frozenset(number for number, key in keys.items() if key not in newer)


def _keys(batch: Statement, mapping: Mapping) -> Iterator[tuple[int, str]]:
    """The natural key of each row that has one."""
    for field in ("key", "number", "uscc"):
        if field in mapping.columns:
            at = [batch.columns.index(name) for name in mapping.columns[field].names]
            for number, row in enumerate(batch.rows):
                pieces = [same_word(row[place] or "") for place in at]
                if any(pieces):
                    yield number, storable(_BETWEEN.join(pieces))
            return


def _as_csv(batch: Statement, outdated: frozenset[int]) -> bytes:
    """The rows as a file of the system would have them, and which of them are outdated."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*batch.columns, MARK])
    for number, row in enumerate(batch.rows):
        cells = [storable(cell or "") for cell in row]
        writer.writerow([*cells, OLD if number in outdated else ""])
    return text.getvalue().encode("utf-8-sig")
