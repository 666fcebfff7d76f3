"""A source's table of overdue equipment: each row becomes one red warning."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

MAPPING = """\
mapping: 1
source: tezhongshebei
kind: equipment

columns:
  key: 设备代码
  class_code: 设备类别代码
  label: 设备名称
  division: 区划
  owner.key: 使用单位编号
  owner.name: 使用单位名称
  owner.division: 区划
  owner.email: 电子邮箱
  owner.officer: 监管责任人

records:
  - duty: inspection
    done_on: 上次检验日期
    stated_due_on: 下次检验日期
"""
COLUMNS = (
    "设备代码",
    "设备类别代码",
    "设备名称",
    "区划",
    "使用单位编号",
    "使用单位名称",
    "电子邮箱",
    "监管责任人",
    "上次检验日期",
    "下次检验日期",
)
BOILER = ("1000", "锅炉")
CRANE = ("4110", "桥式起重机")
DIVISIONS = ("610302", "610303", "610304")
OBJECTS_PER_ENTERPRISE = 10


@dataclass(frozen=True)
class Table:
    """A file and the mapping to read it by."""

    file: Path
    mapping: Path


def write_equipment(
    folder: Path,
    name: str,
    objects: int,
    *,
    done_on: str,
    due_on: str,
    broken: int = 0,
    kind: tuple[str, str] = BOILER,
) -> Table:
    """Boilers `<name>-1`, `<name>-2` ... of a tenth as many enterprises.

    Without days the objects have none: nobody knows when they were inspected.
    The last *broken* of them have a date that no calendar knows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = Table(folder / f"{name}-{done_on}.csv", folder / "equipment.yaml")
    table.mapping.write_text(MAPPING, encoding="utf-8")
    with table.file.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for number in range(objects):
            due = due_on if number < objects - broken else "2015-02-30"
            rows.writerow(_row(name, number, done_on, due, kind))
    return table


def write_overdue(folder: Path, name: str, objects: int) -> Table:
    """Equipment whose inspection has been due for years."""
    return write_equipment(folder, name, objects, done_on="2014-01-15", due_on="2016-01-15")


def _row(
    name: str, number: int, done_on: str, due_on: str, kind: tuple[str, str]
) -> tuple[str, ...]:
    owner = number // OBJECTS_PER_ENTERPRISE
    return (
        f"{name}-{number + 1}",
        kind[0],
        f"{kind[1]} {name}-{number + 1}",
        DIVISIONS[owner % len(DIVISIONS)],
        f"{name}-{owner + 1}",
        f"测试企业 {name}-{owner + 1}",
        f"{name}-{owner + 1}@example.org",
        f"officer{owner % 4 + 1:02}",
        done_on,
        due_on,
    )
