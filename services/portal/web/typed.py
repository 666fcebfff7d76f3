"""What people type into a field, taken apart."""

from __future__ import annotations

import re
from uuid import UUID

from werkzeug.exceptions import BadRequest

BETWEEN = re.compile(r"[,，、;；\s]+")  # a Chinese keyboard has three commas
NUMBER = re.compile(r"[0-9０-９]{1,9}")  # a Chinese keyboard has its own; longer fits no column


def names_in(text: str) -> list[str]:
    """Names or codes that were typed one after the other, whatever stands between them."""
    return [one for one in BETWEEN.split(text) if one]


def number_in(text: str | None) -> int | None:
    """A whole number as it is typed or stands in an address; None: it is none.

    Not by str.isdigit, which also takes what int does not read (², ①).
    """
    found = NUMBER.fullmatch((text or "").strip())
    return int(found[0]) if found else None


def count_in(text: str | None, *, most: int) -> int:
    """How many of something a form says that it holds; never more than it can."""
    return min(number_in(text) or 0, most)


def id_in(text: str | None) -> UUID:
    """An id that a page put into an address or a hidden field. Raises BadRequest."""
    try:
        return UUID(text or "")
    except ValueError:
        raise BadRequest from None


def yes_no(value: str | None) -> bool | None:
    """What was chosen of yes and no; None if neither was."""
    return {"1": True, "0": False}.get(value or "")
