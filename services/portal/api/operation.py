"""One operation of the public API: guarded, counted, checked, described with an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, request
from flask_smorest import Blueprint
from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from services.chassis.api import KEY_HEADER
from services.portal.api import calling
from services.portal.api.problems import MEDIA_TYPE, ProblemShape
from services.portal.web import limits
from services.portal.web.me import open_to_all

View = Callable[..., Any]
EVERY = (400, 422, 429, 500, 503)
REFUSALS = {
    400: "The request cannot be read.",
    401: "No token, or one that does not hold (any more).",
    403: "The token does not grant this scope, or not these divisions.",
    404: "Not there, or not within the token's divisions.",
    409: "The rules do not allow it now; `rule` and `instead` say why.",
    410: "Was public and is not any more.",
    413: "The body is too large.",
    422: "A field is wrong; `errors` says which.",
    429: "Too many calls in this minute; see Retry-After.",
    500: "A failure; it has been logged.",
    503: "A service does not answer now; ask again.",
}
KEY_PARAMETER = {
    "in": "header",
    "name": KEY_HEADER,
    "required": False,
    "description": "Under the same key a write counts once; its first answer is given again.",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,200}$"},
}
SEEN_PARAMETER = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The ETag of an answer you have: 304 if it is still the same.",
    "schema": {"type": "string", "pattern": r'^"[\x21\x23-\x7e]{1,100}"$'},
}


@dataclass(frozen=True)
class Operation:
    """What is said of one. *example*: a call that the tests make, and what it sends."""

    method: str
    rule: str
    gives: type[Schema]
    scope: str | None = None
    query: type[Schema] | None = None
    body: type[Schema] | None = None
    status: int = 200
    refusals: tuple[int, ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"


def offer(views: Blueprint, operation: Operation) -> Callable[[View], View]:
    """Put an operation into the API and into its description."""

    def add(view: View) -> View:
        made = views.response(operation.status, operation.gives)(view)
        if operation.body:
            made = views.arguments(operation.body)(made)
        if operation.query:
            made = views.arguments(operation.query, location="query")(made)
        made = _guarded(operation, _described(views, operation, made))
        made = limits.limiter.shared_limit(
            calling.rate, scope="api", key_func=calling.counted_as
        )(made)
        views.route(operation.rule, methods=[operation.method])(open_to_all(made))
        return view

    return add


def _guarded(operation: Operation, view: View) -> View:
    @wraps(view)
    def run(*given: Any, **path: Any) -> Response:
        calling.enter(operation.scope)
        if not operation.reads:
            calling.key()
        answer = make_response(view(*given, **path))
        answer.headers["Vary"] = "Authorization"
        if operation.reads and answer.status_code == 200:
            _link(answer)
            answer.headers["Cache-Control"] = "private, no-cache"
            answer.add_etag()
            answer.make_conditional(request)
        return answer

    return run


def _link(answer: Response) -> None:
    told = answer.get_json()
    if isinstance(told, dict) and told.get("next"):
        answer.headers["Link"] = f'<{told["next"]}>; rel="next"'


def page(answer: Mapping[str, Any]) -> dict[str, Any]:
    """A service's page of a list; `next` becomes the address of the page behind it."""
    told = dict(answer)
    if told.get("next"):
        asked = MultiDict(request.args)
        asked["after"] = str(told["next"])
        href = request.root_path + request.path
        told["next"] = f"{href}?{_encoded(asked)}"
    return told


def _encoded(asked: MultiDict[str, str]) -> str:
    return urlencode(list(asked.items(multi=True)))


def _described(views: Blueprint, operation: Operation, view: View) -> View:
    codes = {*EVERY, *operation.refusals}
    codes |= {401, 403} if operation.scope else {401}
    codes |= set() if operation.reads else {413}
    codes |= {404} if "<" in operation.rule else set()
    for code in sorted(codes):
        view = views.alt_response(
            code, schema=ProblemShape, content_type=MEDIA_TYPE, description=REFUSALS[code]
        )(view)
    security: list[dict[str, list[str]]] = (
        [{"token": [operation.scope]}] if operation.scope else [{}, {"token": []}]
    )
    parameters = [SEEN_PARAMETER if operation.reads else KEY_PARAMETER]
    if operation.reads:
        view = views.alt_response(304, description="Still the same.")(view)
    said: View = views.doc(
        security=security, parameters=parameters, **{"x-example": dict(operation.example)}
    )(view)
    return said
