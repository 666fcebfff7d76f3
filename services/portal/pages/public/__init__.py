"""What everybody may read and hand in without a login."""

from __future__ import annotations

from services.portal.pages.public import checks, feeds, home, records, search

BLUEPRINTS = (home.views, search.views, records.views, checks.views, feeds.views)
