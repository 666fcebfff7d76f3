"""The description of the API: OpenAPI 3.1, and Swagger UI to read it with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, jsonify, render_template
from flask_smorest import Api, Blueprint

from services.portal.api.calling import SCOPES
from services.portal.web.me import open_to_all
from services.portal.web.security import csrf
from services.portal.web.state import state

VERSION = "1.0.0"
ABOUT = """\
扁鹊开放接口。Public operations need no token; the others need
`Authorization: Bearer <token>` with the scope named on each operation. A token belongs to a
program, is made on the page 接口令牌 of the workbench, and sees the divisions it was made for.

Lists are read page by page: follow `next` (also in the Link header) until it is null. Answers
carry an ETag; ask again with If-None-Match. Send an Idempotency-Key with every write. What goes
wrong is a problem of RFC 9457; `code` never changes.
"""


class Described(Api):  # type: ignore[misc]
    """flask-smorest's, which leaves what goes wrong to problems.py."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """None of its own."""


def install(app: Flask, blueprints: Iterable[Blueprint]) -> None:
    """The operations, the document and its page."""
    app.config.update(
        API_TITLE="扁鹊 Bianque",
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        API_SPEC_OPTIONS={
            "info": {"description": ABOUT},
            "security": [],
            "components": {
                "securitySchemes": {
                    "token": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "\n".join(f"`{n}`: {s}" for n, s in SCOPES.items()),
                    }
                }
            },
        },
    )
    api = Described(app)
    for views in blueprints:
        csrf.exempt(views)
        api.register_blueprint(views)
    document: dict[str, Any] = api.spec.to_dict()

    @app.get("/api/v1/openapi.json", endpoint="openapi")
    @open_to_all
    def openapi() -> Any:
        """The document, for programs."""
        shown = {**document, "servers": [{"url": state().settings.portal_address}]}
        return jsonify(shown)

    @app.get("/api/v1/docs", endpoint="openapi_page")
    @open_to_all
    def openapi_page() -> Any:
        """The document, for people."""
        return render_template("api.html")
