"""行业: the code of an enterprise's industry. Only its form is looked at here."""

from __future__ import annotations

import re

from services.registry.rules.verdict import Verdict, eaten, ok, plain, suspicious

_INDUSTRY = re.compile(r"[A-T]?\d{2,4}|[A-T]", re.ASCII)


def industry(text: str) -> Verdict:
    """国民经济行业代码 (GB/T 4754-2017): 门类 A 至 T, 大类两位、中类三位、小类四位."""
    code = plain(text)
    if lost := eaten(code):
        return lost
    if _INDUSTRY.fullmatch(code):
        return ok(code)
    return suspicious(
        "", "industry_form", "不是国民经济行业代码,未采用", "例: C3415 或 3415 (GB/T 4754)"
    )
