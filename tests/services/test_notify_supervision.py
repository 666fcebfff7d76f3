"""Work supervision counts from records, and every figure opens exactly its records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from services.chassis import clock
from services.chassis.api import create_app
from services.chassis.database import Database
from services.notify.api import blueprint
from services.notify.service import NotifyService
from services.notify.store.tables import DeliveryRow
from tests.services.notify_stories import (
    alerted,
    contact,
    empty,
    enterprise,
    kept,
    red,
    service_on,
    tell,
)

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def _database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with kept(request.param, request) as database:
        yield database


@pytest.fixture
def database(_database: Database) -> Database:
    """Every test begins with an empty one."""
    empty(_database)
    return _database


class City:
    """Two counties with unread messages and directives, on a day that a test moves on."""

    def __init__(self, service: NotifyService, monkeypatch: pytest.MonkeyPatch) -> None:
        self.service = service
        self.client: FlaskClient = create_app(service, TOKEN, blueprint(service)).test_client()
        self._monkeypatch = monkeypatch
        self.at(NOON)
        tell(service, [enterprise(1), enterprise(2), contact(1), contact(2)])
        tell(service, [red(1), red(2), alerted(1)])
        receivers = ["bureau:610302", "bureau:610304", "section:610302/特设股"]
        order = {"title": "题", "text": "文", "receivers": receivers, "due_on": "2026-03-06"}
        self.post("/directives", order)

    def at(self, instant: datetime) -> None:
        day = instant.astimezone(clock.BEIJING).date()
        self._monkeypatch.setattr(clock, "now", lambda: instant)
        self._monkeypatch.setattr(clock, "today", lambda: day)

    def get(self, path: str, scope: str = "610300") -> Any:
        return self.client.get(path, headers=self._headers(scope)).json

    def post(self, path: str, body: Any, scope: str = "610300") -> Any:
        return self.client.post(path, json=body, headers=self._headers(scope)).json

    def _headers(self, scope: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": scope,
            "X-Bianque-Caller": "li.na",
            "X-Bianque-Role": "operator",
        }


@pytest.fixture
def city(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    return City(service_on(database, tmp_path, smtp_url="smtp://127.0.0.1:1"), monkeypatch)


def figures(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [figure for row in rows for figure in row["figures"]]


def records(city: City, figure: dict[str, Any], scope: str = "610300") -> int:
    opened = city.get(f"{figure['records']}&limit=200", scope)
    return len(opened.get("hops", opened.get("messages")))


@pytest.mark.parametrize("scope", ["610300", "610302", "610304"])
def test_every_figure_opens_as_many_records_as_it_says(city: City, scope: str) -> None:
    city.at(NOON + timedelta(days=5))
    told = city.get("/supervision", scope)
    all_of_them = figures(told["units"]) + figures(told["accounts"])

    assert len(all_of_them) > 4
    for figure in all_of_them:
        assert records(city, figure, scope) == figure["number"], figure


def test_who_is_late_stands_there_with_what(city: City) -> None:
    city.at(NOON + timedelta(days=5))
    units = {each["unit"]: each["figures"] for each in city.get("/supervision")["units"]}

    assert {name: [f["number"] for f in of] for name, of in units.items()} == {
        "bureau:610302": [1, 1],
        "bureau:610304": [1, 1],
        "section:610302/特设股": [1, 1],
    }


def test_a_county_is_supervised_on_its_own_alone(city: City) -> None:
    told = city.get("/supervision", "610304")

    assert [each["unit"] for each in told["units"]] == ["bureau:610304"]
    assert {each["division"] for each in told["accounts"]} == {"610304"}
    refused = city.get("/supervision?division=610302", "610304")
    assert refused["code"] == "not_in_scope"


def points(city: City, scope: str = "610300") -> dict[str, Any]:
    told = city.get("/information-points", scope)
    return {each["point"]: each for each in told["points"]}


def test_the_points_turn_with_time_and_back_when_dealt_with(city: City) -> None:
    assert [points(city)[each]["colour"] for each in ("notices", "work")] == ["green", "yellow"]

    city.at(NOON + timedelta(hours=5))
    assert points(city)["notices"]["colour"] == "yellow"
    city.at(NOON + timedelta(days=3))
    assert points(city)["notices"]["counts"] == {"green": 0, "yellow": 0, "red": 2, "grey": 0}
    assert points(city)["work"]["counts"]["red"] == 3
    for account in ("officer.1", "bureau:610302"):
        unread = city.get(f"/inbox/{account}?unread=true")["messages"]
        city.post(f"/inbox/{account}/read", {"messages": [each["id"] for each in unread]})
    assert points(city)["notices"]["colour"] == "grey"


def test_a_point_says_by_which_setting_and_where_it_comes_from(city: City) -> None:
    work = points(city)["work"]

    assert work["label"] == "工作督察"
    assert (work["setting"]["measure"], work["setting"]["yellow"]) == ("days_left", 2)
    assert "产品默认值" in work["setting"]["source"]


def test_what_could_not_be_delivered_is_counted_and_opened(
    city: City, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(update(DeliveryRow).values(state="given_up", next_try_at=None))
    (given_up, _) = points(city)["notices"]["figures"]

    assert given_up["number"] == records(city, given_up) == 3


def test_an_inbox_counts_and_pages_and_takes_receipts(city: City) -> None:
    inbox = city.get("/inbox/bureau:610302?limit=1")
    rest = city.get(f"/inbox/bureau:610302?limit=9&before={inbox['next']}")

    assert inbox["unread"] == 1 + len(rest["messages"])
    assert city.get("/inbox/bureau:610302?urgent=true")["messages"][0]["urgent"] is True


def test_the_day_that_is_counted_for_is_told(city: City) -> None:
    assert city.get("/supervision")["on"] == date(2026, 3, 2).isoformat()
