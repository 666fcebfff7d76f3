"""What anybody who stands before a unit may read: what its label says."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify

from services.chassis.api import Refused
from services.registry.api.serving import Service
from services.registry.store import queries

LABELLED = ("label", "class_code", "number", "filing_number", "maker", "address", "division")


def add_views(views: Blueprint, service: Service) -> None:
    """The public page of a unit, by the number on its label (使用标志)."""

    @views.get("/public/equipment/<number>")
    def equipment(number: str) -> Any:
        with service.database.reading() as session:
            found = queries.equipment_by_number(session, number.strip().upper())
            if found is None:
                raise Refused("no_such_equipment", f"没有登记编号为 {number[:40]} 的设备", 404)
            row, user = found
            facts = {name: getattr(row, name) for name in LABELLED}
            since = row.commissioned_on
            facts |= {
                "id": str(row.id),
                "enterprise_id": str(row.enterprise_id) if row.enterprise_id else None,
                "status": row.status,
                "user": user,
                "commissioned_on": since and since.isoformat(),
            }
        return jsonify(facts)
