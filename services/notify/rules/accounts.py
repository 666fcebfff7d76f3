"""账号规则 — whose inbox an account is, and who stands above it.

`bureau:610303` a bureau, `section:610303/特设科` a section of it, `enterprise:<id>` an
enterprise; any other account is a person.
"""

from __future__ import annotations

import re

UNIT = re.compile(
    r"(?P<kind>bureau|section):(?P<division>[0-9]{6})(?:/(?P<name>[^/\s]{1,40}))?"
)
ENTERPRISE = "enterprise:"


def is_unit(account: str) -> bool:
    """局和科室是单位;科室写明所在的局."""
    found = UNIT.fullmatch(account)
    return found is not None and (found["kind"] == "section") is (found["name"] is not None)


def division_of(account: str) -> str | None:
    """单位所在的行政区划;企业和个人的账号看不出来."""
    return UNIT.fullmatch(account)["division"] if is_unit(account) else None  # type: ignore[index]


def is_a_persons(account: str) -> bool:
    """不是单位、也不是企业的,是个人账号."""
    return not is_unit(account) and not account.startswith(ENTERPRISE)


def superior_of(account: str) -> str | None:
    """科室的上级是所在的局,县(区)局的上级是市局,市局的上级是省局."""
    division = division_of(account)
    if division is None:
        return None
    if account.startswith("section:"):
        return f"bureau:{division}"
    for stem in (4, 2):
        above = division[:stem].ljust(6, "0")
        if above != division:
            return f"bureau:{above}"
    return None
