"""The words for a status: ours, and the Chinese ones that every source uses."""

from __future__ import annotations

from collections.abc import Mapping

from services.events.registry import EnterpriseStatus, ObjectStatus
from services.registry.model import RowKind

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


def words_of(
    kind: RowKind, field: str
) -> Mapping[str, EnterpriseStatus] | Mapping[str, ObjectStatus]:
    """The words that a status field can have."""
    return ENTERPRISE if kind is RowKind.ENTERPRISE or field == "owner.status" else OBJECT
