"""What the notify service does when something happens: load, decide, save. Cut by subject."""

from services.notify.handlers.digests import digest, tell_of_unread
from services.notify.handlers.directives import (
    Order,
    Taken,
    acknowledge,
    feed_back,
    issue,
    recall,
    relay,
    report,
    send_back,
)
from services.notify.handlers.reach import (
    note_address,
    register_webhook,
    rotate_secret,
    tell_of_disabled,
    webhook_of_another,
)
from services.notify.handlers.silence import watch
from services.notify.handlers.telling import (
    catch_up,
    keep_contacts,
    keep_enterprises,
    retry,
    tell,
)

__all__ = [
    "Order",
    "Taken",
    "acknowledge",
    "catch_up",
    "digest",
    "feed_back",
    "issue",
    "keep_contacts",
    "keep_enterprises",
    "note_address",
    "recall",
    "register_webhook",
    "relay",
    "report",
    "retry",
    "rotate_secret",
    "send_back",
    "tell",
    "tell_of_disabled",
    "tell_of_unread",
    "watch",
    "webhook_of_another",
]
