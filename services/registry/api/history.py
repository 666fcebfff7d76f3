"""What became of a record: who changed it, when, from which source, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from sqlalchemy.orm import Session

from services.chassis.api import Refused
from services.chassis.sealing import Seals
from services.registry.api.files import masked, seen_enterprise, seen_object
from services.registry.api.serving import Service, plain
from services.registry.store import history

_NO_FACTS = ("revision", "updated_at", "change_id", "replaced_at")


def add_views(views: Blueprint, service: Service) -> None:
    """The history of an enterprise, of an object, of a product, of a standard."""

    @views.get("/enterprises/<uuid:enterprise_id>/history")
    def of_enterprise(enterprise_id: UUID) -> Any:
        with service.database.reading() as session:
            seen_enterprise(session, enterprise_id)
            return jsonify(items=_told(session, "enterprise", enterprise_id, service.seals))

    @views.get("/objects/<uuid:object_id>/history")
    def of_object(object_id: UUID) -> Any:
        with service.database.reading() as session:
            seen_object(session, object_id)
            return jsonify(items=_told(session, "object", object_id, service.seals))

    @views.get("/<any(products,standards):kind>/<uuid:record_id>/history")
    def of_belonging(kind: str, record_id: UUID) -> Any:
        table = kind.removesuffix("s")
        with service.database.reading() as session:
            versions = history.versions_of(session, table, record_id)
            if not versions:
                raise Refused(f"no_such_{table}", f"没有编号为 {record_id} 的记录", 404)
            seen_enterprise(session, versions[-1].enterprise_id)
            return jsonify(items=_told(session, table, record_id, service.seals))


def _told(session: Session, table: str, record_id: UUID, seals: Seals) -> list[dict[str, Any]]:
    """Every change, the latest one first."""
    versions = history.versions_of(session, table, record_id)
    made = history.changes(session, versions)
    shown = [{}, *(_facts(version, seals) for version in versions)]
    entries = [
        {
            "revision": version.revision,
            "at": version.updated_at.isoformat(),
            "change_id": str(version.change_id) if version.change_id else None,
            "source": change.source
            if (change := made.get(version.change_id))
            else version.source,
            "made_by": change.made_by if change else None,
            "reason": change.reason if change else None,
            "changed": dict(_differences(before, after)),
        }
        for version, (before, after) in zip(versions, pairwise(shown), strict=True)
    ]
    return entries[::-1]


def _facts(version: Any, seals: Seals) -> dict[str, Any]:
    facts = plain(version)
    if hasattr(version, "legal_representative"):
        facts |= masked(version, seals)
    return {name: value for name, value in facts.items() if name not in _NO_FACTS}


def _differences(
    before: dict[str, Any], after: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in after.items():
        if before.get(name) != value:
            yield name, {"before": before.get(name), "after": value}
