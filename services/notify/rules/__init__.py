"""告知规则 — who is told, by which ways, when a delivery is tried again.

Pure: told the facts, the instant and the policy. Numbers and tables are in policy.yaml,
the worked cases in tests/rules/cases/messages*.yaml.
"""

from services.notify.rules.failover import in_order, may_send_at
from services.notify.rules.telling import (
    account_of,
    after_failure,
    delivery_id,
    former_id,
    message_id,
    progress,
    ways_out,
)

__all__ = [
    "account_of",
    "after_failure",
    "delivery_id",
    "former_id",
    "in_order",
    "may_send_at",
    "message_id",
    "progress",
    "ways_out",
]
