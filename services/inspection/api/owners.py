"""Whose a thing is, for callers that speak for one enterprise alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.scope import EVERYTHING, Scope
from services.inspection.store import bookings, cases, documents, orders, reds, subjects, visits

_ALL = Scope.parse(EVERYTHING)


def _order(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    """An issued order; a draft is nobody's yet."""
    found = orders.find(session, names["order_id"], scope=_ALL)
    return {found.enterprise_id} if found and found.issued_on else set()


def _case(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    """A case that its party was told of: until the notice, the inquiry is the bureau's own."""
    found = cases.find(session, names["case_id"], scope=_ALL)
    return {found.enterprise_id} if found and (found.notice or found.decision) else set()


def _object(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    found = subjects.get(session, [names["object_id"]])
    return {
        subject.facts.enterprise_id for subject in found.values() if subject.facts.enterprise_id
    }


def _warning(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    found = reds.get(session, names["warning_id"])
    return {found.red.enterprise_id} if found else set()


def _document(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    """Of the order, the case or the visit that it is about."""
    document = documents.find(session, str(names["code"]).strip().upper())
    if document is None:
        return set()
    about = document.about_id
    found = (
        orders.find(session, about, scope=_ALL)
        or cases.find(session, about, scope=_ALL)
        or visits.get(session, about)
    )
    return {found.enterprise_id} if found else set()


def _booking(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    found = bookings.find(session, names["booking_id"], scope=_ALL)
    return {found.enterprise_id} if found else set()


OWNERS = {
    "booking": _booking,
    "order": _order,
    "case": _case,
    "object": _object,
    "warning": _warning,
    "document": _document,
}
