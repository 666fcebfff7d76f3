"""Whatever happens to a good file: it is refused as a whole, or every row is in one class.

BIANQUE_TEST_MUTATIONS says how many spoilt files there are; some hundred if it does not.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from services.registry.model import ImportReport
from services.registry.reading import FileBroken
from services.registry.store.tables import Table
from tests.services.registry_stories import (
    ELEVATORS,
    HEADER,
    TODAY,
    Registry,
    csv_text,
    elevator,
    opened,
    written,
)
from tests.services.test_registry_workbooks import ods, xls, xlsx

ROWS = 40
MUTATIONS = int(os.environ.get("BIANQUE_TEST_MUTATIONS") or 120)
OF_WORKBOOKS = 10  # one in so many: each is read by a process of its own
MAPPING = ELEVATORS + "skip: {状态: [测试, 报废]}\n"
SPOILERS = [b'"', b"\0", b",", b";", b"\t", b"\n", b"\r", b"\xff", b"\xe4", b"\x81", b"", b" "]
SPOILERS += [
    b"9.16E+17",
    b"2015-02-30",
    "“".encode(),
    b"\xef\xbb\xbf",
    b"%",
    b"'",
    b"\\N",
    b"\\.",
    "测试".encode(),
    "一号".encode("gb18030"),
    "一号".encode("utf-16-le"),
]
CELLS = [
    "",
    " ",
    "2015-02-30",
    "=1+1",
    "\0",
    "x" * 40_000,
    "9.16E+17",
    "测试",
    "报废",
    "\u202e",
]
CELLS += ["'", '"', "NULL", "99999999", "1900-01-00", "停用", "610399", "a\nb", "\ufffd", "无"]
Grid = list[list[str]]


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(f"sqlite:///{tmp_path}/registry.db") as database:
        yield Registry(database, tmp_path)


def grid_of(rows: int) -> Grid:
    """A good table, with its header."""
    return list(csv.reader(io.StringIO(csv_text([elevator(n) for n in range(rows)]))))


@pytest.mark.timeout(max(300, 2 * MUTATIONS))
@pytest.mark.parametrize("form", ["csv", "csv.gz", "xlsx", "xls", "ods"])
def test_a_spoilt_file_never_does_more_than_be_refused(registry: Registry, form: str) -> None:
    share = OF_WORKBOOKS if form in ("xlsx", "xls", "ods") else 2
    good = as_file(registry.folder, form, grid_of(ROWS))

    @settings(
        max_examples=max(MUTATIONS // share, 5),
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.integers(0, 2**32), st.integers(0, 6))
    def spoilt(seed: int, times: int) -> None:
        chance = random.Random(seed)
        content = good
        if chance.random() < 0.5:
            content = as_file(registry.folder, form, shuffled(grid_of(ROWS), chance))
        content = mutated(content, chance, times)
        report = taken(registry, content)
        if report is not None:
            assert_every_row_is_in_one_class(registry, report)

    spoilt()


def assert_every_row_is_in_one_class(registry: Registry, report: ImportReport) -> None:
    classes = report.new + report.changed + report.same + report.wrong + report.skipped
    assert report.rows == classes
    assert report.skipped == sum(report.skips.values())
    assert report.wrong <= len(report.errors)
    assert len(registry.kept("object")) == report.new
    assert len({error.line for error in report.errors}) == report.wrong
    assert all(error.code and error.reason for error in report.errors)


def shuffled(grid: Grid, chance: random.Random) -> Grid:
    """Columns in another order, left out or doubled; cells of all kinds; rows cut short."""
    order = list(range(len(HEADER)))
    chance.shuffle(order)
    if chance.random() < 0.2:
        order.pop()
    if chance.random() < 0.2:
        order.append(chance.choice(order))
    table = [[row[at] for at in order] for row in grid]
    for _ in range(chance.randrange(8)):
        row = chance.choice(table[1:])
        row[chance.randrange(len(row))] = chance.choice(CELLS)
    if chance.random() < 0.2:
        del table[chance.randrange(1, len(table))][2:]
    if chance.random() < 0.3:
        table[1:1] = [["" for _ in order] for _ in range(chance.randrange(4))]
    return table


def as_file(folder: Path, form: str, grid: Grid) -> bytes:
    """The table in a form."""
    if form in ("csv", "csv.gz"):
        text = io.StringIO(newline="")
        csv.writer(text).writerows(grid)
        content = text.getvalue().encode()
        return gzip.compress(content, 1) if form == "csv.gz" else content
    write: Callable[..., None] = {"xlsx": xlsx, "xls": xls, "ods": ods}[form]
    path = folder / f"good.{form}"
    write(path, {"台账": [[storable(cell) for cell in row] for row in grid]})
    return path.read_bytes()


def storable(cell: str) -> str:
    """What the writers of the tests take."""
    return cell.replace("\0", "?")[:30_000]


def mutated(content: bytes, chance: random.Random, times: int) -> bytes:
    """Bytes put in, taken out, turned or doubled; sometimes the end is missing."""
    for _ in range(times):
        at = chance.randrange(len(content) + 1)
        until = min(len(content), at + chance.choice([0, 0, 1, 3, 40, 400]))
        turned = bytes(byte ^ (1 << chance.randrange(8)) for byte in content[at : at + 2])
        spoiler = chance.choice([*SPOILERS, content[at:until] * 2, turned])
        content = content[:at] + spoiler + content[until:]
        if chance.random() < 0.05:
            content = content[: chance.randrange(len(content) + 1)]
    return content


def taken(registry: Registry, content: bytes) -> ImportReport | None:
    """Into an empty registry; None if it was refused, and then nothing is in."""
    with registry.database.transaction() as session:
        for table in Table.metadata.sorted_tables:
            session.execute(table.delete())
    try:
        return registry.take_file(written(registry.folder, content), MAPPING)
    except FileBroken as broken:
        refused = broken
    assert refused.code
    assert refused.message
    assert registry.kept("object") == []
    return None
