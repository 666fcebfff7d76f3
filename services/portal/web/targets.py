"""Where an address that came with a request may lead."""

from __future__ import annotations

from urllib.parse import urlsplit


def inside(target: str | None) -> str | None:
    """A page of this site; nothing that leads elsewhere."""
    parts = urlsplit((target or "").replace("\\", "/"))
    if not target or parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    return target if not target.startswith("//") else None
