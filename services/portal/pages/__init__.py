"""The pages: for all (public), an enterprise (own), other departments (agency), staff (desk)."""

from __future__ import annotations

from flask import Flask

from services.portal.pages import account, agency, desk, language, outside, own, public


def install(app: Flask, *, public_only: bool) -> None:
    """All pages; *public_only*: those that need no login."""
    app.register_blueprint(language.views)
    for views in public.BLUEPRINTS:
        app.register_blueprint(views)
    if public_only:
        return
    app.register_blueprint(account.views)
    app.register_blueprint(outside.views)
    for views in (*desk.BLUEPRINTS, *own.BLUEPRINTS, agency.views):
        app.register_blueprint(views)
