"""The real register and the demonstration city, as they are shipped."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from services.demo import write_city
from services.registry.handlers import import_file
from services.registry.mapping import read_mapping
from tests.services.registry_stories import SEALS, Registry, classes, opened

NEW_YORK = Path(__file__).parents[2] / "examples" / "nyc-elevators"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with opened(f"sqlite:///{tmp_path}/registry.db") as database:
        yield Registry(database, tmp_path)


def test_every_elevator_of_new_york_is_accounted_for(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIANQUE_TODAY", "2015-11-20")
    mapping = read_mapping(NEW_YORK / "mapping.yaml", today=date(2015, 11, 20))
    file = NEW_YORK / "nyc_elevators_2015.csv.gz"

    report = import_file(registry.database, file, mapping)

    kept = {row["key"]: row for row in registry.kept("object")}
    statuses = Counter(row["status"] for row in kept.values())
    assert (report.rows, report.suspicious) == (76_088, 8)
    assert classes(report) == {"new": 76_061, "wrong": 27}
    assert Counter(error.code for error in report.errors) == {
        "owner_key_missing": 27,
        "division_missing": 27,
    }
    assert {finding.value for finding in report.findings} >= {"9O0719", "2010116", "21021"}
    assert statuses == {"in_use": 70_238, "stopped": 2_338, "closed": 1_979, "scrapped": 1_506}
    assert len(registry.kept("enterprise")) == 34_912
    assert sum(row["records"] == "inspection///12" for row in kept.values()) == 4_647
    for row in rows_of(file):
        if row["building_id"]:
            done = row["last_periodic_inspection"]
            stated = f"{done[:4]}-{done[4:6]}-{done[6:]}" if done else ""
            assert kept[row["device_number"]]["records"] == f"inspection/{stated}//12"


def rows_of(file: Path) -> Iterator[dict[str, str]]:
    """The file as it is, read by other means."""
    with gzip.open(file, "rt", encoding="ascii", newline="") as text:
        yield from csv.DictReader(text)


def test_the_demonstration_city_goes_in_and_again_changes_nothing(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BIANQUE_TODAY", "2013-12-13")
    files = write_city(tmp_path / "city", factor=0.02, on=date(2013, 12, 13))
    mappings = [read_mapping(file.mapping, today=date(2013, 12, 13)) for file in files]

    first = [
        import_file(registry.database, file.path, mapping, seals=SEALS)
        for file, mapping in zip(files, mappings, strict=True)
    ]
    said = len(registry.said())
    again = [
        import_file(registry.database, file.path, mapping, seals=SEALS)
        for file, mapping in zip(files, mappings, strict=True)
    ]

    kept = len(registry.kept("object")) + len(registry.kept("product"))
    assert all(report.errors == () and report.new == report.rows for report in first)
    assert all(report.same == report.rows for report in again)
    assert kept == sum(report.rows for report in first[1:])
    assert len(registry.said()) == said
