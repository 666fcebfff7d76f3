"""普查覆盖率: surveyed ÷ planned, by any cut of the city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_COUNTS = ("planned", "surveyed", "not_found", "refused")
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Share:
    """How far the census has come in one cut. *percent* None: nothing was planned there."""

    key: str
    planned: int
    surveyed: int
    not_found: int
    refused: int

    @property
    def left(self) -> int:
        """计划内尚未普查的数量; 超出计划的不抵其他网格的欠账."""
        return max(self.planned - self.surveyed, 0)

    @property
    def percent(self) -> Decimal | None:
        return percent(self.surveyed, self.planned)


def percent(surveyed: int, planned: int) -> Decimal | None:
    """覆盖率 = 已普查数 ÷ 计划数, 保留一位小数, 四舍五入; 没有计划的没有覆盖率."""
    if planned == 0:
        return None
    return (Decimal(100) * surveyed / planned).quantize(_TENTH, ROUND_HALF_UP)


def shares(cells: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Share]:
    """Cells of one key come together; in the order of the keys."""
    summed: dict[str, Counter[str]] = {}
    for key, counts in cells:
        summed.setdefault(key, Counter()).update({name: counts[name] for name in _COUNTS})
    return [
        Share(key, *(counts[name] for name in _COUNTS))
        for key, counts in sorted(summed.items())
    ]
