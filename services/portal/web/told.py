"""Why something could not be had, in one sentence for a line of a list."""

from __future__ import annotations

from services.portal.web.language import gettext as _
from services.portal.web.names import service_name
from services.portal.web.refusals import errors_of
from services.portal.web.services import Away, Part, Refused


def why(error: Away | Refused) -> str:
    """Who does not answer, or what was refused."""
    if isinstance(error, Away):
        return _("%(service)s没有应答。", service=service_name(error.service))
    return "；".join(said for _field, said in errors_of(error))


def why_not(part: Part) -> str:
    """Why a part of a page is not there."""
    error = part.refused or Away(part.away or "")
    return why(error)
