"""Nights, digests, what nobody reads, what is masked, whom a text is given to: case by case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from hypothesis import given, strategies as st

from services.chassis.clock import BEIJING
from services.chassis.policy import Policy
from services.notify import rules
from services.notify.model import Medium, Try
from services.notify.practice import Installation, Practice
from services.notify.rules.failover import share
from services.notify.rules.masking import masked
from services.notify.rules.nights import above, last_digest_at, may_leave_at
from services.notify.wording import Wording

HERE = Path(__file__).parent
DAY = date(2026, 3, 2)
BOOKS = yaml.safe_load((HERE / "cases" / "nights.yaml").read_text(encoding="utf-8"))
NIGHTS, DIGESTS, UNREAD, MASKED, SHARES = (book["案例"] for book in BOOKS)
PRACTICE = Practice(
    Policy.read(HERE.parents[1] / "services" / "notify" / "policy.yaml"),
    Wording.read(),
    Installation(bureau="610300", language="zh", outside={}),
)
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def cases(book: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", book, ids=lambda case: str(case["情形"]))


def beijing(said: Any) -> datetime:
    return datetime.fromisoformat(str(said)).replace(tzinfo=BEIJING).astimezone(UTC)


@cases(NIGHTS)
def test_what_can_wait_leaves_in_the_morning(case: dict[str, Any]) -> None:
    leaves = may_leave_at(
        beijing(case["时刻"]),
        Medium(case["渠道"]),
        urgent=case.get("紧急", False),
        quiet=PRACTICE.quiet(DAY),
    )

    assert leaves == beijing(case["发出"])


@cases(DIGESTS)
def test_a_digest_is_made_at_its_hour(case: dict[str, Any]) -> None:
    assert last_digest_at(beijing(case["时刻"]), PRACTICE.digest_times(DAY)) == beijing(
        case["汇总"]
    )


def test_without_an_hour_there_is_no_digest() -> None:
    assert last_digest_at(NOW, ()) is None


@cases(UNREAD)
def test_what_nobody_reads_is_told_to_whoever_stands_above(case: dict[str, Any]) -> None:
    assert above(case["账号"], "610303", case["级"]) == case.get("告知")


@cases(MASKED)
def test_an_address_is_shown_masked(case: dict[str, Any]) -> None:
    assert masked(case["原文"]) == case["显示"]


def tries(worked: int, failed: int, slow: int) -> list[Try]:
    quick, late = timedelta(seconds=1), timedelta(seconds=9)
    return [
        *(Try(way="sms:甲", at=NOW, took=quick, worked=True) for _ in range(worked)),
        *(Try(way="sms:甲", at=NOW, took=quick, worked=False) for _ in range(failed)),
        *(Try(way="sms:甲", at=NOW, took=late, worked=True) for _ in range(slow)),
    ]


@cases(SHARES)
def test_a_provider_gets_the_share_of_the_book(case: dict[str, Any]) -> None:
    given_tries = tries(case["成功"], case["失败"], case["迟缓"])

    assert share(given_tries, PRACTICE.pace(DAY).caution) == case["份额"]


@given(delivery=st.uuids(), attempt=st.integers(1, 9), percent=st.integers(10, 100))
def test_every_provider_is_asked_once_in_some_order(
    delivery: UUID, attempt: int, percent: int
) -> None:
    shares = [("甲", percent), ("乙", 100)]
    order = rules.in_order(shares, delivery=delivery, attempt=attempt)

    assert sorted(order) == ["乙", "甲"]
    assert rules.in_order(shares, delivery=delivery, attempt=attempt) == order


def test_a_robot_waits_until_its_minute_is_over() -> None:
    minute = timedelta(minutes=1)
    said = [
        Try(way="wecom:1", at=NOW - timedelta(seconds=n), took=minute, worked=True)
        for n in range(20)
    ]

    assert rules.may_send_at(said[1:], now=NOW, most=20, within=minute) is None
    assert rules.may_send_at(said, now=NOW, most=20, within=minute) == said[19].at + minute
