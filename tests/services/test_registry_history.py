"""Who changed what, when and from where; the file as of any day; owners, users, standards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.chassis import clock
from services.chassis.database import Database
from tests.services.registry_clerk import Clerk, a_clerk
from tests.services.registry_stories import (
    ENTERPRISES,
    TODAY,
    Registry,
    Urls,
    classes,
    elevator,
    enterprise,
    opened,
    uscc,
)

BY_CODE = """
mapping: 1
source: tezhongshebei
kind: equipment
columns:
  key: 编号
  label: 名称
  status: 状态
  owner.uscc: 使用
  owner.name: 使用单位
  proprietor.uscc: 产权
  proprietor.name: 产权单位
constants: {class_code: "4110", division: "610303"}
"""
STANDARDS = """
mapping: 1
source: biaozhun
kind: standard
columns: {number: 标准号, name: 名称, level: 层级, part: 作用, filed_on: 备案日期, owner.uscc: 代码}
"""


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    return Registry(database, tmp_path)


@pytest.fixture
def clerk(database: Database) -> Clerk:
    return a_clerk(database)


def on(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    """It is that day of June 2013."""
    noon = datetime(2013, 6, day, 4, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: noon)


def only(registry: Registry, table: str) -> str:
    [one] = registry.kept(table)
    return str(one["id"])


def test_the_history_of_an_enterprise_tells_who_when_from_where_before_and_after(
    registry: Registry, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, 1)
    first = registry.take([enterprise(1)], ENTERPRISES)
    on(monkeypatch, 5)
    registry.take([enterprise(1, 住所="新址")], ENTERPRISES)

    moved, met = clerk.get(f"/enterprises/{only(registry, 'enterprise')}/history").get_json()[
        "items"
    ]

    assert moved["changed"] == {"address": {"before": None, "after": "新址"}}
    assert moved["at"].startswith("2013-06-05")
    assert (met["source"], met["change_id"]) == ("codes", str(first.run_id))
    assert met["changed"]["name"] == {"before": None, "after": "企业1"}


def test_a_file_is_read_as_of_any_day(
    registry: Registry, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = {"使用": uscc(1), "使用单位": "甲厂", "产权": "", "产权单位": ""}
    on(monkeypatch, 1)
    registry.take_table([used | {"编号": "C1", "名称": "旧名", "状态": "在用"}], BY_CODE)
    on(monkeypatch, 5)
    registry.take_table([used | {"编号": "C1", "名称": "新名", "状态": "停用"}], BY_CODE)
    number = only(registry, "enterprise")

    def file(day: str) -> Any:
        return clerk.get(f"/enterprises/{number}?on={day}")

    [before] = file("2013-06-04").get_json()["objects"]
    [after] = file("2013-06-05").get_json()["objects"]
    assert (before["label"], before["status"]) == ("旧名", "in_use")
    assert (after["label"], after["status"]) == ("新名", "stopped")
    assert after["status_since"] == TODAY.isoformat()
    assert file("2013-05-31").get_json()["code"] == "not_known_then"
    assert file("soon").status_code == 422


def test_the_history_of_an_object_shows_its_states(registry: Registry, clerk: Clerk) -> None:
    for status in ("在用", "停用", "在用"):
        registry.take([elevator(1, 状态=status)])

    items = clerk.get(f"/objects/{only(registry, 'object')}/history").get_json()["items"]

    states = [item["changed"]["status"]["after"] for item in items]
    assert states == ["in_use", "stopped", "in_use"]


def test_an_object_that_goes_to_another_leaves_the_file_and_stays_in_its_past(
    registry: Registry, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, 1)
    registry.take([elevator(0), elevator(1)])
    given = {row["key"]: row for row in registry.kept("object")}["E00000"]
    on(monkeypatch, 5)
    registry.take([elevator(0, 单位编号="U1", 单位="单位1")])

    path = f"/enterprises/{given['enterprise_id']}"

    assert clerk.get(path).get_json()["objects"] == []
    assert len(clerk.get(f"{path}?on=2013-06-04").get_json()["objects"]) == 1


def test_the_user_owes_what_the_owner_lets_and_both_files_show_it(
    registry: Registry, clerk: Clerk
) -> None:
    parties = {"使用": uscc(1), "使用单位": "租户", "产权": uscc(2), "产权单位": "厂房主"}
    crane = parties | {"编号": "C1", "名称": "行车", "状态": "在用"}

    first = registry.take_table([crane], BY_CODE)
    again = registry.take_table([crane], BY_CODE)

    ids = {row["name"]: row["id"] for row in registry.kept("enterprise")}
    assert (classes(first), classes(again)) == ({"new": 1}, {"same": 1})
    assert registry.said()[-1]["data"]["enterprise_id"] == str(ids["租户"])
    for name in ids:
        [shown] = clerk.get(f"/enterprises/{ids[name]}").get_json()["objects"]
        assert (shown["enterprise"], shown["proprietor"]) == ("租户", "厂房主")


def test_a_new_owner_is_a_change(registry: Registry) -> None:
    parties = {"使用": uscc(1), "使用单位": "租户", "产权": uscc(2), "产权单位": "厂房主"}
    crane = parties | {"编号": "C1", "名称": "行车", "状态": "在用"}
    registry.take_table([crane], BY_CODE)

    report = registry.take_table([crane | {"产权": uscc(3), "产权单位": "新房主"}], BY_CODE)

    assert classes(report) == {"changed": 1}


def test_standards_hang_on_the_file_and_have_a_history(
    registry: Registry, clerk: Clerk
) -> None:
    registry.take([enterprise(1)], ENTERPRISES)
    filed = {
        "标准号": "Q/JC 001-2013",
        "名称": "钛棒",
        "层级": "企业标准",
        "作用": "备案",
        "备案日期": "2013-05-20",
        "代码": uscc(1),
    }
    joined = filed | {
        "标准号": "GB/T 2965-2007",
        "层级": "国家标准",
        "作用": "参与",
        "备案日期": "",
    }

    first = registry.take_table([filed, joined], STANDARDS)
    again = registry.take_table([filed, joined], STANDARDS)
    changed = registry.take_table([filed | {"名称": "钛合金棒"}, joined], STANDARDS)

    shown = clerk.get(f"/enterprises/{only(registry, 'enterprise')}").get_json()["standards"]
    own = next(one for one in shown if one["level"] == "enterprise")
    items = clerk.get(f"/standards/{own['id']}/history").get_json()["items"]
    assert [classes(r) for r in (first, again, changed)] == [
        {"new": 2},
        {"same": 2},
        {"changed": 1, "same": 1},
    ]
    assert {(one["level"], one["part"]) for one in shown} == {
        ("enterprise", "filed"),
        ("national", "joined"),
    }
    assert items[0]["changed"] == {"name": {"before": "钛棒", "after": "钛合金棒"}}


def test_the_file_shows_whose_word_each_fact_is(registry: Registry, clerk: Clerk) -> None:
    registry.take([enterprise(1)], ENTERPRISES.replace("codes", "daima"))
    registry.take([enterprise(1, 名称="别的", 住所="东街")], ENTERPRISES)

    file = clerk.get(f"/enterprises/{only(registry, 'enterprise')}").get_json()

    assert (file["name"], file["address"]) == ("企业1", "东街")
    assert (file["sources"]["name"], file["sources"]["address"]) == ("daima", "codes")


def test_what_is_not_there_has_no_history(clerk: Clerk) -> None:
    for kind in ("enterprises", "objects", "products", "standards"):
        assert clerk.get(f"/{kind}/{uuid4()}/history").status_code == 404
