"""The words of a census: what is planned, and what a visit came to."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.registry.model import RowKind

SURVEYED_KINDS = tuple(kind for kind in RowKind if kind is not RowKind.LICENCE)
"""普查的五类对象: a licence is a paper in the bureau's own register, nobody visits it."""


class Outcome(StrEnum):
    """What a visit came to."""

    SURVEYED = "surveyed"  # 已普查
    NEW = "new"  # 新发现: it was not in any register
    NOT_FOUND = "not_found"  # 未找到
    REFUSED = "refused"  # 拒绝检查


COUNTED = frozenset({Outcome.SURVEYED, Outcome.NEW})
"""已普查数: what was seen. What was not found or not shown is still to be surveyed."""


class Finding(StrEnum):
    """What is missing in the base data, found by the census."""

    MAKER = "maker_missing"  # 制造单位不明
    FILING = "filing_missing"  # 没有安装告知(备案)
    REGISTRATION = "registration_missing"  # 没有使用登记
    OPERATOR = "operator_missing"  # 有须持证操作的设备, 没有持证人员
    DUE_DATE = "due_date_missing"  # 没有检验、检定或复审日期
    USER = "user_missing"  # 使用人不是产权人, 又没有写明使用人


class PlanLine(NamedTuple):
    """How many objects of a kind are to be surveyed in a grid."""

    grid: str
    kind: RowKind
    planned: int


class Visit(NamedTuple):
    """One line of a surveyor's sheet.

    *thing* is the id that the object has, or would have, in the registry.
    *leased*: it belongs to somebody else than who uses it; then *used_by* says who that is.
    """

    thing: UUID
    grid: str
    kind: RowKind
    outcome: Outcome
    surveyed_on: date
    surveyor: str
    label: str
    leased: bool
    used_by: str | None
    note: str | None
