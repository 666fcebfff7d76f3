"""What is asked for each step of a case, and how it is sent. What is allowed, inspection says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.web.evidence import kept
from services.portal.web.language import Later, later
from services.portal.web.typed import names_in, number_in, yes_no

Sent = Mapping[str, str]

AMOUNT = re.compile(r"(?P<whole>[0-9０-９]{0,13})(?:\.(?P<cents>[0-9０-９]{0,2}))?")


@dataclass(frozen=True)
class Field:
    """One field of a step's form. *kind* says which macro of case_fields.html draws it."""

    name: str
    label: Later
    kind: str = "area"
    required: bool = True
    group: str = ""


@dataclass(frozen=True)
class Step:
    """Where a step is sent, what is asked for it, and what is made of the form."""

    path: str
    fields: tuple[Field, ...] = ()
    body: Callable[[Sent, str], dict[str, Any]] = lambda sent, by: {}


REASON = Field("reason", later("理由"))
OFFICERS = Field("officers", later("办案人员登录名（两名以上，用逗号隔开）"), "text")
UNTIL = Field("until", later("至"), "date")
PENALTY = Field("penalty", later("拟作出的处罚"), "penalty")


def _plain(*names: str) -> Callable[[Sent, str], dict[str, Any]]:
    return lambda sent, by: {name: sent[name] for name in names if sent.get(name)}


def _officers(sent: Sent, by: str) -> list[str]:
    return names_in(sent.get("officers", "")) or [by]


def penalty(sent: Sent) -> dict[str, Any]:
    """Amounts are typed in yuan and sent in fen."""
    kinds = sent.getlist("kinds") if hasattr(sent, "getlist") else []
    return {
        "kinds": kinds,
        "fine_fen": fen(sent.get("fine", "")),
        "confiscated_fen": fen(sent.get("confiscated", "")),
        "violation_class": sent.get("violation_class"),
        "facts": sent.get("facts", ""),
        "legal_basis": sent.get("legal_basis", ""),
        "content": sent.get("penalty_content", ""),
    }


def fen(yuan: str) -> int | str:
    """Yuan with up to two decimals as fen; what is no amount goes on as it is, to be refused."""
    found = AMOUNT.fullmatch(yuan.strip())
    if found is None:
        return yuan
    whole, cents = found["whole"], found["cents"] or ""
    return int(whole or "0") * 100 + int(cents.ljust(2, "0"))


STEPS: dict[str, Step] = {
    "accept": Step("acceptance"),
    "extend_verify": Step("verification-extension", (REASON,), _plain("reason")),
    "take_evidence": Step(
        "evidence",
        (
            OFFICERS,
            Field("note", later("调查情况")),
            Field("files", later("证据"), "files", required=False),
        ),
        lambda sent, by: {
            "officers": _officers(sent, by),
            "note": sent.get("note", ""),
            "evidence": kept("files"),
        },
    ),
    "file": Step("filing", (OFFICERS,), lambda sent, by: {"officers": _officers(sent, by)}),
    "not_file": Step("rejection", (REASON,), _plain("reason")),
    "transfer": Step(
        "transfer",
        (Field("to", later("移送机关"), "text"), REASON),
        _plain("to", "reason"),
    ),
    "exclude": Step(
        "exclusion",
        (Field("days", later("扣除天数"), "number"), REASON),
        lambda sent, by: {
            "days": number_in(sent.get("days")),
            "reason": sent.get("reason", ""),
        },
    ),
    "extend_decide": Step(
        "extension",
        (Field("until", later("至（第二次延长时填写）"), "date", required=False), REASON),
        _plain("until", "reason"),
    ),
    "review": Step("review", (Field("opinion", later("法制审核意见")),), _plain("opinion")),
    "discuss": Step("discussion", (Field("record", later("集体讨论记录")),), _plain("record")),
    "assess": Step(
        "assessment",
        (
            Field("slight", later("违法行为轻微"), "yesno", required=False),
            Field("corrected_on", later("改正日期"), "date", required=False),
            Field("harm", later("危害后果"), "harm", required=False),
            Field("no_fault", later("当事人有证据证明没有主观过错"), "yesno", required=False),
        ),
        lambda sent, by: {
            "slight": yes_no(sent.get("slight")),
            "corrected_on": sent.get("corrected_on") or None,
            "harm": sent.get("harm") or None,
            "no_fault": yes_no(sent.get("no_fault")),
        },
    ),
    "notify": Step("notice", (PENALTY,), lambda sent, by: {"penalty": penalty(sent)}),
    "return": Step("return", (REASON,), _plain("reason")),
    "hear": Step(
        "statement", (Field("statement", later("陈述申辩内容")),), _plain("statement")
    ),
    "waive": Step(
        "waiver", (Field("statement", later("放弃或撤回的表示")),), _plain("statement")
    ),
    "request_hearing": Step("hearing-request"),
    "call_hearing": Step(
        "hearing-call", (Field("hold_on", later("听证日期"), "date"),), _plain("hold_on")
    ),
    "hold_hearing": Step("hearing", (Field("record", later("听证笔录")),), _plain("record")),
    "decide": Step(
        "decision",
        (PENALTY, Field("statement_answer", later("对陈述申辩的答复"), required=False)),
        lambda sent, by: {
            "penalty": penalty(sent),
            "statement_answer": sent.get("statement_answer", ""),
        },
    ),
    "decide_at_once": Step(
        "decision-at-once",
        (PENALTY, OFFICERS),
        lambda sent, by: {"penalty": penalty(sent), "officers": _officers(sent, by)},
    ),
    "drop": Step(
        "no-penalty",
        (
            Field("proven", later("违法事实成立"), "yesno"),
            REASON,
            Field("education", later("教育内容"), required=False),
        ),
        lambda sent, by: {
            "proven": yes_no(sent.get("proven")),
            "reason": sent.get("reason", ""),
            "education": sent.get("education", ""),
        },
    ),
    "serve": Step("service", (Field("how", later("送达方式"), "text"),), _plain("how")),
    "pay": Step(
        "payment",
        (Field("yuan", later("金额（元）"), "text"),),
        lambda sent, by: {"fen": fen(sent.get("yuan", ""))},
    ),
    "defer": Step("deferral", (UNTIL, REASON), _plain("until", "reason")),
    "perform": Step(
        "performance",
        (
            Field("statement", later("履行情况")),
            Field("surcharge_waived", later("减免加处罚款"), "tick", required=False),
        ),
        lambda sent, by: {
            "statement": sent.get("statement", ""),
            "surcharge_waived": sent.get("surcharge_waived") == "1",
        },
    ),
    "enforce": Step(
        "enforcement", (Field("court", later("人民法院"), "text"),), _plain("court")
    ),
    "change": Step(
        "change",
        (
            Field("what", later("结果"), "decision_change"),
            Field("changed_by", later("作出机关"), "text"),
            REASON,
        ),
        _plain("what", "changed_by", "reason"),
    ),
}
