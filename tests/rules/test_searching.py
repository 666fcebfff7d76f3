"""What a name is found by: spellings folded, parts kept parts, first letters of all readings."""

from __future__ import annotations

from hypothesis import given, strategies as st

from services.registry.rules import searching


def test_spellings_of_the_same_characters_are_one() -> None:
    assert searching.plain("ＡＢＣ（宝鸡）— Titanium") == "abc宝鸡titanium"
    assert searching.plain("㈱") == "株"


@given(st.text(max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_a_part_of_a_text_is_a_part_of_its_plain_form(text: str, a: int, b: int) -> None:
    assert searching.plain(text[a:b]) in searching.plain(text)


def test_the_first_letters_of_every_reading_lead_to_a_name() -> None:
    assert "cqcl" in searching.initials("重庆长乐")
    assert "yh" in searching.initials("银行")
    assert "yx" in searching.initials("银行")


def test_of_very_many_readings_some_are_kept() -> None:
    assert len(searching.initials("重长行乐厂单" * 4)) == 16


def test_a_name_without_chinese_characters_has_no_initials() -> None:
    assert searching.initials("ABB 3") == []
    assert searching.initials("A股") == ["ag"]


def test_what_looks_like_a_code_is_taken_for_one() -> None:
    assert searching.code(" ９１６１０３０３y0") == "91610303Y0"
    assert searching.code("宝鸡") is None
    assert searching.code("abc") is None


def test_a_number_is_looked_for_as_registers_write_it() -> None:
    assert searching.spellings("梯11陕c(16)") == ["梯11陕c(16)", "梯11陕C(16)", "梯11陕C（16）"]
    assert searching.spellings("电梯") == []
