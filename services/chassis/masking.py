"""Personal data as they are shown to whoever has no purpose for the whole."""

from __future__ import annotations

_LONG = 11


def masked_name(name: str) -> str:
    """王*: the first character only."""
    return name.strip()[:1] + "*"


def masked_phone(number: str) -> str:
    """138****5678; of a short number the last two only."""
    number = number.strip()
    if len(number) >= _LONG:
        return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
    return "*" * max(len(number) - 2, 0) + number[-2:]
