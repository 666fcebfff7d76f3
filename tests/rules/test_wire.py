"""How each kind of field is written and read: quickly where it is plain, never loosely."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import pytest
from marshmallow import Schema, ValidationError

from services.events.wire import Wire

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=timezone(timedelta(hours=8)))


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True, kw_only=True)
class Part:
    name: str
    made_on: date | None


@dataclass(frozen=True, kw_only=True)
class Words:
    id: UUID
    name: Annotated[str, "how people call it"]
    pieces: int
    sealed: bool
    size: Size
    made_on: date
    seen_at: datetime
    gone_on: date | None
    tags: tuple[str, ...]
    parts: tuple[Part, ...]


RIGHT: dict[str, Any] = {
    "id": UUID(int=7),
    "name": "桶",
    "pieces": 3,
    "sealed": True,
    "size": Size.LARGE,
    "made_on": date(2026, 3, 4),
    "seen_at": NOON,
    "gone_on": None,
    "tags": ("蓝", "圆"),
    "parts": (Part(name="盖", made_on=None), Part(name="底", made_on=date(2026, 3, 3))),
}
WRITTEN: dict[str, Any] = {
    "id": "00000000-0000-0000-0000-000000000007",
    "name": "桶",
    "pieces": 3,
    "sealed": True,
    "size": "large",
    "made_on": "2026-03-04",
    "seen_at": "2026-03-04T12:00:00+08:00",
    "gone_on": None,
    "tags": ["蓝", "圆"],
    "parts": [{"name": "盖", "made_on": None}, {"name": "底", "made_on": "2026-03-03"}],
}


class Quick(Wire):
    """A wire that has no schema to fall back on."""

    @property
    def schema(self) -> type[Schema]:  # type: ignore[override]
        raise AssertionError("the schema was asked")


def test_plain_values_are_written_without_the_schema() -> None:
    assert Quick(Words).write(Words(**RIGHT)) == WRITTEN


def test_plain_values_are_read_without_the_schema() -> None:
    assert Quick(Words).read(WRITTEN) == RIGHT


def test_the_schema_writes_and_reads_the_same() -> None:
    schema = Wire(Words).schema()

    assert schema.dump(Words(**RIGHT)) == WRITTEN
    assert schema.load(WRITTEN) == RIGHT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", str(UUID(int=7))),
        ("id", None),
        ("name", ""),
        ("name", 5),
        ("name", b"bytes"),
        ("pieces", "3"),
        ("pieces", 3.7),
        ("pieces", True),
        ("sealed", 1),
        ("sealed", "no"),
        ("size", "large"),
        ("size", None),
        ("made_on", "2026-03-04"),
        ("made_on", NOON),
        ("seen_at", datetime(2026, 3, 4)),  # noqa: DTZ001 - without a zone: that is the point
        ("seen_at", date(2026, 3, 4)),
        ("gone_on", ""),
        ("tags", "蓝"),
        ("tags", ["蓝"]),
        ("tags", ("蓝", "")),
        ("parts", None),
        ("parts", ({"name": "盖", "made_on": None},)),
        ("parts", (Part(name="", made_on=None),)),
    ],
    ids=repr,
)
def test_an_announcer_must_give_exactly_what_is_declared(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        Wire(Words).write(Words(**RIGHT | {name: value}))

    assert list(refused.value.messages) == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "7"),
        ("id", 7),
        ("name", ""),
        ("name", 5),
        ("pieces", "3"),
        ("pieces", 3.0),
        ("pieces", True),
        ("sealed", 1),
        ("sealed", "true"),
        ("size", "huge"),
        ("size", []),
        ("made_on", "2026-02-30"),
        ("made_on", "4.3.2026"),
        ("made_on", None),
        ("seen_at", "2026-03-04T12:00:00"),
        ("gone_on", ""),
        ("tags", "蓝"),
        ("tags", {"蓝": 1}),
        ("tags", [None]),
        ("parts", [{"name": "盖"}]),
        ("parts", [5]),
    ],
    ids=repr,
)
def test_a_hearer_refuses_what_means_something_else(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        Wire(Words).read(WRITTEN | {name: value})

    assert list(refused.value.messages) == [name]


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(ValidationError) as written:
        Wire(Words).write(Words(**RIGHT | {"pieces": "3", "size": "large"}))
    with pytest.raises(ValidationError) as read:
        Wire(Words).read(WRITTEN | {"pieces": "3", "size": "huge"})

    assert set(written.value.messages) == set(read.value.messages) == {"pieces", "size"}


def test_a_wrong_field_is_not_blamed_on_one_that_is_merely_unknown() -> None:
    parts = [{"name": "盖", "made_on": None, "colour": "added later"}]

    with pytest.raises(ValidationError) as refused:
        Wire(Words).read(WRITTEN | {"parts": parts, "size": "huge"})

    assert list(refused.value.messages) == ["size"]


def test_an_instant_is_read_in_any_zone() -> None:
    read = Wire(Words).read(WRITTEN | {"seen_at": "2026-03-04T04:00:00Z"})

    assert read["seen_at"] == NOON.astimezone(UTC)
