"""合并规则 — which of two files stands for both, and what a merge needs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Side:
    """What is looked at of an enterprise that may be the same as another."""

    id: UUID
    uscc: str | None
    active: bool
    has: int  # how many objects and products are recorded for it
    keys: int  # under how many keys sources know it


class NotMergeable(Exception):
    """The two cannot be merged so. *code* never changes; the words say what would be right."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


def stands_for_both(one: Side, other: Side) -> UUID:
    """保留哪份档案: 有统一社会信用代码的在先, 其次存续的, 其次对象多的, 其次来源多的.

    A proposal only: the person who merges may choose the other one.
    """
    return max((one, other), key=_weight).id


def _weight(side: Side) -> tuple[bool, bool, int, int, str]:
    return (side.uscc is not None, side.active, side.has, side.keys, str(side.id))


def check(survivor: Side, merged: Side, *, reason: str | None) -> None:
    """两个不同的统一社会信用代码是两个主体 (GB 32100: 一主体一代码), 合并须说明理由.

    Raises NotMergeable.
    """
    if survivor.id == merged.id:
        raise NotMergeable("same_enterprise", "这两个编号已经是同一份档案,无需合并")
    if survivor.uscc and merged.uscc and survivor.uscc != merged.uscc and not reason:
        raise NotMergeable(
            "reason_needed",
            f"两份档案的统一社会信用代码不同({survivor.uscc}、{merged.uscc}),"
            "依 GB 32100 一个主体只有一个代码;确属同一企业(如代码登记有误),请填写理由后合并",
        )
