"""曾用名 — the names that an enterprise had, as one cell of a source states them.

企业名称由汉字组成 (企业名称登记管理规定 2020 第五条): a mark of punctuation stands between names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

BETWEEN = "、"
_ENDS = re.compile(r"[;；、，|\n]")


def packed(text: str) -> str | None:
    """一格里的几个曾用名, 各记一次; 空格里没有."""
    names = (" ".join(piece.split()) for piece in _ENDS.split(text))
    return BETWEEN.join(dict.fromkeys(name for name in names if name)) or None


def unpacked(words: str | None) -> tuple[str, ...]:
    """Each of them."""
    return tuple(words.split(BETWEEN)) if words else ()


def together(*some: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the order in which they come."""
    return tuple(dict.fromkeys(name for names in some for name in names))
