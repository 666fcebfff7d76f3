"""What the credit service makes of what it hears."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from services.chassis.database import Database
from services.events.inspection import ClearedBy
from tests.services.credit_stories import (
    announced,
    cleared,
    enterprise,
    entry_id,
    firm,
    kept,
    names,
    opened,
    red,
    rows,
    service_on,
    tell,
    warning,
)

TODAY = date(2014, 3, 3)


@pytest.fixture
def database(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("credit")) as database:
        yield database


def test_a_red_warning_is_published_at_once_where_the_policy_says_so(
    database: Database,
) -> None:
    tell(service_on(database), [red(1)])

    [message] = announced(database)
    assert message["type"] == "credit.bad_information_published.v1"
    assert message["subject"] == f"enterprise/{firm(1)}"
    assert message["causedby"] == str(red(1).id)
    assert message["data"] | {"revision": 0} == {
        "bad_information_id": str(entry_id(1)),
        "revision": 0,
        "enterprise_id": str(firm(1)),
        "division": "610302",
        "warning_id": str(warning(1)),
        "published_on": "2014-03-03",
        "last_day_to_correct": "2014-03-18",
    }


def test_a_red_warning_is_only_drafted_where_a_person_must_confirm(database: Database) -> None:
    tell(service_on(database, "cn-current"), [red(1)])

    [entry] = rows(database, "bad_information")
    assert names(database) == ["bad_information_drafted"]
    assert entry["published_on"] is None


def test_a_batch_is_held_whole(database: Database) -> None:
    tell(service_on(database), [red(number) for number in range(200)])

    assert len(rows(database, "bad_information")) == 200
    assert names(database) == ["bad_information_published"] * 200


def test_the_same_message_again_changes_nothing(database: Database) -> None:
    service = service_on(database)
    tell(service, [red(1)])
    before = kept(database)

    tell(service, [red(1), red(1)])

    assert kept(database) == before
    assert names(database) == ["bad_information_published"]


def test_every_announcement_about_an_entry_has_a_higher_revision(database: Database) -> None:
    service = service_on(database)
    tell(service, [cleared(1, cleared_by=ClearedBy.CORRECTED_DATA)])
    tell(service, [red(1)])

    published, withdrawn = [message["data"]["revision"] for message in announced(database)]
    assert withdrawn > published
    assert rows(database, "bad_information")[0]["revision"] == withdrawn


def test_a_cleared_that_overtakes_its_red_waits_for_it(database: Database) -> None:
    service = service_on(database)
    tell(service, [cleared(1)])
    assert names(database) == []

    tell(service, [red(1)])

    [entry] = rows(database, "bad_information")
    assert names(database) == ["bad_information_published", "bad_information_corrected"]
    assert entry["state"] == "corrected"
    assert entry["in_time"]


def test_data_that_were_wrong_withdraw_the_entry_and_give_the_reason(
    database: Database,
) -> None:
    service = service_on(database)
    tell(service, [red(1)])

    tell(service, [cleared(1, cleared_by=ClearedBy.CORRECTED_DATA)])

    withdrawn = announced(database)[-1]
    assert withdrawn["type"] == "credit.bad_information_withdrawn.v1"
    assert withdrawn["data"]["reason"] == "原数据有误,红色预警不成立。"
    assert withdrawn["causedby"] == str(cleared(1, cleared_by=ClearedBy.CORRECTED_DATA).id)


def test_a_red_and_its_cleared_at_the_same_moment_both_count(database: Database) -> None:
    """Two workers, two transactions: neither may miss what the other has not committed."""
    service = service_on(database)
    started = threading.Event()

    def hear_cleared() -> None:
        started.set()
        tell(service, [cleared(1)])

    other = threading.Thread(target=hear_cleared)
    with database.transaction() as session:
        service.on_warning_turned_red([red(1)], session)
        other.start()
        started.wait(10)
    other.join(60)

    [entry] = rows(database, "bad_information")
    assert entry["state"] == "corrected"


def test_the_newest_name_of_an_enterprise_holds(database: Database) -> None:
    service = service_on(database)
    tell(service, [enterprise(1, revision=12, name="新名")])

    tell(service, [enterprise(1, revision=11, name="旧名"), enterprise(2)])

    listed = {row["id"]: row["name"] for row in rows(database, "enterprise")}
    assert listed[firm(1)] == "新名"
    assert len(listed) == 2


def test_a_warning_red_again_after_its_clearing_is_published_again(database: Database) -> None:
    service = service_on(database)
    tell(service, [red(1)])
    tell(service, [cleared(1)])

    tell(service, [red(1, revision=30)])

    [entry] = rows(database, "bad_information")
    assert entry["state"] == "published"
    assert names(database)[-1] == "bad_information_published"
