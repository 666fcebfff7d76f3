"""What the tests of the registry hand in, and what they read out of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

import services.registry
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.chassis.sealing import Seals
from services.chassis.tables import ChassisTable, OutboxRow
from services.registry.handlers import import_file
from services.registry.mapping import Mapping, parse_mapping
from services.registry.model import ImportReport
from services.registry.rules.identifiers import (
    organisation_check_character,
    uscc_check_character,
)
from services.registry.store.tables import Table

TODAY = date(2013, 12, 13)
KEYS = "test:the-keys-of-these-tests-are-known-to-everybody"
SEALS = Seals.parse(KEYS)
POLICY = Policy.read(Path(services.registry.__file__).parent / "policy.yaml")

ELEVATORS = """
mapping: 1
source: special
kind: equipment
columns:
  key: 编号
  class_code: 类别
  label: 名称
  division: 区县
  status: 状态
  commissioned_on: 投用
  owner.key: 单位编号
  owner.name: 单位
constants: {class_code: "3000", division: "610303", status: in_use}
records:
  - {duty: inspection, done_on: 上次, stated_due_on: 下次}
"""
HEADER = ("编号", "类别", "名称", "区县", "状态", "投用", "单位编号", "单位", "上次", "下次")

ENTERPRISES = """
mapping: 1
source: codes
kind: enterprise
columns:
  uscc: 代码
  key: 档案号
  name: 名称
  division: 区县
  address: 住所
  status: 状态
  email: 邮箱
  officer: 责任人
"""
ENTERPRISE_HEADER = ("代码", "档案号", "名称", "区县", "住所", "状态", "邮箱", "责任人")


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database with the registry's tables, empty."""
    database = Database(url, source="/610300/registry")
    for tables in (ChassisTable.metadata, Table.metadata):
        tables.create_all(database.engine)
    yield database
    database.close()


def mapping_of(text: str) -> Mapping:
    return parse_mapping(text, name="test.yaml", today=TODAY)


def elevator(number: int, **changes: str) -> dict[str, str]:
    """One row of an ordinary elevator of one of three owners."""
    owner = number % 3
    return {
        "编号": f"E{number:05}",
        "名称": f"{number}号电梯",
        "单位编号": f"U{owner}",
        "单位": f"单位{owner}",
        "上次": "2013-05-20",
    } | changes


def enterprise(number: int, **changes: str) -> dict[str, str]:
    """One row of an ordinary enterprise."""
    return {
        "代码": uscc(number),
        "档案号": f"D{number}",
        "名称": f"企业{number}",
        "区县": "610303",
    } | changes


def uscc(number: int) -> str:
    """A credit code that nobody has: real organisation codes do not begin with Y."""
    body = f"91610303Y{number:07}"
    body += organisation_check_character(body[8:])
    return body + uscc_check_character(body)


def csv_text(rows: Sequence[dict[str, str]], header: Sequence[str] = HEADER) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def written(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


class Registry:
    """A registry with an empty database that files are handed in to."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder

    def take(
        self, rows: Sequence[dict[str, str]], mapping: str = ELEVATORS, **options: bool
    ) -> ImportReport:
        header = ENTERPRISE_HEADER if "kind: enterprise" in mapping else HEADER
        return self.take_file(written(self.folder, csv_text(rows, header)), mapping, **options)

    def take_table(
        self, rows: Sequence[dict[str, str]], mapping: str, **options: bool
    ) -> ImportReport:
        """A table with the columns of its first row."""
        return self.take_file(
            written(self.folder, csv_text(rows, list(rows[0]))), mapping, **options
        )

    def take_file(self, path: Path, mapping: str = ELEVATORS, **options: Any) -> ImportReport:
        return import_file(self.database, path, mapping_of(mapping), seals=SEALS, **options)

    def kept(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table, by id."""
        found = Table.metadata.tables[table]
        with self.database.reading() as session:
            rows = session.execute(select(found)).mappings()
            return sorted((dict(row) for row in rows), key=lambda row: str(row.get("id")))

    def said(self) -> list[dict[str, Any]]:
        """All announced messages, in their order."""
        with self.database.reading() as session:
            messages = session.scalars(select(OutboxRow.message).order_by(OutboxRow.position))
            return [json.loads(message) for message in messages]

    def said_since(self, before: int) -> list[str]:
        """The types of the messages after the first *before*."""
        return [message["type"] for message in self.said()[before:]]


def classes(report: ImportReport) -> dict[str, int]:
    """In how many rows the four classes end, without those that have none."""
    names = ("new", "changed", "same", "wrong")
    return {name: count for name in names if (count := getattr(report, name))}


def codes(report: ImportReport) -> list[tuple[int, str, str]]:
    """(line, column, code) of the errors."""
    return [(error.line, error.column, error.code) for error in report.errors]


Urls = Callable[[str], str]


@contextmanager
def failing(database: Database, where: str, failure: Exception) -> Iterator[None]:
    """As long as it lasts, statements with these words fail."""

    def fail(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if where in statement:
            raise failure

    event.listen(database.engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", fail)
