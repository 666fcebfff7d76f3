"""The Chinese words of an explanation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.credit.model import State
from services.credit.rules.records.showing import DUTIES
from services.events.credit import EscalatedTo, RecordKind
from services.events.inspection import ClearedBy
from services.events.registry import DutyKind

LABELS: Mapping[str, str] = {
    State.DRAFTED: "待审核",
    State.PUBLISHED: "已公布",
    State.PROPOSED: "已提出升级建议",
    State.ESCALATED: "已升级",
    State.CORRECTED: "已改正",
    State.WITHDRAWN: "已撤销",
    EscalatedTo.BLACKLIST: "黑名单信息",
    EscalatedTo.SAFETY_ALERT: "质量安全预警信息",
    ClearedBy.DONE: "已检验合格",
    ClearedBy.OUT_OF_SERVICE: "已停用、报废、移装或注销",
    ClearedBy.CORRECTED_DATA: "原数据有误,已更正",
    **{duty.value: label for duty, label in DUTIES.items()},
    DutyKind.REVIEW: "证书复审",  # there it stands after the kind of thing, here alone
    DutyKind.RENEWAL: "证照换发",
}

NAMES: dict[RecordKind, str] = {
    RecordKind.BAD_INFORMATION: "不良信息",
    RecordKind.PENALTY: "行政处罚信息",
    RecordKind.SERIOUS_LIST: "严重违法失信名单信息",
    RecordKind.SAFETY_ALERT: "质量安全预警信息",
    RecordKind.DEMONSTRATION: "示范信息",
    RecordKind.QUALIFICATION: "资质信息",
}

SENTENCES: dict[str, str] = {
    "draft": "拟制不良信息,待信息协调中心审核",
    "publish": "公布不良信息,改正期限至{last_day}届满",
    "fixterm": "节假日安排已公布,改正期限确定至{last_day}届满",
    "escalate": "期满仍未改正,升级为{to}",
    "propose": "期满仍未改正,建议升级为{to},待依法定程序决定",
    "lift": "解除{to}: {because}",
    "correct": "已于{on}改正,{timely}",
    "withdraw": "撤销不良信息: {because}",
}


def sentence(what: str, on: date, by: str | None, particulars: dict[str, Any]) -> str:
    """One step in one sentence: `2014-03-03 公布不良信息,改正期限至2014-03-18届满 (张三)`."""
    filled = SENTENCES[what].format_map(
        particulars
        | {
            "to": LABELS.get(particulars.get("to", ""), ""),
            "timely": "按期" if particulars.get("in_time") else "逾期",
        }
    )
    return f"{on} {filled}" + (f" ({by})" if by else "")
