"""参照数据: the code tables in force, and newer editions of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.chassis.api import Refused
from services.registry.api.serving import Service, plain, whole_bureau
from services.registry.handlers.reference import load_edition
from services.registry.rules.reference import SUBJECTS, Edition, EditionBroken, Entry
from services.registry.store import reference

LONGEST_TEXT = 5_000_000


class AsOf(Schema):
    """As the table stands on a day; today if none is given."""

    on = fields.Date(load_default=None)


class NewEdition(Schema):
    """A whole table as CSV text, and the day from which it holds."""

    text = fields.String(
        required=True, validate=validate.Length(1, LONGEST_TEXT, error="要有内容,且不超过5兆字")
    )
    file_name = fields.String(load_default="table.csv", validate=validate.Length(1, 200))
    effective_on = fields.Date(load_default=None)
    dry_run = fields.Boolean(load_default=False)


def add_views(views: Blueprint, service: Service) -> None:
    """The tables, one table, a newer edition of one."""

    @views.get("/reference")
    def tables() -> Any:
        asked = api.query(AsOf)
        with service.database.reading() as session:
            day = asked["on"] or clock.today()
            return jsonify(items=[_shown(session, name, day) for name in SUBJECTS])

    @views.get("/reference/<name>")
    def table(name: str) -> Any:
        day = api.query(AsOf)["on"] or clock.today()
        _known(name)
        with service.database.reading() as session:
            edition = reference.in_force(session, day).edition(name)
            shown = _shown(session, name, day, edition)
        return jsonify(shown | {"entries": [_entry(e, day) for e in edition.entries]})

    @views.post("/reference/<name>/editions")
    def load(name: str) -> Any:
        _known(name)
        whole_bureau(service, "换用新版参照数据")
        asked = api.body(NewEdition)
        effective_on = asked.pop("effective_on") or clock.today()
        file, by = asked.pop("file_name"), api.caller().name

        def act(session: Session) -> dict[str, Any]:
            return load_edition(
                session,
                name,
                asked["text"],
                file=file,
                effective_on=effective_on,
                dry_run=asked["dry_run"],
                by=by,
                at=clock.now(),
            )

        try:
            return api.write(service.database, act)
        except EditionBroken as broken:
            faults = [asdict(fault) for fault in broken.faults]
            raise Refused(broken.code, str(broken), faults=faults) from None


def _known(name: str) -> None:
    if name not in SUBJECTS:
        raise Refused("no_such_table", f"没有参照表 {name};有 {'、'.join(SUBJECTS)}", 404)


def _shown(
    session: Session, name: str, day: date, edition: Edition | None = None
) -> dict[str, Any]:
    """What holds on a day, and what was loaded ever."""
    holds = edition or reference.in_force(session, day).edition(name)
    return {
        "table": name,
        "label": SUBJECTS[name].label,
        "lines": len(holds),
        "valid": sum(1 for _ in holds.on(day)),
        "digest": holds.digest,
        "effective_on": holds.effective_on and holds.effective_on.isoformat(),
        "shipped": holds.effective_on is None,
        "editions": [
            plain(row) | {"digest": row.digest} for row in reference.editions(session, name)
        ],
    }


def _entry(entry: Entry, day: date) -> dict[str, Any]:
    return {
        "code": entry.code,
        "name": entry.name,
        "valid_from": entry.valid_from and entry.valid_from.isoformat(),
        "valid_until": entry.valid_until and entry.valid_until.isoformat(),
        "successor": entry.successor,
        "valid": entry.valid(day),
        **entry.more,
        "source": entry.source,
    }
