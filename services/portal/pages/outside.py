"""Logging in at the bureau's own identity provider, where the settings name one."""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest
from typing import Any

import structlog
from flask import Blueprint, redirect, request, session as cookie
from werkzeug.exceptions import NotFound

from services.chassis import clock
from services.portal.model import User
from services.portal.pages import account as pages
from services.portal.store import users
from services.portal.web import limits
from services.portal.web.language import gettext as _
from services.portal.web.me import me, open_to_all
from services.portal.web.menu import home_of
from services.portal.web.provider import Provider, ProviderAway, ProviderRefused
from services.portal.web.state import state
from services.portal.web.targets import inside
from services.portal.web.writing import note

log = structlog.get_logger()

views = Blueprint("outside", __name__, url_prefix="/login/outside")

KEPT = "outside"  # in the signed cookie of the forms; one attempt, for a cookie holds 4 kB
TROUBLES = {
    "away": "统一身份认证暂时没有应答。请稍后再试，或用口令登录。",
    "refused": "统一身份认证的应答不能确认，没有登录。请重试；如仍不行，"
    "请用口令登录并告知系统管理员。",
    "state": "这次登录不是从本页面开始的，或已经用过。请重新点击登录。",
    "expired": "登录用时太久，已失效。请重新点击登录。",
    "declined": "统一身份认证没有完成登录（已取消或被拒绝）。请重试，或用口令登录。",
    "unknown": "统一身份账号 %(account)s 在本系统没有对应的用户。请把这个账号告诉系统管理员，"
    "由其在“用户”页面填到您的用户名下。",
    "disabled": "统一身份账号 %(account)s 对应的用户已停用。请联系系统管理员。",
    "enterprise": "企业用户请用口令登录。",
}


@views.get("")
@limits.limiter.limit(limits.visitors)
@open_to_all
def start() -> Any:
    """To the provider; somebody who is logged in goes on."""
    provider, back = _provider(), inside(request.args.get("next"))
    if me().user:
        return redirect(back or home_of(me().user))
    try:
        attempt = provider.begin()
    except ProviderAway:
        return _failed("away", back)
    except ProviderRefused:
        return _failed("refused", back)
    cookie[KEPT] = {
        "state": attempt.state,
        "nonce": attempt.nonce,
        "verifier": attempt.verifier,
        "back": back,
        "at": clock.now().timestamp(),
    }
    return redirect(attempt.url)


@views.get("/back")
@limits.limiter.limit(limits.visitors)
@open_to_all
def back() -> Any:
    """From the provider, with a code that tells whom it let in. An attempt counts once."""
    provider, kept = _provider(), cookie.pop(KEPT, None) or {}
    then = inside(kept.get("back"))
    if trouble := _trouble_with(kept):
        return _failed(trouble, then)
    try:
        account = provider.account(
            request.args.get("code", ""), nonce=kept["nonce"], verifier=kept["verifier"]
        )
    except ProviderAway:
        return _failed("away", then)
    except ProviderRefused:
        return _failed("refused", then)
    with state().database.reading() as session:
        user = users.by_outside_id(session, account)
    if user is None or (trouble := _unfit(user)):
        return _failed(trouble or "unknown", then, account)
    return pages.begin(user, then or home_of(user), by="outside", account=account)


def _provider() -> Provider:
    settings = state().settings
    if settings.oidc_issuer is None:
        raise NotFound
    return Provider(settings)


def _trouble_with(kept: dict[str, Any]) -> str:
    """Why what came back is not the answer to what was asked from this browser."""
    came = request.args.get("state", "")
    if not compare_digest(str(kept.get("state", "")).encode(), came.encode()) or not came:
        return "state"
    minutes = state().policy.number("outside_login_minutes", on=clock.today())
    if clock.now().timestamp() - kept["at"] > timedelta(minutes=minutes).total_seconds():
        return "expired"
    if (error := request.args.get("error")) or not request.args.get("code"):
        log.warning("identity_provider_declined", reason=(error or "no code")[:100])
        return "declined"
    return ""


def _unfit(user: User) -> str:
    if user.disabled_at is not None:
        return "disabled"
    return "enterprise" if user.enterprise_id else ""


def _failed(trouble: str, back: str | None, account: str = "") -> Any:
    """Say so, on the page where a password still works, and in the audit."""
    note("登录", account, f"refused {trouble}", {"by": "outside"})
    values = {"account": account} if account else {}
    page = pages.login_form(back or "", trouble=_(TROUBLES[trouble], **values))
    return page, 503 if trouble == "away" else 422
