"""The internal API of inspection, by subject."""

from flask import Blueprint

from services.inspection.api import (
    bookings,
    caseload,
    cases,
    complaints,
    documents,
    orders,
    points,
    proofs,
    reminding,
    simulations,
    standing,
    visits,
)
from services.inspection.api.asking import Inspection

_SUBJECTS = (
    standing,
    orders,
    cases,
    complaints,
    bookings,
    documents,
    caseload,
    proofs,
    points,
    simulations,
    visits,
    reminding,
)


def blueprint(service: Inspection) -> Blueprint:
    """The views of one running service."""
    views = Blueprint("inspection", __name__)
    for subject in _SUBJECTS:
        subject.add(views, service)
    return views
