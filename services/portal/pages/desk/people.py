"""用户、令牌与审计: what the portal itself keeps."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.chassis import clock
from services.chassis.scope import Scope, ScopeBroken
from services.portal.model import GIVEN, Role
from services.portal.store import audit, sessions, tokens, users
from services.portal.web import links
from services.portal.web.language import gettext as _
from services.portal.web.me import for_roles, me
from services.portal.web.state import state
from services.portal.web.typed import names_in
from services.portal.web.writing import note

views = Blueprint("desk_people", __name__, url_prefix="/desk/people")

ADMINISTERING = (Role.ADMINISTRATOR,)
SCOPES = ("credit:read", "registry:read", "duties:read", "records:write", "complaints:write")
ONLINE_MINUTES = 15


@views.get("/")
@for_roles(*ADMINISTERING)
def listed(errors: Any = None, link: str = "") -> Any:
    """Users, who is logged in, a new one."""
    now = clock.now()
    with state().database.reading() as session:
        found = [each for each in users.listed(session) if _mine(each.divisions)]
        online = [
            each
            for each in sessions.online(session, since=now - timedelta(minutes=ONLINE_MINUTES))
            if _mine(each.user.divisions)
        ]
    page = render_template(
        "desk/people.html",
        found=found,
        online=online,
        roles=sorted(GIVEN),
        errors=errors,
        link=link,
        given=request.form,
        outside=state().settings.oidc_issuer is not None,
    )
    return (page, 422) if errors else page


@views.post("/")
@for_roles(*ADMINISTERING)
def create() -> Any:
    """The link with which the user sets a password is shown once, on this page."""
    given = request.form
    divisions = ",".join(names_in(given.get("divisions", ""))) or me().identity.scope
    try:
        codes = ",".join(sorted(Scope.parse(divisions).codes))
    except ScopeBroken:
        return listed(errors=[("divisions", _("管辖范围应为六位行政区划代码，多个用逗号隔开"))])
    if not _mine(codes):
        return listed(errors=[("divisions", _("不能超出您自己的管辖范围"))])
    enterprise = given.get("enterprise_id", "").strip()
    try:
        enterprise_id = UUID(enterprise) if enterprise else None
    except ValueError:
        return listed(errors=[("enterprise_id", _("企业编号格式不正确"))])
    note("新建用户", given.get("name", ""), "asked", {"roles": given.getlist("roles")})
    try:
        with state().database.transaction() as session:
            made = users.add(
                session,
                name=given.get("name", ""),
                display_name=given.get("display_name", ""),
                roles=given.getlist("roles"),
                divisions=codes,
                section=given.get("section") or None,
                enterprise_id=enterprise_id,
                now=clock.now(),
            )
            link = links.login_link(session, made.id)
    except users.UserRefused as refused:
        note("新建用户", given.get("name", ""), f"refused {refused.code}")
        return listed(errors=[("name", _(refused.detail))])
    note("新建用户", made.name, "done")
    return listed(link=link)


@views.post("/<uuid:user_id>/<any(link,disable,enable,logout):step>")
@for_roles(*ADMINISTERING)
def change_user(user_id: UUID, step: str) -> Any:
    """A new link, out, in again, logged out everywhere."""
    now, link = clock.now(), ""
    with state().database.transaction() as session:
        user = users.by_id(session, user_id)
        if user is None or not _mine(user.divisions):
            return redirect(url_for("desk_people.listed"))
        if step == "link":
            link = links.login_link(session, user_id)
        elif step == "disable":
            users.change(session, user_id, disabled_at=now)
        elif step == "enable":
            users.change(session, user_id, disabled_at=None)
        if step in ("disable", "logout"):
            sessions.end_all(session, user_id, now=now)
    note(
        {
            "link": "发放登录链接",
            "disable": "停用用户",
            "enable": "启用用户",
            "logout": "强制退出",
        }[step],
        user.name,
        "done",
    )
    if link:
        return listed(link=link)
    flash(_("已办理。"))
    return redirect(url_for("desk_people.listed"))


@views.post("/<uuid:user_id>/account")
@for_roles(*ADMINISTERING)
def tie(user_id: UUID) -> Any:
    """With which account of the identity provider the user may log in; empty: with none."""
    account = request.form.get("account", "").strip() or None
    with state().database.reading() as session:
        user = users.by_id(session, user_id)
    if user is None or not _mine(user.divisions):
        return redirect(url_for("desk_people.listed"))
    action, detail = "对应统一身份账号", {"account": account}
    note(action, user.name, "asked", detail)
    try:
        with state().database.transaction() as session:
            users.tie(session, user_id, account)
            if user.outside_id not in (None, account):  # whoever came in with it is out
                sessions.end_all(session, user_id, now=clock.now())
    except users.UserRefused as refused:
        note(action, user.name, f"refused {refused.code}", detail)
        return listed(errors=[("", _(refused.detail))])
    note(action, user.name, "done", detail)
    flash(_("已办理。"))
    return redirect(url_for("desk_people.listed"))


@views.get("/tokens")
@for_roles(*ADMINISTERING)
def token_list(secret: str = "", errors: Any = None) -> Any:
    """Programs that may call the public API."""
    with state().database.reading() as session:
        found = [each for each in tokens.listed(session) if _mine(each.divisions)]
    page = render_template(
        "desk/tokens.html", found=found, secret=secret, scopes=SCOPES, errors=errors
    )
    return (page, 422) if errors else page


@views.post("/tokens")
@for_roles(*ADMINISTERING)
def make_token() -> Any:
    """Its secret is shown once."""
    given = request.form
    scopes = [scope for scope in given.getlist("scopes") if scope in SCOPES]
    if not given.get("label", "").strip() or not scopes:
        return token_list(errors=[("label", _("请填写用途并至少选择一项权限"))])
    ends = given.get("ends_on")
    with state().database.transaction() as session:
        made, secret = tokens.make(
            session,
            label=given["label"].strip()[:100],
            scopes=scopes,
            divisions=me().identity.scope,
            made_by=me().identity.name,
            now=clock.now(),
            ends_at=datetime.combine(datetime.fromisoformat(ends).date(), time(), clock.BEIJING)
            if ends
            else None,
        )
    note("发放接口令牌", str(made.id), "done", {"scopes": scopes, "label": made.label})
    return token_list(secret=secret)


@views.post("/tokens/<uuid:token_id>/revoke")
@for_roles(*ADMINISTERING)
def revoke_token(token_id: UUID) -> Any:
    """It no longer works."""
    with state().database.transaction() as session:
        tokens.revoke(session, token_id, now=clock.now())
    note("撤销接口令牌", str(token_id), "done")
    return redirect(url_for("desk_people.token_list"))


@views.get("/audit")
@for_roles(*ADMINISTERING)
def audit_list() -> Any:
    """Who changed or took out what; whether the chain holds."""
    who = request.args.get("who", "").strip() or None
    before = request.args.get("before", "")
    with state().database.reading() as session:
        found = audit.latest(session, who=who, before=int(before) if before.isdigit() else None)
        last = audit.last(session)
        broken = audit.broken_at(session) if request.args.get("verify") else None
    return render_template(
        "desk/audit.html",
        found=[line for line in found if _mine(line.divisions)],
        following=found[-1].position if len(found) == 50 else None,
        last=last,
        broken=broken,
        verified=bool(request.args.get("verify")),
        who=who,
    )


def _mine(divisions: str) -> bool:
    """Whether everything of it lies within the divisions of the one who looks."""
    scope = Scope.parse(me().identity.scope)
    return all(scope.covers(code) for code in divisions.split(",") if code != "*")
