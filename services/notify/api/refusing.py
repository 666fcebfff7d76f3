"""A refusal of the rules, as the API says it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from services.chassis.api import Refused
from services.notify.rules.refusal import NotAllowed


@contextmanager
def in_words() -> Iterator[None]:
    """What the rules refuse is answered with their own words and code."""
    try:
        yield
    except NotAllowed as refusal:
        raise Refused(refusal.code, refusal.said, 409) from None
