"""Bad information, case by case."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.chassis.policy import Policy
from services.credit.model import (
    BadInformation,
    Correct,
    Draft,
    Escalate,
    FixTerm,
    Lift,
    Propose,
    Publish,
    State,
    Step,
    WarningFacts,
    Withdraw,
)
from services.credit.rules import (
    RULES,
    Taken,
    confirm,
    settle,
    settling,
    steps,
    withdraw_by_hand,
)
from services.events.credit import EscalatedTo
from services.events.inspection import ClearedBy
from tests.rules.bad_information_facts import (
    BAOJI,
    CURRENT,
    DAY,
    LAST_DAY,
    MONDAY,
    POLICY_FILE,
    cleared,
    known,
    published,
    red,
)

HERE = Path(__file__).parent
BOOK = yaml.safe_load((HERE / "cases" / "bad_information.yaml").read_text(encoding="utf-8"))
BECAUSE = {
    "检验合格": ClearedBy.DONE,
    "停用": ClearedBy.OUT_OF_SERVICE,
    "数据有误": ClearedBy.CORRECTED_DATA,
}
STATES = {
    None: "无",
    State.DRAFTED: "待审核",
    State.PUBLISHED: "已公布",
    State.PROPOSED: "已提出升级建议",
    State.ESCALATED: "已升级",
    State.CORRECTED: "已改正",
    State.WITHDRAWN: "已撤销",
}
LISTED = {EscalatedTo.BLACKLIST: "列入黑名单", EscalatedTo.SAFETY_ALERT: "发布质量安全预警"}
PLAIN: dict[type, str] = {
    Draft: "拟制",
    Publish: "公布",
    FixTerm: "确定期限",
    Lift: "解除升级",
    Withdraw: "撤销",
}


def in_words(step: Step) -> str:
    match step:
        case Escalate(to=to):
            return LISTED[to]
        case Propose(to=to):
            return f"建议{LISTED[to]}"
        case Correct(in_time=in_time):
            return "按期改正" if in_time else "逾期改正"
        case _:
            return PLAIN[type(step)]


class Story:
    """One warning of the case book, lived day by day: messages, a person, the sweep."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        self.policy = Policy.read(POLICY_FILE, case["取值方案"])
        self.entry: BadInformation | None = None
        self.taken: list[Taken] = []

    def live(self) -> None:
        days = [self.case[key] for key in ("转红", "消除", "审核") if key in self.case]
        day = min(days)
        while day <= self.case["今天"]:
            self._on(day)
            day += DAY

    def _on(self, day: date) -> None:
        heard = day in (self.case.get("转红"), self.case.get("消除"))
        if heard or self.case.get("期满处理") != "停":
            self._keep(settle(self._known_on(day), self.entry, today=day, policy=self.policy))
        if day == self.case.get("审核"):
            assert self.entry is not None
            facts = self._known_on(day)
            self._keep([confirm(facts, self.entry, by="张三", today=day, policy=self.policy)])

    def _known_on(self, day: date) -> WarningFacts:
        turned, gone = self.case.get("转红"), self.case.get("消除")
        return known(
            red(
                turned_red_on=self.case.get("预警转红日", turned),
                endangers_safety=self.case.get("危及安全", False),
            )
            if turned and day >= turned
            else None,
            cleared(self.case.get("改正", gone), BECAUSE[self.case.get("消除缘由", "检验合格")])
            if gone and day >= gone
            else None,
        )

    def _keep(self, taken: list[Taken]) -> None:
        self.taken += taken
        if taken:
            self.entry = taken[-1].entry


@pytest.mark.parametrize("case", BOOK["案例"], ids=lambda case: case["情形"])
def test_the_case_book(case: dict[str, Any]) -> None:
    story = Story(case)

    story.live()

    entry = story.entry
    assert [in_words(taken.step) for taken in story.taken] == case["经过"]
    assert STATES[entry.state if entry else None] == case["结论"]
    if "最后一日" in case:
        assert entry is not None
        assert entry.last_day_to_correct == case["最后一日"]
        assert entry.provisional is case.get("暂定", False)


