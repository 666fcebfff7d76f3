"""The words of the registry: what a source states, and what came of stating it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.events.registry import (
    DutyRecord,
    EnterpriseStatus,
    ObjectKind,
    ObjectStatus,
)


class RowKind(StrEnum):
    """What one row of a table describes."""

    ENTERPRISE = "enterprise"  # 企业
    PRODUCT = "product"  # 产品
    EQUIPMENT = "equipment"  # 特种设备
    INSTRUMENT = "instrument"  # 强检计量器具
    OPERATOR = "operator"  # 作业人员证
    LICENCE = "licence"  # 许可证

    @property
    def falls_due(self) -> bool:
        """Whether it owes duties, so that others must hear of it."""
        return self not in (RowKind.ENTERPRISE, RowKind.PRODUCT)


class EnterpriseFacts(NamedTuple):
    """What one row states of an enterprise. None: the row says nothing of it.

    A named tuple, as are the others here: an import makes a hundred thousand of them.
    """

    key: str | None
    uscc: str | None
    organisation_code: str | None
    registration_number: str | None
    name: str | None
    division: str | None
    address: str | None
    status: EnterpriseStatus | None
    email: str | None
    officer: str | None


class ObjectFacts(NamedTuple):
    """What one row states of something that can fall due."""

    kind: ObjectKind
    key: str
    number: str | None
    class_code: str
    label: str
    division: str
    address: str | None
    status: ObjectStatus
    commissioned_on: date | None
    traits: tuple[str, ...]
    maker: str | None
    filing_number: str | None
    records: tuple[DutyRecord, ...]
    owner: EnterpriseFacts


class ProductFacts(NamedTuple):
    """What one row states of a product. It owes nothing: kept, not announced."""

    key: str
    name: str
    class_code: str | None
    owner: EnterpriseFacts


Thing = ObjectFacts | ProductFacts | EnterpriseFacts


@dataclass(frozen=True)
class RowError:
    """Why a row did not go in, or (as a finding) what a person should look at.

    *code* never changes; *reason* and *right* are Chinese, for a clerk.
    """

    line: int
    column: str
    value: str
    code: str
    reason: str
    right: str = ""


@dataclass(frozen=True)
class Progress:
    """How far an import has come. *share* is between 0 and 1 within its stage."""

    stage: str  # reading, settling, announcing
    rows: int
    share: float


class Outcome(StrEnum):
    """What an import did to the registry."""

    IMPORTED = "imported"  # 已导入
    REFUSED = "refused"  # 整批退回: 有错误行, 且要求全部正确
    CHECKED = "checked"  # 仅检查, 未写入


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """Every row is exactly one of new, changed, same, wrong.

    *errors* and *findings* keep the first 10,000 each; *wrong* counts rows, *suspicious*
    counts findings, kept or not. *sheet* is the one of a workbook that was read.
    """

    outcome: Outcome
    run_id: UUID | None
    rows: int
    new: int
    changed: int
    same: int
    wrong: int
    suspicious: int
    errors: tuple[RowError, ...]
    findings: tuple[RowError, ...]
    sheet: str | None = None
