"""What the notify service does when something happens: load, decide, save. Cut by subject."""

from services.notify.handlers.reach import (
    note_address,
    register_webhook,
    rotate_secret,
    tell_of_disabled,
)
from services.notify.handlers.telling import (
    catch_up,
    keep_contacts,
    keep_enterprises,
    retry,
    tell,
)

__all__ = [
    "catch_up",
    "keep_contacts",
    "keep_enterprises",
    "note_address",
    "register_webhook",
    "retry",
    "rotate_secret",
    "tell",
    "tell_of_disabled",
]
