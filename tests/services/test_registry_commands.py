"""`bianque announce` and `bianque census import`, over a platform in one process."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine

from services.chassis.settings import from_environment
from services.command import importing
from services.command.client import Services, active, ask, tell
from services.command.main import main
from tests.services.census_stories import GOOD, JINTAI, SHEET, grid
from tests.services.registry_stories import (
    ELEVATORS,
    ENTERPRISE_HEADER,
    ENTERPRISES,
    csv_text,
    elevator,
    enterprise,
)
from tests.support.parts import free_port_block

HEARERS = ("inspection", "credit", "notify")
OF_THE_MOMENT = (
    "unattested",
    "tally_change",
    "tally",
    "tally_check",
    "grade_due",
    "credit_grade",
)


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder of an installation of its own."""
    settings = {
        "VAR": str(tmp_path / "var"),
        "BUREAU": "610300",
        "TODAY": "2013-12-13",
        "CALENDAR": "0",
        "PORT": str(free_port_block()),
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"BIANQUE_{name}", value)
    return tmp_path / "var"


def run(*words: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == code, done.output
    return done


def said(*words: str, code: int = 0) -> Any:
    return json.loads(run(*words, "--json", code=code).stdout)


def taken_in(services: Services, folder: Path, table: str, mapping: str) -> None:
    file, how = folder / "table.csv", folder / "mapping.yaml"
    file.write_text(table, encoding="utf-8")
    how.write_text(mapping, encoding="utf-8")
    importing.imported(services, file, how)


@pytest.fixture
def history(var: Path, tmp_path: Path) -> None:
    """New dates, a stopped elevator, one merge that stands and one that was undone."""
    firms = [
        enterprise(n, 名称=name) for n, name in enumerate(("宝鸡鹏盛钛业厂", "岐山臊子面店"))
    ]
    lifts = [
        elevator(n, 单位=name, 单位编号=f"U{n}")
        for n, name in enumerate(("宝鸡鹏胜钛业厂", "岐山嗓子面店", "千阳布社"))
    ]
    later = [lifts[0], lifts[1] | {"状态": "停用"}, lifts[2] | {"上次": "2013-11-02"}]
    with active(from_environment()) as services:
        taken_in(services, tmp_path, csv_text(firms, ENTERPRISE_HEADER), ENTERPRISES)
        taken_in(services, tmp_path, csv_text(lifts), ELEVATORS)
        taken_in(services, tmp_path, csv_text(later), ELEVATORS)
        tell(services, "registry", "/identity/search")
        alike = ask(services, "registry", "/identity/candidates")["items"]
        merges = [
            tell(services, "registry", f"/identity/candidates/{each['id']}/merge")
            for each in alike
        ]
        tell(services, "registry", f"/merges/{merges[1]['merge_id']}/undo")


def known(var: Path) -> dict[str, list[str]]:
    """All that the hearers keep, but when they heard it, and in which message."""
    return {
        f"{service}.{table}": rows
        for service in HEARERS
        for table, rows in known_to(var, service).items()
    }


def different(one: dict[str, list[str]], other: dict[str, list[str]]) -> dict[str, list[str]]:
    """The rows that only one of them has, by table."""
    apart = {table: sorted({*one[table]} ^ {*other[table]}) for table in one}
    return {table: rows for table, rows in apart.items() if rows}


def known_to(var: Path, service: str) -> dict[str, list[str]]:
    tables = import_module(f"services.{service}.store.tables").Table.metadata.tables
    engine = create_engine(f"sqlite:///{var}/{service}.db")
    found: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for name, table in tables.items():
            if name not in OF_THE_MOMENT:
                rows = connection.execute(table.select()).mappings()
                kept = [
                    {k: v for k, v in row.items() if not k.endswith(("_at", "_in"))}
                    for row in rows
                ]
                found[name] = sorted(map(str, kept))
    engine.dispose()
    return found


def forget_what_was_said(var: Path) -> None:
    """As after BIANQUE_KEEP_DAYS: what was confirmed has left the outbox."""
    with closing(sqlite3.connect(var / "registry.db")) as registry, registry:
        registry.execute("DELETE FROM outbox")


def lose(var: Path, service: str) -> None:
    for path in var.glob(f"{service}.db*"):
        path.unlink()


@pytest.mark.usefixtures("history")
def test_who_lost_nothing_and_who_lost_everything_end_in_the_same_state(var: Path) -> None:
    before = known(var)
    some = said("announce", "--kind", "merge", "--kind", "equipment")
    late = said("announce", "--since", "2999-01-01")
    told_those_who_know = known(var)
    forget_what_was_said(var)
    for service in HEARERS:
        lose(var, service)

    everything = said("announce")

    assert different(told_those_who_know, before) == {}
    assert different(known(var), before) == {}
    kinds = ("enterprise", "equipment", "instrument", "operator", "licence", "merge")
    assert everything == dict(zip(kinds, (5, 3, 0, 0, 0, 2), strict=True))
    assert some == {"merge": 2, "equipment": 3}
    assert set(late.values()) == {0}
    assert before["inspection.subject"]


def test_a_sheet_is_handed_in_and_its_wrong_lines_come_back(var: Path, tmp_path: Path) -> None:
    sheet, mapping, errors = (tmp_path / n for n in ("sheet.csv", "m.yaml", "wrong.csv"))
    sheet.write_text(f"{GOOD}Z,E00003,已普查,2013/12/2,赵一\n", encoding="utf-8")
    mapping.write_text(SHEET, encoding="utf-8")
    words = ("census", "import", str(sheet), "--mapping", str(mapping))
    none = run(*words, code=2)
    begin_a_census()

    tried = said(*words, "--dry-run", code=1)
    taken = run(*words, "--errors", str(errors), code=1)
    again = said(*words, code=1)
    assert "no census has begun" in none.output
    assert (tried["outcome"], tried["new"], tried["wrong"]) == ("checked", 2, 1)
    assert "new 2" in taken.stdout
    assert "grid_out_of_scope" in errors.read_text(encoding="utf-8-sig")
    assert (again["same"], again["errors"][0]["column"]) == (2, "网格")
    assert run(*words, "--errors", "wrong.pdf", code=2)


def begin_a_census() -> None:
    """As a portal does it."""
    with active(from_environment()) as services:
        heading = {"name": "2013年普查", "begins_on": "2013-12-01"}
        made = tell(services, "registry", "/census", **heading)
        path = f"/census/{made['id']}/grids"
        tell(services, "registry", path, grids=[grid("A", JINTAI)])
