"""What anybody may read: an enterprise's archive in its four classes, and the lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.chassis.scope import EVERYTHING, Scope
from services.credit import store
from services.credit.handlers.deciding import Unknown
from services.credit.handlers.records.grading import FOLLOWED, graded
from services.credit.model import BadInformation, Red
from services.credit.rules.records.entering import CLASSES
from services.credit.rules.records.showing import (
    NOTICE,
    Shown,
    shown_bad_information,
    shown_escalation,
    shown_record,
    words_of,
)
from services.credit.store import Beside, Enterprise, PublicRow
from services.events.credit import RecordClass, RecordKind

LISTS: dict[str, RecordKind] = {
    "serious-list": RecordKind.SERIOUS_LIST,
    "safety-alerts": RecordKind.SAFETY_ALERT,
    "bad-information": RecordKind.BAD_INFORMATION,
    "penalties": RecordKind.PENALTY,
    "demonstrations": RecordKind.DEMONSTRATION,
    "qualifications": RecordKind.QUALIFICATION,
}


@dataclass(frozen=True)
class Reading:
    """One reading: the day and the policy it stands for."""

    session: Session
    today: date
    policy: Policy

    def head(self) -> Shown:
        """What every public answer begins with."""
        return {"data_as_of": self.today, "notice": NOTICE}


def public_search(
    reading: Reading, text: str, *, scope: Scope, after: UUID | None, limit: int
) -> Shown:
    """按名称的一部分或者统一社会信用代码查询;没有登录."""
    found = store.search(reading.session, text, scope=scope, after=after, limit=limit)
    grades = graded(
        reading.session,
        [each.id for each in found],
        today=reading.today,
        policy=reading.policy,
    )
    items = [_named(each) | {"grade": grades[each.id].grade.value} for each in found]
    following = found[-1].id if len(found) == limit else None
    return reading.head() | {"items": items, "next": following}


def public_archive(reading: Reading, enterprise_id: UUID, *, scope: Scope) -> Shown:
    """一个企业的诚信档案: 示范、资质、失信、产品质量信用记录四类. Raises Unknown."""
    enterprise = store.enterprise(reading.session, enterprise_id)
    if enterprise is None or not scope.covers(enterprise.division):
        raise Unknown(enterprise_id)
    rows = store.public_rows(reading.session, enterprise_id)
    shown = _shown(reading, rows, whole=True)
    grade = graded(
        reading.session, [enterprise_id], today=reading.today, policy=reading.policy
    )[enterprise_id]
    classes: dict[str, list[Shown]] = {each.value: [] for each in RecordClass}
    for item in shown:
        classes[CLASSES[RecordKind(item["kind"])].value].append(item)
    return reading.head() | {
        "enterprise": _named(enterprise),
        "grade": {"grade": grade.grade.value, "points": grade.points},
        "records": classes,
    }


def public_item(reading: Reading, number: UUID) -> Shown | None:
    """一条公示信息; None: 曾经登记而现在不公示(未公布、期满、撤销、修复). Raises Unknown."""
    record = store.records(reading.session, [number]).get(number)
    entry = store.find(reading.session, number, scope=Scope.parse(EVERYTHING))
    if record is not None:
        enterprise_id = record.enterprise_id
    elif entry is not None:
        enterprise_id = entry.under or entry.entry.enterprise_id
    else:
        raise Unknown(number)
    rows = [
        row
        for row in store.public_rows(reading.session, enterprise_id)
        if row.place[1] == number
    ]
    shown = _shown(reading, rows, whole=True)
    return reading.head() | {"item": shown[0]} if shown else None


def public_list(
    reading: Reading,
    name: str,
    *,
    scope: Scope,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Shown:
    """一份公示名单,新的在前. Raises KeyError."""
    rows = store.public_list(
        reading.session, LISTS[name], scope=scope, after=after, limit=limit
    )
    items = _shown(reading, rows, whole=False)
    following = rows[-1].place if len(rows) == limit else None
    return reading.head() | {
        "list": name,
        "items": items,
        "next": f"{following[0]}_{following[1]}" if following else None,
    }


def in_words(reading: Reading, entries: Sequence[BadInformation]) -> dict[UUID, str]:
    """What each entry is about, as the public reads it; not of a warning still unheard of."""
    own = store.own_names(reading.session, {entry.enterprise_id for entry in entries})
    facts = store.known(reading.session, [entry.warning_id for entry in entries])
    reds = {known.warning_id: known.red for known in facts}
    found: dict[UUID, str] = {}
    for entry in entries:
        red = reds.get(entry.warning_id)
        if red is not None:
            names = own[entry.enterprise_id]
            found[entry.id] = words_of(
                red, own=names, today=reading.today, policy=reading.policy
            )
    return found


def _shown(reading: Reading, rows: Sequence[PublicRow], *, whole: bool) -> list[Shown]:
    """The rows as anybody may read them; *whole*: an entry also where it stands escalated."""
    own = store.own_names(reading.session, {row.enterprise_id for row in rows})
    entries = [row.entry for row in rows if row.entry is not None]
    facts = store.known(reading.session, [entry.warning_id for entry in entries])
    reds = {known.warning_id: known.red for known in facts}
    beside = store.beside(reading.session, [entry.id for entry in entries])
    found: list[Shown] = []
    for row in rows:
        for item in _faces(reading, row, reds, own[row.enterprise_id], beside, whole=whole):
            found.append(
                item
                | {
                    "id": row.place[1],
                    "enterprise_id": row.enterprise_id,
                    "enterprise": own[row.enterprise_id][0],
                    "uscc": own[row.enterprise_id][1],
                }
            )
    return found


def _faces(
    reading: Reading,
    row: PublicRow,
    reds: dict[UUID, Red | None],
    own: Sequence[str | None],
    beside: dict[UUID, Beside],
    *,
    whole: bool,
) -> list[Shown]:
    known: dict[str, Any] = {"own": own, "today": reading.today, "policy": reading.policy}
    faces: list[Shown | None] = []
    if row.record is not None:
        faces.append(shown_record(row.record, **known))
    if row.entry is not None:
        red = reds.get(row.entry.warning_id)
        known |= vars(beside[row.entry.id])
        if whole or row.escalated_on is None:
            faces.append(shown_bad_information(row.entry, red, **known))
        if row.escalated_on is not None and row.entry.escalated_to is not None:
            kind, _ = FOLLOWED[row.entry.escalated_to]
            faces.append(shown_escalation(row.entry, red, kind, row.escalated_on, **known))
    return [face for face in faces if face is not None]


def _named(enterprise: Enterprise) -> Shown:
    return {
        "enterprise_id": enterprise.id,
        "name": enterprise.name,
        "uscc": enterprise.uscc,
        "division": enterprise.division,
        "status": enterprise.status,
    }
