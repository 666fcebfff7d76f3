"""Passwords, lock-out, the end of a session, the chain of the audit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from services.portal.rules import (
    Refusal,
    broken_at,
    link,
    locked_until,
    refuse_password,
    session_ended,
)
from services.portal.rules.chain import FIRST

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("九个字的口令不够用", Refusal.TOO_SHORT),
        ("short", Refusal.TOO_SHORT),
        ("zhangsan123", Refusal.LIKE_THE_NAME),
        ("aaaaaaaaaaaa", Refusal.TOO_SIMPLE),
        ("1234567890", Refusal.TOO_SIMPLE),
        ("渭河春水向东流去不回头", None),
        ("a sentence of one's own", None),
        ("zhangsan rides a bicycle to work", None),
    ],
)
def test_what_may_be_a_password(password: str, refusal: Refusal | None) -> None:
    assert refuse_password(password, name="zhangsan", shortest=10) is refusal


def test_five_failures_lock_a_name_for_ten_minutes_from_the_last() -> None:
    failures = [NOON - timedelta(minutes=m) for m in (5, 4, 3, 2, 1)]

    until = locked_until(failures, now=NOON, most=5, minutes=10)

    assert until == NOON + timedelta(minutes=9)
    assert locked_until(failures[:4], now=NOON, most=5, minutes=10) is None


def test_failures_of_long_ago_do_not_count() -> None:
    failures = [NOON - timedelta(minutes=m) for m in (30, 29, 28, 27, 1)]

    assert locked_until(failures, now=NOON, most=5, minutes=10) is None


@pytest.mark.parametrize(
    ("began", "seen", "ended"),
    [(1, 1, False), (61, 59, False), (70, 61, True), (11 * 60, 1, False), (13 * 60, 1, True)],
)
def test_a_session_ends_untouched_or_after_a_day(began: int, seen: int, ended: bool) -> None:
    over = session_ended(
        NOON - timedelta(minutes=began),
        NOON - timedelta(minutes=seen),
        now=NOON,
        idle_minutes=60,
        hours=12,
    )

    assert over is ended


Line = dict[str, str | int]


def chained(words: list[str]) -> list[tuple[Line, str]]:
    before, lines = FIRST, []
    for position, what in enumerate(words, start=1):
        line: Line = {"position": position, "what": what}
        before = link(before, line)
        lines.append((line, before))
    return lines


@given(st.lists(st.text(), min_size=1, max_size=12))
def test_an_untouched_chain_holds(words: list[str]) -> None:
    assert broken_at(chained(words)) is None


@given(st.lists(st.text(), min_size=2, max_size=12), st.data())
def test_a_removed_line_shows_at_its_place(words: list[str], data: st.DataObject) -> None:
    lines = chained(words)
    gone = data.draw(st.integers(0, len(lines) - 2))

    assert broken_at(lines[:gone] + lines[gone + 1 :]) == gone + 1


@given(st.lists(st.text(), min_size=1, max_size=12), st.data())
def test_a_changed_line_shows_at_its_place(words: list[str], data: st.DataObject) -> None:
    lines = chained(words)
    which = data.draw(st.integers(0, len(lines) - 1))
    line, kept = lines[which]
    lines[which] = (line | {"what": f"{line['what']}!"}, kept)

    assert broken_at(lines) == which + 1
