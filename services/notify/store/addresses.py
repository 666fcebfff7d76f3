"""The address book: where accounts are reached outside the platform."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, literal, select, union_all
from sqlalchemy.orm import Session

from services.chassis.database import upsert
from services.notify.model import Medium
from services.notify.store.tables import AddressRow, WebhookRow

ADDRESS = cast("Table", AddressRow.__table__)


def reach(session: Session, accounts: Collection[str]) -> frozenset[tuple[str, Medium]]:
    """Which of some accounts are reached by which media."""
    if not accounts:
        return frozenset()
    asked = list(accounts)
    hooks = select(WebhookRow.account, literal(Medium.WEBHOOK.value)).where(
        WebhookRow.account.in_(asked), WebhookRow.disabled_at.is_(None)
    )
    book = select(AddressRow.account, AddressRow.medium).where(AddressRow.account.in_(asked))
    found = session.execute(union_all(book, hooks))
    return frozenset((account, Medium(medium)) for account, medium in found)


def note(
    session: Session,
    account: str,
    medium: Medium,
    address: str,
    *,
    division: str,
    by: str,
    now: datetime,
) -> None:
    """Write an address down, in the place of the one before."""
    row = {
        "account": account,
        "medium": medium.value,
        "division": division,
        "address": address,
        "set_at": now,
        "set_by": by,
    }
    upsert(session, ADDRESS, [row], key=["account", "medium"])


def strike_out(session: Session, account: str, medium: Medium) -> bool:
    """Forget an address. False if there was none."""
    this = delete(AddressRow).where(
        AddressRow.account == account, AddressRow.medium == medium.value
    )
    return bool(session.execute(this.returning(AddressRow.account)).all())


def of(session: Session, account: str) -> list[AddressRow]:
    """All addresses of one account."""
    query = select(AddressRow).where(AddressRow.account == account)
    return list(session.scalars(query.order_by(AddressRow.medium)))
