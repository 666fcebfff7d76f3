"""What a named person decides: publication of a draft, withdrawal."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.chassis.scope import Scope
from services.credit import rules, store
from services.credit.handlers.settling import keep, recorded
from services.credit.model import BadInformation, State, WarningFacts


class Unknown(LookupError):
    """There is no such entry, or it lies outside the scope of whoever asks."""


def publish(
    session: Session,
    bad_information_id: UUID,
    *,
    scope: Scope,
    by: str,
    today: date,
    policy: Policy,
) -> None:
    """拟制的不良信息经信息协调中心具名人员审核后公布. Asked again, it has been done.

    Raises Unknown, rules.NotAllowed.
    """
    facts, entry = _locked(session, bad_information_id, scope=scope)
    if entry.published_on is not None and entry.state is not State.WITHDRAWN:
        return
    taken = rules.confirm(facts, entry, by=by, today=today, policy=policy)
    keep(session, recorded([taken], entry, today=today, policy=policy))


def withdraw(
    session: Session,
    bad_information_id: UUID,
    *,
    scope: Scope,
    by: str,
    because: str,
    today: date,
    policy: Policy,
) -> None:
    """经复核不应公布的,由具名人员撤销并说明理由. Asked again, it has been done.

    Raises Unknown, rules.NotAllowed.
    """
    _, entry = _locked(session, bad_information_id, scope=scope)
    if entry.state is State.WITHDRAWN:
        return
    taken = rules.withdraw_by_hand(entry, because=because, by=by, today=today)
    keep(session, recorded(taken, entry, today=today, policy=policy))


def _locked(
    session: Session, bad_information_id: UUID, *, scope: Scope
) -> tuple[WarningFacts, BadInformation]:
    """The entry as it stands once nobody else is at its warning."""
    found = store.find(session, bad_information_id, scope=scope)
    if found is None:
        raise Unknown(bad_information_id)
    [facts] = store.locked(session, [found.entry.warning_id])
    return facts, store.of_warnings(session, [facts.warning_id])[facts.warning_id]
