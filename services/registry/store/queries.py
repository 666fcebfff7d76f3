"""What is asked of the registry. Every question takes the caller's scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.scope import Scope
from services.events.registry import ObjectKind
from services.registry.store import merges
from services.registry.store.tables import (
    EnterpriseKeyRow,
    EnterpriseRow,
    EnterpriseStatementRow,
    ImportRunRow,
    ObjectRow,
    ProductRow,
    StandardRow,
)


def counts(session: Session) -> dict[str, int]:
    """How many things of each kind there are."""
    by_kind = dict.fromkeys((kind.value for kind in ObjectKind), 0)
    counted = select(ObjectRow.kind, func.count()).group_by(ObjectRow.kind)
    by_kind |= dict(session.execute(counted).all())
    return {
        "enterprises": session.scalar(select(func.count(EnterpriseRow.id))) or 0,
        "products": session.scalar(select(func.count(ProductRow.id))) or 0,
        "standards": session.scalar(select(func.count(StandardRow.id))) or 0,
        **by_kind,
        "imports": session.scalar(select(func.count(ImportRunRow.id))) or 0,
    }


def enterprises(
    session: Session, *, scope: Scope, text: str, after: UUID | None, limit: int
) -> list[EnterpriseRow]:
    """Those whose name contains *text*, or whose code is or ends with it, by id."""
    code = text.strip().upper()
    found = select(EnterpriseRow).where(_seen(scope)).order_by(EnterpriseRow.id).limit(limit)
    if code:
        found = found.where(
            or_(
                EnterpriseRow.name.contains(text.strip(), autoescape=True),
                EnterpriseRow.uscc == code,
            )
        )
    if after is not None:
        found = found.where(EnterpriseRow.id > after)
    return list(session.scalars(found))


def enterprise(session: Session, enterprise_id: UUID, *, scope: Scope) -> EnterpriseRow | None:
    """One enterprise, if the scope covers it or something it has.

    If it was merged, the one that stands for it; what both have counts for both.
    """
    together = aliases.together(session, enterprise_id)
    if not merges.seen(session, together, scope=scope):
        return None
    return session.get(EnterpriseRow, together[0])


def keys_of(session: Session, enterprise_id: UUID) -> list[tuple[str, str]]:
    """Under which (source, key) it is known."""
    known = (
        select(EnterpriseKeyRow.source, EnterpriseKeyRow.key)
        .where(EnterpriseKeyRow.enterprise_id.in_(aliases.together(session, enterprise_id)))
        .order_by(EnterpriseKeyRow.source, EnterpriseKeyRow.key)
    )
    return [(source, key) for source, key in session.execute(known)]


def objects_of(
    session: Session, enterprise_id: UUID, *, scope: Scope, limit: int
) -> list[ObjectRow]:
    """What it uses and what it owns, within the scope."""
    ids = aliases.together(session, enterprise_id)
    its_own = or_(ObjectRow.enterprise_id.in_(ids), ObjectRow.proprietor_id.in_(ids))
    owned = (
        select(ObjectRow)
        .where(its_own, scope.clause(ObjectRow.division))
        .order_by(ObjectRow.kind, ObjectRow.key, ObjectRow.id)
        .limit(limit)
    )
    return list(session.scalars(owned))


def products_of(session: Session, enterprise_id: UUID, *, limit: int) -> list[ProductRow]:
    """Its products."""
    made = (
        select(ProductRow)
        .where(ProductRow.enterprise_id.in_(aliases.together(session, enterprise_id)))
        .order_by(ProductRow.key, ProductRow.id)
        .limit(limit)
    )
    return list(session.scalars(made))


def standards_of(session: Session, enterprise_id: UUID, *, limit: int) -> list[StandardRow]:
    """The standards it filed or had a part in."""
    known = (
        select(StandardRow)
        .where(StandardRow.enterprise_id.in_(aliases.together(session, enterprise_id)))
        .order_by(StandardRow.level, StandardRow.number, StandardRow.id)
        .limit(limit)
    )
    return list(session.scalars(known))


def statements_of(session: Session, enterprise_id: UUID) -> list[EnterpriseStatementRow]:
    """What each source last stated of it."""
    stated = (
        select(EnterpriseStatementRow)
        .where(EnterpriseStatementRow.enterprise_id == enterprise_id)
        .order_by(EnterpriseStatementRow.source, EnterpriseStatementRow.fills)
    )
    return list(session.scalars(stated))


def names_of(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of enterprises by their ids."""
    wanted = {each for each in ids if each is not None}
    named = select(EnterpriseRow.id, EnterpriseRow.name).where(EnterpriseRow.id.in_(wanted))
    return dict(session.execute(named).all())


def names_seen(session: Session, ids: Iterable[UUID], *, scope: Scope) -> dict[UUID, str]:
    """The names of those of the enterprises that the scope covers."""
    named = select(EnterpriseRow.id, EnterpriseRow.name).where(
        EnterpriseRow.id.in_(set(ids)), scope.clause(EnterpriseRow.division)
    )
    return dict(session.execute(named).all())


def object_by_id(session: Session, object_id: UUID, *, scope: Scope) -> Any | None:
    """(object, its owner's name) if the scope covers the object."""
    seen = (
        select(ObjectRow, EnterpriseRow.name)
        .outerjoin(EnterpriseRow, EnterpriseRow.id == ObjectRow.enterprise_id)
        .where(ObjectRow.id == object_id, scope.clause(ObjectRow.division))
    )
    return session.execute(seen).one_or_none()


def equipment_by_number(session: Session, number: str) -> Any | None:
    """(unit, its user's name) of a registration number; the label on it is public."""
    seen = (
        select(ObjectRow, EnterpriseRow.name)
        .outerjoin(EnterpriseRow, EnterpriseRow.id == ObjectRow.enterprise_id)
        .where(ObjectRow.common_number == f"{ObjectKind.EQUIPMENT.value}/{number}")
        .limit(1)
    )
    return session.execute(seen).first()


def _seen(scope: Scope) -> ColumnElement[bool]:
    """An enterprise is seen where it sits, and where it has objects."""
    there = exists().where(
        ObjectRow.enterprise_id == EnterpriseRow.id, scope.clause(ObjectRow.division)
    )
    return or_(scope.clause(EnterpriseRow.division), there)


def enterprises_changed(
    session: Session, *, since: datetime | None, after: UUID | None, limit: int
) -> list[EnterpriseRow]:
    """Enterprises by id, those changed since an instant."""
    return list(session.scalars(_changed(EnterpriseRow, since, after).limit(limit)))


def objects_changed(
    session: Session, kind: str, *, since: datetime | None, after: UUID | None, limit: int
) -> list[ObjectRow]:
    """Objects of a kind by id, those changed since an instant."""
    changed = _changed(ObjectRow, since, after).where(ObjectRow.kind == kind)
    return list(session.scalars(changed.limit(limit)))


def _changed(kept: Any, since: datetime | None, after: UUID | None) -> Any:
    changed = select(kept).order_by(kept.id)
    if since is not None:
        changed = changed.where(kept.updated_at >= since)
    return changed.where(kept.id > after) if after is not None else changed
