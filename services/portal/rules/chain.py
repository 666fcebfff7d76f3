"""The audit's chain: each line's hash covers the line and the hash before it.

A line that was changed, removed from the middle or put in between shows at its place. Lines
cut off at the end show against a hash that somebody wrote down outside (`bianque audit`
prints the last one).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256

FIRST = "0" * 64


def link(before: str, line: Mapping[str, str | int]) -> str:
    """The hash of a line that follows the one with the hash *before*."""
    text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(f"{before}\n{text}".encode()).hexdigest()


def broken_at(lines: Iterable[tuple[Mapping[str, str | int], str]]) -> int | None:
    """The position of the first line that does not follow from those before it.

    *lines*: each line with the hash it was kept with, oldest first; positions count from 1
    without a gap.
    """
    before, expected = FIRST, 1
    for line, kept in lines:
        if line["position"] != expected or link(before, line) != kept:
            return expected
        before, expected = kept, expected + 1
    return None
