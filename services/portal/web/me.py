"""Who looks at the page, and who may open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Forbidden, Unauthorized

from services.chassis import clock
from services.chassis.scope import EVERYTHING, Scope
from services.portal import rules
from services.portal.model import Role, User
from services.portal.store import sessions
from services.portal.web.services import Asking, Identity
from services.portal.web.state import state

COOKIE = "bianque_session"
TOUCH = timedelta(minutes=1)
VISITOR = Identity(name="visitor", roles=Role.PUBLIC, scope=EVERYTHING)

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Me:
    """The one who looks: a user who is logged in, or a visitor without a name."""

    user: User | None
    identity: Identity
    session: sessions.LoggedIn | None = None

    @property
    def name(self) -> str:
        """As shown in a corner of the page."""
        return self.user.display_name if self.user else ""

    def has(self, *roles: Role | str) -> bool:
        """Whether one of these roles was given."""
        return self.user is not None and self.user.has(*roles)

    @property
    def divisions(self) -> str:
        """Where the one who looks belongs; of a visitor, everywhere."""
        return self.user.divisions if self.user else self.identity.scope

    def covers(self, divisions: str) -> bool:
        """Whether all of these comma-separated divisions lie within one's own."""
        scope = Scope.parse(self.identity.scope)
        return all(scope.covers(code) for code in divisions.split(","))


def me() -> Me:
    """The one who looks."""
    known: Me = g.me
    return known


def ask() -> Asking:
    """The services, asked for the one who looks."""
    known: Asking = g.asking
    return known


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Who may open a page. A page of the workbench without it does not start the program."""

    def mark(view: View) -> View:
        view.roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(view: View) -> View:
    """A page that needs no login."""
    view.roles = None  # type: ignore[attr-defined]
    return view


class LoggedOut(Unauthorized):
    """A form came for a page that asks for a login, and nobody is logged in any more."""


class PageUnguarded(Exception):
    """A page that does not say who may open it."""


def check(app: Flask) -> None:
    """Every page says who may open it. Raises PageUnguarded."""
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and not hasattr(view, "roles"):
            raise PageUnguarded(f"{endpoint} says nowhere who may open it (for_roles)")


def install(app: Flask) -> None:
    """Know who asks, before everything else; refuse whoever may not."""

    @app.before_request
    def _know() -> Any:
        g.me = _who()
        g.asking = Asking(state().services, g.me.identity)
        return _refused(request.endpoint)

    app.after_request(_timed)


def _timed(response: Response) -> Response:
    """How long the page waited for the services, for whoever looks into it."""
    spent = g.asking.spent if "asking" in g else None
    if spent and spent.calls:
        told = f"services;dur={1000 * spent.seconds:.1f};desc={spent.calls}"
        response.headers["Server-Timing"] = told
    return response


def identity_of(user: User) -> Identity:
    """As the services know the user."""
    return Identity(
        name=user.name,
        roles=",".join(sorted(user.roles)),
        # An enterprise's things may lie in several counties: the services ask whose they are.
        scope=EVERYTHING if user.enterprise_id else user.divisions,
        enterprise=str(user.enterprise_id) if user.enterprise_id else None,
    )


def _who() -> Me:
    known, token = state(), request.cookies.get(COOKIE)
    if known.public_only or not token or request.endpoint == "static":
        return Me(None, VISITOR)
    now, today = clock.now(), clock.today()
    with known.database.reading() as session:
        found = sessions.find(session, token)
    if found is None:
        return Me(None, VISITOR)
    over = rules.session_ended(
        found.began_at,
        found.seen_at,
        now=now,
        idle_minutes=known.policy.number("idle_minutes", on=today),
        hours=known.policy.number("session_hours", on=today),
    )
    if over or now - found.seen_at > TOUCH:
        with known.database.transaction() as session:
            change = sessions.end if over else sessions.touch
            change(session, found.token_hash, now=now)
    return Me(None, VISITOR) if over else Me(found.user, identity_of(found.user), found)


def _refused(endpoint: str | None) -> Any:
    view = current_app.view_functions.get(endpoint or "")
    roles = getattr(view, "roles", None)
    if roles is None:
        return None
    if g.me.user is None:
        if request.method == "POST":
            raise LoggedOut
        return redirect(url_for("account.login", next=request.full_path.rstrip("?")))
    if roles and g.me.user.roles.isdisjoint(roles):
        raise Forbidden
    return None
