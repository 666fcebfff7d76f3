"""Newer editions of code tables: kept with who and when, in force on their day, used by imports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.registry.api import blueprint
from services.registry.rules.reference import SUBJECTS
from services.registry.service import RegistryService
from tests.services.registry_stories import ELEVATORS, POLICY, Registry, Urls, elevator, opened

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
SHIPPED = SUBJECTS["divisions"].shipped.read_text(encoding="utf-8")
JINTAI = "610303,金台区,,,,national,GB/T 2260"
MERGED = SHIPPED.replace(
    JINTAI, "610303,金台区,,2026-12-31,610302,national,本局测试: 金台区并入渭滨区"
)


class Portal:
    """A caller of the registry's API."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self._headers("610300")).get_json()

    def load(
        self, text: str, table: str = "divisions", *, scope: str = "610300", **more: Any
    ) -> Any:
        return self.client.post(
            f"/reference/{table}/editions",
            json={"text": text, "file_name": "新版.csv"} | more,
            headers=self._headers(scope),
        )

    def _headers(self, scope: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": scope,
            "X-Bianque-Caller": "li.wen",
        }


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", "2026-11-25")
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    service = RegistryService()
    service.policy = POLICY
    service.database = database
    service.settings = Settings(bureau="610300")
    return Portal(create_app(service, TOKEN, blueprint(service)).test_client())


def test_before_anything_is_loaded_the_shipped_editions_hold(portal: Portal) -> None:
    items = portal.get("/reference")["items"]

    assert [item["table"] for item in items] == list(SUBJECTS)
    assert all(item["shipped"] and not item["editions"] for item in items)


def test_what_would_change_is_told_with_the_records_that_carry_a_code_that_ends(
    portal: Portal, database: Database, tmp_path: Path
) -> None:
    Registry(database, tmp_path).take([elevator(1), elevator(2), elevator(4)])

    told = portal.load(MERGED, effective_on="2027-01-01", dry_run=True).get_json()

    assert told["counts"] == {"new": 0, "ended": 1, "renamed": 0, "amended": 0}
    [change] = told["changes"]
    assert (change["code"], change["successor"]) == ("610303", "610302")
    assert change["carried_by"] == {"enterprises": 2, "objects": 3}
    assert not told["kept"]
    assert portal.get("/reference")["items"][0]["editions"] == []


def test_an_edition_holds_from_its_day_on(portal: Portal) -> None:
    answer = portal.load(MERGED, effective_on="2027-01-01")

    assert answer.status_code == 200
    assert answer.get_json()["kept"]
    before, after = (
        portal.get(f"/reference/divisions?on={day}") for day in ("2026-12-31", "2027-01-01")
    )
    assert before["shipped"]
    assert after["effective_on"] == "2027-01-01"
    assert [e["valid"] for e in after["entries"] if e["code"] == "610303"] == [False]
    [kept] = after["editions"]
    assert (kept["loaded_by"], kept["file_name"]) == ("li.wen", "新版.csv")
    assert kept["digest"] == after["digest"] != before["digest"]


def test_the_same_edition_for_the_same_day_is_kept_once(portal: Portal) -> None:
    first, again = (portal.load(MERGED, effective_on="2027-01-01") for _ in range(2))

    assert [first.get_json()["kept"], again.get_json()["kept"]] == [True, False]
    assert len(portal.get("/reference/divisions")["editions"]) == 1


def test_an_import_reads_codes_by_the_edition_in_force(
    portal: Portal, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping = ELEVATORS.replace('division: "610303"', 'division: "610304"')
    rows = [elevator(1, 区县="610303")]
    portal.load(MERGED, effective_on="2027-01-01")
    registry = Registry(database, tmp_path)
    before = registry.take(rows, mapping)
    monkeypatch.setenv("BIANQUE_TODAY", "2027-01-01")

    after = registry.take(rows, mapping)

    assert [finding.code for finding in before.findings] == []
    assert [finding.code for finding in after.findings] == ["division_ended"]
    assert [row["division"] for row in registry.kept("object")] == ["610302"]


def test_equipment_of_a_class_that_is_not_in_the_catalogue_goes_in_with_a_finding(
    database: Database, tmp_path: Path
) -> None:
    registry = Registry(database, tmp_path)

    by_row = registry.take([elevator(1, 类别="3999"), elevator(2)])
    by_constant = registry.take(
        [elevator(3)], ELEVATORS.replace('class_code: "3000"', 'class_code: "3998"')
    )

    assert (by_row.new, by_row.wrong) == (2, 0)
    assert [(f.line, f.code, f.value) for f in by_row.findings] == [
        (2, "class_not_in_table", "3999")
    ]
    assert (by_constant.new, by_constant.wrong) == (1, 0)


def test_a_constant_that_is_not_in_the_catalogue_is_a_finding_of_every_row(
    database: Database, tmp_path: Path
) -> None:
    mapping = ELEVATORS.replace("  class_code: 类别\n", "").replace('"3000"', '"3998"')

    report = Registry(database, tmp_path).take([elevator(1), elevator(2)], mapping)

    assert (report.new, report.suspicious) == (2, 2)
    assert {finding.column for finding in report.findings} == {"constants"}


def test_an_edition_that_contradicts_itself_is_refused_with_its_places(portal: Portal) -> None:
    answer = portal.load(f"{SHIPPED}610303,又一个金台区,,,,own,本局\n")

    assert answer.status_code == 422
    problem = answer.get_json()
    assert problem["code"] == "edition_broken"
    [fault] = problem["faults"]
    assert fault["code"] == "validity_overlaps"
    assert fault["column"] == "valid_from"
    assert fault["line"] == len(SHIPPED.splitlines()) + 1


def test_only_who_covers_the_bureau_loads_an_edition(portal: Portal) -> None:
    answer = portal.load(MERGED, scope="610303")

    assert answer.status_code == 403
    assert answer.get_json()["code"] == "scope_too_narrow"


def test_a_table_that_does_not_exist_is_named_with_those_that_do(portal: Portal) -> None:
    answer = portal.load(MERGED, table="colours")

    assert answer.status_code == 404
    assert "equipment_catalogue" in answer.get_json()["detail"]
