"""The internal API of the credit service: JSON for the portal and for programs."""

from __future__ import annotations

from flask import Blueprint

from services.credit.api import bad_information, public, records, requests
from services.credit.api.serving import Service

__all__ = ["Service", "blueprint"]


def blueprint(service: Service) -> Blueprint:
    """The views of the credit service. A subject has a module here, and adds its views."""
    views = Blueprint("credit", __name__)
    for subject in (bad_information, records, requests, public):
        subject.add_views(views, service)
    return views
