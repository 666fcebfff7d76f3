"""What goes wrong under /api/, as problems of RFC 9457; elsewhere it stays a page.

`code` never changes and is what a program looks at; `detail` is for people. `errors` names
each place: a JSON pointer, and whether it was in the body, query, path or header.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import structlog
from flask import Flask, Response, request
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from services.portal.web.paths import logged
from services.portal.web.refusals import TITLES, in_words
from services.portal.web.services import Away, Refused

PREFIX = "/api/"
NO_TOKEN = "没有有效的令牌"  # noqa: S105 - a title
MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "5"
PLACES = {"json": "body", "query": "query", "path": "path", "headers": "header"}
CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "media_type_not_supported",
    422: "fields_wrong",
    429: "too_many_requests",
}
DETAILS = {
    "bad_request": "请求不能解读, 请求体应为 JSON",
    "not_found": "没有这个地址; 全部接口见 /api/v1/openapi.json",
    "method_not_allowed": "该地址不支持这种方法, 可用的方法见 Allow",
    "too_large": "请求体过大",
    "media_type_not_supported": "请以 application/json 发送",
    "fields_wrong": "字段有误",
    "too_many_requests": "超过每分钟的调用次数, 请稍后再试",
    "failed": "系统出错, 故障已记录",
    "away": "相关服务暂时没有应答, 请稍后重试; 写入请沿用同一个 Idempotency-Key",
}
PASSED_ON = ("rule", "instead")  # why a step was refused, and what would be allowed

log = structlog.get_logger()


class ErrorShape(Schema):
    """One wrong place."""

    pointer = fields.String(required=True, metadata={"description": "JSON pointer"})
    place = fields.String(required=True, data_key="in")
    detail = fields.String(required=True)


class ProblemShape(Schema):
    """RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "never changes"})
    errors = fields.List(fields.Nested(ErrorShape))
    rule = fields.String(allow_none=True, metadata={"description": "the rule that refused"})
    instead = fields.String(allow_none=True, metadata={"description": "what would be allowed"})


class Problem(Exception):
    """A call of the public API that cannot be answered as asked."""

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})


def install(app: Flask) -> None:
    """Before the handlers that make pages: under /api/ these answer instead."""
    app.register_error_handler(Problem, _problem)
    known = app.error_handler_spec[None][None]
    for kind, said in (
        (Away, _away),
        (Refused, _refused),
        (HTTPException, _http),
        (Exception, _failed),
    ):
        app.register_error_handler(kind, _either(said, known[kind]))


def _either(ours: Callable[[Any], Any], page: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda error: (ours if request.path.startswith(PREFIX) else page)(error)


def answer(
    status: int,
    code: str,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """A problem as it goes over the line."""
    said: dict[str, Any] = {
        "type": f"urn:bianque:problem:{code}",
        "title": NO_TOKEN if status == 401 else TITLES.get(status, TITLES[400]),
        "status": status,
        "detail": detail,
        "code": code,
    } | more
    if errors:
        said["errors"] = errors
    body = json.dumps(said, ensure_ascii=False)
    return Response(body, status, headers=dict(headers or {}), content_type=MEDIA_TYPE)


def _problem(error: Problem) -> Response:
    return answer(error.status, error.code, error.detail, headers=error.headers)


def _away(error: Away) -> Response:
    log.warning("api_service_away", service=error.service)
    return answer(503, "away", DETAILS["away"], headers={"Retry-After": RETRY_SECONDS})


def _refused(error: Refused) -> Response:
    if error.status >= 500:
        log.error("api_service_failed", service=error.service, code=error.code)
        return answer(500, "failed", DETAILS["failed"])
    where = "query" if request.method == "GET" else "body"
    told = dict(error.fields)
    if not told and (field := error.problem.get("field")):
        told = {str(field): [str(error)]}
    more: dict[str, Any] = {
        name: str(error.problem[name]) for name in PASSED_ON if error.problem.get(name)
    }
    errors = list(_places(where, "", told))
    return answer(error.status, error.code, str(error), errors=errors, **more)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    code = CODES.get(status, "failed" if status >= 500 else "bad_request")
    wrong = getattr(error, "data", {}).get("messages", {})
    errors = [
        one
        for location, told in wrong.items()
        for one in _places(PLACES.get(location, location), "", told)
    ]
    headers = {k: v for k, v in error.get_headers() if k.lower() in ("allow", "retry-after")}
    return answer(status, code, DETAILS[code], errors=errors, headers=headers)


def _failed(error: Exception) -> Response:
    log.exception("api_failed", path=logged())
    return answer(500, "failed", DETAILS["failed"])


def _places(where: str, pointer: str, told: Any) -> Iterator[dict[str, str]]:
    if isinstance(told, Mapping):
        for name, inner in told.items():
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield from _places(where, f"{pointer}/{step}", inner)
    else:
        for one in told if isinstance(told, list) else [told]:
            yield {"pointer": pointer, "in": where, "detail": in_words(str(one))}
