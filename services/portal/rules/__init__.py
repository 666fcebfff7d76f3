"""What may be a password, when somebody is locked out, how the audit is chained."""

from services.portal.rules.chain import broken_at, link
from services.portal.rules.logins import Refusal, locked_until, refuse_password, session_ended

__all__ = ["Refusal", "broken_at", "link", "locked_until", "refuse_password", "session_ended"]
