"""What others hear of a visit: its conclusion in counts."""

from __future__ import annotations

from services.chassis.outbox import Saying
from services.events.inspection import VisitConcluded
from services.inspection.model.visits import Conclusion


def concluded(conclusion: Conclusion) -> Saying:
    """The event of a conclusion."""
    return Saying(VisitConcluded(**vars(conclusion)), f"visit/{conclusion.visit_id}")
