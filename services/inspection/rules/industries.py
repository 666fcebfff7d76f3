"""行业 — the group by which warnings are counted: the division of an industry's code."""

from __future__ import annotations

import re

_CODE = re.compile(r"([A-T]?)(\d{2})\d{0,2}|([A-T])", re.ASCII)


def group_of(code: str | None) -> str | None:
    """行业分析按大类 (两位代码) 归并, 只有门类的按门类; 不是行业代码的, 归入行业不明 (返回空).

    C3259, 3259 and C32 are all of 32.
    """
    found = _CODE.fullmatch(code or "")
    return (found[2] or found[3]) if found else None
