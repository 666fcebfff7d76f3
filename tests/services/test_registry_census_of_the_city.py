"""The article's 53 %: it comes out of the demonstration city's plans and visits, at city size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid5

import pytest
from sqlalchemy import Table, func, select, text

from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.scope import Scope
from services.chassis.settings import Settings
from services.demo import write_city
from services.demo.campaign import KINDS, Campaign
from services.registry.api import blueprint
from services.registry.handlers import import_file
from services.registry.mapping import read_mapping
from services.registry.model import RowKind
from services.registry.rules.census import PlanLine, shares
from services.registry.service import RegistryService
from services.registry.store.census import campaigns, figures
from services.registry.store.spooling import Spool
from services.registry.store.tables import VisitRow
from tests.services.registry_stories import POLICY, SEALS, Urls, opened

ON = date(2013, 12, 13)
CAMPAIGN = UUID("5b0f4a52-7f63-5a0e-8a2b-0d6c5e9f1a33")
VISIT = (
    *("campaign_id", "thing", "surveyed_on", "grid", "kind", "outcome", "surveyor"),
    *("division", "label", "leased", "recorded_at", "recorded_by"),
)
CITY = Scope.parse("610300")
TOKEN = "the installation's secret"  # noqa: S105 - a test's own


@pytest.fixture(scope="module")
def whole() -> tuple[Campaign, list[dict[str, Any]]]:
    campaign = Campaign(610300, 1.0, ON)
    return campaign, list(campaign.lines())


def test_106544_were_surveyed_of_201000_planned(
    whole: tuple[Campaign, list[dict[str, Any]]],
) -> None:
    campaign, lines = whole
    outcomes = Counter(line["outcome"] for line in lines)
    planned = sum(line["planned"] for line in campaign.plan())

    assert outcomes["surveyed"] + outcomes["new"] == 106_544
    assert planned == 201_000
    assert {line["kind"] for line in lines} == set(KINDS)
    assert max(line["surveyed_on"] for line in lines) <= ON.isoformat()
    assert {line["grid"] for line in lines} < {grid["code"] for grid in campaign.grids}


def test_the_same_seed_gives_the_same_census() -> None:
    first, again = (Campaign(7, 0.02, ON) for _ in range(2))

    assert list(first.lines()) == list(again.lines())
    assert (first.plan(), first.grids) == (again.plan(), again.grids)


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", ON.isoformat())
    with opened(database_url("registry")) as database:
        yield database


def test_at_city_size_coverage_is_53_percent_and_an_index_has_all_of_it(
    database: Database, whole: tuple[Campaign, list[dict[str, Any]]]
) -> None:
    campaign, lines = whole
    with database.transaction() as session:
        _store(session, campaign, lines)

    with database.reading() as session:
        cells = figures.cells(session, CAMPAIGN, on=ON, scope=CITY)
        before = figures.cells(session, CAMPAIGN, on=date(2013, 10, 14), scope=CITY)
        jintai = figures.cells(session, CAMPAIGN, on=ON, scope=Scope.parse("610303"))
        plan = _plan_of(session)

    [city] = shares(("total", cell) for cell in cells)
    assert (city.surveyed, city.planned, str(city.percent)) == (106_544, 201_000, "53.0")
    [then] = shares(("total", cell) for cell in before)
    assert 45_000 < then.surveyed < 62_000
    assert {cell["grid"] for cell in jintai} == {f"610303-0{n}" for n in range(1, 5)}
    assert "census_visit_counted" in plan


def test_a_small_city_through_its_sheets_has_the_same_coverage_and_no_gap(
    database: Database, tmp_path: Path
) -> None:
    """Everything that was imported was visited, and everything visited is on file."""
    for file in write_city(tmp_path, factor=0.02, on=ON):
        import_file(database, file.path, read_mapping(file.mapping, today=ON), seals=SEALS)
    ask = _portal(database)
    campaign = Campaign(610300, 0.02, ON)
    path = f"/census/{ask('/census', campaign.heading)['id']}"
    ask(f"{path}/grids", {"grids": campaign.grids})
    lines = campaign.lines()
    while sheet := list(islice(lines, 1000)):
        ask(f"{path}/visits", {"lines": sheet})
    ask(
        f"{path}/plans",
        {"why": "普查方案", "in_force_on": "2013-08-15", "lines": campaign.plan()},
    )

    total = ask(f"{path}/coverage")["total"]
    gaps = ask(f"{path}/gaps")["records"]

    assert (total["surveyed"], total["planned"], total["percent"]) == (2130, 4020, 53.0)
    assert (gaps["registered_not_surveyed"], gaps["surveyed_not_registered"]) == (0, 0)
    assert gaps["due_date_missing"] > 0


def _portal(database: Database) -> Any:
    service = RegistryService()
    service.policy = POLICY
    service.database = database
    service.settings = Settings(bureau="610300")
    client = create_app(service, TOKEN, blueprint(service)).test_client()
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": "610300"}

    def ask(path: str, body: dict[str, Any] | None = None) -> Any:
        method = "GET" if body is None else "POST"
        answer = client.open(path, method=method, json=body, headers=headers)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.get_json()

    return ask


def _store(session: Any, campaign: Campaign, lines: list[dict[str, Any]]) -> None:
    """The plan and the visits as they lie in the tables, without going over HTTP."""
    at = datetime(2013, 12, 13, 4, tzinfo=UTC)
    by = {"made_at": at, "made_by": "test"}
    row = {"id": CAMPAIGN, "name": "普查", "begins_on": date(2013, 8, 15), "ends_on": None}
    campaigns.open_campaign(session, row | by)
    campaigns.keep_grids(session, CAMPAIGN, campaign.grids)
    made = {"version": 1, "in_force_on": date(2013, 8, 15), "why": "普查方案"} | by
    plan = [
        PlanLine(line["grid"], RowKind(line["kind"]), line["planned"])
        for line in campaign.plan()
    ]
    campaigns.keep_plan(session, CAMPAIGN, made, plan)
    spool = Spool(cast("Table", VisitRow.__table__), VISIT)
    spool.write(
        [
            CAMPAIGN.hex,
            uuid5(CAMPAIGN, str(number)).hex,
            *(line[name] for name in ("surveyed_on", "grid", "kind", "outcome", "surveyor")),
            line["grid"][:6],
            number,
            0,
            at,
            "test",
        ]
        for number, line in enumerate(lines)
    )
    spool.load(session)
    spool.close()


def _plan_of(session: Any) -> str:
    """How the database finds the visits of a campaign."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    if not sqlite:
        session.execute(text("ANALYZE census_visit"))
        session.execute(text("SET enable_seqscan = off"))
    asked = select(VisitRow.grid, VisitRow.kind, VisitRow.outcome, func.count()).where(
        VisitRow.campaign_id == CAMPAIGN, figures.held(ON)
    )
    grouped = asked.group_by(VisitRow.grid, VisitRow.kind, VisitRow.outcome)
    said = grouped.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    how = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    return str(session.execute(text(f"{how} {said}")).all())
