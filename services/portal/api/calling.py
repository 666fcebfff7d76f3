"""Who calls the public API: a program with a token, or anybody. Never a cookie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from flask import g, request

from services.chassis import clock
from services.chassis.api import KEY_HEADER
from services.portal.api.problems import DETAILS, Problem
from services.portal.model import Role
from services.portal.store import tokens
from services.portal.store.tokens import Token
from services.portal.web import limits
from services.portal.web.me import VISITOR, Me
from services.portal.web.services import Asking, Identity
from services.portal.web.state import state

SCOPES = {
    "credit:read": "read bad information, records and grades of the token's divisions",
    "registry:read": "read enterprises and objects of the token's divisions",
    "duties:read": "read warnings and orders of the token's divisions; webhooks",
    "records:write": "enter records from another department",
    "complaints:write": "report errors in what is published",
}
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="bianque"'}
TOUCH = timedelta(minutes=1)
KEY = re.compile(r"[\x21-\x7e]{1,200}")


def enter(scope: str | None) -> None:
    """Become whoever calls. Raises Problem: no good token, or not one for this.

    Where only what is public is served no token opens anything, and none is looked at.
    """
    public_only = state().public_only
    if scope and public_only:
        raise Problem(404, "not_found", DETAILS["not_found"])
    shown = bool(request.headers.get("Authorization")) and not public_only
    token = _good() if scope or shown else None
    if scope and token and scope not in token.scopes:
        raise Problem(
            403,
            "scope_not_granted",
            f"该令牌没有 {scope} 权限, 请向发放令牌的管理员申请",
            {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
        )
    identity = identity_of(token) if scope and token else VISITOR
    g.me = Me(None, identity)
    g.asking = Asking(state().services, identity)


def identity_of(token: Token) -> Identity:
    """As the services know a program: another department, within its divisions."""
    return Identity(name=f"token:{token.id}", roles=Role.AGENCY, scope=token.divisions)


def key() -> str | None:
    """The caller's own key of a write. Raises Problem."""
    sent = request.headers.get(KEY_HEADER)
    if sent is not None and not KEY.fullmatch(sent):
        raise Problem(
            400, "idempotency_key_wrong", f"{KEY_HEADER} 应为 1 至 200 个可见的 ASCII 字符"
        )
    return sent


def counted_as() -> str:
    """Whose calls are counted: a good token's, else those of the address."""
    token = _shown()
    good = token is not None and token.holds(clock.now())
    return f"token {token.id}" if token and good else f"api at {request.remote_addr}"


def rate() -> str:
    """How often, in Flask-Limiter's words: the token's own number if it has one."""
    token = _shown()
    if token is None:
        return limits.visitors()
    return f"{token.per_minute} per minute" if token.per_minute else limits.programs()


def _good() -> Token:
    token, now = _shown(), clock.now()
    if token is None or not token.holds(now):
        raise Problem(
            401,
            "not_authenticated",
            "请以 Authorization: Bearer 携带有效的接口令牌 (a good token is needed)",
            CHALLENGE,
        )
    if token.used_at is None or now - token.used_at > TOUCH:
        with state().database.transaction() as session:
            tokens.note_used(session, token.id, now=now)
    return token


def _shown() -> Token | None:
    """The token of the call, good or not; looked up once."""
    if "api_token" not in g:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        g.api_token = None
        if kind.lower() == "bearer" and secret and not state().public_only:
            with state().database.reading() as session:
                g.api_token = tokens.find(session, secret.strip())
    found: Token | None = g.api_token
    return found


@contextmanager
def as_the_public() -> Iterator[None]:
    """Ask the services for something that anybody may do; the audit still names the token."""
    known = g.asking
    g.asking = Asking(state().services, replace(known.identity, roles=Role.PUBLIC, scope="*"))
    try:
        yield
    finally:
        g.asking = known
