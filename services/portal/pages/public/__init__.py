"""What everybody may read and hand in without a login."""

from __future__ import annotations

from services.portal.pages.public import home

BLUEPRINTS = (home.views,)
