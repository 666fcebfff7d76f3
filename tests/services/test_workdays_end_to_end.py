"""放假通知: `bianque workdays load` moves the deadlines that were provisional, end to end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.chassis import workdays
from services.chassis.assembly import own_working_days
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.command.main import main
from tests.rules.test_workday_notice import LINES, text_of
from tests.services.credit_stories import announced, names, opened, red, rows, service_on, tell

# 2026-12-17 and 15 days is 1 January 2027, a Friday; the first working day after it is Monday
# the 4th, as long as nobody knows that the notice makes the 4th a day off.
FOURTH_OFF = ["2027-01-04,休,元旦", "2027-01-09,班,元旦"]


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    with opened(database_url("credit")) as database:
        yield database


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BIANQUE_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("BIANQUE_TODAY", "2026-12-17")
    workdays.follow(own_working_days(Settings(var=tmp_path / "var")))
    yield
    workdays.load(None)


def load(folder: Path, lines: list[str], *options: str) -> Result:
    path = folder / "notice.csv"
    path.write_text(text_of(lines), encoding="gb18030")
    return CliRunner().invoke(main, ["workdays", "load", str(path), *options, "--json"])


def test_a_term_that_was_provisional_is_counted_again_and_announced(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_on(database)
    tell(service, [red(1)])
    [before] = rows(database, "bad_information")

    result = load(tmp_path, [*LINES.values(), *FOURTH_OFF])
    monkeypatch.setenv("BIANQUE_TODAY", "2026-12-18")
    service.recount_provisional_terms()

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["was_provisional"]
    [after] = rows(database, "bad_information")
    assert (str(before["last_day_to_correct"]), before["provisional"]) == ("2027-01-04", True)
    assert (str(after["last_day_to_correct"]), after["provisional"]) == ("2027-01-05", False)
    said = [message["data"]["last_day_to_correct"] for message in announced(database)]
    assert said == ["2027-01-04", "2027-01-05"]


def test_counted_again_by_one_calendar_nothing_more_happens(
    database: Database, tmp_path: Path
) -> None:
    service = service_on(database)
    tell(service, [red(1), red(2)])
    load(tmp_path, [*LINES.values(), *FOURTH_OFF])
    service.recount_provisional_terms()
    once = names(database)

    service.recount_provisional_terms()
    service_on(database).recount_provisional_terms()

    assert names(database) == once


def test_a_notice_that_is_known_too_late_for_the_sweep_still_moves_the_term(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The term would have been over; by the notice it ends a day later, and nobody is listed."""
    service = service_on(database)
    tell(service, [red(1)])
    load(tmp_path, [*LINES.values(), *FOURTH_OFF])
    monkeypatch.setenv("BIANQUE_TODAY", "2027-01-05")

    service.take_due_steps()

    [entry] = rows(database, "bad_information")
    assert (entry["state"], str(entry["last_day_to_correct"])) == ("published", "2027-01-05")


def test_an_unusual_notice_is_kept_only_when_a_person_says_so(tmp_path: Path) -> None:
    lines = [line for day, line in LINES.items() if day != "2027-02-20"]

    refused = load(tmp_path, lines)
    taken = load(tmp_path, lines, "--despite-doubts")

    assert refused.exit_code == 2
    assert [d["code"] for d in json.loads(refused.stdout)["doubts"]] == ["balance"]
    assert not json.loads(refused.stdout)["kept"]
    assert taken.exit_code == 0
    assert json.loads(taken.stdout)["kept"]


def test_a_dry_run_tells_the_changes_and_keeps_nothing(tmp_path: Path) -> None:
    result = load(tmp_path, list(LINES.values()), "--dry-run")

    assert result.exit_code == 0
    assert {"date": "2027-02-20", "kind": "班"} in json.loads(result.stdout)["changes"]
    assert workdays.is_provisional(date(2027, 6, 1))


def test_a_notice_that_cannot_be_is_refused_with_its_line(tmp_path: Path) -> None:
    result = load(tmp_path, [*LINES.values(), "2027-03-03,班,春节"])

    assert result.exit_code == 2
    assert "班写在了工作日" in result.stderr
    assert not (tmp_path / "var" / "policy" / "working_days.csv").exists()


def test_a_year_can_be_shown(tmp_path: Path) -> None:
    load(tmp_path, list(LINES.values()))

    shown = CliRunner().invoke(main, ["workdays", "show", "2027", "--json"])
    unpublished = CliRunner().invoke(main, ["workdays", "show", "2028", "--json"])

    assert not json.loads(shown.stdout)["provisional"]
    assert len(json.loads(shown.stdout)["days"]) == len(LINES) - 1
    assert json.loads(unpublished.stdout)["provisional"]
