"""How directives and their hops look in JSON, with every step of the way in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from services.chassis.clock import BEIJING
from services.chassis.scope import Scope
from services.notify.api.shown import instant
from services.notify.model import Directive, Hop
from services.notify.rules import directives as rules
from services.notify.store import directives as store
from services.notify.words import LANGUAGES, Words

if TYPE_CHECKING:
    from enum import Enum

    from sqlalchemy.orm import Session

    from services.notify.store.tables import DirectiveStepRow

WORDS = Words.read()
ALL = 1000


def hop_shown(hop: Hop, today: date) -> dict[str, Any]:
    """One hop, where it stands and what may be done."""
    awaited = rules.awaited(hop.phase)
    last = rules.last_day(hop.phase, hop.terms)
    return {
        "id": str(hop.id),
        "directive_id": str(hop.directive_id),
        "parent_id": str(hop.parent_id) if hop.parent_id else None,
        "sender": hop.sender,
        "receiver": hop.receiver,
        "division": hop.division,
        "phase": hop.phase.value,
        "phase_in_words": _said(hop.phase),
        "silence": hop.silence.value,
        "silence_in_words": _said(hop.silence),
        "awaited": awaited.value if awaited else None,
        "last_day": last.isoformat() if awaited else None,
        "overdue": awaited is not None and today > last,
        "open_steps": [step.value for step in rules.open_steps(hop.phase)],
        "issued_at": instant(hop.issued_at),
        "acknowledge_by": hop.terms.acknowledge_by.isoformat(),
        "due_on": hop.terms.due_on.isoformat(),
        "acknowledged_at": instant(hop.acknowledged_at),
        "closed_at": instant(hop.closed_at),
    }


def whole_shown(
    session: Session, scope: Scope, directive: Directive, today: date
) -> dict[str, Any]:
    """A directive with those of its hops that the caller may see, each explained."""
    asked = store.Asked(directive_id=directive.id)
    seen = [hop for hop, _ in store.of(session, scope, asked, after=None, limit=ALL)]
    steps = store.steps(session, [hop.id for hop in seen])
    return {
        "id": str(directive.id),
        "number": directive.number,
        "title": directive.title,
        "text": directive.text,
        "sender": directive.sender,
        "issued_by": directive.issued_by,
        "issued_at": instant(directive.issued_at),
        "due_on": directive.due_on.isoformat(),
        "enterprise_id": str(directive.enterprise_id) if directive.enterprise_id else None,
        "hops": [
            {**hop_shown(hop, today), "explanation": [_step(row) for row in steps[hop.id]]}
            for hop in seen
        ],
    }


def _step(row: DirectiveStepRow) -> dict[str, Any]:
    on = row.at.astimezone(BEIJING)
    what = {language: WORDS.called("Step", row.step, language) for language in LANGUAGES}
    return {
        "at": instant(row.at),
        "step": row.step,
        "by": row.by,
        "before": row.before,
        "after": row.after,
        "said": row.said,
        "evidence": row.evidence,
        "in_words": {
            "zh": f"{on:%Y-%m-%d %H:%M} {what['zh']} ({row.by})",
            "en": f"{on:%Y-%m-%d %H:%M} {what['en']} (by {row.by})",
        },
    }


def _said(member: Enum) -> dict[str, str]:
    return {language: WORDS.of(member, language) for language in LANGUAGES}
