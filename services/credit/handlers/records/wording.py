"""The Chinese words of an explanation of a record or a request."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.credit.model import RecordState, What
from services.credit.model.requests import RequestState
from services.credit.rules.records.grounds import WORDS
from services.events.credit import Ending, RequestKind, Term

STATES = {
    RecordState.LEAD: "线索,未经核实",
    RecordState.DRAFTED: "已拟制,未公示",
    RecordState.PUBLISHED: "公示中",
    RecordState.SUSPENDED: "暂停公示",
    RecordState.ENDED: "不再公示",
}
ENDINGS = {
    Ending.EXPIRED: "公示期满",
    Ending.REPAIRED: "信用已修复",
    Ending.WITHDRAWN: "已撤回",
    Ending.REMOVED: "已移出名单",
    Ending.SUSPENDED: "暂停公示",
    Ending.MERGED: "并入同一企业的另一条",
}
REQUESTS = {
    RequestKind.OBJECTION: "异议",
    RequestKind.CORRECTION: "更正申请",
    RequestKind.ERROR_REPORT: "纠错",
    RequestKind.REPAIR: "信用修复申请",
    RequestKind.REMOVAL: "提前移出申请",
    RequestKind.TEMPORARY_REPAIR: "临时修复申请",
}
REQUEST_STATES = {
    RequestState.RECEIVED: "待答复",
    RequestState.ACCEPTED: "已采纳",
    RequestState.REJECTED: "未采纳",
}
TERMS = {
    Term.PUBLISH: "公示期限",
    Term.SHARE: "双公示报送期限",
    Term.MARK: "异议标注期限",
    Term.DECIDE: "答复期限",
    Term.WITHDRAW: "撤回期限",
}
SENTENCES = {
    What.ENTER: "登记",
    What.VERIFY: "线索经核实: {words}",
    What.FILE: "登记{ground}: {words}",
    What.REWRITE: "改写公示内容: {because}",
    What.BLOCK: "疑含个人信息({fields}),停止公示,待改写",
    What.PUBLISH: "公示,{until}",
    What.OBJECT: "标注异议处理中",
    What.SETTLE: "异议处理完毕: {because}",
    What.REPLY: "企业作出回应",
    What.ANNUL: "登记决定已于{annulled_on}被撤销或变更,应于{withdraw_by}前撤回",
    What.SUSPEND: "暂停公示: {because}",
    What.RESUME: "恢复公示: {because}",
    What.END: "不再公示({ending}): {because}",
    What.CORRECT: "已于{corrected_on}改正",
    What.PERFORM: "{words}",
    What.OVERRUN: "超过{term}({due_on}),提请督办",
}


def step_in_words(what: str, on: date, by: str | None, particulars: dict[str, Any]) -> str:
    """One step in one sentence: `2026-03-24 公示,至2027-03-16届满 (张三)`."""
    filled = dict(particulars)
    if kind := particulars.get("kind"):
        known = {each.value: words for each, words in WORDS.items()}
        filled["ground"] = known.get(kind, kind)
    if what == What.PUBLISH:
        until = particulars.get("until")
        filled["until"] = f"至{until}届满" if until else "公示至解除或撤回"
    if ending := particulars.get("ending"):
        filled["ending"] = ENDINGS[Ending(ending)]
    if term := particulars.get("term"):
        filled["term"] = TERMS[Term(term)]
    sentence = SENTENCES[What(what)].format_map(filled)
    return f"{on} {sentence}" + (f" ({by})" if by else "")
