"""One box over enterprises and objects, and its result as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api
from services.chassis.api import Refused
from services.chassis.scope import Scope, ScopeBroken
from services.registry.api import listing_out
from services.registry.api.serving import LARGEST_PAGE, PAGE, Service
from services.registry.handlers import finding
from services.registry.model import RowKind
from services.registry.rules import searching
from services.registry.store.search import asking, objects
from services.registry.store.search.asking import COUNTED
from services.registry.store.search.narrowing import Asked

_KINDS = [kind.value for kind in RowKind if kind is not RowKind.PRODUCT]
_FILES = {
    "csv": (listing_out.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        listing_out.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


class BoxQuery(Schema):
    """What is typed, and what narrows it down."""

    text = fields.String(
        required=True,
        validate=validate.Length(max=200, error="不超过200字"),
        error_messages={"required": "请输入要查的名称、代码或编号"},
    )
    kind = fields.String(
        load_default=None, validate=validate.OneOf(_KINDS, error=f"可用: {'、'.join(_KINDS)}")
    )
    division = fields.String(load_default=None)
    status = fields.String(load_default=None)
    industry = fields.String(load_default=None)


class SearchQuery(BoxQuery):
    """A page of it."""

    after = fields.String(load_default=None)
    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(1, LARGEST_PAGE, error=f"应为 1 至 {LARGEST_PAGE}"),
    )


class FileQuery(Schema):
    """As which kind of file."""

    format = fields.String(
        load_default="xlsx", validate=validate.OneOf(list(_FILES), error="可用: csv、xlsx")
    )


def add_views(views: Blueprint, service: Service) -> None:
    """The box, its index, and lists taken away."""

    @views.get("/search")
    def search_box() -> Any:
        sent = api.query(SearchQuery)
        after, limit = sent.pop("after"), sent.pop("limit")
        asked = _asked(sent)
        with service.database.reading() as session:
            return jsonify(_page(session, asked, _Place.read(after), limit))

    @views.post("/search/index")
    def search_index() -> Any:
        _operates()
        return jsonify(entries=finding.index_again(service.database))

    @views.post("/search/exports")
    def search_export() -> Any:
        asked, caller = _asked(api.body(BoxQuery)), api.caller()
        return api.write(
            service.database,
            lambda session: finding.note_export(
                session, asked, scope=caller.scope, by=caller.name
            ),
            status=201,
        )

    @views.get("/search/exports/<uuid:export_id>")
    def search_export_file(export_id: UUID) -> Any:
        kind = api.query(FileQuery)["format"]
        with service.database.reading() as session:
            known = finding.export_of(session, export_id, by=api.caller().name)
            if known is None:
                raise Refused("no_such_export", f"没有您的编号为 {export_id} 的导出", 404)
            asked, scope = known
            write, mimetype = _FILES[kind]
            found = finding.exported(session, asked, scope=scope)
            content = write(listing_out.rows_of(found))
        named = {"Content-Disposition": f'attachment; filename="search-{export_id}.{kind}"'}
        return Response(content, mimetype=mimetype, headers=named)


class _Place(tuple[int, UUID | None, bool]):
    """Where a page begins: behind a position among the enterprises, or an id of the objects."""

    @classmethod
    def read(cls, cursor: str | None) -> _Place:
        if cursor is None:
            return cls((0, None, False))
        kind, _, key = cursor.partition("-")
        try:
            if kind == "e":
                return cls((int(key), None, False))
            if kind == "o":
                return cls((0, UUID(key) if key else None, True))
        except ValueError:
            pass
        raise Refused("cursor_wrong", "after 应为上一页的 next,原样传回", field="after")


def _page(session: Session, asked: Asked, place: _Place, limit: int) -> dict[str, Any]:
    position, object_id, past_enterprises = place
    scope = api.caller().scope
    items: list[dict[str, Any]] = []
    if not past_enterprises:
        found = asking.enterprises(session, asked, scope=scope, after=position, limit=limit)
        items = _enterprises(session, found)
        if len(items) == limit:
            return _answer(session, asked, items, f"e-{found[-1]['position']}")
    rest = limit - len(items)
    things = objects.page(session, asked, scope=scope, after=object_id, limit=rest)
    items += [_plain({"what": "object", **one}) for one in things]
    following = f"o-{things[-1]['id']}" if len(things) == rest else None
    first = not position and object_id is None and not past_enterprises
    whole = len(items) if first and following is None else None
    return _answer(session, asked, items, following, whole=whole)


def _answer(
    session: Session,
    asked: Asked,
    items: list[dict[str, Any]],
    following: str | None,
    *,
    whole: int | None = None,
) -> dict[str, Any]:
    """*whole*: how many there are, where this page has them all."""
    total = asking.count(session, asked, scope=api.caller().scope) if whole is None else whole
    return {
        "items": items,
        "next": following,
        "total": min(total, COUNTED),
        "total_in_words": f"{COUNTED}+" if total > COUNTED else str(total),
    }


def _enterprises(session: Session, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    former = asking.former_names(session, [one["id"] for one in found])
    return [
        _plain({"what": "enterprise", **one, "former_names": former.get(one["id"], [])})
        for one in found
    ]


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in found.items()
        if name != "position"
    }


def _asked(sent: dict[str, Any]) -> Asked:
    """Raises Refused for what would find half of the register."""
    asked = Asked(**sent)
    typed = searching.plain(asked.text)
    if len(typed) < searching.SHORTEST:
        raise Refused("too_short", f"请至少输入 {searching.SHORTEST} 个字或字母", field="text")
    try:
        Scope.parse(asked.division or "*")
    except ScopeBroken:
        raise Refused("division_wrong", "行政区划应为六位代码", field="division") from None
    return asked


def _operates() -> None:
    if not api.caller().scope.covers(""):
        raise Refused("scope_too_narrow", "重建索引由本机管理员进行", 403, needed="*")
