"""普查发现的数据问题, one object at a time. The store asks the same of all at once."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from services.registry.rules.census.words import Finding

UNKNOWN_WORDS = ("", "不详", "不明", "未知", "无", "/", "-")
"""What people write where they do not know; in a cell that is to name a maker or a number."""

_TABLE = Path(__file__).parents[2] / "data" / "operators_needed.csv"


@cache
def operated() -> tuple[str, ...]:
    """What the class codes begin with of equipment that only a certified person may operate."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(row["class_code"] for row in csv.DictReader(file))


NOT_FILED = ("7", "F")
"""压力管道元件和安全附件随所在的设备, 自己不办安装备案和使用登记 (TSG 08-2017, 凭记忆)."""


def of_equipment(
    class_code: str, maker: str | None, filing_number: str | None
) -> list[Finding]:
    """在用设备没有制造单位的, 没有安装备案或使用登记的, 列为数据问题."""
    found = []
    if unknown(maker):
        found.append(Finding.MAKER)
    if unknown(filing_number) and not class_code.startswith(NOT_FILED):
        found.append(Finding.FILING)
    return found


def unknown(text: str | None) -> bool:
    """空白和“不详”一类的词都是不知道."""
    return (text or "").strip() in UNKNOWN_WORDS


def needs_operator(class_codes: Iterable[str]) -> bool:
    """单位有一台须持证操作的在用设备, 就要有持证的作业人员."""
    return any(code.startswith(operated()) for code in class_codes)


def user_missing(*, leased: bool, user: str | None) -> bool:
    """使用人与产权人不一致的(如租用厂房), 要写明使用人: 由使用人履行检验义务."""
    return leased and unknown(user)
