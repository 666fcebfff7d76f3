"""每日研判存证 — the chain of daily lines: each one seals the one before it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from services.inspection.model import DayLine

BEFORE_THE_FIRST = "0" * 64
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Fault:
    """A place where the chain does not hold."""

    number: int
    on: date
    code: str
    detail: str


def canonical(line: DayLine) -> str:
    """The line as it is sealed: JSON with sorted keys and no blanks, all but its own hash."""
    body: dict[str, Any] = asdict(line)
    del body["hash"]
    body["on"] = line.on.isoformat()
    body["attested_at"] = line.attested_at.astimezone(UTC).isoformat()
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def seal(line: DayLine) -> DayLine:
    """The line with its hash: SHA-256, hex, over it and the hash of the line before."""
    return replace(line, hash=sha256(canonical(line).encode()).hexdigest())


def says_the_same(line: DayLine, other: DayLine) -> bool:
    """Whether two lines tell the same of the same day; such a line is not written again."""
    return _told(line) == _told(other)


def faults(lines: Iterable[DayLine]) -> list[Fault]:
    """What does not hold in a chain that is given from its first line on, in order."""
    found = []
    expected, number = BEFORE_THE_FIRST, 0
    for line in lines:
        number += 1
        if line.number != number:
            found.append(_fault(line, "line_missing", f"第{number}号起缺少存证行"))
            number = line.number
        elif line.previous_hash != expected:
            found.append(_fault(line, "link_broken", "与上一行的哈希值不相连"))
        if seal(line).hash != line.hash:
            found.append(_fault(line, "line_altered", "内容与其哈希值不符"))
        expected = line.hash
    return found


def _told(line: DayLine) -> DayLine:
    return replace(line, number=0, run=0, attested_at=_NEVER, previous_hash="", hash="")


def _fault(line: DayLine, code: str, detail: str) -> Fault:
    return Fault(line.number, line.on, code, detail)
