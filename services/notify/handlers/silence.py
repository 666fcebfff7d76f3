"""What the silence of a unit leads to: 催办, 督办, 报上级."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import clock, sweeping
from services.chassis.database import Database
from services.events.notify import DirectiveOverdue, Silence
from services.notify.handlers.hops import changed, named, say
from services.notify.model import Hop
from services.notify.practice import Practice
from services.notify.rules import directives as rules
from services.notify.rules.accounts import superior_of
from services.notify.store import directives as store

AT_ONCE = 100
THE_CLOCK = "bianque"  # what only the passing of days has done


def watch(database: Database, practice: Practice) -> None:
    """逾期未签收、未报告的: 催办, 督办, 报上级. Each once, whenever this runs."""

    def due(session: Session, _after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return store.to_look_at(session, clock.today(), limit=AT_ONCE, without=without)

    def looked_at(session: Session, some: Sequence[UUID]) -> None:
        for hop in store.looked_at(session, some, clock.today()):
            _look_at(session, hop, practice)

    sweeping.by_id("silence", due, looked_at).run(database)


def _look_at(session: Session, hop: Hop, practice: Practice) -> None:
    today = clock.today()
    silence = rules.silence_on(today, hop.phase, hop.terms, practice.policy)
    coming = rules.look_on(today, hop.phase, hop.terms, practice.policy)
    after = changed(hop, silence=silence, look_on=coming)
    store.save(session, [after])
    directive = store.directive(session, hop.directive_id)
    awaited = rules.awaited(hop.phase)
    if silence in (hop.silence, Silence.NONE) or awaited is None or directive is None:
        return
    store.note_step(session, after, silence, by=THE_CLOCK, at=clock.now(), before=hop.phase)
    is_watched = silence in (Silence.SUPERVISED, Silence.ESCALATED)
    event = DirectiveOverdue(
        **named(after, directive),
        awaited=awaited,
        silence=silence,
        last_day=rules.last_day(hop.phase, hop.terms),
        watcher=hop.sender if is_watched else None,
        superior=_superior(hop) if silence is Silence.ESCALATED else None,
    )
    say(session, event, after, practice)


def _superior(hop: Hop) -> str | None:
    """Whoever stands above the receiver and has not been told as the sender."""
    above = superior_of(hop.receiver)
    return superior_of(above) if above == hop.sender else above
