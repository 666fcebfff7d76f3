"""The rulebook shows a clerk the rules, the numbers and the cases of a source tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.chassis import rulebook
from services.chassis.rulebook import CaseBookBroken

RULES = '''
"""改正期限 — how long an enterprise has."""

raise RuntimeError("a rulebook imports no service")

def last_day(day):
    """公布当日不计入,
    自次日起算.

    The day is a Beijing day.

    参照《民法典》第二百零一条.
    """

def measured(day):
    """For programs only."""

def _step(day):
    """内部步骤."""
'''
POLICY = """
days_to_correct:
  label: 改正期限
  unit: 日
  source: 报道
  silent_on: 未说明是否顺延
  values: {all: {2013-12-13: 15}, cn-current: {2026-01-01: {value: 20, source: 新法}}}
grades:
  label: 档次
  unit: 表
  source: 办法
  values: {2013-12-13: [{档: A, 分: 90}, {档: B|C, 分: 60}]}
"""
BOOK = """
规则: 不良信息公布后15日内仍不改正的,升级
依据: 报道
案例:
  - {情形: 第15日改正, 改正: 2014-03-18, 涉及安全: true}
  - {情形: 未改正, 结论: [列入, 告知]}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    credit = tmp_path / "services" / "credit"
    cases = tmp_path / "tests" / "rules" / "cases"
    for folder in (credit / "rules", tmp_path / "services" / "empty", cases):
        folder.mkdir(parents=True)
    (tmp_path / "services" / "empty" / "__init__.py").write_text("")
    (credit / "__init__.py").write_text('"""诚信发布 — credit publishing."""', encoding="utf-8")
    (credit / "rules" / "term.py").write_text(RULES, encoding="utf-8")
    (credit / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (cases / "bad_information.yaml").write_text(BOOK, encoding="utf-8")
    return tmp_path


def test_a_rule_is_shown_in_the_words_meant_for_a_clerk(tree: Path) -> None:
    page = rulebook.page(tree)

    assert "## 诚信发布 (credit)\n\n### 规则\n\n#### 改正期限\n\n" in page
    assert "- 公布当日不计入，自次日起算。参照《民法典》第二百零一条。 `last_day`\n" in page
    assert "Beijing" not in page
    assert "measured" not in page
    assert "内部步骤" not in page


def test_a_number_is_shown_under_each_profile_where_they_differ(tree: Path) -> None:
    page = rulebook.page(tree)
    entry = page[page.index("#### 改正期限\n\n`days") : page.index("#### 档次")]

    assert entry == (
        "#### 改正期限\n\n`days_to_correct`，单位：日\n\n"
        "宝鸡市质监局 2013 年做法：\n\n"
        "- 自 2013-12-13 起：**15**\n  - 出处：报道\n  - 出处未说明：未说明是否顺延\n\n"
        "现行法律：\n\n"
        "- 自 2013-12-13 起：**15**\n  - 出处：报道\n  - 出处未说明：未说明是否顺延\n"
        "- 自 2026-01-01 起：**20**\n  - 出处：新法\n  - 出处未说明：未说明是否顺延\n\n"
    )


def test_a_table_is_shown_as_a_table_once_where_the_profiles_agree(tree: Path) -> None:
    page = rulebook.page(tree)

    assert (
        "`grades`，单位：表\n\n各取值方案相同：\n\n- 自 2013-12-13 起：见表\n  - 出处：办法\n\n"
        "  | 档 | 分 |\n  | --- | --- |\n  | A | 90 |\n  | B\\|C | 60 |\n\n## 案例"
    ) in page


def test_the_cases_of_a_book_are_one_table(tree: Path) -> None:
    assert rulebook.page(tree).endswith(
        "### 不良信息公布后15日内仍不改正的,升级\n\n依据：报道\n\n"
        "| 情形 | 改正 | 涉及安全 | 结论 |\n| --- | --- | --- | --- |\n"
        "| 第15日改正 | 2014-03-18 | 是 |  |\n| 未改正 |  |  | 列入、告知 |\n"
    )


def test_a_service_without_rules_and_numbers_has_no_chapter(tree: Path) -> None:
    assert "empty" not in rulebook.page(tree)


@pytest.mark.parametrize(
    ("book", "said"),
    [
        ("案例: []", "没有 规则"),
        ("规则: 甲", "案例 应为一列映射"),
        ("{规则: 甲, 案例: [{结论: 乙}]}", "每个都有 情形"),
        ("{规则: 甲, 案例: [{情形: 到期当天,仍为黄色, 结论: 乙}]}", "仍为黄色.*逗号"),
    ],
)
def test_a_book_that_is_none_is_named(tree: Path, book: str, said: str) -> None:
    (tree / "tests" / "rules" / "cases" / "colour.yaml").write_text(book, encoding="utf-8")

    with pytest.raises(CaseBookBroken, match=rf"colour\.yaml: .*{said}"):
        rulebook.page(tree)


def test_the_page_goes_into_a_file_or_to_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rulebook.main([str(tmp_path / "rulebook.md")])
    rulebook.main([])

    assert (tmp_path / "rulebook.md").read_text(encoding="utf-8") == capsys.readouterr().out
