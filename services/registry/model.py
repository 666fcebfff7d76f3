"""The words of the registry: what a source states, and what came of stating it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
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
    STANDARD = "standard"  # 标准
    EQUIPMENT = "equipment"  # 特种设备
    INSTRUMENT = "instrument"  # 强检计量器具
    OPERATOR = "operator"  # 作业人员证
    LICENCE = "licence"  # 许可证

    @property
    def falls_due(self) -> bool:
        """Whether it owes duties, so that others must hear of it."""
        return self not in (RowKind.ENTERPRISE, RowKind.PRODUCT, RowKind.STANDARD)


class EnterpriseSize(StrEnum):
    """企业规模 (统计上大中小微型企业划分办法)."""

    LARGE = "large"  # 大型
    MEDIUM = "medium"  # 中型
    SMALL = "small"  # 小型
    MICRO = "micro"  # 微型


class StandardLevel(StrEnum):
    """标准的层级 (标准化法第二条)."""

    NATIONAL = "national"  # 国家标准
    INDUSTRY = "industry"  # 行业标准
    LOCAL = "local"  # 地方标准
    GROUP = "group"  # 团体标准
    ENTERPRISE = "enterprise"  # 企业标准


class StandardPart(StrEnum):
    """企业与标准的关系."""

    FILED = "filed"  # 制定并备案
    LED = "led"  # 主持起草
    JOINED = "joined"  # 参与起草


class StandardStatus(StrEnum):
    """标准的状态."""

    IN_FORCE = "in_force"  # 现行
    WITHDRAWN = "withdrawn"  # 废止


class EnterpriseFacts(NamedTuple):
    """What one row states of an enterprise. None: the row says nothing of it.

    *former_names*: packed (rules/former_names.py), with those given up last in front.
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
    grid: str | None = None
    industry: str | None = None
    size: str | None = None
    phone: str | None = None
    legal_representative: str | None = None
    group_name: str | None = None
    former_names: str | None = None


class ObjectFacts(NamedTuple):
    """What one row states of something that can fall due.

    *owner* is who uses it and owes its duties, *proprietor* who owns it, where that is said.
    *filing_number* is of the use registration, *installation_filing* of the notice before
    the installation.
    *holder* and *phone* are a person's, in full; *label* and everything said of it hide them.
    """

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
    grid: str | None = None
    status_since: date | None = None
    holder: str | None = None
    phone: str | None = None
    installation_filing: str | None = None
    proprietor: EnterpriseFacts | None = None


class ProductFacts(NamedTuple):
    """What one row states of a product. It owes nothing: kept, not announced."""

    key: str
    name: str
    class_code: str | None
    owner: EnterpriseFacts


class StandardFacts(NamedTuple):
    """What one row states of a standard that an enterprise filed or had a part in."""

    key: str
    number: str
    name: str
    level: StandardLevel
    part: StandardPart
    filed_on: date | None
    valid_until: date | None
    status: StandardStatus
    owner: EnterpriseFacts


Thing = ObjectFacts | ProductFacts | StandardFacts | EnterpriseFacts


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


class Change(NamedTuple):
    """Who changes records, from which source, when and why. An import's id is its run's."""

    id: UUID
    source: str
    made_by: str
    reason: str | None
    made_at: datetime


class CandidateState(StrEnum):
    """What became of two files that may be of one enterprise."""

    PROPOSED = "proposed"  # 待人工判断
    MERGED = "merged"  # 已合并
    KEPT_APART = "apart"  # 判为两家


class Outcome(StrEnum):
    """What an import did to the registry."""

    IMPORTED = "imported"  # 已导入
    REFUSED = "refused"  # 整批退回: 有错误行, 且要求全部正确
    CHECKED = "checked"  # 仅检查, 未写入


class JobState(StrEnum):
    """How an import stands that was asked for."""

    WAITING = "waiting"  # 等待
    RUNNING = "running"  # 进行中
    DONE = "done"  # 已完成
    REFUSED = "refused"  # 已退回: 文件不是表格, 或有错误行而要求全部正确
    FAILED = "failed"  # 未能完成


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """Every row is exactly one of new, changed, same, wrong, skipped.

    *errors* and *findings* keep the first 10,000 each; *wrong* counts rows, *suspicious*
    counts findings, kept or not. *sheet* is the one of a workbook that was read.
    *skips* tells by which conditions of the mapping rows were skipped.
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
    skipped: int = 0
    skips: Mapping[str, int] = field(default_factory=dict)
