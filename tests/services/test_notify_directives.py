"""Directives go down hop by hop, answers come back up, and silence escalates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.chassis import clock, sweeping
from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.tables import OutboxRow
from services.notify.api import blueprint
from services.notify.handlers import silence
from services.notify.service import NotifyService
from tests.services.notify_stories import empty, kept, messages, service_on

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
CITY, COUNTY, OTHER = "610300", "610303", "610302"
MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def _database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with kept(request.param, request) as database:
        yield database


@pytest.fixture
def database(_database: Database) -> Database:
    """Every test begins with an empty one."""
    empty(_database)
    return _database


class Bureaus:
    """The city and its counties, on one installation, on a day that a test moves on."""

    def __init__(self, service: NotifyService, monkeypatch: pytest.MonkeyPatch) -> None:
        self.service = service
        self.client = create_app(service, TOKEN, blueprint(service)).test_client()
        self._monkeypatch = monkeypatch
        self.day(MONDAY)

    def day(self, day: date) -> None:
        """It is this day now, and the timer has run, twice."""
        self._monkeypatch.setattr(clock, "today", lambda: day)
        self.service.watch_directives()
        self.service.watch_directives()

    def post(self, path: str, body: Any, scope: str, name: str = "li.na", key: str = "") -> Any:
        headers = self._headers(scope, name) | ({"Idempotency-Key": key} if key else {})
        return self.client.post(path, json=body, headers=headers)

    def get(self, path: str, scope: str) -> Any:
        return self.client.get(path, headers=self._headers(scope, "li.na"))

    def issue(self, *receivers: str, **changes: Any) -> Any:
        order = {
            "title": "排查超期未检电梯",
            "text": "请逐台核实并报告。",
            "receivers": list(receivers) or [f"bureau:{COUNTY}"],
        }
        answer = self.post("/directives", order | changes, CITY)
        assert answer.status_code == 201, answer.json
        return answer.json

    def step(self, hop: str, step: str, scope: str = COUNTY, **words: Any) -> Any:
        return self.post(f"/directives/hops/{hop}/{step}", words, scope)

    def hop(self, directive: Any, scope: str = CITY, number: int = 0) -> Any:
        shown = self.get(f"/directives/{directive['id']}", scope).json
        return sorted(shown["hops"], key=lambda hop: hop["issued_at"])[number]

    def told(self, account: str) -> list[str]:
        rows = [row for row in messages(self.service.database) if row.account == account]
        return [row.template for row in sorted(rows, key=lambda row: row.stored_at)]

    def said(self) -> list[str]:
        with self.service.database.reading() as session:
            rows = session.execute(select(OutboxRow.type).order_by(OutboxRow.position))
            return [row.type for row in rows]

    def _headers(self, scope: str, name: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": scope,
            "X-Bianque-Caller": name,
        }


@pytest.fixture
def bureaus(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureaus:
    return Bureaus(service_on(database, tmp_path), monkeypatch)


def test_a_directive_goes_down_and_its_report_comes_back(bureaus: Bureaus) -> None:
    directive = bureaus.issue(f"bureau:{COUNTY}")
    hop = directive["hops"][0]["id"]
    assert directive["number"] == "信息指令〔2026〕610300-1号"

    bureaus.step(hop, "acknowledge")
    section = bureaus.post(
        f"/directives/hops/{hop}/relay", {"receivers": [f"section:{COUNTY}/特设股"]}, COUNTY
    ).json["hops"][0]["id"]
    bureaus.step(section, "acknowledge")
    bureaus.step(section, "feed_back", said="核实 12 台", evidence="E-2026-7")
    bureaus.step(section, "report", said="全部停用")
    bureaus.step(hop, "feed_back", said="全县 12 台已停用", evidence="E-2026-8")
    closed = bureaus.step(hop, "report", said="已办结").json

    assert (closed["phase"], closed["awaited"], closed["open_steps"]) == ("reported", None, [])
    assert bureaus.said() == [
        "notify.directive_issued.v1",
        "notify.directive_acknowledged.v1",
        "notify.directive_issued.v1",
        "notify.directive_acknowledged.v1",
        "notify.directive_reported.v1",
        "notify.directive_reported.v1",
    ]
    assert bureaus.told(f"bureau:{CITY}") == [
        "directive_acknowledged_sender",
        "directive_fed_back_sender",
        "directive_reported_sender",
    ]
    assert bureaus.told(f"section:{COUNTY}/特设股") == ["directive_issued_unit"]


def test_every_hop_is_explained_by_who_did_what_when(bureaus: Bureaus) -> None:
    directive = bureaus.issue()
    hop = directive["hops"][0]["id"]
    bureaus.step(hop, "acknowledge")
    bureaus.step(hop, "feed_back", said="已核实", evidence="E-1")
    explained = bureaus.hop(directive)["explanation"]

    assert [(each["step"], each["before"], each["after"]) for each in explained] == [
        ("issue", None, "issued"),
        ("acknowledge", "issued", "acknowledged"),
        ("feed_back", "acknowledged", "fed_back"),
    ]
    assert (explained[2]["said"], explained[2]["evidence"]) == ("已核实", "E-1")
    assert "签收 (li.na)" in explained[1]["in_words"]["zh"]


def test_the_county_that_answers_no_directive(bureaus: Bureaus) -> None:
    """Told as a story: reminded, supervised, told to the superior; it answers late after all."""
    directive = bureaus.issue(f"bureau:{COUNTY}", f"bureau:{OTHER}", due_on="2026-03-13")
    silent = next(h["id"] for h in directive["hops"] if h["division"] == COUNTY)
    prompt = next(h["id"] for h in directive["hops"] if h["division"] == OTHER)
    bureaus.step(prompt, "acknowledge", OTHER)

    bureaus.day(date(2026, 3, 3))
    assert bureaus.told(f"bureau:{COUNTY}") == ["directive_issued_unit"]
    bureaus.day(date(2026, 3, 4))
    bureaus.day(date(2026, 3, 5))
    bureaus.day(date(2026, 3, 7))
    bureaus.day(date(2026, 3, 10))
    assert bureaus.told(f"bureau:{COUNTY}").count("directive_overdue_unit") == 3
    assert bureaus.told(f"bureau:{CITY}").count("directive_overdue_watcher") == 2
    assert bureaus.told("bureau:610000") == ["directive_overdue_superior"]
    assert "directive_overdue_unit" not in bureaus.told(f"bureau:{OTHER}")

    late = bureaus.step(silent, "acknowledge").json
    assert (late["silence"], late["overdue"]) == ("none", False)
    bureaus.day(date(2026, 3, 14))
    assert (
        bureaus.get("/directives?overdue=true", CITY).json["hops"][0]["silence"] == "reminded"
    )

    bureaus.step(silent, "feed_back", said="迟报")
    bureaus.step(silent, "report", said="已办结")
    bureaus.step(prompt, "feed_back", OTHER, said="已核实")
    bureaus.step(prompt, "report", OTHER, said="已办结")
    bureaus.day(date(2026, 4, 1))

    assert bureaus.said().count("notify.directive_overdue.v1") == 3 + 1 + 1
    assert bureaus.get("/directives?overdue=true", CITY).json["hops"] == []
    assert bureaus.get("/directives?open=true", CITY).json["hops"] == []


def test_days_that_were_missed_lead_to_the_last_step_at_once_and_once(
    bureaus: Bureaus,
) -> None:
    bureaus.issue()
    bureaus.day(date(2026, 3, 20))
    overdue = [row for row in messages(bureaus.service.database) if "overdue" in row.template]

    assert bureaus.said().count("notify.directive_overdue.v1") == 1
    assert {json.loads(row.parameters)["silence"] for row in overdue} == {"escalated"}
    assert {row.template for row in overdue} == {
        "directive_overdue_unit",
        "directive_overdue_watcher",
        "directive_overdue_superior",
    }


def test_two_who_watch_at_the_same_time_remind_once(bureaus: Bureaus) -> None:
    for _ in range(5):
        bureaus.issue()
    bureaus._monkeypatch.setattr(clock, "today", lambda: date(2026, 3, 4))
    with ThreadPoolExecutor(2) as timers:
        for done in [timers.submit(bureaus.service.watch_directives) for _ in range(2)]:
            done.result()

    assert bureaus.said().count("notify.directive_overdue.v1") == 5


def test_a_county_sees_what_it_was_sent_and_nothing_of_another(bureaus: Bureaus) -> None:
    directive = bureaus.issue(f"bureau:{COUNTY}", f"bureau:{OTHER}")
    foreign = bureaus.issue(f"bureau:{OTHER}")
    seen = bureaus.get(f"/directives/{directive['id']}", COUNTY).json

    assert [hop["division"] for hop in seen["hops"]] == [COUNTY]
    assert len(bureaus.get("/directives", COUNTY).json["hops"]) == 1
    assert len(bureaus.get("/directives", CITY).json["hops"]) == 3
    answer = bureaus.get(f"/directives/{foreign['id']}", COUNTY)
    assert (answer.status_code, answer.json["code"]) == (404, "no_such_directive")


@pytest.mark.parametrize("scope", [CITY, OTHER, "*"])
def test_nobody_acts_for_another_unit(bureaus: Bureaus, scope: str) -> None:
    hop = bureaus.issue()["hops"][0]["id"]
    answer = bureaus.step(hop, "acknowledge", scope)

    assert (answer.status_code, answer.json["code"]) == (409, "not_the_unit")
    assert f"签收应由 bureau:{COUNTY} 办理" in answer.json["detail"]


def test_nobody_directs_in_the_name_of_another(bureaus: Bureaus) -> None:
    order = {"title": "题", "text": "文", "receivers": [f"section:{OTHER}/特设股"]}
    foreign = bureaus.post("/directives", order | {"sender": f"bureau:{OTHER}"}, COUNTY)
    upward = bureaus.post("/directives", order | {"receivers": [f"bureau:{CITY}"]}, COUNTY)

    assert (foreign.status_code, foreign.json["code"]) == (403, "not_the_unit")
    assert (upward.status_code, upward.json["code"]) == (409, "not_below")


def test_a_step_that_is_not_open_is_refused_with_those_that_are(bureaus: Bureaus) -> None:
    hop = bureaus.issue()["hops"][0]["id"]
    answer = bureaus.step(hop, "report", said="已办结")

    assert (answer.status_code, answer.json["code"]) == (409, "directive_step_not_open")
    assert "现在可以: 签收、收回" in answer.json["detail"]
    assert bureaus.step(hop, "feed_back").json["code"] == "words_missing"


def test_a_report_waits_for_everything_below(bureaus: Bureaus) -> None:
    hop = bureaus.issue()["hops"][0]["id"]
    bureaus.step(hop, "acknowledge")
    relay = {"receivers": [f"section:{COUNTY}/甲", f"section:{COUNTY}/乙"]}
    below = bureaus.post(f"/directives/hops/{hop}/relay", relay, COUNTY).json["hops"]
    bureaus.step(hop, "feed_back", said="已核实")
    refused = bureaus.step(hop, "report", said="已办结")
    for each in below:
        bureaus.step(each["id"], "recall", said="不再需要")

    assert refused.json["code"] == "directive_below_open"
    assert bureaus.step(hop, "report", said="已办结").json["phase"] == "reported"


def test_recalling_takes_back_what_was_relayed(bureaus: Bureaus) -> None:
    directive = bureaus.issue()
    hop = directive["hops"][0]["id"]
    bureaus.step(hop, "acknowledge")
    relay = {"receivers": [f"section:{COUNTY}/甲"]}
    bureaus.post(f"/directives/hops/{hop}/relay", relay, COUNTY)
    again = bureaus.post(f"/directives/hops/{hop}/relay", relay, COUNTY)
    bureaus.step(hop, "recall", CITY, said="已由省局统一部署")
    bureaus.day(date(2026, 3, 20))

    assert again.json["code"] == "relayed_already"
    assert {hop["phase"] for hop in bureaus.get("/directives", CITY).json["hops"]} == {
        "recalled"
    }
    assert bureaus.said().count("notify.directive_overdue.v1") == 0
    assert bureaus.told(f"section:{COUNTY}/甲")[-1] == "directive_recalled_unit"


def test_feedback_that_is_not_enough_is_sent_back(bureaus: Bureaus) -> None:
    directive = bureaus.issue()
    hop = directive["hops"][0]["id"]
    bureaus.step(hop, "acknowledge")
    bureaus.step(hop, "feed_back", said="已核实")
    bureaus.step(hop, "send_back", CITY, said="缺少逐台清单")

    assert bureaus.hop(directive)["phase"] == "acknowledged"
    assert bureaus.told(f"bureau:{COUNTY}")[-1] == "directive_sent_back_unit"


def test_numbers_have_no_gap_and_none_is_given_twice(bureaus: Bureaus) -> None:
    refused = {"title": "题", "text": "联系 13800001234", "receivers": [f"bureau:{COUNTY}"]}

    def issue(number: int) -> Any:
        if number % 3 == 0:
            return bureaus.post("/directives", refused, CITY).json["code"]
        return bureaus.issue()["number"]

    with ThreadPoolExecutor(4) as officers:
        given = [done.result() for done in [officers.submit(issue, n) for n in range(12)]]

    assert given.count("directive_names_a_person") == 4
    numbers = sorted(int(each.split("-")[1].rstrip("号")) for each in given if "-" in each)
    assert numbers == list(range(1, 9))


def test_the_same_order_asked_twice_is_issued_once(bureaus: Bureaus) -> None:
    order = {"title": "题", "text": "文", "receivers": [f"bureau:{COUNTY}"]}
    first = bureaus.post("/directives", order, CITY, key="k1")
    second = bureaus.post("/directives", order, CITY, key="k1")

    assert first.json == second.json
    assert len(bureaus.get("/directives", CITY).json["hops"]) == 1


def test_two_clerks_who_acknowledge_at_once_do_it_once(bureaus: Bureaus) -> None:
    hop = bureaus.issue()["hops"][0]["id"]
    with ThreadPoolExecutor(2) as clerks:
        both = [clerks.submit(bureaus.step, hop, "acknowledge") for _ in range(2)]
        codes = sorted(done.result().status_code for done in both)

    assert codes == [200, 409]
    assert bureaus.said().count("notify.directive_acknowledged.v1") == 1


def test_pages_of_directives_follow_one_another(bureaus: Bureaus) -> None:
    for _ in range(5):
        bureaus.issue()
    page = bureaus.get("/directives?limit=2", CITY).json
    seen = [hop["id"] for hop in page["hops"]]
    while page["next"]:
        page = bureaus.get(f"/directives?limit=2&after={page['next']}", CITY).json
        seen += [hop["id"] for hop in page["hops"]]

    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"receivers": []}, "receivers"),
        ({"due_on": "tomorrow"}, "due_on"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused_by_its_field(
    bureaus: Bureaus, changes: dict[str, Any], field: str
) -> None:
    order = {"title": "题", "text": "文", "receivers": [f"bureau:{COUNTY}"]}
    answer = bureaus.post("/directives", order | changes, CITY)

    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


def test_a_hop_that_cannot_be_dealt_with_does_not_hold_up_the_others(
    bureaus: Bureaus, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = bureaus.issue(f"bureau:{COUNTY}")["hops"][0]["id"]
    bureaus.issue(f"bureau:{OTHER}")
    say = silence.say

    def fails(session: Any, event: Any, hop: Any, practice: Any) -> None:
        if str(hop.id) == broken:
            raise ValueError("no such template")
        say(session, event, hop, practice)

    monkeypatch.setattr(silence, "say", fails)
    bureaus.day(MONDAY + timedelta(days=9))

    assert "directive_overdue_unit" in bureaus.told(f"bureau:{OTHER}")
    with bureaus.service.database.reading() as session:
        assert [one.about for one in sweeping.listed(session, limit=9)] == [broken]
