"""The secret that programs show to the internal APIs."""

from __future__ import annotations

import os
import secrets

from services.chassis.settings import Settings


def api_token(settings: Settings) -> str:
    """The one that was set; else one made here once and readable by this user only."""
    if settings.api_token:
        return settings.api_token
    settings.var.mkdir(parents=True, exist_ok=True)
    path = settings.var / "api-token"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").strip()
