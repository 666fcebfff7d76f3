"""Which bureau writes a document, and under which number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.inspection.handlers.acting import Acting
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import numbering

_NONE = "无"


@dataclass(frozen=True)
class Bureau:
    """An authority that writes documents in its own name."""

    code: str
    name: str
    short: str
    uscc: str | None


def bureaus(policy: Policy, *, on: date) -> dict[str, Bureau]:
    """The bureaus of the policy, by division code."""
    return {
        row["bureau"]: Bureau(
            row["bureau"],
            row["name"],
            row["short"],
            None if row["uscc"] == _NONE else row["uscc"],
        )
        for row in policy.table("issuing_bureaus", on=on)
    }


def bureau_for(division: str, *, asked: str | None, acting: Acting) -> Bureau:
    """The one that was asked for, else the installation's own, else that of the division.

    Nobody writes in the name of a bureau outside his scope. Raises NotAllowed.
    """
    known = bureaus(acting.policy, on=acting.today)
    for code in (asked,) if asked else (acting.bureau, division):
        if code in known and acting.scope.covers(code):
            return known[code]
    raise NotAllowed(
        "bureau_unknown",
        f"不能以 {asked or acting.bureau} 的名义制发文书: 没有登记, 或不在管辖范围内。",
        "请在 issuing_bureaus 中登记本机关, 或者指定管辖范围内的机关。",
    )


def bureau_called(code: str, *, on: date, policy: Policy) -> Bureau:
    """A bureau that has written before. Raises NotAllowed if it is not in the policy any more."""
    known = bureaus(policy, on=on)
    if code not in known:
        raise NotAllowed(
            "bureau_unknown", f"机关 {code} 已不在登记中。", "请在 issuing_bureaus 中登记。"
        )
    return known[code]


def numbered(session: Session, bureau: str, kind: str, *, on: date, policy: Policy) -> str:
    """The next number of a kind of document, as it is written; see store.numbering.

    Raises NotAllowed.
    """
    short = bureau_called(bureau, on=on, policy=policy).short
    number = numbering.take(session, bureau=bureau, kind=kind, year=on.year)
    form = policy.text(f"{kind}_number_form", on=on)
    try:
        return form.format(short=short, year=on.year, number=number)
    except (LookupError, ValueError) as error:
        raise NotAllowed(
            "number_form_wrong",
            f"文号格式 {kind}_number_form 不能使用: {form}。",
            "只能使用 {short}、{year}、{number}。",
        ) from error
