"""What the views of the census share: which campaign, what is refused, texts of a body."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.api import Refused
from services.registry.handlers.census import OutOfScope
from services.registry.rules.census import PlanBroken
from services.registry.store.census import campaigns
from services.registry.store.tables import CampaignRow


def known(session: Session, campaign_id: UUID) -> CampaignRow:
    """The campaign. Raises Refused."""
    found = campaigns.campaign(session, campaign_id)
    if found is None:
        raise Refused("no_such_census", f"没有编号为 {campaign_id} 的普查", 404)
    return found


@contextmanager
def refusals() -> Iterator[None]:
    """What the rules of the census refuse, as a problem."""
    try:
        yield
    except PlanBroken as broken:
        raise Refused(broken.code, str(broken)) from None
    except OutOfScope as foreign:
        detail = f"没有这些网格,或不在管辖范围内: {foreign}"
        raise Refused("grid_out_of_scope", detail, 403, grids=foreign.grids) from None
