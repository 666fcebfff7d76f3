"""The workbench of the bureau's staff."""

from __future__ import annotations

from services.portal.pages.desk import home

BLUEPRINTS = (home.views,)
