"""The internal API of the registry, by subject: files in, enterprises and objects out."""

from __future__ import annotations

from flask import Blueprint

from services.registry.api import (
    announcements,
    candidates,
    census,
    corrections,
    files,
    history,
    imports,
    intake,
    mappings,
    merges,
    people,
    public,
    reference,
    search,
)
from services.registry.api.serving import Service

__all__ = ["Service", "blueprint"]


def blueprint(service: Service) -> Blueprint:
    """The views of the registry. A subject has a module here, and adds its views."""
    views = Blueprint("registry", __name__)
    subjects = (
        *(imports, mappings, intake, files, history, people, corrections, public),
        *(merges, candidates, search, announcements, reference, census),
    )
    for subject in subjects:
        subject.add_views(views, service)
    return views
