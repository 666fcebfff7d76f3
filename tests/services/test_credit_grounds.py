"""No sequence of messages, calls and days makes anything adverse without its grounds.

The machine below plays a bureau at random and keeps its own small ledger of what happened;
every announcement is checked against the ledger, not against the service's tables.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.chassis import workdays
from services.chassis.api import create_app
from services.credit.api import blueprint
from services.events.inspection import ClearedBy
from tests.services.credit_stories import (
    announced,
    cleared,
    entry_id,
    opened,
    red,
    rows,
    service_on,
    tell,
    warning,
)

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
NUMBERS = st.integers(1, 3)
NAMES = st.sampled_from(["zhangsan", "", " "])
SCOPES = st.sampled_from(["610300", "610302", "610400"])
FIRST_DAY = date(2014, 3, 3)


class Bureau(RuleBasedStateMachine):
    """A bureau to which anything may happen, under one profile."""

    profile: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.before = os.environ.get("BIANQUE_TODAY")
        self.opening = opened("sqlite://")
        self.database = self.opening.__enter__()
        self.service = service_on(self.database, self.profile)
        app = create_app(self.service, TOKEN, blueprint(self.service))
        self.client = app.test_client()
        self.read = 0
        self.revision = 0
        # the ledger
        self.reds: set[str] = set()
        self.clearings: dict[str, set[ClearedBy]] = defaultdict(set)
        self.last_days: dict[str, date] = {}
        self.newest_clearing: dict[str, date] = {}  # not while the newest fact is a red
        self.public: set[str] = set()
        self.escalated: set[str] = set()
        self.acting: str | None = None
        self.reason: str | None = None
        self._turn(FIRST_DAY)

    def teardown(self) -> None:
        self.opening.__exit__(None, None, None)
        os.environ.pop("BIANQUE_TODAY", None)
        if self.before is not None:
            os.environ["BIANQUE_TODAY"] = self.before

    @rule(number=NUMBERS)
    def a_warning_turns_red(self, number: int) -> None:
        self.revision += 1
        self.reds.add(str(warning(number)))
        self.newest_clearing.pop(str(entry_id(number)), None)
        self._happens(lambda: tell(self.service, [red(number, revision=self.revision)]))

    @rule(number=NUMBERS, by=st.sampled_from(list(ClearedBy)), ago=st.integers(0, 20))
    def a_warning_clears(self, number: int, by: ClearedBy, ago: int) -> None:
        self.revision += 1
        self.clearings[str(entry_id(number))].add(by)
        self.newest_clearing[str(entry_id(number))] = self.today - timedelta(days=ago)
        message = cleared(
            number,
            revision=self.revision,
            cleared_by=by,
            cleared_on=self.today - timedelta(days=ago),
        )
        self._happens(lambda: tell(self.service, [message]))

    @rule(number=NUMBERS, who=NAMES, scope=SCOPES)
    def somebody_publishes(self, number: int, who: str, scope: str) -> None:
        self.acting = who.strip() or None
        self._happens(lambda: self._post(number, "publication", who, scope, {}))

    @rule(
        number=NUMBERS, who=NAMES, scope=SCOPES, reason=st.sampled_from(["异议成立", "", " "])
    )
    def somebody_withdraws(self, number: int, who: str, scope: str, reason: str) -> None:
        self.acting, self.reason = who.strip() or None, reason.strip() or None
        body = {"reason": reason}
        self._happens(lambda: self._post(number, "withdrawal", who, scope, body))

    @rule(days=st.integers(1, 20))
    def days_pass(self, days: int) -> None:
        self._turn(self.today + timedelta(days=days))

    @rule()
    def the_sweep_comes_by(self) -> None:
        self._happens(self.service.take_due_steps)

    @invariant()
    def every_step_is_in_the_log(self) -> None:
        logged: dict[Any, int] = defaultdict(int)
        for step in rows(self.database, "credit_step"):
            assert step["policy_version"]
            assert step["caused_by"] or step["taken_by"]
            logged[step["bad_information_id"]] += 1
        assert {
            row["id"]: row["steps"] for row in rows(self.database, "bad_information")
        } == dict(logged)

    @invariant()
    def what_is_withdrawn_is_not_escalated(self) -> None:
        entries = {row["id"]: row for row in rows(self.database, "bad_information")}
        for escalation in rows(self.database, "escalation"):
            assert escalation["started_on"] <= self.today
            entry = entries[escalation["bad_information_id"]]
            assert entry["published_on"] or entry["state"] in {"drafted", "withdrawn"}
        for entry in entries.values():
            assert entry["state"] != "withdrawn" or entry["escalated_to"] is None

    def _happens(self, deed: Callable[[], Any]) -> None:
        deed()
        told = announced(self.database)
        for message in told[self.read :]:
            check = getattr(self, "_" + message["type"].split(".")[1])
            check(message["data"]["bad_information_id"], message["data"])
        self.read = len(told)
        self.acting = self.reason = None

    # each check asks for the grounds of one announcement

    def _bad_information_drafted(self, entry: str, data: dict[str, Any]) -> None:
        assert self.profile == "cn-current"
        assert data["warning_id"] in self.reds

    def _bad_information_published(self, entry: str, data: dict[str, Any]) -> None:
        assert data["warning_id"] in self.reds
        assert entry not in self.public, "published twice"
        assert self.profile == "baoji-2013" or self.acting, "nobody has confirmed it"
        assert data["published_on"] == self.today.isoformat()
        self.public.add(entry)
        self.escalated.discard(entry)
        self.last_days[entry] = date.fromisoformat(data["last_day_to_correct"])
        assert self.last_days[entry] >= self.today + timedelta(days=15)
        assert workdays.is_working_day(self.last_days[entry])

    def _bad_information_corrected(self, entry: str, data: dict[str, Any]) -> None:
        assert self.clearings[entry] - {ClearedBy.CORRECTED_DATA}
        corrected_on = date.fromisoformat(data["corrected_on"])
        assert data["in_time"] == (corrected_on <= self.last_days[entry])
        assert entry in self.last_days
        self.public.discard(entry)

    def _bad_information_withdrawn(self, entry: str, data: dict[str, Any]) -> None:
        assert data["reason"].strip()
        assert self.profile == "cn-current" or entry not in self.escalated, "not lifted first"
        by_a_person = self.acting and self.reason == data["reason"]
        assert by_a_person or self.clearings[entry]
        if not by_a_person and entry in self.last_days and entry in self.public:
            assert ClearedBy.CORRECTED_DATA in self.clearings[entry]
        self.public.discard(entry)

    def _enterprise_blacklisted(self, entry: str, data: dict[str, Any]) -> None:
        assert self.profile == "baoji-2013"
        self._escalates(entry)

    def _safety_alert_raised(self, entry: str, data: dict[str, Any]) -> None:
        assert self.profile == "baoji-2013"
        self._escalates(entry)

    def _escalation_proposed(self, entry: str, data: dict[str, Any]) -> None:
        assert self.profile == "cn-current"
        self._escalates(entry)

    def _escalates(self, entry: str) -> None:
        assert entry in self.public, "escalated without being public"
        assert entry not in self.escalated, "escalated twice"
        assert self.today > self.last_days[entry], "escalated before the term was over"
        cleared_on = self.newest_clearing.get(entry, date.max)
        assert cleared_on > self.last_days[entry], "escalated though corrected in time"
        self.escalated.add(entry)

    def _escalation_lifted(self, entry: str, data: dict[str, Any]) -> None:
        assert entry in self.escalated
        assert data["reason"].strip()
        self.escalated.remove(entry)

    def _post(self, number: int, act: str, who: str, scope: str, body: dict[str, Any]) -> None:
        headers = {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": scope,
            "X-Bianque-Caller": who,
        }
        path = f"/bad-information/{entry_id(number)}/{act}"
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.status_code in {200, 404, 409, 422}

    def _turn(self, today: date) -> None:
        self.today = today
        os.environ["BIANQUE_TODAY"] = today.isoformat()


class Baoji(Bureau):
    """Where red warnings are published at once."""

    profile = "baoji-2013"


class Current(Bureau):
    """Where a person confirms."""

    profile = "cn-current"


PLAYED = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestBaoji = Baoji.TestCase
TestBaoji.settings = PLAYED
TestCurrent = Current.TestCase
TestCurrent.settings = PLAYED
