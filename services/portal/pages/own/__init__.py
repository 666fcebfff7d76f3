"""What an enterprise sees and does for itself."""

from __future__ import annotations

from services.portal.pages.own import bookings, home, matters

BLUEPRINTS = (home.views, matters.views, bookings.views)
