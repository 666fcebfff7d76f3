"""Publication and withdrawal: a named person's acts, once, within the scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.chassis.database import Database
from tests.services.credit_portal import Portal, of, with_three_drafts
from tests.services.credit_stories import (
    announced,
    cleared,
    names,
    opened,
    rows,
    service_on,
    tell,
)


@pytest.fixture
def database(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", "2026-03-02")
    with opened(database_url("credit")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return with_three_drafts(database)


def test_a_person_publishes_a_draft(portal: Portal, database: Database) -> None:
    answer = portal.post(of(1, "/publication"))

    assert answer.status_code == 200
    assert answer.json["state"] == "published"
    assert answer.json["published_by"] == "zhangsan"
    assert answer.json["last_day_to_correct"] == "2026-03-17"
    assert names(database)[-1] == "bad_information_published"


def test_a_publication_asked_for_twice_answers_the_same_and_is_said_once(
    portal: Portal, database: Database
) -> None:
    first = portal.post(of(1, "/publication"))

    again = portal.post(of(1, "/publication"), who="lisi")

    assert again.json == first.json
    assert names(database).count("bad_information_published") == 1


@pytest.mark.parametrize("act", ["/publication", "/withdrawal"])
def test_a_caller_without_a_name_decides_nothing(
    portal: Portal, database: Database, act: str
) -> None:
    answer = portal.post(of(1, act), {"reason": "核对有误"}, who=None)

    assert answer.status_code == 409
    assert answer.json["code"] == "name_missing"
    assert names(database) == ["bad_information_drafted"] * 3


@pytest.mark.parametrize("act", ["/publication", "/withdrawal"])
def test_nobody_decides_outside_the_scope(portal: Portal, database: Database, act: str) -> None:
    answer = portal.post(of(1, act), {"reason": "核对有误"}, scope="610304")

    assert answer.status_code == 404
    assert {row["state"] for row in rows(database, "bad_information")} == {"drafted"}


def test_a_draft_closed_by_the_facts_cannot_be_published_and_says_why(
    portal: Portal, database: Database
) -> None:
    tell(service_on(database, "cn-current"), [cleared(1)])

    answer = portal.post(of(1, "/publication"))

    assert answer.status_code == 409
    assert answer.json["code"] == "withdrawn_already"
    assert answer.json["rule"] == "这条不良信息已经撤销,不得公布。"
    assert answer.json["instead"] == "只有待审核的草稿可以公布。"


def test_a_withdrawal_states_its_reason_to_everybody(
    portal: Portal, database: Database
) -> None:
    portal.post(of(1, "/publication"))

    answer = portal.post(of(1, "/withdrawal"), {"reason": "企业异议成立"}, who="lisi")

    assert answer.json["state"] == "withdrawn"
    assert answer.json["withdrawn_by"] == "lisi"
    assert announced(database)[-1]["data"]["reason"] == "企业异议成立"


def test_a_withdrawal_asked_for_twice_is_said_once(portal: Portal, database: Database) -> None:
    first = portal.post(of(1, "/withdrawal"), {"reason": "企业异议成立"})

    again = portal.post(of(1, "/withdrawal"), {"reason": "另一个理由"})

    assert again.json == first.json
    assert names(database).count("bad_information_withdrawn") == 1


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}])
def test_a_withdrawal_without_a_reason_is_refused(
    portal: Portal, database: Database, body: dict[str, Any]
) -> None:
    answer = portal.post(of(1, "/withdrawal"), body)

    assert answer.json["code"] in {"fields_wrong", "reason_missing"}
    assert "bad_information_withdrawn" not in names(database)


def test_a_withdrawn_entry_stays_withdrawn_when_its_warning_clears(
    portal: Portal, database: Database
) -> None:
    portal.post(of(1, "/withdrawal"), {"reason": "企业异议成立"})

    tell(service_on(database, "cn-current"), [cleared(1)])

    assert portal.get(of(1)).json["withdrawn_because"] == "企业异议成立"
