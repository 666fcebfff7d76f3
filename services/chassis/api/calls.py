"""One call of an internal API: who calls, what was sent, and how a refusal is said."""

from __future__ import annotations

from dataclasses import dataclass
from string import punctuation
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

from flask import g, request
from marshmallow import Schema, ValidationError

from services.chassis.scope import Scope

AGENCY = "agency"  # the role of tokens of other departments
CALLER_HEADER = "X-Bianque-Caller"
UNCHANGED = " " + punctuation.replace("%", "")


class Refused(Exception):
    """A call that cannot be answered as asked.

    *code* never changes; *detail* is for people and says what would be allowed; further
    keywords tell the place (field, line, id).
    """

    def __init__(self, code: str, detail: str, status: int = 422, **where: Any) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status
        self.where = where


@dataclass(frozen=True)
class Caller:
    """Who calls, for the audit; whose rows it may see; as what.

    *own*: it speaks for one party alone, and may ask only for what is that party's own.
    """

    name: str
    scope: Scope
    roles: frozenset[str] = frozenset()
    own: UUID | None = None


def caller() -> Caller:
    """The caller of the request in hand."""
    known: Caller = g.caller
    return known


def written_name(name: str) -> str:
    """A name as a header takes it: ASCII, what is not is percent-encoded UTF-8."""
    return quote(name, safe=UNCHANGED)


def said_name() -> str:
    """As whom the caller of the request in hand names itself; empty: it does not.

    Callers percent-encode (`written_name`). One that writes UTF-8 as it is is understood, too:
    WSGI reads it as Latin-1.
    """
    said = request.headers.get(CALLER_HEADER, "").strip(" \t")  # 张 ends in a Latin-1 space
    try:
        said = said.encode("latin-1").decode("utf-8")
        return unquote(said, errors="strict").strip()
    except UnicodeError:
        raise Refused(
            "caller_wrong", f"{CALLER_HEADER} 应为百分号编码的 UTF-8 文字", 400
        ) from None


def is_agency() -> bool:
    """Whether another department's program calls."""
    return AGENCY in caller().roles


def is_outside() -> bool:
    """Whether the caller is a party or another department: drafts and inquiries stay inside."""
    return caller().own is not None or is_agency()


def body(schema: type[Schema]) -> dict[str, Any]:
    """The JSON body, checked. Raises Refused, which names the fields."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Refused("not_json", "请求体应为 JSON 对象 (a JSON object is needed)", 400)
    return _checked(schema, sent)


def query(schema: type[Schema]) -> dict[str, Any]:
    """The query parameters, checked. Raises Refused, which names them."""
    return _checked(schema, request.args.to_dict())


def _checked(schema: type[Schema], sent: dict[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema().load(sent)
    except ValidationError as error:
        raise Refused("fields_wrong", "字段有误", 422, fields=error.messages) from None
    return loaded
