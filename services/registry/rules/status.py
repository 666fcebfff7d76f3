"""The words of fields that have few: ours, and the Chinese ones that every source uses."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from services.events.registry import EnterpriseStatus, ObjectStatus
from services.registry.model import (
    EnterpriseSize,
    RowKind,
    StandardLevel,
    StandardPart,
    StandardStatus,
)

ENTERPRISE: Mapping[str, EnterpriseStatus] = {
    **{status.value: status for status in EnterpriseStatus},
    "存续": EnterpriseStatus.ACTIVE,
    "在业": EnterpriseStatus.ACTIVE,
    "注销": EnterpriseStatus.CLOSED,
    "吊销": EnterpriseStatus.CLOSED,
    "迁出": EnterpriseStatus.MOVED,
}
OBJECT: Mapping[str, ObjectStatus] = {
    **{status.value: status for status in ObjectStatus},
    "在用": ObjectStatus.IN_USE,
    "停用": ObjectStatus.STOPPED,
    "报废": ObjectStatus.SCRAPPED,
    "移装": ObjectStatus.MOVED,
    "过户": ObjectStatus.MOVED,
    "注销": ObjectStatus.CLOSED,
}


STANDARD: Mapping[str, StandardStatus] = {
    **{status.value: status for status in StandardStatus},
    "现行": StandardStatus.IN_FORCE,
    "有效": StandardStatus.IN_FORCE,
    "废止": StandardStatus.WITHDRAWN,
}
SIZE: Mapping[str, EnterpriseSize] = {
    **{size.value: size for size in EnterpriseSize},
    "大型": EnterpriseSize.LARGE,
    "中型": EnterpriseSize.MEDIUM,
    "小型": EnterpriseSize.SMALL,
    "微型": EnterpriseSize.MICRO,
}
LEVEL: Mapping[str, StandardLevel] = {
    **{level.value: level for level in StandardLevel},
    "国家标准": StandardLevel.NATIONAL,
    "行业标准": StandardLevel.INDUSTRY,
    "地方标准": StandardLevel.LOCAL,
    "团体标准": StandardLevel.GROUP,
    "企业标准": StandardLevel.ENTERPRISE,
}
PART: Mapping[str, StandardPart] = {
    **{part.value: part for part in StandardPart},
    "制定": StandardPart.FILED,
    "备案": StandardPart.FILED,
    "主持": StandardPart.LED,
    "参与": StandardPart.JOINED,
}


def words_of(kind: RowKind, field: str) -> Mapping[str, StrEnum] | None:
    """The words that a field can have; None: it has no list of words."""
    whose, _, name = field.rpartition(".")
    if name == "status":
        if kind is RowKind.ENTERPRISE or whose:
            return ENTERPRISE
        return STANDARD if kind is RowKind.STANDARD else OBJECT
    return {"size": SIZE, "level": LEVEL, "part": PART}.get(name)
