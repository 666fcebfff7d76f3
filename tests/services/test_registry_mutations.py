"""Whatever happens to a good file: it is refused as a whole, or every row is in one class."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from services.registry.model import ImportReport
from services.registry.reading import FileBroken
from services.registry.store.tables import Table
from tests.services.registry_stories import (
    TODAY,
    Registry,
    csv_text,
    elevator,
    opened,
    written,
)

ROWS = 40
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
]


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(f"sqlite:///{tmp_path}/registry.db") as database:
        yield Registry(database, tmp_path)


def test_a_spoilt_file_never_does_more_than_be_refused(registry: Registry) -> None:
    good = csv_text([elevator(number) for number in range(ROWS)]).encode()

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(0, 2**32), st.integers(1, 6))
    def spoilt(seed: int, times: int) -> None:
        report = taken(registry, mutated(good, random.Random(seed), times))
        if report is not None:
            assert report.rows == report.new + report.changed + report.same + report.wrong
            assert report.wrong <= len(report.errors)
            assert len(registry.kept("object")) == report.new
            assert len({error.line for error in report.errors}) == report.wrong
            assert all(error.code and error.reason for error in report.errors)

    spoilt()


def mutated(content: bytes, chance: random.Random, times: int) -> bytes:
    """Bytes put in, taken out or doubled."""
    for _ in range(times):
        at = chance.randrange(len(content) + 1)
        until = min(len(content), at + chance.choice([0, 0, 1, 3, 40, 400]))
        spoiler = chance.choice([*SPOILERS, content[at:until] * 2])
        content = content[:at] + spoiler + content[until:]
    return content


def taken(registry: Registry, content: bytes) -> ImportReport | None:
    """Into an empty registry; None if it was refused, and then nothing is in."""
    with registry.database.transaction() as session:
        for table in Table.metadata.sorted_tables:
            session.execute(table.delete())
    try:
        return registry.take_file(written(registry.folder, content))
    except FileBroken as broken:
        refused = broken
    assert refused.code
    assert refused.message
    assert registry.kept("object") == []
    return None
