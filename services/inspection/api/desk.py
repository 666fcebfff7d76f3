"""The desk at which a named person acts, how rules' refusals are said, fields that return."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, jsonify
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.chassis.api import Refused
from services.inspection.api.asking import Inspection, plain
from services.inspection.handlers import proofs
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.rules.refusal import NotAllowed

_LONGEST = 4000


class Place(fields.Field[tuple[date, UUID]]):
    """Where a page ended, `2026-11-21_<id>`: the `next` of the answer before."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[date, UUID]:
        day, _separator, number = str(value).partition("_")
        try:
            return date.fromisoformat(day), UUID(number)
        except ValueError:
            raise ValidationError("应为上一页返回的 next") from None


def words(
    *, required: bool = True, longest: int = _LONGEST, data_key: str | None = None
) -> fields.String:
    """A text that a person writes; not only blanks, nothing that a database cannot keep."""
    if not required:
        return fields.String(validate=[_kept(0, longest)], load_default="", data_key=data_key)
    return fields.String(
        required=True,
        validate=[_kept(1, longest)],
        data_key=data_key,
        error_messages={"required": "请填写"},
    )


def accounts() -> fields.List[str]:
    """Officers by account."""
    return fields.List(words(longest=100), load_default=list, validate=validate.Length(max=20))


def evidence() -> fields.List[str]:
    """Files by their SHA-256."""
    one = fields.String(validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="应为文件的 SHA-256"))
    return fields.List(one, load_default=list, validate=validate.Length(max=200))


def acting(service: Inspection, *, named: bool) -> Acting:
    """Who acts. Raises Refused if a person must be named and none is."""
    by = api.said_name()
    if named and not by:
        raise Refused(
            "name_missing",
            f"该操作须由具名人员作出, 请求没有说明经办人 ({api.CALLER_HEADER})。"
            "请以本人账号登录后再办理。",
        )
    return Acting(
        by=by or None,
        scope=api.caller().scope,
        today=clock.today(),
        at=clock.now(),
        policy=service.policy,
        bureau=service.settings.bureau,
    )


def body_with_proofs(service: Inspection, schema: type[Schema]) -> dict[str, Any]:
    """The body of the call; the files that it names have been kept. Raises Refused."""
    sent = api.body(schema)
    with in_words():
        proofs.check(sent.get("evidence", ()), var=service.settings.var)
    return sent


@contextmanager
def in_words() -> Iterator[None]:
    """What the rules refuse is a conflict with the record; what is not there is not found."""
    try:
        yield
    except NotAllowed as refusal:
        raise Refused(
            refusal.code, str(refusal), 409, rule=refusal.rule, instead=refusal.instead
        ) from None
    except Unknown as unknown:
        raise Refused(unknown.code, str(unknown), 404) from None


def write(
    service: Inspection, act: Callable[[Session, Acting], Any], *, status: int = 200
) -> Response:
    """One act of a named person in one transaction, once for each key; answered in JSON."""
    person = acting(service, named=True)
    with in_words():
        return api.write(
            service.database, lambda session: plain(act(session, person)), status=status
        )


def read(service: Inspection, ask: Callable[[Session, Acting], Any]) -> Response:
    """What somebody wants to see, in JSON."""
    person = acting(service, named=False)
    with in_words(), service.database.reading() as session:
        return jsonify(plain(ask(session, person)))


def _kept(shortest: int, longest: int) -> Callable[[str], None]:
    def check(value: str) -> None:
        if "\x00" in value:
            raise ValidationError("含有不可保存的字符")
        if not shortest <= len(value.strip()) or len(value) > longest:
            raise ValidationError(f"请填写, 不超过 {longest} 字")

    return check
