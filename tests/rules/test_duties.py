"""What objects owe and when, against the case book and the rule table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from hypothesis import given, strategies as st

from services.chassis.policy import Policy
from services.events.registry import (
    DutyKind,
    DutyRecord,
    ObjectKind,
    ObjectRecorded,
    ObjectStatus,
)
from services.inspection.model import Basis, Colour, Stop
from services.inspection.rules import codes, colour, due, duties, rule_file, words
from services.inspection.rules.rule_file import RuleTableBroken
from services.inspection.rules.rule_table import SHIPPED, RuleTable
from services.inspection.rules.ruling import as_recorded, ruling, worst

ROOT = Path(__file__).parents[2]
BOOK = Path(__file__).parent / "cases" / "duties.yaml"
CASES = yaml.safe_load(BOOK.read_text(encoding="utf-8"))["案例"]
POLICY = Policy.read(ROOT / "services" / "inspection" / "policy.yaml")
TABLE = RuleTable.read()
TODAY = date(2026, 11, 20)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def an_object(**different: Any) -> ObjectRecorded:
    ordinary: dict[str, Any] = {
        "object_id": UUID(int=1),
        "revision": 1,
        "kind": ObjectKind.EQUIPMENT,
        "class_code": "4110",
        "label": "1号桥式起重机",
        "enterprise_id": UUID(int=2),
        "division": "610303",
        "status": ObjectStatus.IN_USE,
        "commissioned_on": None,
        "traits": (),
        "records": (),
    }
    return ObjectRecorded(**ordinary | different)


def a_record(duty: DutyKind = DutyKind.INSPECTION, **different: Any) -> DutyRecord:
    ordinary = {"done_on": None, "stated_due_on": None, "cycle_months": None}
    return DutyRecord(duty=duty, **ordinary | different)


def of_case(case: dict[str, Any]) -> ObjectRecorded:
    return an_object(
        kind=ObjectKind(case.get("种类", "equipment")),
        class_code=case["类别"],
        status=ObjectStatus(case.get("状态", "in_use")),
        commissioned_on=case.get("投用"),
        traits=tuple(case.get("条件", ())),
        records=tuple(
            DutyRecord(
                duty=DutyKind(row["义务"]),
                done_on=row.get("完成"),
                stated_due_on=row.get("载明"),
                cycle_months=row.get("周期"),
            )
            for row in case.get("记录", ())
        ),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["情形"])
def test_the_case_book(case: dict[str, Any]) -> None:
    today = case.get("今天", TODAY)

    owed = ruling(TABLE, POLICY, on=today).owed(of_case(case))

    assert [(each.duty, each.due_on, each.basis) for each in owed] == [
        (row["义务"], row.get("到期"), row["依据"]) for row in case["应履行"]
    ]
    for each, row in zip(owed, case["应履行"], strict=True):
        shown = colour.colour(yellow_on=each.yellow_on, red_on=each.red_on, today=today)
        assert shown == row.get("颜色", shown)


@pytest.mark.parametrize(
    ("class_code", "kind", "months_before"),
    [("4110", ObjectKind.EQUIPMENT, 1), ("XK", ObjectKind.LICENCE, 6)],
)
def test_one_must_apply_some_months_before_the_due_date(
    class_code: str, kind: ObjectKind, months_before: int
) -> None:
    duty_kind = DutyKind.INSPECTION if kind is ObjectKind.EQUIPMENT else DutyKind.RENEWAL
    record = a_record(duty_kind, stated_due_on=date(2027, 8, 31))
    facts = an_object(class_code=class_code, kind=kind, records=(record,))

    (duty,) = ruling(TABLE, POLICY, on=TODAY).owed(facts)

    expected = {1: date(2027, 7, 31), 6: date(2027, 2, 28)}[months_before]
    assert words.apply_by_on(duty) == expected


def test_one_must_apply_for_other_licences_30_days_before() -> None:
    record = a_record(DutyKind.RENEWAL, stated_due_on=date(2027, 8, 31))
    facts = an_object(class_code="危险化学品经营", kind=ObjectKind.LICENCE, records=(record,))

    (duty,) = ruling(TABLE, POLICY, on=TODAY).owed(facts)

    assert words.apply_by_on(duty) == date(2027, 8, 1)


def test_an_explanation_names_the_dates_the_rule_and_its_source() -> None:
    facts = an_object(records=(a_record(done_on=date(2023, 1, 15)),))
    ruled = ruling(TABLE, POLICY, on=TODAY)
    (duty,) = ruled.owed(facts)

    told = words.explain(duty, facts, today=TODAY, terms=ruled.terms)

    assert told.colour is Colour.RED
    assert told.rule_id == "crane@2000-01-01"
    assert told.sentences == (
        "定期检验于2025-01-15到期: 上次完成于2023-01-15,规则的周期为24个月。",
        "红色: 截至2026-11-20已超过到期日674天,没有晚于到期日的合格记录。",
        "最迟应于2024-12-15提出申请。",
        (
            "规则 crane@2000-01-01 (起重机械定期检验): TSG Q7015-2016 起重机械定期检验规则 "
            "(凭记忆录入,把握较大,待核对; 起始日为平台默认)。"
        ),
    )


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2026, 12, 31), "黄色: 自2026-07-15起进入预警期,还有15天到期。"),
        (date(2027, 1, 15), "黄色: 自2026-07-15起进入预警期,今天到期,当天仍为黄色,次日转红。"),
        (date(2026, 7, 1), "绿色: 还有198天到期,2026-07-15转为黄色。"),
    ],
)
def test_an_explanation_says_how_many_days_are_left(today: date, sentence: str) -> None:
    facts = an_object(records=(a_record(done_on=date(2025, 1, 15)),))
    ruled = ruling(TABLE, POLICY, on=today)
    (duty,) = ruled.owed(facts)

    told = words.explain(duty, facts, today=today, terms=ruled.terms)

    assert told.sentences[1] == sentence


def test_an_explanation_says_what_is_missing() -> None:
    facts = an_object(class_code="2150", records=(a_record(done_on=date(2025, 1, 15)),))
    ruled = ruling(TABLE, POLICY, on=TODAY)
    (duty,) = ruled.owed(facts)

    told = words.explain(duty, facts, today=TODAY, terms=ruled.terms)

    assert told.colour is Colour.GREY
    assert "不能单独确定周期" in told.sentences[0]
    assert told.sentences[1] == "灰色: 没有到期日,列入待补数据清单。"


def test_recording_alone_turns_nothing_red() -> None:
    facts = an_object(records=(a_record(done_on=date(2023, 1, 15)),))
    (duty,) = ruling(TABLE, POLICY, on=TODAY).owed(facts)

    recorded = as_recorded(duty, on=TODAY, red=())

    assert recorded.colour is Colour.YELLOW
    assert recorded.next_change_on == date(2025, 1, 16)


def test_an_object_shows_the_worst_of_its_duties() -> None:
    ruled = ruling(TABLE, POLICY, on=TODAY)
    green = a_record(DutyKind.VERIFICATION, stated_due_on=date(2030, 1, 1))
    no_date = a_record(DutyKind.SELF_CHECK, done_on=date(2026, 1, 1))
    yellow = a_record(stated_due_on=date(2027, 1, 1))

    def shown(*records: DutyRecord) -> Colour:
        owed = ruled.owed(an_object(class_code="7320", records=records))
        return worst(as_recorded(duty, on=TODAY, red=()) for duty in owed)

    assert shown(green) is Colour.GREEN
    assert shown(green, no_date) is Colour.GREY
    assert shown(green, no_date, yellow) is Colour.YELLOW
    assert shown() is Colour.GREY


@given(commissioned_on=DAYS, done_on=st.none() | DAYS)
def test_an_elevator_is_always_due_on_a_day_of_its_schedule(
    commissioned_on: date, done_on: date | None
) -> None:
    rule = TABLE.in_force(TODAY).rules["elevator"]

    day = due.scheduled(commissioned_on, done_on, rule)

    assert day is not None
    years = day.year - commissioned_on.year
    assert years in {1, 4, 7, 9, 11, 13, 15} or years > 15
    assert done_on is None or day > done_on


@given(record=st.builds(a_record, done_on=st.none() | DAYS, stated_due_on=st.none() | DAYS))
def test_a_stated_day_is_due_unless_it_is_older_than_the_work(record: DutyRecord) -> None:
    rule = TABLE.in_force(TODAY).rules["crane"]

    when = due.due(record, None, rule)

    stated, done = record.stated_due_on, record.done_on
    holds = stated is not None and (done is None or stated > done)
    assert (when.basis is Basis.STATED) is holds
    assert not holds or when.due_on == stated


def test_the_order_of_records_makes_no_difference() -> None:
    records = (
        a_record(done_on=date(2026, 1, 1), stated_due_on=date(2027, 1, 1)),
        a_record(done_on=date(2026, 1, 1), stated_due_on=date(2028, 1, 1)),
        a_record(done_on=date(2025, 1, 1), stated_due_on=date(2030, 1, 1)),
    )

    assert duties.latest_records(records) == duties.latest_records(records[::-1])
    assert duties.latest_records(records)[DutyKind.INSPECTION].stated_due_on == date(2028, 1, 1)


@pytest.mark.parametrize(
    ("rule_code", "code", "is_for"),
    [
        ("3000", "3100", True),
        ("3000", "3110", True),
        ("2200", "2230", True),
        ("2200", "2310", False),
        ("5110", "5120", False),
        ("2300", "23T0", True),
        ("JJG52", "JJG52", True),
        ("JJG52", "jjg 52-2013", True),
        ("JJG52", "JJG529", False),
        ("XK", "XK13-001-00001", True),
        ("TS", "TSGZ6001", False),
        ("*", "什么都行", True),
    ],
)
def test_a_rule_is_for_the_codes_beneath_its_own(
    rule_code: str, code: str, is_for: bool
) -> None:
    assert codes.is_for(rule_code, code) is is_for


def test_the_shipped_table_says_for_every_rule_where_it_comes_from() -> None:
    rules = rule_file.read_rules(SHIPPED)

    assert len(rules) > 60
    assert {rule.confidence for rule in rules} <= set(words.CONFIDENCES)
    assert min(rule.valid_from for rule in rules) == date(2000, 1, 1)


def test_every_kind_of_object_has_rules_on_any_day_from_2000_on() -> None:
    kinds = {rule.object_kind for rule in TABLE.in_force(date(2000, 1, 1)).rules.values()}

    assert kinds == set(ObjectKind)


def own_table(tmp_path: Path, **different: str) -> Path:
    ordinary = dict.fromkeys(rule_file.COLUMNS, "") | {
        "id": "crane",
        "label": "起重机械定期检验",
        "object_kind": "equipment",
        "class_codes": "4000",
        "duty": "inspection",
        "months": "12",
        "required": "yes",
        "endangers_safety": "yes",
        "valid_from": "2026-01-01",
        "source": "本市文件",
        "confidence": "found",
    }
    row = ordinary | different
    path = tmp_path / "duty_rules.csv"
    lines = [rule_file.COLUMNS, [row[name] for name in rule_file.COLUMNS]]
    path.write_text("\n".join(",".join(line) for line in lines), encoding="gb18030")
    return path


def test_a_bureau_may_word_a_rule_anew_from_a_day_on(tmp_path: Path) -> None:
    table = RuleTable.read(own_table(tmp_path))

    assert table.in_force(date(2025, 12, 31)).rules["crane"].months == 24
    assert table.in_force(date(2026, 1, 1)).rules["crane"].months == 12


def test_a_bureau_may_replace_a_wording(tmp_path: Path) -> None:
    table = RuleTable.read(own_table(tmp_path, valid_from="2000/1/1"))

    assert table.in_force(TODAY).rules["crane"].source == "本市文件"


def test_a_changed_rule_has_another_digest_and_the_others_keep_theirs(tmp_path: Path) -> None:
    before = TABLE.in_force(TODAY).digests()
    after = RuleTable.read(own_table(tmp_path)).in_force(TODAY).digests()

    assert [name for name in before if before[name] != after[name]] == ["crane"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"months": "12.5"}, "第2行 months 列: 是 '12.5', 应为 1 至 1200 的整数, 或留空"),
        ({"duty": "检验"}, "第2行 duty 列: 是 '检验', 应为 inspection 或"),
        ({"required": "是"}, "第2行 required 列: 是 '是', 应为 yes 或 no"),
        ({"valid_from": "2026-02-30"}, "应写成 2024-04-02 这样的日期"),
        ({"source": ""}, "第2行 source 列: 是 '', 应填写"),
        ({"scheduled_years": "4|1"}, "应从小到大, 不重复"),
        ({"scheduled_years": "1|4", "months": ""}, "还应有其后的周期"),
        ({"days": "15"}, "第2行 days 列: 是 '15', 按日计的周期不能与 months"),
        ({"aged_years": "8"}, "应与 aged_months 同写"),
        ({"met_by": "inspection"}, "met_by 列: 是 'inspection', 应为另一项义务"),
        ({"met_by": "检验"}, "met_by 列: 是 '检验', 应为 inspection 或"),
    ],
)
def test_a_broken_table_is_refused_with_the_place_and_what_is_right(
    tmp_path: Path, wrong: dict[str, str], right: str
) -> None:
    with pytest.raises(RuleTableBroken) as refused:
        RuleTable.read(own_table(tmp_path, **wrong))

    assert right in str(refused.value)


def test_a_rule_written_twice_is_refused(tmp_path: Path) -> None:
    path = own_table(tmp_path)
    lines = path.read_text(encoding="gb18030").splitlines()
    path.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")

    with pytest.raises(RuleTableBroken, match="第3行: crane@2026-01-01 写了两次"):
        RuleTable.read(path)


def test_a_table_with_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "duty_rules.csv"
    path.write_text("id,months\ncrane,12\n", encoding="utf-8")

    with pytest.raises(RuleTableBroken, match="第一行应为 id,label,"):
        RuleTable.read(path)


REUSE = yaml.safe_load((BOOK.parent / "reuse.yaml").read_text(encoding="utf-8"))["案例"]


@pytest.mark.parametrize("case", REUSE, ids=lambda case: case["情形"])
def test_the_case_book_of_what_was_stopped(case: dict[str, Any]) -> None:
    done_on, stated = case["记录"]
    facts = an_object(
        class_code=case.get("类别", "3110"),
        records=(a_record(done_on=done_on, stated_due_on=stated),),
    )
    ruled = ruling(TABLE, POLICY, on=case.get("今天", TODAY))

    (duty,) = ruled.owed(facts, Stop(case["停用"], case.get("启用")))

    assert (duty.due_on, duty.basis) == (case["到期"], case["依据"])
    assert str(case["到期"]) in words.why_due(duty, facts)
