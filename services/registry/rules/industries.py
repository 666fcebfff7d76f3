"""行业: the code of an enterprise's industry, held against the classification in force."""

from __future__ import annotations

import re
from datetime import date

from services.registry.rules.reference import Edition
from services.registry.rules.verdict import Verdict, eaten, ok, plain, suspicious

_INDUSTRY = re.compile(r"([A-T]?)(\d{2,4})|([A-T])", re.ASCII)
_EXAMPLE = "例: C3415 或 3415 (GB/T 4754)"


def industry(text: str, *, edition: Edition, today: date) -> Verdict:
    """国民经济行业代码 (GB/T 4754-2017): 门类 A 至 T, 大类两位、中类三位、小类四位.

    表中只有门类和大类: 中类和小类只核对其大类.
    """
    code = plain(text)
    if lost := eaten(code):
        return lost
    found = _INDUSTRY.fullmatch(code)
    if not found:
        return suspicious("", "industry_form", "不是国民经济行业代码,未采用", _EXAMPLE)
    letter, digits = found[1] or found[3], found[2]
    division = edition.at(digits[:2], today) if digits else None
    if digits and division is None:
        return suspicious(code, "industry_unknown", f"没有大类 {digits[:2]}", _EXAMPLE)
    if division is not None and letter and division.more["parent"] != letter:
        belongs = f"{division.code} {division.name}属于门类 {division.more['parent']}"
        return suspicious(code, "industry_section", f"{belongs}, 不是 {letter}", _EXAMPLE)
    return ok(code)
