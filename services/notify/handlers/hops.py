"""A hop that changes, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from services.chassis import clock, outbox
from services.events.contract import Event
from services.notify.handlers.telling import tell_of
from services.notify.model import Directive, Hop, Occasion
from services.notify.practice import Practice


def changed(hop: Hop, **changes: Any) -> Hop:
    return replace(hop, revision=outbox.revision_after(hop.revision), **changes)


def named(hop: Hop, directive: Directive) -> dict[str, Any]:
    return {
        "hop_id": hop.id,
        "revision": hop.revision,
        "directive_id": directive.id,
        "division": hop.division,
        "number": directive.number,
        "title": directive.title,
        "sender": hop.sender,
        "receiver": hop.receiver,
    }


def say(session: Session, event: Event, hop: Hop, practice: Practice) -> None:
    """Announce it, and tell those on this platform whom it concerns."""
    said = outbox.announce(session, event, about=f"directive_hop/{hop.id}")
    occasion = Occasion.of_own(event.full_name, hop.id, clock.now(), event.to_wire())
    tell_of(session, [(type(event), replace(occasion, caused_by=said))], practice)
