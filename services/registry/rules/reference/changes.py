"""What a newer edition changes, said before it takes effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.registry.rules.reference.edition import Edition, Entry


class ChangeKind(StrEnum):
    """What happens to a code."""

    NEW = "new"  # 新增
    ENDED = "ended"  # 停用
    RENAMED = "renamed"  # 改名
    AMENDED = "amended"  # 其他栏目变更


@dataclass(frozen=True)
class Change:
    """One code under the newer edition, as it differs from the one before."""

    kind: ChangeKind
    code: str
    name: str
    was: str = ""
    until: date | None = None
    successor: str | None = None


def changes(before: Edition, after: Edition, *, on: date) -> Iterator[Change]:
    """新版与现行版逐个代码比较: 自生效之日起新增、停用、改名或作其他变更的."""
    for code in sorted({*before.codes, *after.codes}):
        old, new = before.at(code, on), after.at(code, on)
        if old is None:
            if new is not None:
                yield Change(ChangeKind.NEW, code, new.name)
        elif new is None or (new.valid_until is not None and old.valid_until is None):
            yield _ended(old, new or after.known(code, on))
        elif new.name != old.name:
            yield Change(ChangeKind.RENAMED, code, new.name, was=old.name)
        elif _told(new) != _told(old):
            yield Change(ChangeKind.AMENDED, code, new.name)


def _ended(old: Entry, new: Entry | None) -> Change:
    """A code that the newer edition does not even name ends without a successor."""
    if new is None:
        return Change(ChangeKind.ENDED, old.code, old.name)
    return Change(
        ChangeKind.ENDED,
        old.code,
        old.name,
        until=new.valid_until,
        successor=new.successor,
    )


def _told(entry: Entry) -> tuple[object, ...]:
    return (entry.valid_from, entry.valid_until, entry.successor, dict(entry.more))
