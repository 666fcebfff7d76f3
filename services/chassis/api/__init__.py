"""The internal HTTP API of a service: who calls, what may be seen, how a refusal looks.

Every call shows the installation's token, names its caller and its scope; an unscoped
call never reaches a view. Errors are RFC 9457 problems with a code that never changes.
A write with an `Idempotency-Key` counts once.
"""

from services.chassis.api.app import (
    OWN_HEADER,
    ROLE_HEADER,
    SCOPE_HEADER,
    TOKEN_HEADER,
    create_app,
    health_app,
    status_of,
    waiting_of,
)
from services.chassis.api.calls import (
    AGENCY,
    CALLER_HEADER,
    Caller,
    Refused,
    body,
    caller,
    is_agency,
    is_outside,
    query,
    said_name,
    written_name,
)
from services.chassis.api.permits import OPERATOR, Permits, PermitsBroken
from services.chassis.api.writing import KEY_HEADER, write
from services.chassis.scope import Scope

__all__ = [
    "AGENCY",
    "CALLER_HEADER",
    "KEY_HEADER",
    "OPERATOR",
    "OWN_HEADER",
    "ROLE_HEADER",
    "SCOPE_HEADER",
    "TOKEN_HEADER",
    "Caller",
    "Permits",
    "PermitsBroken",
    "Refused",
    "Scope",
    "body",
    "caller",
    "create_app",
    "health_app",
    "is_agency",
    "is_outside",
    "query",
    "said_name",
    "status_of",
    "waiting_of",
    "write",
    "written_name",
]
