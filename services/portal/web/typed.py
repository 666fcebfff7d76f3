"""What people type into a field, taken apart."""

from __future__ import annotations

import re

BETWEEN = re.compile(r"[,，、;；\s]+")  # a Chinese keyboard has three commas


def names_in(text: str) -> list[str]:
    """Names or codes that were typed one after the other, whatever stands between them."""
    return [one for one in BETWEEN.split(text) if one]
