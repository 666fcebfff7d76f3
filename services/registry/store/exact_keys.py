"""Exact keys beside the code and the source's own: organisation code, registration number.

They join by themselves, as long as nothing exact speaks against it. Where two of them lead
to two enterprises, nothing is joined by the weaker one, and a person hears of it.

The organisation code stands inside the credit code (GB 32100: 第9至17位), so that who was known
by the old code is known by the new one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.registry.model import EnterpriseFacts
from services.registry.store.staged import ENTERPRISES, KEYS, Staged, add_index

NUMBERS = ("organisation_code", "registration_number")
WORDS = {
    "uscc": "统一社会信用代码",
    "key": "来源编号",
    "organisation_code": "组织机构代码",
    "registration_number": "工商注册号",
}
_KEPT = 1000


class Disagreement(NamedTuple):
    """A statement whose exact keys lead to two enterprises: which was taken, which was not."""

    line: int
    by: str
    value: str
    taken: str | None
    other: str


def with_organisation(facts: EnterpriseFacts) -> EnterpriseFacts:
    """主体标识码即组织机构代码: what a credit code says, said."""
    if facts.uscc is None or facts.organisation_code is not None:
        return facts
    return facts._replace(organisation_code=facts.uscc[8:17])


def joins(session: Session, staged: Staged) -> list[Any]:
    """Who else is meant, by each number in turn: known already, or named in the same file."""
    owners = staged.owners
    found = []
    for name in NUMBERS:
        add_index(session, f"staged_owner_{name}", owners.c[name])
        beside = owners.alias(f"beside_{name}")
        known = select(_lowest(ENTERPRISES.c.id)).where(
            ENTERPRISES.c[name] == owners.c[name], _agree(ENTERPRISES, owners)
        )
        here = select(_lowest(beside.c.by_uscc)).where(
            beside.c[name] == owners.c[name], owners.c.uscc.is_(None)
        )
        found += [known.scalar_subquery(), here.scalar_subquery()]
    return found


def disagreements(session: Session, staged: Staged, source: str) -> list[Disagreement]:
    """Statements of which one exact key names another enterprise than the one taken."""
    found: list[Disagreement] = []
    for name in WORDS:
        for at, said, one, other in session.execute(_apart(staged, name, source)):
            if at is not None:
                found.append(Disagreement(at, name, said, one, other))
    return found


def _apart(staged: Staged, name: str, source: str) -> Any:
    """(line, value, whom it was taken for, whom *name* leads to) where these are two."""
    owners, rows = staged.owners, staged.rows
    taken, other = ENTERPRISES.alias("taken"), ENTERPRISES.alias("other")
    line = (
        select(func.min(rows.c.line))
        .where(rows.c.owner_ref == owners.c.ref)
        .correlate(owners)
        .scalar_subquery()
    )
    if name == "key":
        known = (KEYS.c.source == source) & (KEYS.c.key == owners.c.key)
        led = owners.join(KEYS, known).join(other, other.c.id == KEYS.c.enterprise_id)
    else:
        led = owners.join(other, other.c[name] == owners.c[name])
    return (
        select(line, owners.c[name], taken.c.name, other.c.name)
        .select_from(led.outerjoin(taken, taken.c.id == owners.c.enterprise_id))
        .where(
            other.c.id != owners.c.enterprise_id,
            aliases.root_of(other.c.id) != aliases.root_of(owners.c.enterprise_id),
        )
        .order_by(owners.c.ref)
        .limit(_KEPT)
    )


def _agree(known: Any, stated: Any) -> Any:
    """No exact key speaks against it: two credit codes are two subjects."""
    return and_(
        *(
            or_(
                known.c[name].is_(None),
                stated.c[name].is_(None),
                known.c[name] == stated.c[name],
            )
            for name in ("uscc", "organisation_code")
        )
    )


def _lowest(column: Any) -> Any:
    """One of several ids, always the same one. PostgreSQL has no min() of them."""
    return cast(func.min(cast(column, String)), column.type)
