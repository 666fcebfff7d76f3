"""Where accounts are reached: the address book, and webhooks with their secrets."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.sealing import Seals
from services.chassis.sweeping import Sweep
from services.notify.channels.webhook import host_of
from services.notify.handlers.telling import tell_of
from services.notify.model import Medium, Occasion
from services.notify.notices import WebhookDisabled
from services.notify.practice import Practice
from services.notify.rules.refusal import NotAllowed
from services.notify.store import addresses, webhooks

WEBHOOKS = UUID("8c0f6a3e-3f0f-4b8e-9a55-7e0d3c7b1f10")
SECRET_BYTES = 32
AT_ONCE = 100


def note_address(
    session: Session,
    account: str,
    medium: Medium,
    address: str,
    *,
    division: str,
    by: str,
    seals: Seals,
) -> None:
    """登记联系方式: kept sealed, from now on."""
    sealed = seals.seal(address)
    addresses.note(session, account, medium, sealed, division=division, by=by, now=clock.now())


def register_webhook(
    session: Session,
    account: str,
    url: str,
    *,
    division: str,
    by: str,
    private: bool,
    seals: Seals,
    outside: bool = False,
) -> str:
    """登记回调地址. Returns the secret, which is shown this once. Raises NotAllowed.

    outside  another department does: it replaces nothing that somebody else has registered, and
             has of the account's messages what other departments may hear
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise NotAllowed("webhook_not_https", "回调地址应以 https:// 开头,消息不得明文传送")
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        raise NotAllowed("webhook_wrong", "回调地址应为 https://主机/路径,不带用户名和 # 部分")
    secret = _new_secret()
    registered = webhooks.register(
        session,
        account,
        division=division,
        url=url,
        secret=seals.seal(secret),
        by=by,
        outside=outside,
        now=clock.now(),
    )
    if not registered:
        raise webhook_of_another(account)
    return secret


def webhook_of_another(account: str) -> NotAllowed:
    """A program of another department sees and changes only what it registered itself."""
    return NotAllowed(
        "webhook_of_another",
        f"{account} 的回调由他人登记,不能查看或更改;请与市局系统管理员联系",
    )


def rotate_secret(session: Session, account: str, practice: Practice, seals: Seals) -> str:
    """更换密钥: the former one signs beside the new one for a while. Raises NotAllowed."""
    row = webhooks.locked(session, account)
    if row is None:
        raise NotAllowed("no_webhook", f"{account} 没有登记回调地址;请先登记")
    now = clock.now()
    hours = practice.policy.number("former_secret_hours", on=clock.today())
    row.former_secret, row.former_until = row.secret, now + timedelta(hours=hours)
    secret = _new_secret()
    row.secret = seals.seal(secret)
    return secret


def tell_of_disabled(database: Database, practice: Practice) -> None:
    """回调停用的,告知登记它的账号."""

    def due(session: Session, _after: str | None, without: Collection[str]) -> list[str]:
        return webhooks.disabled_untold(session, limit=AT_ONCE, without=without)

    def told(session: Session, accounts: Sequence[str]) -> None:
        now, rows = clock.now(), webhooks.locked_untold(session, accounts)
        tell_of(session, [(WebhookDisabled, _occasion(row)) for row in rows], practice)
        for row in rows:
            row.told_at = now

    Sweep("disabled_webhooks", due, told, key=str, read=str).run(database)


def _occasion(row: Any) -> Occasion:
    number = uuid5(WEBHOOKS, f"{row.account} {row.disabled_at.isoformat()}")
    notice = WebhookDisabled(
        webhook_id=number,
        account=row.account,
        division=row.division,
        host=host_of(row.url),
        reason=row.disabled_because or "-",
    )
    return Occasion.of_own(notice.full_name, number, row.disabled_at, notice.to_wire())


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
