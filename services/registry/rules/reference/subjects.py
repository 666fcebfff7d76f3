"""Which code tables there are, and what each of their lines must say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.registry.model import RowKind

DATA = Path(__file__).parents[2] / "data"
COLUMNS = ("code", "name", "valid_from", "valid_until", "successor", "source")


@dataclass(frozen=True)
class Subject:
    """One code table.

    further   columns beside those that every table has
    form      what a code looks like, and how to say that to a person
    governs   the kind of record whose class code it holds; None: of none
    complete  whether a code that is not in it is worth a finding
    """

    name: str
    label: str
    form: re.Pattern[str]
    form_in_words: str
    further: tuple[str, ...] = ()
    governs: RowKind | None = None
    complete: bool = False

    @property
    def columns(self) -> frozenset[str]:
        """The headings of its file."""
        return frozenset((*COLUMNS, *self.further))

    @property
    def shipped(self) -> Path:
        """The edition that comes with the product."""
        return DATA / f"{self.name}.csv"


_ALL = (
    Subject("divisions", "行政区划", re.compile(r"\d{6}", re.ASCII), "六位数字", ("origin",)),
    Subject(
        "equipment_catalogue",
        "特种设备目录",
        re.compile(r"[1-9F][0-9A-Z]{3}"),
        "四位数字或大写字母",
        ("level", "parent"),
        governs=RowKind.EQUIPMENT,
        complete=True,
    ),
    Subject(
        "industries",
        "国民经济行业分类",
        re.compile(r"[A-T]|\d{2,4}", re.ASCII),
        "门类字母 A 至 T, 或两至四位数字",
        ("level", "parent"),
    ),
    Subject(
        "instrument_kinds",
        "强检计量器具种类",
        re.compile(r"JJ[GF]\d{1,4}", re.ASCII),
        "检定规程号, 如 JJG539",
        governs=RowKind.INSTRUMENT,
    ),
    Subject(
        "certificate_items",
        "特种设备作业项目",
        re.compile(r"[A-Z]\d{0,2}", re.ASCII),
        "一个字母, 其后至多两位数字",
        ("concerns",),
        governs=RowKind.OPERATOR,
    ),
    Subject(
        "partners",
        "协作部门",
        re.compile(r"[a-z][a-z0-9-]{0,29}"),
        "小写字母、数字和连字符",
        ("profiles",),
    ),
)

SUBJECTS: Mapping[str, Subject] = {subject.name: subject for subject in _ALL}
