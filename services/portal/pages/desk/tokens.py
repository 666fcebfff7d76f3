"""接口令牌: programs that may call the public API."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from services.chassis import clock
from services.portal.model import Role
from services.portal.store import tokens
from services.portal.web.back import comes_back_on
from services.portal.web.language import gettext as _
from services.portal.web.me import for_roles, me
from services.portal.web.refusals import wrong
from services.portal.web.state import state
from services.portal.web.typed import number_in
from services.portal.web.writing import audited

views = Blueprint("desk_tokens", __name__, url_prefix="/desk/people/tokens")

SCOPES = ("credit:read", "registry:read", "duties:read", "records:write", "complaints:write")
LONGEST_LABEL = 100


@views.get("")
@for_roles(Role.ADMINISTRATOR)
def listed(secret: str = "") -> Any:
    """Those whose divisions lie within one's own, and a new one."""
    with state().database.reading() as session:
        found = [each for each in tokens.listed(session) if me().covers(each.divisions)]
    return render_template("desk/tokens.html", found=found, secret=secret, scopes=SCOPES)


@views.post("")
@for_roles(Role.ADMINISTRATOR)
@comes_back_on(listed)
def make() -> Any:
    """Its secret is shown once. It is good through its last day."""
    given = request.form
    scopes = [scope for scope in given.getlist("scopes") if scope in SCOPES]
    label = given.get("label", "").strip()[:LONGEST_LABEL]
    if not label or not scopes:
        raise wrong("label", _("请填写用途并至少选择一项权限"))
    try:
        last_day = _last_day(given.get("ends_on", ""))
    except ValueError:
        raise wrong("ends_on", _("有效期应为今天或以后的日期")) from None
    typed = given.get("per_minute", "").strip()
    per_minute = number_in(typed)
    if typed and not per_minute:
        raise wrong("per_minute", _("每分钟次数应为 1 以上的整数"))
    divisions = me().identity.scope
    said: dict[str, Any] = {"scopes": scopes, "divisions": divisions}
    said |= {"last_day": str(last_day) if last_day else None, "per_minute": per_minute}
    with (
        audited("发放接口令牌", label, **said) as told,
        state().database.transaction() as session,
    ):
        made, secret = tokens.make(
            session,
            label=label,
            scopes=scopes,
            divisions=divisions,
            made_by=me().identity.name,
            now=clock.now(),
            ends_at=clock.end_of(last_day) if last_day else None,
            per_minute=per_minute,
        )
        told["token"] = str(made.id)
    return listed(secret=secret)


@views.post("/<uuid:token_id>/revoke")
@for_roles(Role.ADMINISTRATOR)
def revoke(token_id: UUID) -> Any:
    """It no longer works."""
    with state().database.reading() as session:
        token = tokens.by_id(session, token_id)
    if token is None or not me().covers(token.divisions):
        raise NotFound
    said: dict[str, Any] = {
        "token": str(token_id),
        "scopes": sorted(token.scopes),
        "divisions": token.divisions,
    }
    with (
        audited("撤销接口令牌", token.label, **said) as told,
        state().database.transaction() as session,
    ):
        told["ended"] = tokens.revoke(session, token_id, now=clock.now())
    return redirect(url_for("desk_tokens.listed"))


def _last_day(typed: str) -> date | None:
    """The last day on which it is good; None: no end. Raises ValueError."""
    if not typed:
        return None
    day = date.fromisoformat(typed)
    if day < clock.today():
        raise ValueError("over already")
    return day
