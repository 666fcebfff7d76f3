"""The mappings that come with the program: which there are, what each says, a sample file."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Blueprint, jsonify, send_file

from services.chassis.api import Refused
from services.registry.adapters import SYSTEMS, UnknownTable, mapping_text, sample_of, tables
from services.registry.api.serving import Service
from services.registry.handlers.jobs import mapping_of
from services.registry.handlers.trying import said_by


def add_views(views: Blueprint, service: Service) -> None:
    """Of the five linked systems."""

    @cache
    def told(system: str, table: str) -> dict[str, Any]:
        mapping = mapping_of(service.database, _text(system, table), name=table)
        return {"system": system, "table": table, **said_by(mapping)}

    @views.get("/mappings")
    def mappings() -> Any:
        return jsonify(
            items=[told(system, table) for system in SYSTEMS for table in tables(system)]
        )

    @views.get("/mappings/<system>/<table>")
    def mapping(system: str, table: str) -> Any:
        text = _text(system, table)
        return jsonify(told(system, table) | {"text": text})

    @views.get("/mappings/<system>/<table>/sample")
    def sample(system: str, table: str) -> Any:
        _text(system, table)
        path = sample_of(system, table)
        return send_file(path, as_attachment=True, download_name=f"{system}-{path.name}")


def _text(system: str, table: str) -> str:
    try:
        return mapping_text(system, table)
    except UnknownTable as unknown:
        raise Refused("no_such_mapping", str(unknown), 404) from None
