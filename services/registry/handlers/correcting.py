"""A named person corrects a record: one more source, with a rank and a reason of its own.

A correction holds against what files say, until it is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy.orm import Session

from services.chassis import clock, outbox
from services.chassis.masking import masked_name, masked_phone
from services.chassis.sealing import Seals
from services.registry.handlers import announcing
from services.registry.mapping.correcting import MANUAL, Corrections, read_corrections
from services.registry.mapping.taking import Trouble
from services.registry.model import Change, RowKind
from services.registry.store import filing, history, reference, writing
from services.registry.store.packing import packed_traits
from services.registry.store.tables import EnterpriseRow, ObjectRow

_MASKS = {"phone": masked_phone, "legal_representative": masked_name}


class NotPossible(Exception):
    """Some of what was said cannot be right. Nothing is changed."""

    def __init__(self, troubles: list[dict[str, str]]) -> None:
        super().__init__(f"{len(troubles)} fields cannot be right")
        self.troubles = troubles


class Corrected(NamedTuple):
    """What a correction came to. *changed* may be empty: the file said so already."""

    changed: set[str]
    findings: list[dict[str, str]]


def correct_enterprise(
    session: Session,
    row: EnterpriseRow,
    said: Mapping[str, str | None],
    *,
    reason: str,
    by: str,
    seals: Seals,
) -> Corrected:
    """Lay a person's words over an enterprise's file. Raises NotPossible."""
    today = clock.today()
    facts, findings = _read(session, RowKind.ENTERPRISE, said, today)
    for name in _MASKS:
        if facts.get(name):
            facts[name] = seals.seal(facts[name])
    change = _begin(session, reason, by)
    filing.state_of_enterprise(session, row, facts, change)
    revision = outbox.revision_after(row.revision)
    changed = filing.refile_enterprise(session, row, change, today=today, revision=revision)
    for saying in announcing.of_enterprise(row, changed):
        outbox.announce(session, saying.event, about=saying.about)
    return Corrected(changed, findings)


def correct_object(
    session: Session,
    row: ObjectRow,
    said: Mapping[str, str | None],
    *,
    reason: str,
    by: str,
) -> Corrected:
    """Lay a person's words over an object. Raises NotPossible."""
    today = clock.today()
    facts, findings = _read(session, RowKind(row.kind), said, today)
    if facts.get("traits") is not None:
        facts["traits"] = packed_traits(facts["traits"])
    change = _begin(session, reason, by)
    filing.state_of_object(session, row, facts, change)
    revision = outbox.revision_after(row.revision)
    changed = filing.refile_object(session, row, change, today=today, revision=revision)
    if changed:
        saying = announcing.of_object(row)
        outbox.announce(session, saying.event, about=saying.about)
    return Corrected(changed, findings)


def _begin(session: Session, reason: str, by: str) -> Change:
    """The turn of an import is waited for: both change records from what they were."""
    writing.one_import_at_a_time(session)
    change = Change(uuid4(), MANUAL, by, reason, clock.now())
    history.note(session, change)
    return change


def _read(
    session: Session, kind: RowKind, said: Mapping[str, str | None], today: date
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Values by field, None for a word that is taken back; and the findings."""
    words = {name: text for name, text in said.items() if text is not None}
    facts: dict[str, Any] = dict.fromkeys(said)
    read = Corrections({}, [])
    if words:
        references = reference.in_force(session, today)
        read = read_corrections(kind, words, today=today, references=references)
    if refused := [_told(trouble) for trouble in read.troubles if trouble.fault.refused]:
        raise NotPossible(refused)
    return facts | read.values, [_told(trouble) for trouble in read.troubles]


def _told(trouble: Trouble) -> dict[str, str]:
    mask = _MASKS.get(trouble.field, str)
    fault = trouble.fault
    return {
        "field": trouble.field,
        "value": mask(trouble.text),
        "code": fault.code,
        "reason": fault.reason,
        "right": fault.right,
    }
