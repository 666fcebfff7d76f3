"""用户: whoever may log in, within the divisions of the administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from services.chassis import clock
from services.chassis.scope import Scope, ScopeBroken
from services.portal.model import GIVEN, Role, User
from services.portal.store import sessions, users
from services.portal.web import links
from services.portal.web.back import comes_back_on
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles, me
from services.portal.web.refusals import wrong
from services.portal.web.state import state
from services.portal.web.typed import names_in
from services.portal.web.writing import audited

views = Blueprint("desk_people", __name__, url_prefix="/desk/people")

ONLINE_MINUTES = 15
STEPS = {
    "link": "发放登录链接",
    "disable": "停用用户",
    "enable": "启用用户",
    "logout": "强制退出",
}


@dataclass(frozen=True)
class Place:
    """Where a user belongs: divisions, and the enterprise of an enterprise's user."""

    divisions: str
    enterprise_id: UUID | None


@views.get("/")
@for_roles(Role.ADMINISTRATOR)
def listed(link: str = "") -> Any:
    """Users, who is logged in, a new one."""
    now = clock.now()
    with state().database.reading() as session:
        found = [each for each in users.listed(session) if me().covers(each.divisions)]
        online = [
            each
            for each in sessions.online(session, since=now - timedelta(minutes=ONLINE_MINUTES))
            if me().covers(each.user.divisions)
        ]
    return render_template(
        "desk/people.html",
        found=found,
        online=online,
        roles=sorted(GIVEN),
        link=link,
        outside=state().settings.oidc_issuer is not None,
    )


@views.post("/")
@for_roles(Role.ADMINISTRATOR)
@comes_back_on(listed)
def create() -> Any:
    """The link with which the user sets a password is shown once, on this page."""
    given = request.form
    place = _place(given.get("divisions", ""), given.get("enterprise_id", "").strip())
    said: dict[str, Any] = {
        "roles": given.getlist("roles"),
        "divisions": place.divisions,
        "enterprise": str(place.enterprise_id or ""),
    }
    try:
        with (
            audited("新建用户", given.get("name", ""), **said),
            state().database.transaction() as session,
        ):
            made = users.add(
                session,
                name=given.get("name", ""),
                display_name=given.get("display_name", ""),
                roles=given.getlist("roles"),
                divisions=place.divisions,
                section=given.get("section") or None,
                enterprise_id=place.enterprise_id,
                now=clock.now(),
            )
            link = links.login_link(session, made.id)
    except users.UserRefused as refused:
        raise wrong("name", _(refused.detail)) from None
    return listed(link=link)


@views.post("/<uuid:user_id>/<any(link,disable,enable,logout):step>")
@for_roles(Role.ADMINISTRATOR)
def change_user(user_id: UUID, step: str) -> Any:
    """A new link, out, in again, logged out everywhere."""
    user, now, link = _found(user_id), clock.now(), ""
    with (
        audited(STEPS[step], user.name, disabled_before=_moment(user.disabled_at)) as told,
        state().database.transaction() as session,
    ):
        if step == "link":
            link = links.login_link(session, user_id)
        elif step in ("disable", "enable"):
            user = users.change(
                session, user_id, disabled_at=now if step == "disable" else None
            )
        if step in ("disable", "logout"):
            told["sessions_ended"] = sessions.end_all(session, user_id, now=now)
        told["disabled_after"] = _moment(user.disabled_at)
    if link:
        return listed(link=link)
    flash(_("已办理。"))
    return redirect(url_for("desk_people.listed"))


@views.post("/<uuid:user_id>/account")
@for_roles(Role.ADMINISTRATOR)
@comes_back_on(listed)
def tie(user_id: UUID) -> Any:
    """With which account of the identity provider the user may log in; empty: with none."""
    account = request.form.get("account", "").strip() or None
    user = _found(user_id)
    said: dict[str, Any] = {"account": account, "account_before": user.outside_id}
    try:
        with (
            audited("对应统一身份账号", user.name, **said),
            state().database.transaction() as session,
        ):
            users.tie(session, user_id, account)
            if user.outside_id not in (None, account):  # whoever came in with it is out
                sessions.end_all(session, user_id, now=clock.now())
    except users.UserRefused as refused:
        raise wrong("", _(refused.detail)) from None
    flash(_("已办理。"))
    return redirect(url_for("desk_people.listed"))


def _found(user_id: UUID) -> User:
    """A user within one's own divisions; another is not there."""
    with state().database.reading() as session:
        user = users.by_id(session, user_id)
    if user is None or not me().covers(user.divisions):
        raise NotFound
    return user


def _place(divisions: str, enterprise: str) -> Place:
    """Within the divisions of the one who looks. Raises Refused."""
    if enterprise:
        return _of_enterprise(enterprise)
    typed = ",".join(names_in(divisions)) or me().identity.scope
    try:
        codes = ",".join(sorted(Scope.parse(typed).codes))
    except ScopeBroken:
        raise wrong("divisions", _("管辖范围应为六位行政区划代码，多个用逗号隔开")) from None
    if not me().covers(codes):
        raise wrong("divisions", _("不能超出您自己的管辖范围"))
    return Place(codes, None)


def _of_enterprise(typed: str) -> Place:
    """An enterprise's user sees all that is the enterprise's, in whatever county: its user is
    made where its seat is.
    """
    try:
        enterprise_id = UUID(typed)
    except ValueError:
        raise wrong("enterprise_id", _("企业编号格式不正确")) from None
    file = ask().find("registry", f"/enterprises/{enterprise_id}")
    if file is None or not me().covers(file["division"]):
        raise wrong("enterprise_id", _("您的管辖范围内没有住所在此的这家企业"))
    return Place(file["division"], enterprise_id)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
