"""The rules of complaints and leads, against their case book and against trying everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from hypothesis import given, strategies as st

from services.chassis.workdays import is_working_day
from services.events.inspection import CaseOrigin
from services.inspection.model.complaints import (
    Channel,
    Complaint,
    ComplaintKind,
    ComplaintState,
    ComplaintStep,
)
from services.inspection.model.procedure import Act
from services.inspection.rules.complaints import handling, intake, likeness, routing, terms
from services.inspection.rules.complaints.intake import Person
from services.inspection.rules.complaints.table import AFTER, STATES, STEPS, after, possible
from services.inspection.rules.refusal import NotAllowed
from tests.rules.complaint_facts import (
    POLICY,
    RECEIVED_ON,
    STEPS as TAKE,
    a_complaint,
    a_lead,
    in_state,
    taken,
)

BOOK = Path(__file__).parent / "cases" / "complaint_terms.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(BOOK.read_text(encoding="utf-8"))["案例"]
WANG = Person("王小明", "13800001234")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["情形"])
def test_the_case_book_of_terms(case: dict[str, Any]) -> None:
    one = a_complaint(kind=ComplaintKind(case["种类"]), received_on=case["收到"])
    stood = [one]
    for on, step in case.get("步骤", ()):
        stood.append(taken(stood[-1], (on, step)))

    found = [[each.term.value, each.last_day] if each.term else None for each in stood]
    assert found == case["结论"]


@given(st.dates(date(2020, 1, 1), date(2026, 11, 1)))
def test_the_last_day_is_the_seventh_working_day_after_the_day_of_receipt(day: date) -> None:
    last = a_complaint(received_on=day).last_day

    assert last is not None
    days = [day + timedelta(days=n + 1) for n in range((last - day).days)]
    assert sum(is_working_day(each) for each in days) == 7
    assert is_working_day(last)


def test_a_day_in_a_year_without_a_notice_is_provisional() -> None:
    assert a_lead(received_on=date(2026, 12, 21)).provisional
    assert not a_lead(received_on=date(2026, 3, 2)).provisional


@pytest.mark.parametrize("state", ComplaintState)
@pytest.mark.parametrize("step", ComplaintStep)
@pytest.mark.parametrize("kind", ComplaintKind)
def test_what_is_not_in_the_table_is_refused_in_words(
    kind: ComplaintKind, state: ComplaintState, step: ComplaintStep
) -> None:
    one = in_state(state, kind=kind)
    if (state, step) in AFTER[kind]:
        assert after(one, step) is AFTER[kind][state, step]
        assert step in possible(one)
        return

    with pytest.raises(NotAllowed) as refused:
        after(one, step)
    assert refused.value.code == "step_not_possible"
    assert STATES[state] in refused.value.rule
    assert STEPS[step] in refused.value.rule


@pytest.mark.parametrize("channel", [Channel.MEDIA, Channel.DEPARTMENT])
def test_media_and_other_departments_are_always_leads(channel: Channel) -> None:
    assert intake.kind_of(channel, ComplaintKind.COMPLAINT) is ComplaintKind.LEAD
    assert intake.kind_of(Channel.PAGE, ComplaintKind.COMPLAINT) is ComplaintKind.COMPLAINT


@pytest.mark.parametrize(
    ("kind", "person", "code"),
    [
        (ComplaintKind.COMPLAINT, WANG, None),
        (ComplaintKind.COMPLAINT, Person("", ""), "complaint_needs_name"),
        (ComplaintKind.COMPLAINT, Person("王小明", ""), "complaint_needs_name"),
        (ComplaintKind.LEAD, Person("", ""), None),
        (ComplaintKind.LEAD, Person("", "0917-3260000"), None),
        (ComplaintKind.LEAD, Person("", "call me"), "phone_wrong"),
    ],
)
def test_a_lead_may_be_anonymous_a_complaint_not(
    kind: ComplaintKind, person: Person, code: str | None
) -> None:
    if code is None:
        intake.may_be_received(kind, person)
        return
    with pytest.raises(NotAllowed) as refused:
        intake.may_be_received(kind, person)
    assert refused.value.code == code


def test_a_step_after_the_last_day_says_that_it_was_late() -> None:
    one = a_complaint()
    act = Act(what="answer", rule="answer_complaint", words="答复")

    in_time = terms.clocked(act, one, today=date(2026, 3, 11))
    late = terms.clocked(act, one, today=date(2026, 3, 12))

    assert "已逾期" not in in_time.words
    assert late.words == "答复 (决定是否受理的期限为2026-03-11, 已逾期)"
    assert late.particulars["clock"]["late"] is True


def test_it_is_opened_again_once_and_begins_anew() -> None:
    day = RECEIVED_ON
    again = taken(a_complaint(), (day, "accept"), (day, "mediate"), (day, "answer"))
    again = taken(again, (date(2026, 3, 16), "reopen"))
    ended = taken(again, (date(2026, 3, 17), "refuse"))

    assert (again.state, again.answer, again.accepted_on) == ("received", None, None)
    with pytest.raises(NotAllowed) as refused:
        TAKE["reopen"](ended, date(2026, 3, 18))
    assert refused.value.code == "reopened_already"
    assert ComplaintStep.REOPEN not in possible(ended)


def test_a_check_is_extended_once() -> None:
    with pytest.raises(NotAllowed) as refused:
        TAKE["extend"](taken(a_lead(), (RECEIVED_ON, "extend")), RECEIVED_ON)

    assert refused.value.code == "extended_already"


def test_a_refusal_needs_a_ground_of_the_list() -> None:
    with pytest.raises(NotAllowed) as refused:
        handling.refuse_complaint(
            a_complaint(), ground="busy", answer="太忙", today=RECEIVED_ON, policy=POLICY
        )

    assert refused.value.code == "ground_unknown"


def test_no_case_without_knowing_against_whom() -> None:
    checked = taken(a_lead(), (RECEIVED_ON, "check"))

    with pytest.raises(NotAllowed) as refused:
        handling.may_open_case(checked)

    assert refused.value.code == "target_unknown"
    number = uuid4()
    assert handling.may_open_case(replace(checked, enterprise_id=number)) == number


def test_a_case_says_where_its_lead_came_from() -> None:
    assert handling.origin_of(a_lead(channel=Channel.MEDIA)) is CaseOrigin.MEDIA
    assert handling.origin_of(a_lead(channel=Channel.DEPARTMENT)) is CaseOrigin.TRANSFERRED
    assert handling.origin_of(a_lead(channel=Channel.CLERK)) is CaseOrigin.COMPLAINT


def test_a_transfer_takes_no_time_from_whoever_waits() -> None:
    moved = routing.transfer_complaint(
        a_complaint(),
        to="610302",
        bureau="渭滨局",
        because="不在本区",
        today=date(2026, 3, 9),
        policy=POLICY,
    ).after

    assert (moved.division, moved.clock_since) == ("610302", RECEIVED_ON)


@pytest.mark.parametrize(
    ("into", "has_joined", "code"),
    [
        ({}, False, None),
        ({}, True, "others_joined"),
        ({"kind": ComplaintKind.LEAD}, False, "of_another_kind"),
        ({"division": "610302"}, False, "of_another_kind"),
        ({"state": ComplaintState.ANSWERED}, False, "not_open"),
        ({"state": ComplaintState.JOINED}, False, "not_open"),
        ({"received_on": date(2026, 3, 5)}, False, "later_one"),
    ],
)
def test_only_an_open_earlier_one_of_the_same_kind_takes_another_in(
    into: dict[str, Any], has_joined: bool, code: str | None
) -> None:
    later = a_complaint(2, received_on=date(2026, 3, 3))
    first = a_complaint(1, **into)
    if code is None:
        joined = routing.join(later, first, has_joined=has_joined).after
        assert joined.joined_into == first.complaint_id
        return
    with pytest.raises(NotAllowed) as refused:
        routing.join(later, first, has_joined=has_joined)
    assert refused.value.code == code


def joined_and_first() -> tuple[Complaint, Complaint]:
    first, later = a_complaint(1), a_complaint(2)
    return routing.join(later, first, has_joined=False).after, first


def test_one_answer_answers_both() -> None:
    joined, first = joined_and_first()
    day = RECEIVED_ON
    answered = taken(first, (day, "accept"), (day, "mediate"), (day, "answer"))

    followed = routing.follow(joined, answered)
    again = routing.follow(followed.after, taken(answered, (day, "reopen")))

    assert (followed.after.state, followed.after.answer) == ("answered", "已处理")
    assert "已处理" in followed.acts[0].words
    assert routing.follow(followed.after, answered).acts == ()
    assert again.acts == ()  # its own answer stands


def test_what_was_joined_goes_along_to_another_county() -> None:
    joined, first = joined_and_first()

    followed = routing.follow(joined, replace(first, division="610302"))

    assert (followed.after.division, followed.after.state) == ("610302", "joined")


def test_like_words_about_the_same_shop_are_proposed() -> None:
    new = a_complaint(9, received_on=date(2026, 3, 9))
    same = a_complaint(1, words="在这家商店买的电热水壶漏电,不给退货")
    other_words = a_complaint(2, words="计量秤缺斤少两")
    other_shop = a_complaint(3, target="岐山某粮油店")

    found = likeness.alike(
        new, "hash", [(same, None), (other_words, "other"), (other_shop, None)], policy=POLICY
    )

    assert [each.complaint.number for each in found] == [same.number]
    assert found[0].percent >= 35


def test_the_same_telephone_about_the_same_shop_is_proposed_whatever_it_says() -> None:
    other_words = a_complaint(2, words="计量秤缺斤少两")

    [found] = likeness.alike(a_complaint(9), "hash", [(other_words, "hash")], policy=POLICY)

    assert found.same_person


def test_an_anonymous_sender_is_nobody_else() -> None:
    other_words = a_complaint(2, words="计量秤缺斤少两")

    assert likeness.alike(a_complaint(9), None, [(other_words, None)], policy=POLICY) == []


@given(st.text(), st.text())
def test_likeness_is_a_percentage_and_goes_both_ways(one: str, other: str) -> None:
    assert likeness.likeness(one, other) == likeness.likeness(other, one)
    assert 0 <= likeness.likeness(one, other) <= 100


def test_punctuation_and_full_width_letters_count_for_nothing() -> None:
    assert likeness.likeness("电梯，ＡＢ停运！", "电梯 AB 停运") == 100
    assert likeness.likeness("", "电梯") == 0
