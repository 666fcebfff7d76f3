"""The WSGI application of one service: authentication, problems, and what every service answers."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.exceptions import HTTPException

from services.chassis import clock, health, inbox, outbox, parked, sweeping
from services.chassis.api.calls import Caller, Refused, caller, said_name
from services.chassis.api.permits import Permits
from services.chassis.database import is_passing
from services.chassis.hearing import Hearings
from services.chassis.policy import NotInForce, Policy
from services.chassis.scope import Scope, ScopeBroken

TOKEN_HEADER = "Authorization"  # noqa: S105 - a header's name
SCOPE_HEADER = "X-Bianque-Scope"
ROLE_HEADER = "X-Bianque-Role"
OWN_HEADER = "X-Bianque-Own"
MOST_SHOWN = 20  # of what was set aside: all of it is in the table `aside`
OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})

log = structlog.get_logger()


def create_app(
    service: Any, token: str, *views: Blueprint, permits: Permits | None = None
) -> Flask:
    """The WSGI application of one service: its own views and those every service has.

    Without *permits* roles are not asked for: in tests of the views. Raises PermitsBroken.
    """
    app = Flask(service.name, static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]

    @app.before_request
    def _who() -> None:
        if request.path not in OPEN_PATHS:
            g.caller = _authenticated(token, with_role=permits is not None)
            if permits is not None:
                permits.refuse(g.caller)

    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failed)
    app.register_blueprint(_health(service))
    app.register_blueprint(_common(service))
    app.register_blueprint(_parked_views(service))
    for view in views:
        app.register_blueprint(view)
    if permits is not None:
        permits.check(app)
    return app


def health_app(service: Any) -> Flask:
    """Health and metrics alone, for the port of a process that hears."""
    app = Flask(service.name, static_folder=None)
    app.register_blueprint(_health(service))
    return app


def _authenticated(token: str, *, with_role: bool) -> Caller:
    shown = request.headers.get(TOKEN_HEADER, "").removeprefix("Bearer ")
    if not hmac.compare_digest(shown.encode(), token.encode()):
        raise Refused("not_authenticated", "服务令牌缺失或不正确 (wrong service token)", 401)
    try:
        scope = Scope.parse(request.headers.get(SCOPE_HEADER, ""))
    except ScopeBroken as error:
        raise Refused(
            "scope_missing", f"请求未说明管辖范围 {SCOPE_HEADER}: {error}", 403
        ) from None
    named = request.headers.get(ROLE_HEADER, "").split(",")
    roles = frozenset(role.strip() for role in named if role.strip())
    if with_role and not roles:
        raise Refused("role_missing", f"请求未说明角色 {ROLE_HEADER}", 403)
    return Caller(said_name() or "unnamed", scope, roles, _own())


def _own() -> UUID | None:
    """The party that the caller speaks for alone. Raises Refused."""
    said = request.headers.get(OWN_HEADER)
    if said is None:
        return None
    try:
        return UUID(said)
    except ValueError:
        raise Refused("own_wrong", f"{OWN_HEADER} 应为编号", 400) from None


def _health(service: Any) -> Blueprint:
    """What probes ask, without a token."""
    views = Blueprint("health", __name__)

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

    return views


def _common(service: Any) -> Blueprint:
    """What every service answers to those who work with it."""
    views = Blueprint("common", __name__)

    @views.get("/policy")
    def policy() -> Any:
        """Every number in force today, with its source and the values before and after."""
        if not hasattr(service, "policy"):
            return jsonify(version=None, items=[])
        today = clock.today()
        items = [_dated(service.policy, name, today) for name in service.policy.names]
        return jsonify(
            profile=service.policy.profile,
            version=service.policy.version(on=today),
            items=[item for item in items if item is not None],
        )

    @views.get("/status")
    def status() -> Any:
        """`counts=no`: what waits, without counting whole tables; for who asks again and again."""
        counts = request.args.get("counts") != "no"
        return jsonify(status_of(service) if counts else waiting_of(service))

    return views


def _dated(policy: Policy, name: str, today: date) -> dict[str, Any] | None:
    """A value with its source; None: nothing holds yet."""
    try:
        told = policy.explain(name, on=today)
    except NotInForce:
        return None
    ever = [
        {"since": each.since.isoformat(), "value": each.value, "source": each.source}
        for each in policy.history(name)
    ]
    return told | {"history": ever}


def _parked_views(service: Any) -> Blueprint:
    """Messages that could not be handled: shown, and tried again.

    Of a message that nobody could read nobody knows the division: it is the whole bureau's.
    """
    views = Blueprint("parked", __name__)
    hearings = Hearings(service)
    bureau = service.database.source.split("/")[1]

    @views.before_request
    def whole_bureau() -> None:
        if not caller().scope.covers(bureau):
            raise Refused(
                "scope_too_narrow",
                f"滞留消息不分县区,需要管辖整个 {bureau}",
                403,
                needed=bureau,
            )

    @views.get("/parked")
    def parked_list() -> Any:
        with service.database.reading() as session:
            found = parked.listed(session)
            return jsonify([_told(message) for message in found])

    @views.get("/parked/<uuid:parked_id>")
    def parked_show(parked_id: UUID) -> Any:
        with service.database.reading() as session:
            message = parked.show(session, parked_id)
        if message is None:
            raise _no_such_parked(parked_id)
        return jsonify(_told(message))

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
    """What waits, what is parked, and the service's own facts: they count whole tables."""
    with service.database.reading() as session:
        counted = {
            "inbox": inbox.count(session),
            "facts": service.status(session) if hasattr(service, "status") else {},
        }
    return waiting_of(service) | counted


def waiting_of(service: Any) -> dict[str, Any]:
    """What waits and what is parked: read from indexes of what waits, however much is kept."""
    with service.database.reading() as session:
        oldest = outbox.oldest_waiting_at(session)
        return {
            "service": service.name,
            "outbox_waiting": outbox.count_waiting(session),
            "outbox_oldest_seconds": (clock.now() - oldest).total_seconds() if oldest else 0,
            "outbox_position": outbox.last_position(session),
            "parked": parked.count(session),
            "parked_due": parked.count_due(session),
            "set_aside": sweeping.count(session),
            "set_aside_first": [
                {"sweep": one.sweep, "about": one.about, "since": one.since.isoformat()}
                for one in sweeping.listed(session, limit=MOST_SHOWN)
            ],
            "busy": service.busy(session) if hasattr(service, "busy") else 0,
        }


def _told(message: parked.Parked) -> dict[str, Any]:
    """A parked message in JSON, which has no moments of its own."""
    shown, next_ = asdict(parked.as_shown(message)), message.next_try_at
    return shown | {
        "parked_at": message.parked_at.isoformat(),
        "next_try_at": next_.isoformat() if next_ else None,
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
