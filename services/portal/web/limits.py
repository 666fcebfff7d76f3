"""How often one address, user or program may ask. No captcha."""

from __future__ import annotations

from flask import Flask, g, request
from flask_limiter import Limiter

from services.chassis import clock
from services.portal.web.state import state


def _asker() -> str:
    """The user if there is one, else the address."""
    me = g.get("me")
    return f"user {me.user.name}" if me is not None and me.user else f"at {request.remote_addr}"


limiter = Limiter(key_func=_asker, headers_enabled=True, storage_uri="memory://")


def visitors() -> str:
    """For pages without a login, in Flask-Limiter's words."""
    return f"{state().policy.number('visitor_calls_per_minute', on=clock.today())} per minute"


def exports() -> str:
    """For files taken out."""
    return f"{state().policy.number('exports_per_minute', on=clock.today())} per minute"


def complaints() -> str:
    """For complaints handed in without a login."""
    return f"{state().policy.number('complaints_per_hour', on=clock.today())} per hour"


def receipts() -> str:
    """For secret codes that are tried."""
    return f"{state().policy.number('receipt_tries_per_minute', on=clock.today())} per minute"


def programs() -> str:
    """For the public API."""
    return f"{state().policy.number('api_calls_per_minute', on=clock.today())} per minute"


def install(app: Flask) -> None:
    """Count, in the memory of this process."""
    limiter.init_app(app)
