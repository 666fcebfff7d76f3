"""合并 — two enterprises are one, or are not any more: who stands under whom."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.aliases import Link
from services.chassis.envelope import Envelope
from services.events.registry import EnterprisesMerged, MergeUndone
from services.notify.handlers import telling
from services.notify.practice import Practice
from services.notify.store import messages


def note_merges(
    session: Session,
    heard: Sequence[Envelope[EnterprisesMerged] | Envelope[MergeUndone]],
    practice: Practice,
) -> None:
    """Messages of both go to the survivor, or to each again; what waited may go on."""
    changed = aliases.note(
        session,
        [
            Link(each.event.merged_id, each.event.stands_under, each.event.revision)
            for each in heard
        ],
    )
    telling.resume(session, practice, messages.about(session, changed))
