"""The WSGI application of the pages and the public API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from services.chassis.settings import SERVICES, Settings
from services.portal import api, pages
from services.portal.service import PortalService
from services.portal.web import (
    language,
    layout,
    limits,
    me,
    naming,
    refusals,
    security,
    written,
)
from services.portal.web.in_process import InProcess
from services.portal.web.me import open_to_all
from services.portal.web.services import Services
from services.portal.web.state import KEY, State, state

PROXIES = 1  # a bureau's own web server in front, which is on the same machine or network


def create_app(
    service: PortalService, api_token: str, *, inside: Mapping[str, Any] | None = None
) -> Flask:
    """The pages of an installation. Raises SettingBroken, PageUnguarded.

    *inside*: the WSGI applications of the services where they run in the same process;
    else they are asked over HTTP at the settings' addresses.
    """
    settings = service.settings
    services = _ways(settings, api_token, inside)
    app = Flask("services.portal")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    named = naming.read(settings.site)
    state_ = State(settings, service.database, service.policy, services, named)
    app.extensions[KEY] = state_
    if settings.portal_url:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=PROXIES, x_proto=PROXIES, x_host=PROXIES, x_prefix=PROXIES
        )
    me.install(app)  # first: also a refused form is answered to somebody
    language.install(app)
    security.install(app, settings, api_token)
    limits.install(app)
    refusals.install(app)
    _add_health(app)
    public_only = state_.public_only
    pages.install(app, public_only=public_only)
    api.install(app, public_only=public_only)
    layout.install(app)
    written.install(app)
    me.check(app)
    return app


def _ways(settings: Settings, token: str, inside: Mapping[str, Any] | None) -> Services:
    if inside is not None:
        adapter = InProcess(inside)
        return Services(adapter.urls, token, adapter)
    return Services({name: settings.api_url(name) for name in SERVICES}, token)


def _add_health(app: Flask) -> None:
    @app.get("/healthz", endpoint="alive")
    @open_to_all
    def alive() -> Any:
        return jsonify(status="alive", service="portal")

    @app.get("/readyz", endpoint="ready")
    @open_to_all
    def ready() -> Any:
        """Its database answers. A service that is away is told on the page it is missing from."""
        try:
            with state().database.reading() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return jsonify(status="waiting", troubles=["database"]), 503
        return jsonify(status="ready", troubles=[])
