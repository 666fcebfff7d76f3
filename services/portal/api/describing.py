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
SHARED = "parameters"  # of a path: what its operations have in common
ABOUT = """\
扁鹊开放接口。Public operations need no token; the others need
`Authorization: Bearer <token>` with the scope named on each operation. A token belongs to a
program, is made on the page 接口令牌 of the workbench, and sees the divisions it was made for.

Lists are read page by page: follow `next` (also in the Link header) until it is null. Answers
carry an ETag; ask again with If-None-Match. Send an Idempotency-Key with every write. What goes
wrong is a problem of RFC 9457; `code` never changes.
"""
ABOUT_PUBLIC = """\
扁鹊开放接口的公开部分。Everybody may ask; there are no tokens here.

Lists are read page by page: follow `next` (also in the Link header) until it is null. Answers
carry an ETag; ask again with If-None-Match. What goes wrong is a problem of RFC 9457; `code`
never changes.
"""


class Described(Api):  # type: ignore[misc]
    """flask-smorest's, which leaves what goes wrong to problems.py."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """None of its own."""


def install(app: Flask, blueprints: Iterable[Blueprint], *, public_only: bool) -> None:
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
    if public_only:
        document = _of_the_public(document)

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


def _of_the_public(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the operations alone that need no token, and without any token."""
    paths: dict[str, Any] = {}
    for path, named in document["paths"].items():
        public = {
            method: said | {"security": []}
            for method, said in named.items()
            if method != SHARED and {} in said["security"]
        }
        if public:
            paths[path] = public | {k: v for k, v in named.items() if k == SHARED}
    components = {k: v for k, v in document["components"].items() if k != "securitySchemes"}
    about = document["info"] | {"description": ABOUT_PUBLIC}
    return document | {"info": about, "paths": paths, "components": components}
