"""Where census and registry differ, and what is missing in the records. In slices, by id."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from services.chassis.aliases import ALIAS
from services.chassis.scope import Scope
from services.events.registry import EnterpriseStatus, ObjectStatus
from services.registry.model import RowKind
from services.registry.rules.census import Finding
from services.registry.rules.census.findings import Demands
from services.registry.store.census.figures import held
from services.registry.store.tables import (
    EnterpriseRow,
    GridRow,
    ObjectAliasRow,
    ObjectRow,
    ProductRow,
    VisitRow,
)

Question = Select[*tuple[Any, ...]]

_IN_USE = ObjectRow.status == ObjectStatus.IN_USE.value


def not_surveyed(campaign_id: UUID, *, scope: Scope) -> tuple[Any, Question]:
    """登记在册而没有普查的: what is in use, in the districts that have grids."""
    districts = select(GridRow.division).where(GridRow.campaign_id == campaign_id)
    every = union_all(
        *(
            found.where(scope.clause(division), division.in_(districts))
            for found, division in (
                (_objects_left(campaign_id), ObjectRow.division),
                (_enterprises_left(campaign_id), EnterpriseRow.division),
                (_products_left(campaign_id), EnterpriseRow.division),
            )
        )
    ).subquery()
    return every.c.id, select(every)


def _objects_left(campaign_id: UUID) -> Question:
    return select(ObjectRow.id, ObjectRow.kind, ObjectRow.label, ObjectRow.division).where(
        _IN_USE,
        ObjectRow.kind != RowKind.LICENCE.value,
        ~_visited(campaign_id, ObjectRow.id),
        ~exists().where(
            VisitRow.campaign_id == campaign_id,
            VisitRow.thing == ObjectAliasRow.id,
            ObjectAliasRow.object_id == ObjectRow.id,
        ),
    )


def _enterprises_left(campaign_id: UUID) -> Question:
    """Who was visited under one name was visited."""
    return select(
        EnterpriseRow.id,
        literal(RowKind.ENTERPRISE.value).label("kind"),
        EnterpriseRow.name.label("label"),
        EnterpriseRow.division,
    ).where(
        EnterpriseRow.status == EnterpriseStatus.ACTIVE.value,
        ~_stands_elsewhere(),
        ~_visited(campaign_id, EnterpriseRow.id),
        ~exists().where(
            ALIAS.c.root == EnterpriseRow.id,
            VisitRow.campaign_id == campaign_id,
            VisitRow.thing == ALIAS.c.id,
        ),
    )


def _products_left(campaign_id: UUID) -> Question:
    return (
        select(
            ProductRow.id,
            literal(RowKind.PRODUCT.value).label("kind"),
            ProductRow.name.label("label"),
            EnterpriseRow.division,
        )
        .join(EnterpriseRow, EnterpriseRow.id == ProductRow.enterprise_id)
        .where(
            EnterpriseRow.status == EnterpriseStatus.ACTIVE.value,
            ~_visited(campaign_id, ProductRow.id),
        )
    )


def _visited(campaign_id: UUID, thing: Any) -> ColumnElement[bool]:
    return exists().where(VisitRow.campaign_id == campaign_id, VisitRow.thing == thing)


def _stands_elsewhere() -> ColumnElement[bool]:
    return exists().where(ALIAS.c.id == EnterpriseRow.id, ALIAS.c.root.is_not(None))


def not_registered(campaign_id: UUID, *, scope: Scope, on: date) -> Question:
    """普查到而没有登记的."""
    registered = or_(
        exists().where(ObjectRow.id == VisitRow.thing),
        exists().where(EnterpriseRow.id == VisitRow.thing),
        exists().where(ProductRow.id == VisitRow.thing),
        exists().where(ObjectAliasRow.id == VisitRow.thing),
    )
    seen = VisitRow.outcome.in_(("surveyed", "new"))
    return _visits(campaign_id, scope, held(on), seen, ~registered)


def finding(
    which: Finding, campaign_id: UUID, *, scope: Scope, on: date, demands: Demands
) -> tuple[Any, Question]:
    """The records that a finding speaks of: (their id's column, the query)."""

    def unknown(column: Any) -> ColumnElement[bool]:
        """As findings.unknown says of one text."""
        return or_(column.is_(None), func.trim(column).in_(demands.unknown))

    if which is Finding.USER:
        leased = VisitRow.leased & unknown(VisitRow.used_by)
        return VisitRow.thing, _visits(campaign_id, scope, held(on), leased)
    if which is Finding.OPERATOR:
        return EnterpriseRow.id, _without_operator(scope, demands)
    equipment = ObjectRow.kind == RowKind.EQUIPMENT.value
    unregistered = equipment & unknown(ObjectRow.filing_number)
    conditions = {
        Finding.MAKER: equipment & unknown(ObjectRow.maker),
        Finding.FILING: unregistered
        & unknown(ObjectRow.installation_filing)
        & ~_of_class(demands.not_installed),
        Finding.REGISTRATION: unregistered & ~_of_class(demands.not_registered),
        Finding.DUE_DATE: or_(
            ObjectRow.records.is_(None), ~ObjectRow.records.contains("-", autoescape=True)
        ),
    }
    return ObjectRow.id, _objects(scope, conditions[which])


def count(session: Session, found: Question) -> int:
    """How many records a question finds."""
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def page(
    session: Session, found: Question, column: Any, *, after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Some of the records, by id, as they stand."""
    if after is not None:
        found = found.where(column > after)
    rows = session.execute(found.order_by(column).limit(limit)).mappings()
    return [dict(row) for row in rows]


def _objects(scope: Scope, *conditions: ColumnElement[bool]) -> Question:
    found = select(
        ObjectRow.id,
        ObjectRow.kind,
        ObjectRow.label,
        ObjectRow.division,
        ObjectRow.enterprise_id,
    )
    return found.where(_IN_USE, scope.clause(ObjectRow.division), *conditions)


def _visits(campaign_id: UUID, scope: Scope, *conditions: ColumnElement[bool]) -> Question:
    found = select(
        VisitRow.thing.label("id"),
        VisitRow.kind,
        VisitRow.label,
        VisitRow.division,
        VisitRow.grid,
        VisitRow.surveyed_on,
        VisitRow.surveyor,
    )
    mine = VisitRow.campaign_id == campaign_id
    return found.where(mine, scope.clause(VisitRow.division), *conditions)


def _of_class(beginnings: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(false(), *(ObjectRow.class_code.startswith(code) for code in beginnings))


def _without_operator(scope: Scope, demands: Demands) -> Question:
    """Of enterprises that are one, what each of them has counts for all; the one is named."""
    needs = _has(
        ObjectRow.kind == RowKind.EQUIPMENT.value,
        _of_class(demands.operated),
    )
    person = _has(ObjectRow.kind == RowKind.OPERATOR.value)
    found = select(
        EnterpriseRow.id,
        literal(RowKind.ENTERPRISE.value).label("kind"),
        EnterpriseRow.name.label("label"),
        EnterpriseRow.division,
    )
    return found.where(
        scope.clause(EnterpriseRow.division), needs, ~person, ~_stands_elsewhere()
    )


def _has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an enterprise, or one that stands under it, has such an object in use."""
    own = exists().where(ObjectRow.enterprise_id == EnterpriseRow.id, _IN_USE, *conditions)
    under = exists().where(
        ALIAS.c.root == EnterpriseRow.id,
        ObjectRow.enterprise_id == ALIAS.c.id,
        _IN_USE,
        *conditions,
    )
    return or_(own, under)
