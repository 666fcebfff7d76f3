"""Whose rows a caller may see: division codes, checked where the data are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

EVERYTHING = "*"


class ScopeBroken(ValueError):
    """A scope that names no division."""


@dataclass(frozen=True)
class Scope:
    """Divisions of GB/T 2260. A province's or a city's code covers what lies in it."""

    codes: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Scope:
        """From `610303,610302`, a city's `610300`, or `*` (the installation's own operators)."""
        codes = frozenset(code.strip() for code in text.split(",") if code.strip())
        for code in codes - {EVERYTHING}:
            if len(code) != 6 or not code.isascii() or not code.isdigit():
                raise ScopeBroken(f"{code!r} is not a six-digit division code")
        if not codes:
            raise ScopeBroken("a scope names at least one division")
        return cls(codes)

    def covers(self, division: str) -> bool:
        """Whether a row of that division may be seen."""
        return any(
            code == EVERYTHING or division.startswith(_stem(code)) for code in self.codes
        )

    def clause(self, column: Any) -> ColumnElement[bool]:
        """The same as a condition on a column."""
        if EVERYTHING in self.codes:
            return true()
        return or_(false(), *(column.startswith(_stem(code)) for code in sorted(self.codes)))


def _stem(code: str) -> str:
    """What the codes of all divisions inside it begin with."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code
