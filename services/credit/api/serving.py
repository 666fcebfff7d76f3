"""What all views of the credit service share: who acts, pages, refusals, days as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from services.chassis import api, clock
from services.chassis.api import Refused
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.credit import handlers
from services.credit.handlers.records.deciding import Act
from services.credit.rules import NotAllowed

PAGE = 50
LARGEST_PAGE = 200
LONGEST_TEXT = 2000


class Service(Protocol):
    """What the views need of the service."""

    database: Database
    policy: Policy


class Place(fields.Field[tuple[date, UUID]]):
    """Where a page ended, `2026-11-21_<id>`: the `next` of the answer before."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[date, UUID]:
        day, _separator, number = str(value).partition("_")
        try:
            return date.fromisoformat(day), UUID(number)
        except ValueError:
            raise ValidationError("应为上一页返回的 next") from None


class Paged(Schema):
    """Which page of a list."""

    after = Place(load_default=None)
    limit = fields.Integer(
        validate=validate.Range(1, LARGEST_PAGE, error=f"应为 1 至 {LARGEST_PAGE}"),
        load_default=PAGE,
    )


class ReasonBody(Schema):
    """Why."""

    reason = fields.String(
        required=True,
        validate=validate.Length(
            min=1, max=LONGEST_TEXT, error=f"请填写理由, 不超过 {LONGEST_TEXT} 字"
        ),
        error_messages={"required": "请填写理由"},
    )


def text(**options: Any) -> fields.String:
    """A text that somebody wrote, of a sensible length; no sign that no database keeps."""
    length = validate.Length(min=1, max=LONGEST_TEXT, error=f"应为 1 至 {LONGEST_TEXT} 字")
    no_nul = validate.ContainsNoneOf("\x00", error="含有不能保存的字符")
    return fields.String(validate=[length, no_nul], **options)


def act(service: Service) -> Act:
    """Who acts. An adverse step is a named person's; a program has no name to give."""
    return Act(
        scope=api.caller().scope,
        by=named_caller(),
        today=clock.today(),
        policy=service.policy,
        outside=api.is_outside(),
    )


def named_caller() -> str:
    """The name that the caller gave; empty if none."""
    return api.said_name()


def plain(value: Any) -> Any:
    """As JSON has it: days in ISO form, ids and enums as text."""
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


@contextmanager
def words_for_refusals(unknown: str) -> Iterator[None]:
    """What the rules refuse, as a problem that names the rule. *unknown*: `record`, `request`."""
    try:
        yield
    except NotAllowed as refusal:
        raise Refused(
            refusal.code, str(refusal), 409, rule=refusal.rule, instead=refusal.instead
        ) from None
    except handlers.Unknown as nothing:
        raise nothing_there(unknown, nothing.args[0]) from None


NOTHING = {
    "bad_information": "不良信息",
    "record": "诚信记录",
    "request": "申请",
    "enterprise": "企业",
    "matter": "不良信息、诚信记录、申请或企业",
}


def nothing_there(unknown: str, number: UUID) -> Refused:
    """There is none of that number for this caller."""
    return Refused(
        f"no_such_{unknown}", f"没有编号为 {number} 的{NOTHING[unknown]}, 或不在管辖范围内", 404
    )
