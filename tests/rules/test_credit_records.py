"""Records of the credit archive, case by case: publication, periods, terms, privacy, grade."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from services.chassis.policy import Policy
from services.credit.model import Content, Ground, GroundKind, Record, RecordState
from services.credit.rules import RECORD_RULES, NotAllowed
from services.credit.rules.privacy import screen
from services.credit.rules.records.entering import enter
from services.credit.rules.records.grading import Counted, grade
from services.credit.rules.records.grounds import missing
from services.credit.rules.records.publishing import publish
from services.credit.rules.records.terms import (
    periods,
    repairable_from,
    request_term,
    statement_until,
)
from services.events.credit import RecordKind, RecordSource, RequestKind, Severity

HERE = Path(__file__).parent
POLICY_FILE = HERE.parents[1] / "services" / "credit" / "policy.yaml"
CURRENT = Policy.read(POLICY_FILE, "cn-current")
DAY = date(2026, 5, 11)
DECIDED = date(2026, 5, 6)


def cases(name: str) -> Any:
    book = yaml.safe_load((HERE / "cases" / f"{name}.yaml").read_text(encoding="utf-8"))
    return pytest.mark.parametrize("case", book["案例"], ids=lambda case: case["情形"])


def content(**changes: Any) -> Content:
    facts: dict[str, Any] = {
        "severity": Severity.SERIOUS,
        "content": "销售不符合国家标准的电线电缆",
        "basis": "《产品质量法》第四十九条",
        "authority": "宝鸡市市场监督管理局",
        "decided_on": DECIDED,
    }
    return Content(**facts | changes)


def record(policy: Policy, kind: RecordKind, source: RecordSource, **changes: Any) -> Record:
    step = enter(
        UUID(int=1),
        enterprise_id=UUID(int=2),
        division="610303",
        kind=kind,
        source=source,
        content=content(**changes),
        by="张三",
        today=DAY,
        policy=policy,
    )
    return step.record


def policy_of(case: dict[str, Any], folder: Path) -> Policy:
    """The shipped policy; or a bureau's own over it, where the law has dropped the approval."""
    if "取消上级同意" not in case:
        return Policy.read(POLICY_FILE, case["取值方案"])
    own = folder / "own.yaml"
    value = {"value": False, "source": "总局令第44号(修订)"}
    entry = {"values": {case["取值方案"]: {case["取消上级同意"]: value}}}
    own.write_text(yaml.safe_dump({"superior_approval_needed": entry}), encoding="utf-8")
    return Policy.read(POLICY_FILE, case["取值方案"], own)


@cases("credit_publication")
def test_publication(case: dict[str, Any], tmp_path: Path) -> None:
    policy = policy_of(case, tmp_path)
    words = {"content": case["内容"]} if "内容" in case else {}
    drafted = record(
        policy,
        RecordKind(case["种类"]),
        RecordSource(case.get("来源", "department")),
        warning_only=case.get("仅警告", False),
        **words,
    )
    filed = {
        GroundKind(kind): Ground(kind=GroundKind(kind), on=DECIDED, by="张三", words="见案卷")
        for kind in case["在案"]
    }
    ready = replace(drafted, grounds=filed)

    lacking = missing(ready, today=DAY, policy=policy)
    assert ",".join(lacking) == ",".join(case.get("缺少", []))
    assert outcome(ready, policy) == case["结论"]


def outcome(ready: Record, policy: Policy) -> str:
    """What publishing comes to: public, blocked, or the code of the refusal."""
    try:
        step = publish(ready, own=(), by="张三", today=DAY, policy=policy)
    except NotAllowed as refusal:
        named = missing(ready, today=DAY, policy=policy)
        every = all(words in refusal.rule for words in named)
        return refusal.code if every else f"{refusal.code}, 没有逐项列明"
    return "公示" if step.record.state is RecordState.PUBLISHED else "停止公示"


@cases("credit_periods")
def test_periods(case: dict[str, Any]) -> None:
    kind = RecordKind(case["种类"])
    said = content(
        severity=Severity(case["程度"]) if "程度" in case else None,
        decided_on=case.get("决定"),
        valid_until=case.get("有效期"),
    )

    counted = periods(kind, said, published_on=case["公示"], policy=CURRENT)

    assert counted.from_decision == case.get("自决定")
    assert counted.from_publication == case.get("自公示")
    assert counted.until == case.get("截止")
    since = repairable_from(kind, said, published_on=case["公示"], policy=CURRENT)
    assert since == case.get("可修复")


@cases("credit_terms")
def test_terms(case: dict[str, Any]) -> None:
    term = request_term(RequestKind(case["申请"]), case["收到"], CURRENT)

    assert (term.mark_by, term.due_on) == (case.get("标注"), case["答复"])
    assert term.provisional is case.get("暂定", False)


@cases("credit_statement")
def test_time_for_a_statement(case: dict[str, Any]) -> None:
    assert statement_until(case["送达"], CURRENT) == case["届满"]


@cases("credit_privacy")
def test_privacy(case: dict[str, Any]) -> None:
    own = (case.get("名称"), case.get("代码"))

    found = screen(CURRENT, on=DAY).findings({"content": case["内容"]}, own=own)

    assert [finding.kind.value for finding in found] == case["发现"]


@cases("credit_grade")
def test_grade(case: dict[str, Any]) -> None:
    items = [
        Counted(
            record_id=UUID(int=number),
            kind=RecordKind(each["种类"]),
            severity=Severity(each["程度"]) if "程度" in each else None,
            published_on=each["公示"],
            until=each.get("截止"),
            words="记录",
        )
        for number, each in enumerate(case["记录"], start=1)
    ]

    graded = grade(items, today=case["今天"], policy=CURRENT)

    assert (graded.points, graded.grade.value) == (case["分数"], case["等级"])
    assert graded.next_change_on == case.get("下次变化")
    assert len(graded.items) == len(items)


def test_every_rule_reads_as_a_chinese_sentence_and_rests_on_known_numbers() -> None:
    for rule in RECORD_RULES.values():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in rule.words), rule.name
        assert not any(letter.isascii() and letter.isalpha() for letter in rule.words), rule
        assert set(rule.rests_on) <= set(CURRENT.names)
