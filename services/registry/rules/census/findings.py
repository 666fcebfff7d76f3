"""普查发现的数据问题, one object at a time. The store asks the same of all at once."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from services.chassis.policy import Policy
from services.registry.rules.census.words import Finding

_TABLE = Path(__file__).parents[2] / "data" / "operators_needed.csv"


@dataclass(frozen=True)
class Demands:
    """What a record must say on a day. Class codes are told by what they begin with.

    *unknown*: what people write where they do not know. *not_installed*, *not_registered*:
    equipment that is not notified before its installation, or has no use registration of
    its own. *operated*: equipment that only a certified person may operate.
    """

    unknown: tuple[str, ...]
    not_installed: tuple[str, ...]
    not_registered: tuple[str, ...]
    operated: tuple[str, ...]

    @classmethod
    def on(cls, day: date, policy: Policy) -> Demands:
        words = policy.table("census_unknown_words", on=day)
        return cls(
            unknown=("", *(str(row["word"]) for row in words)),
            not_installed=_codes(policy.table("census_not_installed", on=day)),
            not_registered=_codes(policy.table("census_not_registered", on=day)),
            operated=tuple(need.class_code for need in _needs() if need.holds(day)),
        )


@dataclass(frozen=True)
class _Need:
    class_code: str
    valid_from: date
    valid_until: date | None

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@cache
def _needs() -> tuple[_Need, ...]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            _Need(
                row["class_code"],
                date.fromisoformat(row["valid_from"]),
                date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            )
            for row in csv.DictReader(file)
        )


def of_equipment(
    class_code: str,
    *,
    maker: str | None,
    installation_filing: str | None,
    filing_number: str | None,
    demands: Demands,
) -> list[Finding]:
    """在用设备没有制造单位的, 没有安装告知(备案)的, 没有使用登记的, 列为数据问题.

    已办使用登记的不再问安装告知: 办理使用登记须先有安装告知 (TSG 08-2017, 凭记忆).
    """
    found = []
    unregistered = unknown(filing_number, demands)
    if unknown(maker, demands):
        found.append(Finding.MAKER)
    if (
        unregistered
        and unknown(installation_filing, demands)
        and not class_code.startswith(demands.not_installed)
    ):
        found.append(Finding.FILING)
    if unregistered and not class_code.startswith(demands.not_registered):
        found.append(Finding.REGISTRATION)
    return found


def unknown(text: str | None, demands: Demands) -> bool:
    """空白和“不详”一类的词都是不知道."""
    return (text or "").strip() in demands.unknown


def needs_operator(class_codes: Iterable[str], demands: Demands) -> bool:
    """单位有一台须持证操作的在用设备, 就要有持证的作业人员."""
    return any(code.startswith(demands.operated) for code in class_codes)


def user_missing(*, leased: bool, user: str | None, demands: Demands) -> bool:
    """使用人与产权人不一致的(如租用厂房), 要写明使用人: 由使用人履行检验义务."""
    return leased and unknown(user, demands)


def _codes(rows: Iterable[dict[str, object]]) -> tuple[str, ...]:
    return tuple(str(row["class_code"]) for row in rows)
