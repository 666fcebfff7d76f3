"""A policy file that is not as it should be is refused with its place and what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.chassis.policy_file import PolicyBroken, read_entries

SHIPPED = "a: {label: 甲, unit: 日, source: 报道, values: {2013-01-01: 15}}\n"


def refused(path: Path, text: str, beneath: str | None = None) -> str:
    """What is said about a file; with `beneath`, about a bureau's file over that one."""
    shipped = None
    if beneath is not None:
        below = path.with_name("policy.yaml")
        below.write_text(beneath, encoding="utf-8")
        shipped = read_entries(below)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyBroken) as broken:
        read_entries(path, beneath=shipped)
    assert broken.value.code == "policy_broken"
    return str(broken.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 15", "a: 没有 values; 应为 一个带有 values 的映射"),
        ("a: {label: 甲, unit: 日, source: 报道}", "a: 没有 values"),
        ("a: {label: 甲, unit: 日, source: 报道, values: {}}", "a: values 是空的"),
        ("a: {unit: 日, source: 报道, values: {2013-01-01: 1}}", "a: 没有 label"),
        ("a: {label: 甲, unit: ' ', source: 报道, values: {2013-01-01: 1}}", "a: 没有 unit"),
        ("a: {label: 甲, unit: 日, values: {2013-01-01: 1}}", "a: 2013-01-01 的值没有 source"),
        (SHIPPED.replace("15", "{value: 15, source: ''}"), "a: 2013-01-01 的值没有 source"),
        (SHIPPED.replace("unit", "units"), "a: 不认识 units; 应为 只写 label, unit"),
        (SHIPPED.replace("15", "{value: 15, law: 新法}"), "a: 不认识 law; 应为 只写 value"),
        (SHIPPED.replace("15", "{source: 新法}"), "a: 2013-01-01 的值是 None; 应为 整数、文字"),
        (SHIPPED.replace("15", "1.5"), "a: 2013-01-01 的值是 1.5; 应为 整数、文字"),
        (SHIPPED.replace("15", "[1, 2]"), "a: 2013-01-01 的值是 [1, 2]"),
        (SHIPPED.replace("15", ""), "a: 2013-01-01 的值是 None"),
        (SHIPPED.replace("15", "{value: 1, silent_on: [甲]}"), "a: silent_on 是 ['甲']"),
        (
            SHIPPED.replace("2013-01-01", "'2013-01-01'"),
            "a: values 里有 2013-01-01; 应为 不加引号",
        ),
        (SHIPPED.replace("2013-01-01", "2013"), "a: values 里有 2013; 应为 不加引号的日期"),
        (
            SHIPPED.replace("{2013-01-01: 15}", "{baoji: {2013-01-01: 1}}"),
            "a: values 里有 baoji",
        ),
        (SHIPPED.replace("{2013-01-01: 15}", "{all: 15}"), "a: all 下没有带日期的值"),
        (SHIPPED.replace("{2013-01-01: 15}", "{all: {2013: 1}}"), "a: all 下有 2013; 应为"),
        (
            SHIPPED.replace("15", "15, 2014-01-01: 是"),
            "a: 2014-01-01 的值是 '是'; 应为 整数, 与 2013-01-01 的值一样",
        ),
        (SHIPPED.replace("2013-01-01", "2013-02-30"), "文件: day is out of range"),
        (SHIPPED.replace("15", "15, 2013-01-01: 20"), "第1行: 2013-01-01 写了两次"),
        (SHIPPED + SHIPPED, "第2行: a 写了两次; 应为 只写一次"),
        (SHIPPED.replace("15", "[{甲: 1, 甲: 2}]"), "第1行: 甲 写了两次"),
        ("a: [", "文件: while parsing"),
        ("- a", "文件: 不是由名称到条目的映射"),
        ("yes: {label: 甲}", "文件: 不是由名称到条目的映射"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    assert refused(tmp_path / "credit.yaml", text).startswith(said)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("b: {source: 文, values: {2020-01-01: 1}}", "b: 没有这一项; 应为 下列之一: a"),
        ("a: {values: {2020-01-01: 1}}", "a: 2020-01-01 的值没有 source"),
        ("a: {label: 乙, source: 文, values: {2020-01-01: 1}}", "a: 改了 label; 应为 甲"),
        ("a: {unit: 月, source: 文, values: {2020-01-01: 1}}", "a: 改了 unit; 应为 日"),
        (
            "a: {source: 文, values: {2020-01-01: 一}}",
            "a: 2020-01-01 的值是 '一'; 应为 整数, 与 2013-01-01 的值一样",
        ),
    ],
)
def test_a_bureaus_file_may_only_add_values_with_a_source(
    tmp_path: Path, own: str, said: str
) -> None:
    assert refused(tmp_path / "own.yaml", own, beneath=SHIPPED).startswith(said)


def test_a_bureaus_file_may_repeat_what_the_shipped_one_says(tmp_path: Path) -> None:
    shipped, own = tmp_path / "policy.yaml", tmp_path / "own.yaml"
    shipped.write_text(SHIPPED, encoding="utf-8")
    own.write_text(SHIPPED.replace("15", "20"), encoding="utf-8")
    [dated] = read_entries(own, beneath=read_entries(shipped))["a"].series["all"]

    assert (dated.value, dated.own, dated.file) == (20, True, own)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyBroken, match=r"credit\.yaml: 文件: 读不到"):
        read_entries(tmp_path / "credit.yaml")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "credit.yaml"
    path.write_bytes(SHIPPED.encode("gb18030"))

    with pytest.raises(PolicyBroken, match="应为 UTF-8 编码的 YAML"):
        read_entries(path)
