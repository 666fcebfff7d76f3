"""What an enterprise sees and does for itself."""

from __future__ import annotations

from services.portal.pages.own import home, matters

BLUEPRINTS = (home.views, matters.views)
