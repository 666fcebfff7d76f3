"""Twelve quarters of one enterprise: red where something was overdue, for how many things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

SHOWN = 12


def strip(warnings: Iterable[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    """The last twelve quarters, the oldest first.

    A warning counts in every quarter in which it stood red, if only for a day; a quarter in
    which none stood is green.
    """
    spans = [
        (date.fromisoformat(one["turned_red_on"]), _day(one["cleared_on"]) or date.max)
        for one in warnings
    ]
    shown = []
    for first, last in _quarters(today):
        stood = sum(1 for begin, end in spans if begin <= last and end > first)
        shown.append(
            {
                "label": f"{first.year} Q{(first.month + 2) // 3}",
                "colour": "red" if stood else "green",
                "text": str(stood) if stood else "0",
            }
        )
    return shown


def _quarters(today: date) -> list[tuple[date, date]]:
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    found = []
    end = today
    for _ in range(SHOWN):
        found.append((first, end))
        end = date.fromordinal(first.toordinal() - 1)
        first = date(end.year, 3 * ((end.month - 1) // 3) + 1, 1)
    return found[::-1]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
