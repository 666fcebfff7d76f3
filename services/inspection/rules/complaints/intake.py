"""投诉举报的收件 — what is needed to take one in, and whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from services.chassis.policy import Policy
from services.inspection.model.complaints import Channel, Complaint, ComplaintKind
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.complaints.table import KINDS
from services.inspection.rules.complaints.terms import WORDS, with_term
from services.inspection.rules.refusal import NotAllowed

_PHONE = re.compile(r"\+?\d[\d -]{5,18}\d", re.ASCII)
_ONLY_LEADS = frozenset({Channel.MEDIA, Channel.DEPARTMENT})
CHANNELS = {
    Channel.PAGE: "公众页面",
    Channel.CLERK: "来电来访",
    Channel.MEDIA: "新闻媒体",
    Channel.DEPARTMENT: "其他部门",
}


@dataclass(frozen=True)
class Person:
    """Who sent it, as far as it was said. Kept sealed."""

    name: str = ""
    phone: str = ""

    @property
    def anonymous(self) -> bool:
        """Nothing was left by which somebody could be known."""
        return not self.name and not self.phone


def kind_of(channel: Channel, asked: ComplaintKind) -> ComplaintKind:
    """新闻媒体报道和其他部门移送的,一律作为线索核查,核实之前不作为投诉."""
    return ComplaintKind.LEAD if channel in _ONLY_LEADS else asked


def may_be_received(kind: ComplaintKind, person: Person) -> None:
    """投诉应当留下姓名和电话,以便受理和调解;举报可以匿名.

    《市场监督管理投诉举报处理暂行办法》第九条、第二十四条. Raises NotAllowed.
    """
    if person.phone and not _PHONE.fullmatch(person.phone):
        raise NotAllowed(
            "phone_wrong", "电话号码的形式不对。", "例: 13800000000、0917-3260000。"
        )
    if kind is ComplaintKind.COMPLAINT and not (person.name and person.phone):
        raise NotAllowed(
            "complaint_needs_name",
            "投诉要由本局联系双方调解, 应当留下姓名和电话。",
            "不愿留下姓名的, 请选择举报。",
        )


def dealt_with_by(division: str | None) -> tuple[str, ...]:
    """投诉举报由所在县区的局办理;没有自己的局的县区(如开发区),由市局办理."""
    return (division, f"{division[:4]}00") if division else ()


def number_of(division: str, year: int, serial: int) -> str:
    """The number that is given out: typed on a telephone, so of plain letters and digits."""
    return f"TS{division}-{year}-{serial:05d}"


def receive(complaint: Complaint, *, today: date, policy: Policy) -> Taken[Complaint]:
    """收到投诉举报的,当日登记编号,自收到之日起计算期限."""
    received = with_term(complaint, policy=policy)
    term = f", 应于{received.last_day}前{WORDS[received.term]}" if received.term else ""
    words = f"{CHANNELS[complaint.channel]}收到{KINDS[complaint.kind]}{complaint.number}{term}"
    act = Act(
        what="receive",
        rule="receive",
        words=words,
        particulars={"evidence": list(complaint.evidence), "on": str(today)},
    )
    return Taken(received, (act,))


def reveal(complaint: Complaint, *, purpose: str) -> Taken[Complaint]:
    """查看投诉举报人的完整信息,应当说明用途,并记入案卷."""
    act = Act(
        what="reveal",
        rule="reveal",
        words=f"查看投诉举报人的完整信息, 用途: {purpose}",
        particulars={"purpose": purpose},
    )
    return Taken(complaint, (act,))
