"""Who is told what, what a message waits for, when a delivery is tried again: case by case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from services.chassis.policy import Policy
from services.events.contract import Event
from services.notify import rules
from services.notify.model import (
    Addressee,
    Contact,
    Enterprise,
    Facts,
    GiveUp,
    Medium,
    TryAgain,
    Wants,
)
from services.notify.practice import Installation, Practice
from services.notify.wording import TOLD, Wording, fact
from services.notify.words import Words

HERE = Path(__file__).parent
POLICY_FILE = HERE.parents[1] / "services" / "notify" / "policy.yaml"
WORDING = Wording.read()
WORDS = Words.read()
DAY = date(2026, 3, 2)
YES = {"是": True, "否": False}
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ENTERPRISE = uuid4()
EVENTS: Mapping[str, type[Event]] = {fact(event): event for event in TOLD}
BEFORE = {
    "revision": 10,
    "last_day_to_correct": "2026-03-18",
    "turned_red_on": "2026-03-02",
    "in_time": True,
    "to": "blacklist",
    "what": "blacklist",
    **dict.fromkeys(
        (
            "listed_on",
            "raised_on",
            "proposed_on",
            "lifted_on",
            "withdrawn_on",
            "corrected_on",
        ),
        "2026-04-01",
    ),
}


NAMED = {
    "account": "指明的账号",
    "receiver": "接收单位",
    "sender": "发出单位",
    "watcher": "发出单位",
    "superior": "上级",
    "above": "上一级",
}
MAIL = {Medium.LOG: Medium.LOG, Medium.EMAIL: Medium.EMAIL}
TRIAL = {Medium.LOG: Medium.LOG, Medium.EMAIL: Medium.LOG, Medium.SMS: Medium.LOG}
NOTHING = {Medium.LOG: Medium.LOG}
ALL = {medium: medium for medium in Medium}


@cache
def practice(profile: str = "cn-current") -> Practice:
    installation = Installation(bureau="610300", language="zh", outside=MAIL)
    return Practice(Policy.read(POLICY_FILE, profile), WORDING, installation)


def book(name: str) -> list[dict[str, Any]]:
    read = yaml.safe_load((HERE / "cases" / f"{name}.yaml").read_text(encoding="utf-8"))
    cases: list[dict[str, Any]] = read["案例"]
    return cases


def cases(name: str) -> Any:
    return pytest.mark.parametrize("case", book(name), ids=lambda case: str(case["情形"]))


def called(group: type[Addressee] | type[Wants] | type[Medium], word: str) -> Any:
    """The member that a clerk calls so."""
    (found,) = [member for member in group if WORDS.of(member, "zh") == word]
    return found


def facts(known: list[str]) -> Facts:
    """What is known when only these papers have come."""
    contact = Contact(
        enterprise_id=ENTERPRISE,
        email="firm@example.com" if "邮箱" in known else None,
        officer="li.na" if "责任人" in known else None,
    )
    described = Enterprise(
        id=ENTERPRISE, name="样例厂", uscc=None, division="610303", status="active"
    )
    return Facts(
        enterprise=described if "企业" in known else None,
        contact=contact if {"邮箱", "责任人"} & set(known) else None,
    )


@pytest.mark.parametrize("profile", ["baoji-2013", "cn-current"])
@cases("messages")
def test_an_event_tells_those_whom_the_book_names(case: dict[str, Any], profile: str) -> None:
    inboxes = {
        f"enterprise:{ENTERPRISE}": "本企业",
        None: "本责任人",
        "bureau:610303": "辖区局",
        "bureau:610300": "协调中心",
        **{each: each for each in NAMED.values()},
    }
    told = {
        WORDS.of(one.addressee, "zh"): [
            inboxes[
                rules.account_of(
                    one,
                    enterprise_id=ENTERPRISE,
                    division="610303",
                    centre="610300",
                    parameters=NAMED,
                )
            ],
            *(WORDS.of(way, "zh") for way in (Medium.INBOX, *one.ways)),
        ]
        for one in practice(profile=profile).told_of(EVENTS[case["事件"]], DAY)
    }

    assert told == case["告知"]


def test_the_book_names_every_event_that_is_told() -> None:
    assert [case["事件"] for case in book("messages")] == [fact(event) for event in TOLD]


@cases("messages_waiting")
def test_a_message_goes_as_far_as_its_facts_allow(case: dict[str, Any]) -> None:
    addressee = called(Addressee, case["对象"])
    ways = () if case["发邮件"] == "无" else (Medium.EMAIL,)
    account = None if addressee is Addressee.OFFICER else "somebody"

    progress = rules.progress(addressee, account, ways, facts(case["已知"]))

    assert progress.can_be_read is YES[case["进站内"]]
    assert (Medium.EMAIL in progress.ready) is (case["发邮件"] == "是")
    assert progress.wants == (called(Wants, case["等待"]) if "等待" in case else None)
    assert {*progress.ready, *progress.waiting} == set(ways)


@cases("messages_trying_again")
def test_a_delivery_is_tried_again_after_the_pause_of_the_book(case: dict[str, Any]) -> None:
    next_step = rules.after_failure(
        case["次数"],
        due_since=NOW - timedelta(seconds=case["已过秒"]),
        now=NOW,
        patience=practice().patience(DAY),
    )

    assert next_step == (
        GiveUp(reason="gave_up_after_time")
        if case["再试"] == "作罢"
        else TryAgain(at=NOW + timedelta(seconds=case["再试"]))
    )


@cases("messages_said_again")
def test_what_is_said_again_is_told_again_only_if_it_matters(case: dict[str, Any]) -> None:
    cause = uuid4()
    told = practice().told_of(EVENTS[case["事件"]], DAY)
    first = {rules.message_id(cause, one, BEFORE) for one in told}
    second = {rules.message_id(cause, one, {**BEFORE, **case["变化"]}) for one in told}

    assert bool(second - first) is YES[case["再告知"]]


def test_a_message_has_the_same_id_wherever_it_is_counted() -> None:
    cause = uuid4()
    told = practice().told_of(EVENTS["warning_turned_red"], DAY)

    assert len({rules.message_id(cause, one, BEFORE) for one in told}) == 3
    assert not {rules.message_id(cause, one, BEFORE) for one in told} & {
        rules.message_id(uuid4(), one, BEFORE) for one in told
    }


PATIENCE = practice().patience(DAY)


@settings(deadline=None)
@given(
    attempts=st.integers(1, 10_000),
    waited=st.timedeltas(timedelta(0), timedelta(days=30)),
)
def test_no_pause_is_ever_longer_than_five_minutes(attempts: int, waited: timedelta) -> None:
    next_step = rules.after_failure(
        attempts, due_since=NOW - waited, now=NOW, patience=PATIENCE
    )

    assert isinstance(next_step, GiveUp) or (
        timedelta(0) < next_step.at - NOW <= timedelta(minutes=5)
    )


@pytest.mark.parametrize(
    ("outside", "media", "ways"),
    [
        (MAIL, [Medium.INBOX, Medium.EMAIL], (Medium.EMAIL,)),
        (MAIL, [Medium.INBOX, Medium.EMAIL, Medium.SMS], (Medium.EMAIL,)),
        (ALL, [Medium.INBOX, Medium.EMAIL, Medium.SMS], (Medium.EMAIL, Medium.SMS)),
        (TRIAL, [Medium.INBOX, Medium.EMAIL, Medium.SMS], (Medium.LOG,)),
        (TRIAL, [Medium.INBOX, Medium.EMAIL, Medium.LOG], (Medium.LOG,)),
        (NOTHING, [Medium.INBOX, Medium.EMAIL], ()),
        (NOTHING, [Medium.INBOX, Medium.EMAIL, Medium.LOG], (Medium.LOG,)),
        (MAIL, [Medium.INBOX], ()),
    ],
)
def test_a_trial_and_a_missing_way_let_nothing_out(
    outside: Mapping[Medium, Medium], media: list[Medium], ways: tuple[Medium, ...]
) -> None:
    assert rules.ways_out(media, outside) == ways
