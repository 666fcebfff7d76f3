"""Bad information that red warnings make: shown, published, withdrawn."""

from __future__ import annotations

import dataclasses
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import fields, validate
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.chassis.api import Refused
from services.credit import handlers, store
from services.credit.api.records import ReplyBody
from services.credit.api.serving import (
    Paged,
    ReasonBody,
    Service,
    act,
    named_caller,
    nothing_there,
    plain,
    words_for_refusals,
)
from services.credit.handlers.records.requesting import reply_to_entry
from services.credit.handlers.records.showing import Reading, in_words
from services.credit.model import BadInformation, State
from services.credit.rules.escalation import as_told
from services.credit.store import Listed

# what the entry keeps for itself
INWARD = frozenset({"steps", "closed_by"})
SHOWN = [each.name for each in dataclasses.fields(BadInformation) if each.name not in INWARD]
UNKNOWN = "bad_information"


class PageQuery(Paged):
    """Which entries."""

    state = fields.Enum(State, by_value=True, load_default=None)
    division = fields.String(
        validate=validate.Regexp(r"^\d{6}$", error="应为六位行政区划代码, 如 610303"),
        load_default=None,
    )


def add_views(views: Blueprint, service: Service) -> None:
    """The views of bad information."""

    @views.get("/bad-information")
    def bad_information_page() -> Any:
        asked = api.query(PageQuery)
        with service.database.reading() as session:
            listed = store.page(
                session,
                scope=api.caller().scope,
                published_only=api.is_outside(),
                **asked,
            )
            items = _entries(service, session, listed)
        full = len(listed) == asked["limit"]
        return jsonify(items=items, next=_next(listed[-1]) if full else None)

    @views.get("/bad-information/<uuid:bad_information_id>")
    def bad_information(bad_information_id: UUID) -> Any:
        with service.database.reading() as session:
            return jsonify(_found(service, session, bad_information_id))

    @views.get("/bad-information/<uuid:bad_information_id>/explanation")
    def explanation(bad_information_id: UUID) -> Any:
        with words_for_refusals(UNKNOWN), service.database.reading() as session:
            explained = handlers.explain(
                session,
                bad_information_id,
                scope=api.caller().scope,
                policy=service.policy,
                proposals_too=not api.is_outside(),
            )
        return jsonify(plain(explained))

    @views.get("/enterprises/<uuid:enterprise_id>/record")
    def record(enterprise_id: UUID) -> Any:
        return jsonify(_record(service, enterprise_id))

    _add_decisions(views, service)


def _add_decisions(views: Blueprint, service: Service) -> None:
    """What a named person decides."""

    @views.post("/bad-information/<uuid:bad_information_id>/publication")
    def publication(bad_information_id: UUID) -> Any:
        def publish(session: Session) -> Any:
            handlers.publish(
                session,
                bad_information_id,
                scope=api.caller().scope,
                by=named_caller(),
                today=clock.today(),
                policy=service.policy,
            )
            return _found(service, session, bad_information_id)

        with words_for_refusals(UNKNOWN):
            return api.write(service.database, publish)

    @views.post("/bad-information/<uuid:bad_information_id>/withdrawal")
    def withdrawal(bad_information_id: UUID) -> Any:
        because = api.body(ReasonBody)["reason"]

        def withdraw(session: Session) -> Any:
            handlers.withdraw(
                session,
                bad_information_id,
                scope=api.caller().scope,
                by=named_caller(),
                because=because,
                today=clock.today(),
                policy=service.policy,
            )
            return _found(service, session, bad_information_id)

        with words_for_refusals(UNKNOWN):
            return api.write(service.database, withdraw)

    @views.put("/bad-information/<uuid:bad_information_id>/reply")
    def reply_to_bad_information(bad_information_id: UUID) -> Any:
        words, acting = api.body(ReplyBody)["words"], act(service)

        def replied(session: Session) -> Any:
            reply_to_entry(session, acting, bad_information_id, words=words)
            return _found(service, session, bad_information_id)

        with words_for_refusals(UNKNOWN):
            return api.write(service.database, replied)


def _found(service: Service, session: Session, bad_information_id: UUID) -> dict[str, Any]:
    found = store.find(session, bad_information_id, scope=api.caller().scope)
    if found is None or (api.is_outside() and found.entry.published_on is None):
        raise nothing_there(UNKNOWN, bad_information_id)
    return _entries(service, session, [found])[0]


def _record(service: Service, enterprise_id: UUID) -> dict[str, Any]:
    """An enterprise is seen by whoever covers it, or has a record of it."""
    scope, outside = api.caller().scope, api.is_outside()
    with service.database.reading() as session:
        enterprise = store.enterprise(session, enterprise_id)
        entries = store.of_enterprise(
            session, enterprise_id, scope=scope, published_only=outside
        )
        escalations = store.escalations(
            session, enterprise_id, scope=scope, proposals_too=not outside
        )
        name, shown = (enterprise.name, enterprise.id) if enterprise else (None, None)
        items = _entries(service, session, [Listed(entry, name, shown) for entry in entries])
    known = enterprise is not None and scope.covers(enterprise.division)
    if not known and not entries:
        raise Refused(
            "no_such_enterprise", f"没有编号为 {enterprise_id} 的企业, 或不在管辖范围内", 404
        )
    return {
        "enterprise_id": str(enterprise_id),
        "enterprise": plain(vars(enterprise)) if enterprise else None,
        "bad_information": items,
        "escalations": [plain(vars(escalation)) for escalation in escalations],
    }


def _entries(service: Service, session: Session, listed: list[Listed]) -> list[dict[str, Any]]:
    """Entries as the caller may know them: outside the bureau nothing tells of a proposal."""
    ids = [one.entry.id for one in listed]
    hidden = store.proposed(session, ids) if api.is_outside() else set()
    reading = Reading(session, clock.today(), service.policy)
    about = in_words(reading, [one.entry for one in listed])
    return [
        _entry(one, proposal_hidden=one.entry.id in hidden)
        | {"content": about.get(one.entry.id)}
        for one in listed
    ]


def _entry(listed: Listed, *, proposal_hidden: bool) -> dict[str, Any]:
    entry = as_told(listed.entry, proposed=proposal_hidden)
    shown = {name: getattr(entry, name) for name in SHOWN}
    return {name: plain(value) for name, value in shown.items()} | {
        "enterprise": listed.enterprise,
        "stands_under": str(listed.under or listed.entry.enterprise_id),
    }


def _next(last: Listed) -> str:
    return f"{last.entry.opened_on}_{last.entry.id}"
