"""Logging in and out, the first password."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import BadRequest, Gone

from services.chassis import clock
from services.portal import rules
from services.portal.model import User
from services.portal.store import sessions, users
from services.portal.web import limits
from services.portal.web.back import has_page
from services.portal.web.language import gettext as _
from services.portal.web.me import (
    COOKIE,
    LoggedOut,
    Me,
    for_roles,
    identity_of,
    me,
    open_to_all,
)
from services.portal.web.menu import home_of
from services.portal.web.security import is_encrypted
from services.portal.web.services import Asking
from services.portal.web.state import state
from services.portal.web.targets import inside
from services.portal.web.trying import tried
from services.portal.web.writing import audited, note
from services.portal.web.written import CARRIED, Written, seal, take, unseal

views = Blueprint("account", __name__)

REFUSALS = {
    rules.Refusal.TOO_SHORT: "口令太短，至少 %(shortest)s 个字符；可以用一句自己记得住的话",
    rules.Refusal.LIKE_THE_NAME: "口令不能与登录名相近",
    rules.Refusal.TOO_SIMPLE: "口令太常见或字符太单一",
}


@views.get("/login")
@open_to_all
def login() -> Any:
    """The form; somebody who is logged in goes on."""
    if me().user:
        return redirect(inside(request.args.get("next")) or home_of(me().user))
    return login_form(request.args.get("next", ""))


@views.post("/login")
@limits.limiter.limit(limits.visitors)
@open_to_all
def log_in() -> Any:
    """Check the password, count failures, begin a session."""
    name, back = request.form.get("name", "").strip(), request.form.get("next", "")
    password = request.form.get("password", "")
    user, trouble = tried(name, password, action="登录", wrong=_("登录名或口令不正确"))
    sealed = request.form.get(CARRIED, "")
    if user is None:
        return login_form(back, name=name, errors=[("name", trouble)], unsent=sealed), 422
    return begin(user, inside(back) or home_of(user), unsent=unseal(sealed))


@views.app_errorhandler(LoggedOut)
def log_in_first(_error: LoggedOut) -> Any:
    """A form that came after the session was over waits on the login page, unread."""
    sent = take()
    sealed = seal(sent) if sent else None
    if sealed:
        g.written = None  # what does not fit stands on the page, to be copied
    trouble = _("登录已过期，或您还没有登录。您写的内容没有提交。")
    return login_form("", trouble=trouble, unsent=sealed or ""), 401


@views.post("/login/unsent")
@limits.limiter.limit(limits.visitors)
@open_to_all
def go_on() -> Any:
    """With the form that waits, for somebody who logged in meanwhile in another window."""
    sealed = request.form.get(CARRIED, "")
    if (unsent := unseal(sealed)) is None:
        raise BadRequest
    if (user := me().user) is None:
        return login_form("", trouble=_("还没有登录。"), unsent=sealed), 401
    return _unsent_page(user, unsent)


@views.post("/logout")
@for_roles()
def log_out() -> Any:
    """End the session here and in the database."""
    if (session_now := me().session) is not None:
        note("退出登录", "session", "done")
        with state().database.transaction() as session:
            sessions.end(session, session_now.token_hash, now=clock.now())
    answer = redirect(url_for("account.login"))
    answer.delete_cookie(COOKIE)
    return answer


@views.get("/first/<token>")
@open_to_all
def first(token: str) -> Any:
    """Whoever was given a link chooses a password."""
    return render_template("account/first.html", user=_link_of(token), token=token)


@views.post("/first/<token>")
@limits.limiter.limit(limits.visitors)
@open_to_all
def set_first(token: str) -> Any:
    """Keep it, use the link up, and log in."""
    user = _link_of(token)
    trouble = _trouble_with(user, request.form.get("password", ""), request.form.get("again"))
    if trouble:
        return render_template(
            "account/first.html", user=user, token=token, errors=[("password", trouble)]
        ), 422
    try:
        with (
            audited("以链接设置口令", user.name, of=user, had_one=user.has_password) as told,
            state().database.transaction() as session,
        ):
            if not users.use_link(session, token, now=clock.now()):
                raise users.UserRefused("link_used", "链接已经用过")
            users.set_password(session, user.id, request.form["password"])
            told["sessions_ended"] = sessions.end_all(session, user.id, now=clock.now())
            sessions.forget_failures(session, user.name)
    except users.UserRefused:
        raise Gone from None
    return begin(user, home_of(user))


@views.get("/account")
@for_roles()
def account() -> Any:
    """What the program knows of the one who looks; a new password."""
    return render_template("account/account.html")


@views.post("/account/password")
@limits.limiter.limit(limits.visitors)
@for_roles()
def change_password() -> Any:
    """With the old one. Every other session of the user ends."""
    user = me().user
    if user is None:
        raise BadRequest
    right, trouble = tried(
        user.name, request.form.get("old", ""), action="修改口令", wrong=_("原口令不正确")
    )
    if right is None:
        errors = [("old", trouble)]
        return render_template("account/account.html", errors=errors), 422
    refused = _trouble_with(user, request.form.get("password", ""), request.form.get("again"))
    if refused:
        errors = [("password", refused)]
        return render_template("account/account.html", errors=errors), 422
    with (
        audited("修改口令", user.name) as told,
        state().database.transaction() as session,
    ):
        users.set_password(session, user.id, request.form["password"])
        told["sessions_ended"] = sessions.end_all(session, user.id, now=clock.now())
    flash(_("口令已修改"))
    return begin(user, url_for("account.account"))


def login_form(
    back: str, *, name: str = "", errors: Any = None, trouble: str = "", unsent: str = ""
) -> str:
    """The form. *back*: where to go afterwards; *trouble*: why another way in failed; *unsent*:
    a sealed form that waits for the login.
    """
    return render_template(
        "account/login.html",
        next=back,
        name=name,
        errors=errors,
        trouble=trouble,
        unsent=unsent,
        outside=state().settings.oidc_issuer is not None,
    )


def begin(user: User, then: str, *, unsent: Written | None = None, **detail: str) -> Any:
    """A session, its cookie, and on to a page, or to the form that waited. *detail*: what else
    the audit is to know.
    """
    known = state()
    with known.database.transaction() as session:
        token = sessions.begin(
            session,
            user.id,
            address=request.remote_addr or "",
            browser=request.user_agent.string,
            now=clock.now(),
        )
    note("登录", user.name, "done", detail, of=user)
    answer = make_response(_unsent_page(user, unsent) if unsent else redirect(then))
    answer.set_cookie(
        COOKIE, token, httponly=True, samesite="Lax", secure=is_encrypted(known.settings)
    )
    return answer


def _unsent_page(user: User, unsent: Written) -> str:
    """What was written before the login, for whoever logged in: sent by nobody but that person."""
    g.me = Me(user, identity_of(user))
    g.asking = Asking(state().services, g.me.identity)
    g.written = unsent
    return render_template("account/unsent.html", again=True, resumed=has_page(unsent.path))


def _link_of(token: str) -> User:
    with state().database.reading() as session:
        user = users.open_link(session, token, now=clock.now())
    if user is None:
        raise Gone
    return user


def _trouble_with(user: User, password: str, again: str | None) -> str | None:
    shortest = state().policy.number("password_shortest", on=clock.today())
    if refusal := rules.refuse_password(password, name=user.name, shortest=shortest):
        return _(REFUSALS[refusal], shortest=shortest)
    return _("两次输入的口令不一致") if password != again else None
