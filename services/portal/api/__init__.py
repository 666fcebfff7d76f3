"""The public API, /api/v1: OpenAPI 3.1, problems of RFC 9457, tokens. docs/api.md tells how."""

from __future__ import annotations

from flask import Flask

from services.portal.api import (
    catalogue,
    credit,
    describing,
    duties,
    problems,
    public_credit,
    registry,
    webhooks,
)

OFFERED = (
    public_credit.views,
    credit.views,
    registry.views,
    duties.views,
    catalogue.views,
    webhooks.views,
)


def install(app: Flask, *, public_only: bool) -> None:
    """Its operations, their description, and problems instead of pages.

    *public_only*: of the operations those that need no token; the others are not there.
    """
    problems.install(app)
    describing.install(app, OFFERED, public_only=public_only)
