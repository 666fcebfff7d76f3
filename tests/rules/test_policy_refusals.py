"""What is said when a policy is asked for what it does not hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from services.chassis.policy import NotInForce, Policy, PolicyBroken, UnknownProfile
from services.chassis.profiles import profiles

NAME = "days_to_correct"
ENTRY = NAME + ": {label: 改正期限, unit: 日, source: 报道, values: %s}"
DAY = date(2020, 6, 1)

Read = Callable[..., Policy]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a policy from the `values` of its one entry."""

    def policy(values: str, profile: str = "cn-current") -> Policy:
        file = tmp_path / "policy.yaml"
        file.write_text(ENTRY % values, encoding="utf-8")
        return Policy.read(file, profile)

    return policy


def test_a_value_that_has_not_begun_is_refused_with_its_first_day(read: Read) -> None:
    policy = read("{2013-12-13: 15}")

    with pytest.raises(
        NotInForce, match=r"改正期限.*2013-12-12 没有有效的值.*自 2013-12-13 起"
    ):
        policy.number(NAME, on=date(2013, 12, 12))


def test_a_value_of_another_profile_is_refused_with_that_profile(read: Read) -> None:
    policy = read("{baoji-2013: {2013-12-13: 15}}")

    with pytest.raises(NotInForce, match="cn-current 中没有任何值, 只有 baoji-2013 有"):
        policy.number(NAME, on=DAY)


def test_an_unknown_name_is_refused_with_the_one_that_may_be_meant(read: Read) -> None:
    policy = read("{2013-12-13: 15}")

    with pytest.raises(NotInForce, match="没有 day_to_correct; 是否为 days_to_correct"):
        policy.number("day_to_correct", on=DAY)
    with pytest.raises(NotInForce, match=r"没有 colour$"):
        policy.explain("colour", on=DAY)


def test_an_unknown_profile_is_refused_with_those_that_exist(read: Read) -> None:
    with pytest.raises(UnknownProfile) as refused:
        read("{2013-12-13: 15}", profile="baoji")

    assert all(name in str(refused.value) for name in profiles())
    assert set(profiles()) == {"baoji-2013", "cn-current"}


@pytest.mark.parametrize(
    ("ask", "value", "right"),
    [
        (Policy.number, "true", "整数"),
        (Policy.number, "十五", "整数"),
        (Policy.text, "15", "文字"),
        (Policy.flag, "1", "true 或 false"),
        (Policy.table, "15", "表"),
    ],
)
def test_a_value_of_another_kind_is_refused(
    read: Read, ask: Callable[..., object], value: str, right: str
) -> None:
    policy = read(f"{{2013-12-13: {value}}}")

    with pytest.raises(PolicyBroken, match=f"policy.yaml: {NAME}: .*应为 {right}"):
        ask(policy, NAME, on=DAY)
