"""What a browser is told not to do, and forms that nobody else may send."""

from __future__ import annotations

import hmac
from hashlib import sha256

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from services.chassis.settings import Settings

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOREVER = "public, max-age=31536000, immutable"

csrf = CSRFProtect()


def cookie_key(api_token: str) -> bytes:
    """What signs the forms: the same in every process of an installation."""
    return hmac.new(api_token.encode(), b"bianque portal cookies", sha256).digest()


def install(app: Flask, settings: Settings, api_token: str) -> None:
    """Signed cookies, protected forms, headers."""
    app.config.update(
        SECRET_KEY=cookie_key(api_token),
        SESSION_COOKIE_NAME="bianque_form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_encrypted(settings),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form that took long is not lost
        WTF_CSRF_SSL_STRICT=False,  # the address may be a proxy's
        MAX_CONTENT_LENGTH=settings.largest_upload_mb << 20,
        MAX_FORM_MEMORY_SIZE=16 << 20,
        MAX_FORM_PARTS=20_000,
    )
    csrf.init_app(app)

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static":
            if "/vendor/" in request.path and response.status_code == 200:
                response.headers["Cache-Control"] = FOREVER  # the name carries the version
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"  # what one saw the next must not
        return response


def is_encrypted(settings: Settings) -> bool:
    """Whether people reach the pages over https."""
    return settings.portal_address.startswith("https://")
