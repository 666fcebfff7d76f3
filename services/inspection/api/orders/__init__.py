"""The views of rectification orders: drafts, items, refusals, lists and explanations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.inspection.api import matters
from services.inspection.api.asking import Inspection, plain
from services.inspection.api.desk import body_with_proofs, read, write
from services.inspection.api.orders import bodies
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.orders import drafting, explaining, of_warnings, rectifying
from services.inspection.handlers.orders.drafting import Content
from services.inspection.model.orders import Item, Order
from services.inspection.rules.offences import matters as matters_of
from services.inspection.store import orders
from services.inspection.store.orders import Wanted

_ITEM = "/orders/<uuid:order_id>/items/<uuid:item_id>"


def add(views: Blueprint, service: Inspection) -> None:
    """The views of orders, of their items and of refusals."""
    _drafts(views, service)
    _items(views, service)
    _refusals(views, service)
    _reading(views, service)


def _drafts(views: Blueprint, service: Inspection) -> None:
    @views.post("/orders")
    def draft() -> Any:
        sent = api.body(bodies.DraftBody)
        firm, bureau, content = sent["enterprise_id"], sent["bureau"], _content(sent)
        return _changed(service, drafting.draft, firm, content, status=201, bureau=bureau)

    @views.post("/orders/of-warnings")
    def draft_of_warnings() -> Any:
        sent = api.body(bodies.OfWarningsBody)
        return _changed(service, of_warnings.draft_of_warnings, status=201, **sent)

    @views.put("/orders/<uuid:order_id>")
    def redraft(order_id: UUID) -> Any:
        content = _content(api.body(bodies.ContentBody))
        return _changed(service, drafting.redraft, order_id, content)

    @views.post("/orders/<uuid:order_id>/discard")
    def discard(order_id: UUID) -> Any:
        return _changed(service, drafting.discard, order_id, **api.body(bodies.ReasonBody))

    @views.post("/orders/<uuid:order_id>/issue")
    def issue(order_id: UUID) -> Any:
        return _changed(service, drafting.issue, order_id, **api.body(bodies.IssueBody))


def _items(views: Blueprint, service: Inspection) -> None:
    @views.post(f"{_ITEM}/extension")
    def extension(order_id: UUID, item_id: UUID) -> Any:
        sent = api.body(bodies.ExtensionBody)
        return _changed(service, rectifying.extend, order_id, item_id, **sent)

    @views.post(f"{_ITEM}/proof")
    def proof(order_id: UUID, item_id: UUID) -> Any:
        sent = body_with_proofs(service, bodies.ProofBody)
        return _changed(service, rectifying.hand_in, order_id, item_id, **sent)

    @views.post(f"{_ITEM}/recheck")
    def recheck(order_id: UUID, item_id: UUID) -> Any:
        sent = body_with_proofs(service, bodies.RecheckBody)
        return _changed(service, rectifying.find, order_id, item_id, **sent)

    @views.post(f"{_ITEM}/withdrawal")
    def withdrawal(order_id: UUID, item_id: UUID) -> Any:
        sent = api.body(bodies.ReasonBody)
        return _changed(service, rectifying.withdraw, order_id, item_id, **sent)

    @views.post(f"{_ITEM}/second-term")
    def second_term(order_id: UUID, item_id: UUID) -> Any:
        sent = api.body(bodies.SecondTermBody)
        return _changed(service, rectifying.set_again, order_id, item_id, **sent)


def _refusals(views: Blueprint, service: Inspection) -> None:
    @views.post("/orders/<uuid:order_id>/refusals")
    def refusal(order_id: UUID) -> Any:
        sent = body_with_proofs(service, bodies.RefusalBody)

        def act(session: Session, acting: Acting) -> Any:
            return rectifying.refuse(session, order_id, **sent, acting=acting)

        return write(service, act, status=201)

    @views.post("/refusals/<uuid:refusal_id>/withdrawal")
    def refusal_withdrawal(refusal_id: UUID) -> Any:
        sent = api.body(bodies.ReasonBody)

        def act(session: Session, acting: Acting) -> Any:
            return rectifying.take_back_refusal(session, refusal_id, **sent, acting=acting)

        return write(service, act)


def _reading(views: Blueprint, service: Inspection) -> None:
    @views.get("/matters")
    def violation_matters() -> Any:
        known = matters_of(service.policy, on=clock.today())
        return jsonify(items=plain([vars(each) for each in known.values()]))

    @views.get("/orders")
    def orders_page() -> Any:
        asked = api.query(bodies.OrdersQuery)
        return read(service, lambda session, acting: _page(session, asked, acting))

    @views.get("/orders/<uuid:order_id>")
    def an_order(order_id: UUID) -> Any:
        def ask(session: Session, acting: Acting) -> Any:
            told_only = api.is_outside()
            order = explaining.found(session, order_id, acting, told_only=told_only)
            return _shown(order, acting)

        return read(service, ask)

    @views.get("/orders/<uuid:order_id>/explanation")
    def order_explanation(order_id: UUID) -> Any:
        return read(
            service, lambda session, acting: explaining.explained(session, order_id, acting)
        )


def _changed(
    service: Inspection, change: Callable[..., Order], *which: Any, **sent: Any
) -> Response:
    return matters.changed(service, _shown, change, *which, **sent)


def _page(session: Session, asked: dict[str, Any], acting: Acting) -> dict[str, Any]:
    wanted = Wanted(**matters.within_scope(asked, acting))
    found = orders.page(session, wanted)
    return matters.page(
        found,
        wanted.limit,
        acting,
        shown=_shown,
        place=lambda order: (order.drafted_on, order.order_id),
    )


def _shown(order: Order, acting: Acting) -> dict[str, Any]:
    return explaining.shown(order, today=acting.today, policy=acting.policy)


def _content(sent: dict[str, Any]) -> Content:
    items = tuple(Item(item_id=uuid4(), **item) for item in sent["items"])
    return Content(
        origin=sent["origin"],
        visit_id=sent["visit_id"],
        warning_id=sent["warning_id"],
        items=items,
    )
