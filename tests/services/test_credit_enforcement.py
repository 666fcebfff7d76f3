"""Orders, refusals and cases: in any order, with any repetition, they end in the same record."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from services.chassis.database import Database
from services.credit.model import record_id_of
from services.events.inspection import (
    CaseEnd,
    DecisionChange,
    OrderEnd,
    PenaltyKind,
    ViolationClass,
)
from tests.services.credit_portal import portal_of
from tests.services.credit_records import (
    DAY,
    OF_A_PENALTY,
    case,
    case_closed,
    changed,
    decided,
    ground,
    hear,
    order,
    order_closed,
    overdue,
    public_ids,
    refused,
    unrefused,
)
from tests.services.credit_stories import (
    announced,
    cleared,
    empty,
    enterprise,
    kept,
    names,
    opened,
    red,
    rows,
    said,
    service_on,
    tell,
)

PROFILE = pytest.mark.parametrize("profile", ["baoji-2013", "cn-current"])
TELLINGS = [
    decided(1),
    changed(1),
    decided(2),
    changed(2, what=DecisionChange.CHANGED, content="罚款一万元", kinds=(PenaltyKind.FINE,)),
    case_closed(2),
    decided(3, violation_class=ViolationClass.SERIOUS, heavier=True),
    case_closed(3, end=CaseEnd.ANNULLED),
    overdue(1),
    order_closed(1),
    overdue(2),
    order_closed(2, end=OrderEnd.WITHDRAWN),
    overdue(3),
    refused(1),
    unrefused(1),
    refused(2),
]
WARNINGS = [red(1), red(2), cleared(1), enterprise(1)]
ANY_ORDER = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def database(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", DAY.isoformat())
    with opened(database_url("credit")) as database:
        yield database


def told(service: Any, messages: Sequence[Any]) -> None:
    """Each alone, or as batches of one event, as queues are."""
    for kind, batch in itertools.groupby(messages, key=lambda each: type(each.event)):
        if kind in {type(each.event) for each in WARNINGS}:
            tell(service, list(batch))
        else:
            hear(service, list(batch))


def stands(database: Database) -> dict[str, Any]:
    tables = kept(database)
    return {
        "records": tables["credit_record"],
        "warnings": tables["bad_information"],
        "facts": tables["origin_fact"],
        "to grade": tables["grade_due"],
        "said": said(database),
    }


@PROFILE
@ANY_ORDER
@given(data=st.data())
def test_any_order_and_repetition_ends_alike(
    database: Database, profile: str, data: Any
) -> None:
    service = service_on(database, profile)
    some = data.draw(st.lists(st.sampled_from([*TELLINGS, *WARNINGS]), min_size=1, max_size=16))
    mixed = data.draw(st.permutations(some))
    in_order = [each for each in [*TELLINGS, *WARNINGS] if each in some]
    empty(database)
    for message in in_order:
        told(service, [message])
    expected = stands(database)

    empty(database)
    told(service, mixed)

    assert stands(database) == expected


def test_a_decided_case_drafts_a_penalty_without_its_detailed_facts(
    database: Database,
) -> None:
    hear(service_on(database), [decided(1)])

    [record] = rows(database, "credit_record")
    assert record["id"] == record_id_of(case(1))
    assert record["state"] == "drafted"
    assert set(record["grounds"]) == {"source_document", "ordinary_procedure"}
    assert "王小明" not in str(record)
    assert names(database) == ["record_drafted"]


@pytest.mark.parametrize(
    ("end", "done_on"), [(CaseEnd.PERFORMED, DAY), (CaseEnd.ENFORCED, None)]
)
def test_a_case_closed_because_it_was_performed_counts_for_repair(
    database: Database, end: CaseEnd, done_on: date | None
) -> None:
    service = service_on(database)
    hear(service, [case_closed(1, end=end)])
    hear(service, [decided(1)])

    [record] = rows(database, "credit_record")
    assert record["duties_done_on"] == done_on


def test_what_the_case_shows_need_not_be_proved_again_for_a_repair(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal, service = portal_of(database), service_on(database)
    hear(service, [decided(1)])
    record_id = str(record_id_of(case(1)))
    for kind in OF_A_PENALTY:
        assert portal.post(f"/records/{record_id}/grounds", ground(kind)).status_code < 300
    assert portal.post(f"/records/{record_id}/publication").json["state"] == "published"
    monkeypatch.setenv("BIANQUE_TODAY", "2026-12-01")
    asks = {"kind": "repair", "words": "已改正", "corrected_on": "2026-06-01"}
    asks["promised_on"] = "2026-06-03"
    path = f"/records/{record_id}/requests"

    lacking = portal.post(path, asks)
    hear(service, [case_closed(1)])
    asked = portal.post(path, asks)

    assert lacking.json["code"] == "repair_conditions_missing"
    assert "义务已经履行" in lacking.json["rule"]
    assert asked.status_code == 201, asked.json
    explained = portal.get(f"/records/{record_id}/explanation").json
    assert "处罚决定确定的义务已于" in str(explained["steps"][-1]["words"])


def test_a_summary_penalty_is_not_published(database: Database) -> None:
    service = service_on(database, "cn-current")
    tell(service, [enterprise(1)])
    hear(service, [decided(1, ordinary_procedure=False)])
    portal = portal_of(database)
    record_id = record_id_of(case(1))
    for kind in ("decision_served", "publication_notice", "repair_notice", "review"):
        portal.post(f"/records/{record_id}/grounds", ground(kind))

    answer = portal.post(f"/records/{record_id}/publication")

    assert "普通程序" in answer.json["rule"]


def publish_case(database: Database, number: int = 1, **changes: Any) -> str:
    service = service_on(database, "cn-current")
    tell(service, [enterprise(number)])
    hear(service, [decided(number, **changes)])
    portal = portal_of(database)
    record_id = record_id_of(case(number))
    for kind in ("decision_served", "publication_notice", "repair_notice", "review"):
        portal.post(f"/records/{record_id}/grounds", ground(kind))
    assert portal.post(f"/records/{record_id}/publication").json["state"] == "published"
    return str(record_id)


@pytest.mark.parametrize("what", [DecisionChange.ANNULLED, DecisionChange.UNLAWFUL])
def test_a_decision_that_falls_is_withdrawn_at_once(
    database: Database, what: DecisionChange
) -> None:
    publish_case(database)

    hear(service_on(database, "cn-current"), [changed(1, what=what)])

    assert public_ids(portal_of(database)) == set()
    assert announced(database)[-1]["type"] == "credit.record_ended.v1"
    assert announced(database)[-1]["causedby"] == str(changed(1, what=what).id)


def test_a_changed_decision_is_said_again_with_its_new_class_and_end(
    database: Database,
) -> None:
    publish_case(database)

    hear(
        service_on(database, "cn-current"),
        [
            changed(
                1,
                what=DecisionChange.CHANGED,
                content="罚款五千元",
                violation_class=ViolationClass.SLIGHT,
                kinds=(PenaltyKind.FINE,),
            )
        ],
    )

    last = announced(database)[-1]
    assert last["type"] == "credit.record_published.v1"
    assert (last["data"]["severity"], last["data"]["public_until"]) == ("slight", "2026-08-06")


def test_a_changed_decision_that_names_a_person_stops_publication(
    database: Database,
) -> None:
    record_id = publish_case(database)

    hear(
        service_on(database, "cn-current"),
        [changed(1, what=DecisionChange.CHANGED, content="对负责人李小军罚款五千元")],
    )

    assert names(database)[-2:] == ["publication_blocked", "record_ended"]
    assert announced(database)[-1]["data"]["ending"] == "suspended"
    assert public_ids(portal_of(database)) == set()
    assert "李小军" not in str(announced(database))
    assert portal_of(database).get(f"/records/{record_id}").json["state"] == "suspended"


def test_an_order_rectified_before_publication_leaves_nothing_public(
    database: Database,
) -> None:
    hear(service_on(database), [overdue(1)])
    hear(service_on(database), [order_closed(1)])

    [record] = rows(database, "credit_record")
    assert record["id"] == record_id_of(order(1))
    assert (record["state"], record["ending"]) == ("ended", "withdrawn")
    assert names(database) == ["record_drafted"]
