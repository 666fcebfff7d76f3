"""What is asked for each step of a complaint, and how it is sent; inspection says what may be."""

from __future__ import annotations

from typing import Any

from services.portal.pages.desk.case_steps import OFFICERS, REASON, Field, Sent, Step
from services.portal.web.evidence import kept
from services.portal.web.language import gettext as _, later
from services.portal.web.me import ask
from services.portal.web.refusals import wrong
from services.portal.web.typed import names_in

OF_CHIEFS = frozenset({"open_case", "no_case"})
ANSWER = Field("answer", later("告知投诉举报人的内容"))
PHOTOGRAPHS = Field("files", later("照片或材料"), "files", required=False)


def _plain(*names: str) -> Any:
    return lambda sent, by: {name: sent.get(name, "") for name in names}


def _enterprise(sent: Sent, by: str) -> dict[str, Any]:
    """An enterprise by its code or name. Raises Refused unless it is exactly one."""
    typed = sent.get("enterprise", "").strip()
    answer = ask().get("registry", "/search", text=typed, kind="enterprise")
    found = [one for one in answer["items"] if one["what"] == "enterprise"]
    if len(found) != 1:
        raise wrong("enterprise", _("找到 %(n)s 家企业，请写统一社会信用代码。", n=len(found)))
    return {"enterprise_id": found[0]["id"]}


def _into(sent: Sent, by: str) -> dict[str, Any]:
    """Another one by its number. Raises Refused if it is not here."""
    number = sent.get("into", "").strip()
    found = ask().get("inspection", "/complaints", number=number)["items"] if number else []
    if not found:
        raise wrong("into", _("没有编号为 %(number)s 的投诉举报。", number=number))
    return {"into": found[0]["complaint_id"]}


def _officers(sent: Sent, by: str) -> list[str]:
    return names_in(sent.get("officers", "")) or [by]


STEPS: dict[str, Step] = {
    "accept": Step("acceptance"),
    "refuse": Step(
        "refusal",
        (Field("ground", later("不予受理的情形"), "ground"), ANSWER),
        _plain("ground", "answer"),
    ),
    "mediate": Step(
        "mediation",
        (
            Field("end", later("调解结果"), "mediation_end"),
            Field("note", later("调解情况")),
            PHOTOGRAPHS,
        ),
        lambda sent, by: _plain("end", "note")(sent, by) | {"evidence": kept("files")},
    ),
    "check": Step(
        "check",
        (Field("finding", later("核查情况（不写投诉举报人的信息）")), PHOTOGRAPHS),
        lambda sent, by: _plain("finding")(sent, by) | {"evidence": kept("files")},
    ),
    "extend_check": Step("check-extension", (REASON,), _plain("reason")),
    "open_case": Step(
        "case",
        (Field("matter", later("违法事项"), "matter"), OFFICERS),
        lambda sent, by: {"matter": sent.get("matter", ""), "officers": _officers(sent, by)},
    ),
    "no_case": Step("no-case", (REASON,), _plain("reason")),
    "answer": Step("answer", (ANSWER,), _plain("answer")),
    "close": Step("closing"),
    "reopen": Step("reopening", (REASON,), _plain("reason")),
    "identify": Step(
        "target",
        (Field("enterprise", later("统一社会信用代码或企业名称"), "text"),),
        _enterprise,
    ),
    "join": Step("joining", (Field("into", later("并入哪一件（编号）"), "text"),), _into),
    "separate": Step("separation", (REASON,), _plain("reason")),
    "transfer": Step(
        "transfer", (Field("to", later("移送到"), "bureau"), REASON), _plain("to", "reason")
    ),
}
