"""What makes two files look like one enterprise, and in which words that is said."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from hypothesis import given, strategies as st

from services.registry.rules import likeness
from services.registry.rules.likeness import File, Likeness
from tests.services.registry_stories import uscc

BY = likeness.measure()


def file(name: str, *former: str, **facts: Any) -> File:
    return File(id=uuid4(), names=(name, *former), **{"division": "610303"} | facts)


def alike(one: File, other: File) -> str | None:
    found = likeness.compare(one, other, BY)
    return found.in_words if found else None


def test_what_distinguishes_a_name_is_neither_place_nor_trade_nor_form() -> None:
    assert likeness.core("宝鸡市金台区鹏盛机械有限责任公司") == "鹏盛机械"
    assert likeness.distinctive("宝鸡市金台区鹏盛机械有限责任公司") == "鹏盛"
    assert likeness.distinctive("ＡＢＢ（陕西）食品厂") == "abb陕西"
    assert likeness.distinctive("宝鸡食品有限公司") == "食品"


def test_a_slip_in_the_name_is_said_with_what_else_agrees() -> None:
    one = file("宝鸡鹏盛钛业有限公司", address="高新大道1号", uscc=uscc(1))

    assert alike(one, file("宝鸡鹏胜钛业有限公司", address="高新大道１号")) == (
        "名称相差一字; 同一区县; 地址相同"
    )
    assert alike(one, file("宝鸡鹏胜钛业有限公司")) == "名称相差一字; 同一区县"
    assert alike(one, file("宝鸡鹏胜钛业有限公司", division="610302")) is None


def test_the_same_name_in_another_spelling_or_form_is_seen() -> None:
    one = file("宝鸡ABC钛业有限公司")

    assert alike(one, file("宝鸡ＡＢＣ钛业有限公司")) == "名称相同; 同一区县"
    assert alike(one, file("宝鸡市ABC钛业有限责任公司")) == (
        "去掉地名和组织形式后名称相同; 同一区县"
    )


def test_a_former_name_is_a_name() -> None:
    one = file("宝鸡新名钛业有限公司", "宝鸡旧名钛业有限公司")

    assert alike(one, file("宝鸡旧名钛业有限公司")) == "与曾用名相同; 同一区县"


def test_two_credit_codes_are_two_enterprises_unless_everything_else_agrees() -> None:
    facts = {"address": "高新大道1号", "email": "a@example.com"}
    bare = [file("宝鸡鹏盛钛业有限公司", uscc=uscc(n)) for n in (1, 2)]
    full = [file("宝鸡鹏盛钛业有限公司", uscc=uscc(n), **facts) for n in (1, 2)]

    assert alike(*bare) is None
    assert "统一社会信用代码不同" in (alike(*full) or "")


def test_the_organisation_code_is_seen_inside_the_credit_code() -> None:
    code = uscc(1)

    assert alike(file("甲厂", uscc=code), file("千阳面馆", organisation_code=code[8:17])) == (
        "同一区县; 组织机构代码相同"
    )


def test_of_several_that_resemble_it_only_the_nearest_are_asked_about() -> None:
    near, far = uuid4(), uuid4()
    found: dict[UUID, Likeness] = {near: Likeness(95, ()), far: Likeness(60, ())}

    assert likeness.closest(found, BY) == {near}
    assert likeness.closest({}, BY) == set()


names = st.text(st.sampled_from("鹏盛金泰宏远"), min_size=3, max_size=6)


@given(names, st.integers(0, 5), st.sampled_from("鹏盛金泰宏远久"), st.sampled_from("改少多"))
def test_a_slip_anywhere_leaves_a_key_in_common(
    name: str, at: int, other: str, slip: str
) -> None:
    at = min(at, len(name) - 1)
    wrong = {
        "改": name[:at] + other + name[at + 1 :],
        "少": name[:at] + name[at + 1 :],
        "多": name[:at] + other + name[at:],
    }[slip]

    right = likeness.blocks(file(f"宝鸡{name}钛业有限公司"))
    assert right & likeness.blocks(file(f"宝鸡市{wrong}钛业有限公司"))
