"""What everybody may read and hand in without a login."""

from __future__ import annotations

from services.portal.pages.public import checks, complaints, feeds, home, records, search

BLUEPRINTS = tuple(
    module.views for module in (home, search, records, checks, complaints, feeds)
)
