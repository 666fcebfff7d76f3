"""The public API, /api/v1: OpenAPI 3.1, problems of RFC 9457, tokens."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Its operations."""
