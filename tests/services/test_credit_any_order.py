"""Any order of messages, with any repetition, ends alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from services.chassis.database import Database
from services.chassis.envelope import Envelope
from services.events.inspection import ClearedBy, WarningTurnedRed
from tests.services.credit_stories import (
    announced,
    cleared,
    empty,
    enterprise,
    kept,
    opened,
    red,
    rows,
    said,
    service_on,
    tell,
)

TODAY = date(2014, 3, 3)
PROFILE = pytest.mark.parametrize("profile", ["baoji-2013", "cn-current"])
Message = Envelope[Any]
ENDS = [None, *ClearedBy]
DAYS = st.integers(-20, 40).map(lambda days: TODAY + timedelta(days=days))


@pytest.fixture
def database(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("credit")) as database:
        yield database


@st.composite
def histories(draw: st.DrawFn) -> list[Message]:
    """Some warnings; each turns red, and most are cleared, for one reason or another."""
    told: list[Message] = [enterprise(number) for number in range(draw(st.integers(0, 3)))]
    for number in range(draw(st.integers(1, 5))):
        told.append(red(number))
        if by := draw(st.sampled_from(ENDS)):
            told.append(cleared(number, cleared_by=by, cleared_on=draw(DAYS)))
    return told


@st.composite
def long_histories(draw: st.DrawFn) -> list[Message]:
    """Warnings that turn red, are cleared, and may turn red again."""
    told: list[Message] = []
    for number in range(draw(st.integers(1, 3))):
        for episode in range(draw(st.integers(1, 3))):
            told.append(red(number, revision=episode * 100 + 1))
            if by := draw(st.sampled_from(ENDS)):
                told.append(cleared(number, revision=episode * 100 + 2, cleared_by=by))
            else:
                break
    return told


@st.composite
def shuffled(draw: st.DrawFn, told: st.SearchStrategy[list[Message]]) -> Any:
    """A history, and the same with messages repeated, in any order, cut into batches."""
    in_order = draw(told)
    again = draw(st.lists(st.sampled_from(in_order), max_size=6))
    mixed = draw(st.permutations(in_order + again))
    return in_order, _batches(mixed, draw(st.integers(1, 4)))


def _batches(told: Sequence[Message], size: int) -> list[list[Message]]:
    """Batches are of one event each, as queues are."""
    batches: list[list[Message]] = []
    for message in told:
        if (
            not batches
            or len(batches[-1]) == size
            or type(batches[-1][0].event) is not type(message.event)
        ):
            batches.append([])
        batches[-1].append(message)
    return batches


ANY_ORDER = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@PROFILE
@ANY_ORDER
@given(told=shuffled(histories()))
def test_any_order_ends_in_the_same_tables_and_the_same_announcements(
    database: Database, profile: str, told: Any
) -> None:
    in_order, batches = told
    service = service_on(database, profile)
    empty(database)
    for message in in_order:
        tell(service, [message])
    expected = kept(database), said(database)

    empty(database)
    for batch in batches:
        tell(service, batch)

    assert (kept(database), said(database)) == expected


@PROFILE
@ANY_ORDER
@given(told=shuffled(long_histories()))
def test_warnings_that_come_and_go_end_alike_in_any_order(
    database: Database, profile: str, told: Any
) -> None:
    """How often it was said may differ; how it stands may not, nor what was said last."""
    in_order, batches = told
    service = service_on(database, profile)
    empty(database)
    for message in in_order:
        tell(service, [message])
    expected = _as_they_stand(database)

    empty(database)
    for batch in batches:
        tell(service, batch)

    assert _as_they_stand(database) == expected
    assert _last_said(database) == {entry: state for entry, state, *_ in expected}


@PROFILE
@ANY_ORDER
@given(told=shuffled(histories()))
def test_the_tables_are_what_the_raw_messages_say(
    database: Database, profile: str, told: Any
) -> None:
    """Told again from the sentences of the rule, without the service's own code."""
    in_order, batches = told
    service = service_on(database, profile)
    empty(database)

    for batch in batches:
        tell(service, batch)

    stands = {row["warning_id"]: row["state"] for row in rows(database, "bad_information")}
    assert stands == _from_the_sentences(in_order, public=profile == "baoji-2013")


def _from_the_sentences(told: Sequence[Message], *, public: bool) -> dict[Any, str]:
    turned = [message.event for message in told if type(message.event) is WarningTurnedRed]
    gone = defaultdict(
        lambda: None,
        {
            message.event.warning_id: message.event.cleared_by
            for message in told
            if hasattr(message.event, "cleared_by")
        },
    )
    ends: dict[ClearedBy | None, str] = {
        None: "published" if public else "drafted",
        ClearedBy.DONE: "corrected" if public else "withdrawn",
        ClearedBy.OUT_OF_SERVICE: "corrected" if public else "withdrawn",
        ClearedBy.CORRECTED_DATA: "withdrawn",
    }
    return {event.warning_id: ends[gone[event.warning_id]] for event in turned}


def _as_they_stand(database: Database) -> set[tuple[Any, ...]]:
    shown = ("id", "state", "published_on", "corrected_on", "in_time", "withdrawn_because")
    return {
        tuple(str(row[name]) for name in shown) for row in rows(database, "bad_information")
    }


def _last_said(database: Database) -> dict[str, str]:
    """By the highest revision, as every hearer takes it."""
    told = sorted(announced(database), key=lambda message: message["data"]["revision"])
    return {
        message["data"]["bad_information_id"]: message["type"].split(".")[1].split("_")[-1]
        for message in told
    }
