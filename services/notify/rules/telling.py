"""收件与重试 — who is told, what a message still lacks, when a delivery is tried again.

The table of addressees and the numbers are in policy.yaml; the worked cases are in
tests/rules/cases/messages.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from services.notify.model import (
    Addressee,
    Desk,
    Facts,
    GiveUp,
    Medium,
    Patience,
    Progress,
    Told,
    TryAgain,
    Wants,
)


def message_id(cause_id: UUID, told: Told, parameters: Mapping[str, Any]) -> UUID:
    """同一事由、同一模板、同一对象只告知一次;改正期限顺延等另行规定的,内容变了再告知.

    An announcement said again after a restored backup has the same id.
    """
    return _id(cause_id, told, parameters, told.again_when)


def former_id(cause_id: UUID, told: Told, parameters: Mapping[str, Any]) -> UUID | None:
    """The id under which a message may lie that was stored before days told tellings apart."""
    if told.formerly is None:
        return None
    return _id(cause_id, told, parameters, told.formerly)


def _id(
    cause_id: UUID, told: Told, parameters: Mapping[str, Any], names: Sequence[str]
) -> UUID:
    changed = "".join(f"/{parameters[name]}" for name in names)
    return uuid5(cause_id, f"{told.template}/{told.addressee}{changed}")


def delivery_id(message: UUID, medium: Medium) -> UUID:
    """A receiver recognises a repetition by it."""
    return uuid5(message, medium.value)


def ways_out(media: Sequence[Medium], outside: Mapping[Medium, Medium]) -> tuple[Medium, ...]:
    """试运行时对外的一律改记日志,未设置的渠道不发;站内收件箱总有,不在其列.

    *outside*: what stands for each medium in this installation; absent: there is nothing.
    """
    leaving = (outside.get(medium) for medium in media if medium is not Medium.INBOX)
    return tuple(dict.fromkeys(way for way in leaving if way is not None))


def account_of(
    told: Told,
    *,
    enterprise_id: UUID | None,
    division: str,
    centre: str,
    parameters: Mapping[str, Any],
) -> str | None:
    """告知企业的进企业收件箱,告知本局的进辖区局或信息协调中心收件箱,事项指明收件人的进其收件箱.

    None for the officer: the account is in the contact, which may not be known yet.
    """
    if told.account_from is not None:
        return str(parameters[told.account_from])
    if told.addressee is Addressee.ENTERPRISE:
        return f"enterprise:{enterprise_id}"
    if told.addressee is Addressee.BUREAU:
        return f"bureau:{centre if told.desk is Desk.CENTRE else division}"
    return None


def progress(
    addressee: Addressee,
    account: str | None,
    ways: Sequence[Medium],
    facts: Facts,
    *,
    about_enterprise: bool = True,
) -> Progress:
    """企业档案未到不成文;责任人未定不投递;没有邮箱的只进站内;未登记手机号等的,该渠道不发."""
    ways, contact = tuple(ways), facts.contact
    is_known = facts.enterprise is not None or not about_enterprise
    if addressee is Addressee.OFFICER and is_known:
        account = account or (contact.officer if contact else None)
    if not is_known or account is None:
        return Progress(
            account=account,
            wants=Wants.OFFICER if is_known else Wants.ENTERPRISE,
            can_be_read=False,
            ready=(),
            waiting=ways,
        )
    ready = tuple(way for way in ways if _reaches(addressee, account, way, facts))
    waiting = tuple(
        way
        for way in ways
        if way is Medium.EMAIL and way not in ready and addressee is Addressee.ENTERPRISE
    )
    return Progress(
        account=account,
        wants=Wants.ADDRESS if waiting else None,
        can_be_read=True,
        ready=ready,
        waiting=waiting,
        without=tuple(way for way in ways if way not in ready and way not in waiting),
    )


def _reaches(addressee: Addressee, account: str, way: Medium, facts: Facts) -> bool:
    if way is Medium.LOG or (account, way) in facts.reach:
        return True
    own_mailbox = facts.contact is not None and facts.contact.email is not None
    return way is Medium.EMAIL and addressee is Addressee.ENTERPRISE and own_mailbox


def after_failure(
    attempts: int, *, due_since: datetime, now: datetime, patience: Patience
) -> TryAgain | GiveUp:
    """先密后疏地重试,间隔不超过五分钟,逾时作罢.

    *attempts* counts the one that has just failed.
    """
    pause = patience.pauses[min(attempts, len(patience.pauses)) - 1]
    if now + pause > due_since + patience.give_up_after:
        return GiveUp(reason="gave_up_after_time")
    return TryAgain(at=now + pause)
