"""What the registry announces: the base data, as they now stand."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from services.events.contract import Audience, Event


class EnterpriseStatus(StrEnum):
    """企业状态."""

    ACTIVE = "active"  # 存续
    CLOSED = "closed"  # 注销或吊销
    MOVED = "moved"  # 迁出


class ObjectKind(StrEnum):
    """What can fall due."""

    EQUIPMENT = "equipment"  # 特种设备
    INSTRUMENT = "instrument"  # 强检计量器具
    OPERATOR = "operator"  # 作业人员证
    LICENCE = "licence"  # 许可证


class ObjectStatus(StrEnum):
    """对象状态. Only what is in use can fall due."""

    IN_USE = "in_use"  # 在用
    STOPPED = "stopped"  # 停用
    SCRAPPED = "scrapped"  # 报废
    MOVED = "moved"  # 移装或过户
    CLOSED = "closed"  # 注销


class DutyKind(StrEnum):
    """What an object owes, again and again."""

    INSPECTION = "inspection"  # 定期检验
    SELF_CHECK = "selfcheck"  # 年度自行检查
    SELF_TEST = "selftest"  # 自行检测
    VERIFICATION = "verification"  # 强制检定
    REPLACEMENT = "replace"  # 到期轮换
    REVIEW = "review"  # 证书复审
    RENEWAL = "renewal"  # 证照换发
    INTERNAL = "internal"  # 内部检验
    PRESSURE_TEST = "pressuretest"  # 水(耐)压试验
    ANNUAL = "annual"  # 年度检验
    MAINTENANCE = "maintenance"  # 维护保养
    SURVEILLANCE = "surveillance"  # 获证后监督


@dataclass(frozen=True, kw_only=True)
class DutyRecord:
    """The last accepted record of one duty, as the sources state it."""

    duty: DutyKind
    done_on: Annotated[date | None, "上次合格完成日期; null: none is known"]
    stated_due_on: Annotated[
        date | None, "检验机构或发证机关载明的下次到期日; it goes before any cycle"
    ]
    cycle_months: Annotated[int | None, "来源载明的周期(月); null: the rule set decides"]


class EnterpriseRecorded(Event, announced_by="registry", version=1, audience=Audience.AGENCIES):
    """企业档案已登记或变更. The whole of what others may know of an enterprise."""

    enterprise_id: UUID
    revision: Annotated[int, "grows with every change of this enterprise; the highest holds"]
    name: str
    uscc: Annotated[str | None, "统一社会信用代码, 18 characters"]
    division: Annotated[str, "行政区划代码, six digits, e.g. 610303"]
    status: EnterpriseStatus
    industry: Annotated[str | None, "国民经济行业代码 (GB/T 4754), e.g. C32; null: not known"]


class ContactRecorded(Event, announced_by="registry", version=1):
    """企业联系方式已登记或变更. Stays inside the bureau."""

    enterprise_id: UUID
    revision: int
    email: Annotated[str | None, "where the enterprise wants its notices"]
    officer: Annotated[str | None, "监管责任人的账号"]


class ObjectRecorded(Event, announced_by="registry", version=1):
    """监管对象已登记或变更: an equipment, an instrument, a certificate or a licence."""

    object_id: UUID
    revision: Annotated[int, "grows with every change of this object; the highest holds"]
    kind: ObjectKind
    class_code: Annotated[
        str, "设备目录代码、检定规程号或证照类别, e.g. 3100, JJG539, TSGZ6001"
    ]
    label: Annotated[str, "how people call it; never a resident's identity number"]
    enterprise_id: UUID
    division: str
    status: ObjectStatus
    commissioned_on: Annotated[date | None, "投入使用日期"]
    traits: Annotated[tuple[str, ...], "conditions that the cycle depends on, e.g. grade 3"]
    records: tuple[DutyRecord, ...]


class EnterprisesMerged(Event, announced_by="registry", version=1, audience=Audience.AGENCIES):
    """两份企业档案经人工确认为同一企业: the merged one stands under the survivor from now on.

    Events keep naming an enterprise by the id that a fact was recorded for. Who shows facts
    gathers those of the merged one under the survivor, until the merge is undone.
    """

    merge_id: UUID
    revision: Annotated[
        int, "grows with every change of where the merged one stands; the highest holds"
    ]
    survivor_id: Annotated[UUID, "the enterprise that stands for both"]
    merged_id: Annotated[UUID, "the id that goes on to be answered, with the survivor's file"]
    since: Annotated[date, "合并日期"]

    @property
    def stands_under(self) -> UUID | None:
        """Whom the merged one is shown under from now on."""
        return self.survivor_id


class MergeUndone(Event, announced_by="registry", version=1, audience=Audience.AGENCIES):
    """企业档案的合并已撤销: both stand for themselves again, each with what is its own."""

    merge_id: UUID
    revision: Annotated[
        int, "grows with every change of where the merged one stands; the highest holds"
    ]
    survivor_id: UUID
    merged_id: UUID
    since: Annotated[date, "撤销日期"]

    @property
    def stands_under(self) -> UUID | None:
        """Nobody any more."""
        return None
