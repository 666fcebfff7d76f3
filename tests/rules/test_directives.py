"""Directives: who may direct whom, which step is open, what silence leads to, case by case."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.chassis.policy import Policy
from services.notify.model import DirectiveTerms, Phase, Step
from services.notify.rules import directives as rules
from services.notify.rules.accounts import superior_of
from services.notify.rules.refusal import NotAllowed
from services.notify.words import Words

HERE = Path(__file__).parent
POLICY = Policy.read(HERE.parents[1] / "services" / "notify" / "policy.yaml")
BOOKS = yaml.safe_load((HERE / "cases" / "directives.yaml").read_text(encoding="utf-8"))
STEPS, DIRECTING, TERMS, SILENCE, WORDS_IN_IT = (book["案例"] for book in BOOKS)
GIVEN = DirectiveTerms(acknowledge_by=date(2026, 3, 3), due_on=date(2026, 3, 13))
WORDS = Words.read()


def cases(book: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", book, ids=lambda case: str(case["情形"]))


def phase(word: str) -> Phase:
    (found,) = [each for each in Phase if rules.SAID[each] == word]
    return found


def step(word: str) -> Step:
    (found,) = [each for each in Step if rules.SAID[each] == word]
    return found


@cases(STEPS)
def test_a_step_leads_where_the_table_says(case: dict[str, Any]) -> None:
    below = [phase(each) for each in case.get("下级", [])]

    if "不可" in case:
        with pytest.raises(NotAllowed) as refused:
            rules.phase_after(phase(case["状态"]), step(case["办理"]), below=below)
        assert refused.value.code == case["不可"]
    else:
        after = rules.phase_after(phase(case["状态"]), step(case["办理"]), below=below)
        assert after is phase(case["结果"])


def test_a_refusal_says_what_would_be_allowed() -> None:
    with pytest.raises(NotAllowed, match="指令待签收,不能反馈;现在可以: 签收、收回"):
        rules.phase_after(Phase.ISSUED, Step.FEED_BACK)
    with pytest.raises(NotAllowed, match="现在可以: 无,本级已经办结"):
        rules.phase_after(Phase.REPORTED, Step.REPORT)


@pytest.mark.parametrize("at", list(Phase))
def test_every_phase_but_the_last_leads_on(at: Phase) -> None:
    assert bool(rules.open_steps(at)) is (at not in rules.CLOSED)


@cases(DIRECTING)
def test_only_whoever_stands_above_may_direct(case: dict[str, Any]) -> None:
    if case["可以"]:
        rules.may_direct(case["发出"], case["接收"])
        return
    with pytest.raises(NotAllowed):
        rules.may_direct(case["发出"], case["接收"])


def test_above_a_province_is_nobody() -> None:
    chain = ["section:610303/计量股"]
    while (above := superior_of(chain[-1])) is not None:
        chain.append(above)

    assert chain[1:] == ["bureau:610303", "bureau:610300", "bureau:610000"]


@cases(TERMS)
def test_the_terms_are_those_of_the_book(case: dict[str, Any]) -> None:
    asked = (case["下达"], case.get("写明"), POLICY)
    if "不可" in case:
        with pytest.raises(NotAllowed) as refused:
            rules.terms(*asked, no_later_than=case.get("本级"))
        assert refused.value.code == case["不可"]
        return
    given = rules.terms(*asked, no_later_than=case.get("本级"))

    assert (given.acknowledge_by, given.due_on) == (case["签收"], case["报告"])


@cases(SILENCE)
def test_silence_leads_to_what_the_book_says(case: dict[str, Any]) -> None:
    at = phase(case["状态"])
    reached = rules.silence_on(case["今天"], at, GIVEN, POLICY)

    assert WORDS.of(reached, "zh") == case["办法"]
    assert rules.look_on(case["今天"], at, GIVEN, POLICY) == case.get("再看")


@cases(WORDS_IN_IT)
def test_words_that_name_a_person_by_number_are_refused(case: dict[str, Any]) -> None:
    if case["可以"]:
        rules.check_words(case["文字"])
        return
    with pytest.raises(NotAllowed, match="不得写入手机号、身份证号"):
        rules.check_words(case["文字"])
