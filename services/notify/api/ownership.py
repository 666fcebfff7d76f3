"""Whose an account is, and whether the caller answers for it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import api
from services.notify.rules.accounts import ENTERPRISE, division_of, is_a_persons, is_unit
from services.notify.store import facts


def only_for_its_person(account: str, *, or_for: AbstractSet[str] = frozenset()) -> None:
    """A person's inbox is for that person, and for some roles. Raises Refused."""
    caller = api.caller()
    if not is_a_persons(account) or caller.name == account:
        return
    if caller.roles.isdisjoint({api.OPERATOR, *or_for}):
        raise api.Refused("not_your_inbox", f"{account} 是个人收件箱,只供本人使用", 403)


def only_units_for_agencies(account: str) -> None:
    """Another department has no account here. It may have the messages of a bureau or a section
    posted that it works with, never those of an enterprise or a person. Raises Refused.
    """
    if api.is_agency() and not is_unit(account):
        raise api.Refused(
            "not_a_units_account",
            f"{account} 不是单位账号;协作部门只能登记 bureau:<行政区划代码> "
            "或 section:<行政区划代码>/<科室> 的回调",
            403,
        )


def division_in_scope(session: Session, account: str, said: str | None) -> str:
    """The division of an account, which must lie in the caller's scope. Raises Refused."""
    division = division_of(account) or _of_enterprise(session, account) or said
    if division is None:
        raise api.Refused(
            "division_missing", "个人账号请写明所在单位的行政区划 division", field="division"
        )
    if not api.caller().scope.covers(division):
        raise api.Refused("not_in_scope", f"{account} 不在您的管辖范围内", 403)
    return division


def _of_enterprise(session: Session, account: str) -> str | None:
    if not account.startswith(ENTERPRISE):
        return None
    try:
        number = UUID(account.removeprefix(ENTERPRISE))
    except ValueError:
        raise api.Refused("no_such_account", f"{account} 不是企业账号", 404) from None
    known = facts.known(session, [number])[number].enterprise
    if known is None:
        raise api.Refused("no_such_account", f"企业 {number} 尚无档案", 404)
    return known.division
