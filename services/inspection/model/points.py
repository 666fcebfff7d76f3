"""关键质量信息点 — the words of the information points and what is told of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.inspection.model import Colour, ColourCounts


class Point(StrEnum):
    """The eleven classes of key quality information of the platform."""

    LICENSING = "licensing"  # 行政许可
    SUPERVISION = "supervision"  # 日常监管
    SAMPLING = "sampling"  # 监督抽查
    ENFORCEMENT = "enforcement"  # 执法办案
    COMPLAINTS = "complaints"  # 质量投诉
    ANALYSIS = "analysis"  # 预警分析
    CREDIT = "credit"  # 诚信体系
    WORK = "work"  # 工作督察
    INTERFACES = "interfaces"  # 数据接口
    NOTICES = "notices"  # 质监通
    SETTINGS = "settings"  # 系统设置


class Measure(StrEnum):
    """What the two thresholds of a point are compared with."""

    DAYS_LEFT = "days_left"  # 距期限的天数
    MINUTES_WAITING = "minutes_waiting"  # 等待的分钟数
    RED_PERCENT = "red_percent"  # 红色占比
    ALARMS = "alarms"  # 告警个数


@dataclass(frozen=True, kw_only=True)
class RiskSetting:
    """How one point turns yellow and red; see policy information_points."""

    point: Point
    label: str
    measure: Measure
    yellow: int
    red: int


@dataclass(frozen=True)
class Figure:
    """A number that a point shows beside its colours, with its name for people."""

    name: str
    label: str
    number: int


@dataclass(frozen=True, kw_only=True)
class PointState:
    """How one point stands: what is counted there by colour, and further figures."""

    setting: RiskSetting
    counts: ColourCounts
    figures: tuple[Figure, ...]

    @property
    def colour(self) -> Colour:
        """The worst colour that anything has; nothing counted: grey."""
        if self.counts.red:
            return Colour.RED
        if self.counts.yellow:
            return Colour.YELLOW
        return Colour.GREEN if self.counts.green else Colour.GREY
