"""Fields that the API's bodies and answers share."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

LARGEST_PAGE = 200
PAGE = 50
LONGEST_TEXT = 2000


def kept(text: str) -> None:
    """Nothing that no database keeps. Raises ValidationError."""
    if "\x00" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValidationError("含有不能保存的字符")


def text(said: str, *, longest: int = LONGEST_TEXT, **options: Any) -> fields.String:
    """What somebody writes. *said*: what it is."""
    length = validate.Length(min=1, max=longest, error=f"应为 1 至 {longest} 字")
    return fields.String(validate=[length, kept], metadata={"description": said}, **options)


def maybe(said: str) -> fields.String:
    """A text of an answer that may be missing."""
    return fields.String(allow_none=True, metadata={"description": said})


def day(said: str) -> fields.Raw:
    """A day of an answer, as the service wrote it."""
    shape = {"type": "string", "format": "date", "description": said}
    return fields.Raw(allow_none=True, metadata=shape)


def ident(said: str) -> fields.Raw:
    """An id of an answer, as the service wrote it."""
    shape = {"type": "string", "format": "uuid", "description": said}
    return fields.Raw(allow_none=True, metadata=shape)


class PageQuery(Schema):
    """Which page of a list."""

    after = text("where the page before ended: follow `next` instead", longest=200)
    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(1, LARGEST_PAGE, error=f"应为 1 至 {LARGEST_PAGE}"),
        metadata={"description": "how many"},
    )


class Page(Schema):
    """A page of a list."""

    next = fields.String(
        allow_none=True,
        metadata={"description": "address of the page behind this one; null behind the last"},
    )
