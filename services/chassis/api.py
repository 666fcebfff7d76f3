"""The internal HTTP API of a service: who calls, what may be seen, how a refusal looks.

Every call shows the installation's token, names its caller and its scope; an unscoped
call never reaches a view. Errors are RFC 9457 problems with a code that never changes.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, Flask, Response, g, jsonify, request
from marshmallow import Schema, ValidationError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.exceptions import HTTPException

from services.chassis import clock, health, inbox, outbox, parked
from services.chassis.database import is_passing
from services.chassis.hearing import Hearings
from services.chassis.scope import Scope, ScopeBroken

__all__ = ["Caller", "Refused", "Scope", "body", "caller", "create_app", "query"]

TOKEN_HEADER = "Authorization"  # noqa: S105 - a header's name
SCOPE_HEADER = "X-Bianque-Scope"
CALLER_HEADER = "X-Bianque-Caller"
OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})

log = structlog.get_logger()


class Refused(Exception):
    """A call that cannot be answered as asked.

    *code* never changes; *detail* is for people and says what would be allowed; further
    keywords tell the place (field, line, id).
    """

    def __init__(self, code: str, detail: str, status: int = 422, **where: Any) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status
        self.where = where


@dataclass(frozen=True)
class Caller:
    """Who calls, for the audit, and whose rows it may see."""

    name: str
    scope: Scope


def caller() -> Caller:
    """The caller of the request in hand."""
    known: Caller = g.caller
    return known


def body(schema: type[Schema]) -> dict[str, Any]:
    """The JSON body, checked. Raises Refused, which names the fields."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Refused("not_json", "请求体应为 JSON 对象 (a JSON object is needed)", 400)
    return _checked(schema, sent)


def query(schema: type[Schema]) -> dict[str, Any]:
    """The query parameters, checked. Raises Refused, which names them."""
    return _checked(schema, request.args.to_dict())


def create_app(service: Any, token: str, *views: Blueprint) -> Flask:
    """The WSGI application of one service: its own views and those every service has."""
    app = Flask(service.name, static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]

    @app.before_request
    def _who() -> None:
        if request.path not in OPEN_PATHS:
            g.caller = _authenticated(token)

    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failed)
    app.register_blueprint(_common(service))
    app.register_blueprint(_parked_views(service))
    for view in views:
        app.register_blueprint(view)
    return app


def _authenticated(token: str) -> Caller:
    shown = request.headers.get(TOKEN_HEADER, "").removeprefix("Bearer ")
    if not hmac.compare_digest(shown.encode(), token.encode()):
        raise Refused("not_authenticated", "服务令牌缺失或不正确 (wrong service token)", 401)
    try:
        scope = Scope.parse(request.headers.get(SCOPE_HEADER, ""))
    except ScopeBroken as error:
        raise Refused(
            "scope_missing", f"请求未说明管辖范围 {SCOPE_HEADER}: {error}", 403
        ) from None
    return Caller(request.headers.get(CALLER_HEADER) or "unnamed", scope)


def _checked(schema: type[Schema], sent: dict[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema().load(sent)
    except ValidationError as error:
        raise Refused("fields_wrong", "字段有误", 422, fields=error.messages) from None
    return loaded


def _common(service: Any) -> Blueprint:
    """What every service answers."""
    views = Blueprint("common", __name__)

    @views.get("/healthz")
    def alive() -> Any:
        return jsonify(status="alive", service=service.name)

    @views.get("/readyz")
    def ready() -> Any:
        troubles = health.troubles(service)
        return jsonify(status="waiting" if troubles else "ready", troubles=troubles), (
            503 if troubles else 200
        )

    @views.get("/metrics")
    def metrics() -> Any:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    @views.get("/status")
    def status() -> Any:
        return jsonify(status_of(service))

    return views


def _parked_views(service: Any) -> Blueprint:
    """Messages that could not be handled: shown, and tried again."""
    views = Blueprint("parked", __name__)
    hearings = Hearings(service)

    @views.get("/parked")
    def parked_list() -> Any:
        with service.database.reading() as session:
            return jsonify([asdict(message) for message in parked.listed(session)])

    @views.get("/parked/<uuid:parked_id>")
    def parked_show(parked_id: UUID) -> Any:
        with service.database.reading() as session:
            message = parked.show(session, parked_id)
        if message is None:
            raise _no_such_parked(parked_id)
        return jsonify(asdict(message))

    @views.post("/parked/<uuid:parked_id>/replay")
    def parked_replay(parked_id: UUID) -> Any:
        log.info("parked_replayed", parked_id=str(parked_id), caller=caller().name)
        try:
            handled = hearings.replay(parked_id)
        except KeyError:
            raise _no_such_parked(parked_id) from None
        return jsonify(id=str(parked_id), handled=handled)

    return views


def status_of(service: Any) -> dict[str, Any]:
    """What waits, what is parked, and the service's own facts."""
    with service.database.reading() as session:
        oldest = outbox.oldest_waiting_at(session)
        return {
            "service": service.name,
            "outbox_waiting": outbox.count_waiting(session),
            "outbox_oldest_seconds": (clock.now() - oldest).total_seconds() if oldest else 0,
            "outbox_position": outbox.last_position(session),
            "inbox": inbox.count(session),
            "parked": parked.count(session),
            "parked_due": parked.count_due(session),
            "busy": service.busy(session) if hasattr(service, "busy") else 0,
            "facts": service.status(session) if hasattr(service, "status") else {},
        }


def _no_such_parked(parked_id: UUID) -> Refused:
    return Refused("no_such_parked_message", f"没有编号为 {parked_id} 的滞留消息", 404)


def _refused(error: Refused) -> Any:
    return _problem(error.status, error.code, error.detail, **error.where)


def _http_error(error: HTTPException) -> Any:
    code = error.name.lower().replace(" ", "_")
    return _problem(error.code or 500, code, error.description or error.name)


def _failed(error: Exception) -> Any:
    if is_passing(error):
        log.warning("call_must_be_repeated", path=request.path, reason=repr(error))
        return _problem(503, "try_again", "数据库暂不可用,请稍后重试 (try again in a moment)")
    log.exception("call_failed", path=request.path)
    return _problem(500, "failed", "服务内部错误,已记录 (the failure has been logged)")


def _problem(status: int, code: str, detail: str, **where: Any) -> Any:
    answer = jsonify(status=status, code=code, title=code, detail=detail, **where)
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer
