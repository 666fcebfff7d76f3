"""合并 — two enterprises are one, or are not any more: who stands under whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.aliases import Link
from services.chassis.envelope import Envelope
from services.credit import store
from services.events.registry import EnterprisesMerged, MergeUndone


def note_merges(
    session: Session,
    heard: Sequence[Envelope[EnterprisesMerged] | Envelope[MergeUndone]],
    *,
    today: date,
) -> None:
    """What was published of both stands under the survivor, or under each again.

    Whoever is told apart or together is graded anew.
    """
    before = {each.event.merged_id for each in heard}
    store.mark_for_grading(session, aliases.all_with(session, before), since=today)
    aliases.note(
        session,
        [
            Link(each.event.merged_id, each.event.stands_under, each.event.revision)
            for each in heard
        ],
    )
    store.mark_for_grading(session, aliases.all_with(session, before), since=today)
