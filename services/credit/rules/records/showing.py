"""给公众看的 — what of a record anybody may read: allow-listed, screened, with its grounds.

Fails closed: whatever is doubtful is not shown. This is looked at again at every reading,
whatever was decided at publication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from services.chassis.policy import Policy
from services.credit.model import OPEN, BadInformation, Record, Red, State
from services.credit.rules.privacy import screen
from services.credit.rules.records.grounds import missing
from services.credit.rules.records.publishing import findings
from services.events.credit import RecordClass, RecordKind, RecordSource, Severity
from services.events.registry import DutyKind, ObjectKind

NOTICE = "没有记录不等于合格证明。本页只载明在公示期内的信息。"
REMEDY = (
    "对公示内容有异议的,可以提出异议、更正或者纠错;符合条件的,可以申请信用修复;"
    "企业可以在信息旁作出回应。"
)
RIGHT = "已按期改正的注明改正;不服的可以提出异议,由信息协调中心复核。"
KINDS = {
    ObjectKind.EQUIPMENT: "特种设备",
    ObjectKind.INSTRUMENT: "强检计量器具",
    ObjectKind.OPERATOR: "作业人员证书",
    ObjectKind.LICENCE: "许可证",
}
DUTIES = {
    DutyKind.INSPECTION: "定期检验",
    DutyKind.SELF_CHECK: "年度自行检查",
    DutyKind.SELF_TEST: "自行检测",
    DutyKind.VERIFICATION: "强制检定",
    DutyKind.REPLACEMENT: "到期轮换",
    DutyKind.REVIEW: "复审",
    DutyKind.RENEWAL: "换发",
    DutyKind.INTERNAL: "内部检验",
    DutyKind.PRESSURE_TEST: "水(耐)压试验",
    DutyKind.ANNUAL: "年度检验",
    DutyKind.MAINTENANCE: "维护保养",
    DutyKind.SURVEILLANCE: "获证后监督",
}
Shown = dict[str, Any]


def shown_record(
    record: Record, *, own: Sequence[str | None], today: date, policy: Policy
) -> Shown | None:
    """公示期内、前提在案、未见个人信息的记录,按各类允许的字段公示;其余一律不公示."""
    if not record.is_public or record.published_on is None or record.blocked_on is not None:
        return None
    if record.periods.until is not None and today > record.periods.until:
        return None
    if record.annulled_on is not None:
        return None
    if missing(record, today=record.published_on, policy=policy):
        return None
    if findings(record, own=own, on=today, policy=policy):
        return None
    return _allowed(_everything(record), record.record_class, on=today, policy=policy)


def shown_bad_information(
    entry: BadInformation,
    red: Red | None,
    *,
    own: Sequence[str | None],
    today: date,
    policy: Policy,
    under_objection: bool = False,
    reply: str | None = None,
    replied_on: date | None = None,
) -> Shown | None:
    """红色预警升级的不良信息公示对象和事项;作业人员不公示;已改正的注明,公示期满不再公示."""
    if red is None or not is_shown(entry, today=today, policy=policy):
        return None
    until = shown_until(entry, policy=policy)
    everything = {
        "kind": RecordKind.BAD_INFORMATION.value,
        "severity": Severity.SLIGHT.value,
        "source": RecordSource.SUPERVISION.value,
        "content": words_of(red, own=own, today=today, policy=policy),
        "basis": "红色预警: 法定的检验、检定或者换证到期未完成",
        "authority": bureau_of(entry.division, on=today, policy=policy),
        "decided_on": entry.published_on,
        "published_on": entry.published_on,
        "public_until": until,
        "corrected_on": entry.corrected_on,
        "under_objection": under_objection,
        "remedy": RIGHT,
    }
    if reply and not screen(policy, on=today).findings({"reply": reply}, own=own):
        everything |= {"reply": reply, "replied_on": replied_on}
    return _allowed(everything, RecordClass.DISHONESTY, on=today, policy=policy)


def shown_escalation(
    entry: BadInformation, red: Red | None, kind: RecordKind, started_on: date, **known: Any
) -> Shown | None:
    """期满未改正而升级的黑名单信息或者质量安全预警信息,解除前公示."""
    shown = shown_bad_information(entry, red, **known)
    if shown is None:
        return None
    return shown | {"kind": kind.value, "published_on": started_on, "public_until": None}


def is_shown(entry: BadInformation, *, today: date, policy: Policy) -> bool:
    """已公布未改正的公示;已改正的公示至公示期满."""
    if entry.published_on is None or entry.published_on > today:
        return False
    if entry.state in OPEN:
        return True
    until = shown_until(entry, policy=policy)
    return entry.state is State.CORRECTED and until is not None and today <= until


def shown_until(entry: BadInformation, *, policy: Policy) -> date | None:
    """不良信息改正后,公示至轻微程度的公示期满,但至少公示至改正当日;未改正的,公示至改正."""
    if entry.published_on is None or entry.corrected_on is None:
        return None
    rows = policy.table("publication_periods", on=entry.published_on)
    [months] = [
        row["months"]
        for row in rows
        if row["kind"] == RecordKind.BAD_INFORMATION.value
        and row["severity"] == Severity.SLIGHT.value
    ]
    until: date = entry.published_on + relativedelta(months=months)
    return max(until, entry.corrected_on)


def bureau_of(division: str, *, on: date, policy: Policy) -> str:
    """The bureau of a division by its name; by its code where the policy has none."""
    for row in policy.table("bureau_names", on=on):
        if row["bureau"] == division:
            return str(row["name"])
    return f"市场监督管理局(行政区划{division})"


def words_of(red: Red, *, own: Sequence[str | None], today: date, policy: Policy) -> str:
    """A certificate's holder is a person; a label that may name one is left out."""
    what = KINDS[red.object_kind]
    label = red.object_label
    found = screen(policy, on=today).findings({"label": label}, own=own)
    if red.object_kind is not ObjectKind.OPERATOR and not found:
        what = label
    return f"{what}的{DUTIES[red.duty]}应于{red.was_due_on}前完成,到期未完成"


def _everything(record: Record) -> Shown:
    said = record.content
    return {
        "kind": record.kind.value,
        "severity": said.severity.value if said.severity else None,
        "source": record.source.value,
        "content": said.content,
        "basis": said.basis,
        "document_number": said.document_number,
        "authority": said.authority,
        "decided_on": said.decided_on,
        "penalty": said.penalty,
        "published_on": record.published_on,
        "public_until": record.periods.until,
        "counted_from": record.periods.counted_from.value,
        "corrected_on": record.corrected_on,
        "under_objection": record.under_objection,
        "reply": record.reply,
        "replied_on": record.replied_on,
        "remedy": REMEDY,
    }


def _allowed(
    everything: Mapping[str, Any], record_class: RecordClass, *, on: date, policy: Policy
) -> Shown | None:
    for row in policy.table("public_fields", on=on):
        if row["record_class"] == record_class.value:
            return {name: everything[name] for name in row["fields"] if name in everything}
    return None
