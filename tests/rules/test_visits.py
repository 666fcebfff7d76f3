"""The rules of visits, against their case books and against trying everything."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from services.chassis import workdays
from services.chassis.policy import Policy
from services.events.inspection import VisitPurpose
from services.events.registry import DutyKind, DutyRecord, ObjectKind, ObjectStatus
from services.inspection.model.visits import Facing, Officer
from services.inspection.rules.due import due
from services.inspection.rules.duties import latest_records
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.visits import bundling, officers
from services.inspection.rules.visits.bundling import Window
from services.inspection.rules.visits.checklists import Checklists, ChecklistsBroken
from services.inspection.rules.visits.confirmed import Confirmed, effective
from services.inspection.rules.visits.officers import Earlier
from tests.rules.test_duties import an_object

ROOT = Path(__file__).parents[2]
BOOKS = Path(__file__).parent / "cases"
POLICY = Policy.read(ROOT / "services" / "inspection" / "policy.yaml")
TODAY = date(2026, 11, 20)
CHECKLISTS = Checklists.read()
REACH = bundling.reach(POLICY, on=TODAY)


def cases(book: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(
        (BOOKS / f"{book}.yaml").read_text(encoding="utf-8")
    )["案例"]
    return found


def named(case: dict[str, Any]) -> str:
    return str(case["情形"])


@pytest.mark.parametrize("case", cases("visit_officers"), ids=named)
def test_the_case_book_of_officers(case: dict[str, Any]) -> None:
    people = [
        Officer(account=name[0], name=name, certificate="" if "无证" in name else "陕C-1")
        for name in case["人员"]
    ]
    earlier = [
        Earlier(VisitPurpose(purpose), on, frozenset(UUID(int=n) for n in at))
        for purpose, on, *at in case.get("此前", ())
    ]
    purpose, on = VisitPurpose(case["目的"]), case["日期"]

    found = "可以"
    try:
        officers.enough(people, on=on, policy=POLICY)
        officers.within_cap(purpose, earlier, on=on, policy=POLICY)
    except NotAllowed as refusal:
        found = refusal.code
    left_out = officers.not_twice(purpose, [UUID(int=1)], earlier, on=on, policy=POLICY)

    assert found == case["结论"]
    assert left_out == {UUID(int=number) for number in case.get("不查", ())}


@pytest.mark.parametrize("case", cases("visit_confirmed"), ids=named)
def test_the_case_book_of_what_officers_confirmed(case: dict[str, Any]) -> None:
    def records(key: str) -> tuple[DutyRecord, ...]:
        return tuple(
            DutyRecord(
                duty=DutyKind.INSPECTION,
                done_on=done_on,
                stated_due_on=until,
                cycle_months=None,
            )
            for done_on, until in case.get(key, ())
        )

    status, since = case.get("确认", (None, None))
    facts = an_object(
        records=records("登记"), status=ObjectStatus(case.get("登记状态", "in_use"))
    )
    confirmed = Confirmed(records("检查"), ObjectStatus(status) if status else None, since)

    found = effective(facts, confirmed)

    latest = latest_records(found.records)[DutyKind.INSPECTION]
    assert due(latest, None, None).due_on == case["到期"]
    assert found.status == case["状态"]


def window(number: int, due_on: date) -> Window:
    opens, closes = bundling.span(due_on, REACH, today=TODAY)
    return Window(
        duty_id=UUID(int=number),
        object_id=UUID(int=number),
        enterprise_id=UUID(int=0),
        label=f"{number}号",
        duty=DutyKind.INSPECTION,
        due_on=due_on,
        opens_on=opens,
        closes_on=closes,
    )


@pytest.mark.parametrize("case", cases("visit_bundles"), ids=named)
def test_the_case_book_of_bundles(case: dict[str, Any]) -> None:
    windows = [window(number, due_on) for number, due_on in enumerate(case["到期"])]

    bundles = bundling.bundled(windows, works=workdays.is_working_day)

    assert [[bundle.on, len(bundle.windows)] for bundle in bundles] == case["检查"]


DUE = st.integers(-200, 200).map(lambda days: TODAY + timedelta(days))


@settings(deadline=None, max_examples=60)
@given(st.lists(DUE, min_size=1, max_size=7))
def test_no_plan_needs_fewer_visits(due: list[date]) -> None:
    windows = [window(number, due_on) for number, due_on in enumerate(due)]
    ends = sorted({each.closes_on for each in windows})

    bundles = bundling.bundled(windows, works=lambda _: True)

    fewest = next(
        size
        for size in range(1, len(ends) + 1)
        for days in combinations(ends, size)
        if all(any(w.opens_on <= day <= w.closes_on for day in days) for w in windows)
    )
    assert len(bundles) == fewest
    for bundle in bundles:
        assert all(each.opens_on <= bundle.on <= each.closes_on for each in bundle.windows)
    assert sum(len(bundle.windows) for bundle in bundles) == len(windows)


def test_a_visit_that_is_full_leaves_the_rest_to_the_next() -> None:
    windows = [window(number, TODAY) for number in range(5)]

    bundles = bundling.bundled(windows, works=lambda _: True, at_most=2)

    assert [len(bundle.windows) for bundle in bundles] == [2, 2, 1]
    assert bundling.saved(bundles) == 2


@pytest.mark.parametrize(
    ("kind", "class_code", "expected"),
    [
        (ObjectKind.EQUIPMENT, "3110", "elevator"),
        (ObjectKind.EQUIPMENT, "4110", "crane"),
        (ObjectKind.EQUIPMENT, "2150", "equipment"),
        (ObjectKind.INSTRUMENT, "JJG539", "instrument"),
        (ObjectKind.OPERATOR, "TSGZ6001", "operator"),
        (ObjectKind.LICENCE, "XK13-001", "licence"),
    ],
)
def test_every_kind_of_object_has_its_checklist(
    kind: ObjectKind, class_code: str, expected: str
) -> None:
    facing = Facing(object_id=UUID(int=1), kind=kind, class_code=class_code, label="一号")

    asked = CHECKLISTS.asked([facing], on=TODAY)

    assert {each.checklist.id for each in asked if each.object_id} == {expected}
    assert {each.checklist.id for each in asked if not each.object_id} == {"enterprise"}


def test_every_item_names_its_basis_and_a_matter_that_orders_know() -> None:
    matters = {row["code"] for row in POLICY.table("violation_matters", on=TODAY)}

    for checklist in CHECKLISTS.in_force(TODAY):
        assert checklist.source
        for item in checklist.items:
            assert item.basis, item
            assert item.matter in matters, item


OWN = """
elevator:
  label: 本局的电梯项目表
  object_kind: equipment
  class_codes: ["3000"]
  versions:
    2026-12-01:
      source: 本局 2026 年第 3 次局长办公会
      confidence: found
      items: [{id: one, text: 只有一项, basis: 本局规定, grave: false, matter: label_defect}]
