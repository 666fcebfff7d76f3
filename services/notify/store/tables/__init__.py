"""The tables of the notify database, by subject; one that is not named here is not made."""

from services.notify.store.tables.base import Table
from services.notify.store.tables.directives import (
    WATCHED,
    DirectiveNumberRow,
    DirectiveRow,
    DirectiveStepRow,
    HopRow,
)
from services.notify.store.tables.messages import (
    NO_CHANNEL,
    OUTSTANDING,
    UNDIGESTED,
    UNREAD,
    UNREAD_BY_STAFF,
    WANTING,
    AddressRow,
    ContactRow,
    DeliveryRow,
    EnterpriseRow,
    MessageRow,
    TryRow,
    WebhookRow,
)

__all__ = [
    "NO_CHANNEL",
    "OUTSTANDING",
    "UNDIGESTED",
    "UNREAD",
    "UNREAD_BY_STAFF",
    "WANTING",
    "WATCHED",
    "AddressRow",
    "ContactRow",
    "DeliveryRow",
    "DirectiveNumberRow",
    "DirectiveRow",
    "DirectiveStepRow",
    "EnterpriseRow",
    "HopRow",
    "MessageRow",
    "Table",
    "TryRow",
    "WebhookRow",
]