def test_a_step_taken_once_is_not_taken_again() -> None:
    facts = known(red(), cleared(MONDAY + DAY))
    taken = settle(facts, None, today=MONDAY, policy=BAOJI)

    assert settle(facts, taken[-1].entry, today=LAST_DAY + DAY, policy=BAOJI) == []


def test_a_clearing_told_again_under_a_higher_revision_is_one_correction() -> None:
    first = known(red(), cleared(MONDAY))
    again = known(red(), cleared(MONDAY, revision=3))
    *_, closed = settle(first, None, today=MONDAY, policy=BAOJI)

    assert settle(again, closed.entry, today=MONDAY, policy=BAOJI) == []


def test_a_clearing_told_again_with_another_day_is_corrected_to_that_day() -> None:
    first = known(red(), cleared(MONDAY))
    again = known(red(), cleared(MONDAY + DAY, revision=3))
    *_, closed = settle(first, None, today=MONDAY, policy=BAOJI)

    [taken] = settle(again, closed.entry, today=MONDAY, policy=BAOJI)

    assert taken.step == Correct(MONDAY + DAY, in_time=True)


def test_a_warning_that_turns_red_again_is_held_again_with_a_new_term() -> None:
    *_, closed = settle(known(red(), cleared(MONDAY)), None, today=MONDAY, policy=BAOJI)
    again = known(red(revision=3), cleared(MONDAY))

    [taken] = settle(again, closed.entry, today=LAST_DAY, policy=BAOJI)

    assert isinstance(taken.step, Publish)
    assert taken.entry.published_on == LAST_DAY
    assert taken.entry.corrected_on is None


def test_a_person_s_withdrawal_is_not_undone_by_a_later_red() -> None:
    [taken] = withdraw_by_hand(published(), because="企业名称有误", by="李四", today=MONDAY)

    assert settle(known(red(revision=3)), taken.entry, today=LAST_DAY, policy=BAOJI) == []


def test_a_withdrawal_by_hand_takes_the_escalation_with_it() -> None:
    [step] = settle(known(red()), published(), today=LAST_DAY + DAY, policy=BAOJI)

    taken = withdraw_by_hand(
        step.entry, because="异议成立", by="李四", today=LAST_DAY + 2 * DAY
    )

    assert [in_words(one.step) for one in taken] == ["解除升级", "撤销"]
    assert taken[-1].entry.escalated_to is None


def test_rules_that_call_for_ever_more_steps_are_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drafted = steps.draft(known(red()), None, today=MONDAY)
    monkeypatch.setattr(settling, "next_step", lambda *_, **__: drafted)

    with pytest.raises(settling.Endless):
        settle(known(red()), None, today=MONDAY, policy=CURRENT)


def test_every_rule_reads_as_a_chinese_sentence_and_rests_on_known_numbers() -> None:
    for rule in RULES.values():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in rule.words)
        assert not any(letter.isascii() and letter.isalpha() for letter in rule.words)
        assert set(rule.rests_on) <= set(BAOJI.names)


@pytest.mark.parametrize("policy", [BAOJI, CURRENT])
def test_what_followed_from_a_late_correction_is_lifted_before_it_is_held_again(
    policy: Policy,
) -> None:
    late = LAST_DAY + 2 * DAY
    facts = known(red(), cleared(late))
    *_, closed = settle(facts, published(policy=policy), today=late, policy=policy)
    again = known(red(revision=3), cleared(late))

    lifted, opened = settle(again, closed.entry, today=late + DAY, policy=policy)

    assert lifted.step == Lift(
        late + DAY, EscalatedTo.BLACKLIST, policy is CURRENT, lifted.step.because
    )
    assert isinstance(opened.step, Publish if policy is BAOJI else Draft)
    assert opened.entry.escalated_to is None