"""


def test_a_bureau_s_own_wording_holds_from_its_day(tmp_path: Path) -> None:
    own = tmp_path / "checklists.yaml"
    own.write_text(OWN, encoding="utf-8")
    checklists = Checklists.read(own)
    elevator = Facing(
        object_id=UUID(int=1), kind=ObjectKind.EQUIPMENT, class_code="3110", label="一号梯"
    )

    before = checklists.asked([elevator], on=date(2026, 11, 30))
    after = checklists.asked([elevator], on=date(2026, 12, 1))

    assert "elevator@2000-01-01" in {each.checklist.version_id for each in before}
    assert [each.item.id for each in after if each.object_id] == ["one"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- 1", "应为"),
        ("a: {label: 甲}", "versions"),
        ("a: {label: 甲, object_kind: lift, versions: {}}", "object_kind"),
        ("a: {label: 甲, versions: {x: {}}}", "日期"),
        ("a: {label: 甲, versions: {2026-01-01: {items: []}}}", "至少有一项"),
        ("a: {label: 甲, versions: {2026-01-01: {items: [{id: 1}]}}}", "每项应有"),
        ("a: [", "YAML"),
    ],
)
def test_a_broken_table_says_what_would_be_right(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "checklists.yaml"
    own.write_text(text, encoding="utf-8")

    with pytest.raises(ChecklistsBroken, match=said):
        Checklists.read(own)
