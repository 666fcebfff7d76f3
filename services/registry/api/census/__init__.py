"""普查: campaigns, grids, plans and sheets in; coverage, gaps and findings out."""

from __future__ import annotations

from flask import Blueprint

from services.registry.api.census import figures, planning, sheet_files, sheets
from services.registry.api.serving import Service


def add_views(views: Blueprint, service: Service) -> None:
    """Everything of the census."""
    for part in (planning, sheets, sheet_files, figures):
        part.add_views(views, service)
