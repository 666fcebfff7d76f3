"""From the annotations of an event to its JSON, and back.

The marshmallow schema says what is right, for readers of any language. Beside it stand
plain writers and readers, one for each field: an import announces a hundred thousand
events, and the schema costs ten times as much. The announcer must be exact; what the
plain readers do not recognise at once goes through the schema, which words the error.
tests/contracts holds the two together.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from dataclasses import fields as dataclass_fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

Plain = Callable[[Any], Any]


class NotPlain(Exception):
    """The plain way does not know this value."""


class Wire:
    """Writes and reads one dataclass as JSON."""

    def __init__(self, words: type) -> None:
        self.words = words

    @cached_property
    def hints(self) -> dict[str, Any]:
        hints = typing.get_type_hints(self.words, include_extras=True)
        return {f.name: hints[f.name] for f in dataclass_fields(self.words)}

    @cached_property
    def schema(self) -> type[Schema]:
        """A strict schema of all fields, every one required."""
        wired = {name: field_for(hint) for name, hint in self.hints.items()}
        return Schema.from_dict(wired, name=f"{self.words.__name__}Schema")

    @cached_property
    def _writers(self) -> list[tuple[str, Plain]]:
        return [(name, _writer(hint)) for name, hint in self.hints.items()]

    @cached_property
    def plain(self) -> Callable[[Any], dict[str, Any]]:
        """Writes what is right; of what is not it only knows that something is wrong.

        Raises NotPlain, AttributeError.
        """
        names = list(self.hints)
        writers = [writer for _, writer in self._writers]
        if len(names) < 2:  # attrgetter gives a tuple only for several
            return lambda words: {n: w(getattr(words, n)) for n, w in self._writers}
        values_of = attrgetter(*names)

        def write(words: Any) -> dict[str, Any]:
            values = values_of(words)
            return dict(
                zip(names, [w(v) for w, v in zip(writers, values, strict=True)], strict=True)
            )

        return write

    @cached_property
    def _readers(self) -> list[tuple[str, Plain]]:
        return [(name, _reader(hint)) for name, hint in self.hints.items()]

    def write(self, words: Any) -> dict[str, Any]:
        """The JSON object. Raises marshmallow.ValidationError, and names the field."""
        try:
            return self.plain(words)
        except (NotPlain, AttributeError):
            return self._written_one_by_one(words)

    def _written_one_by_one(self, words: Any) -> dict[str, Any]:
        body, wrong = {}, {}
        for name, writer in self._writers:
            try:
                body[name] = writer(getattr(words, name))
            except (NotPlain, AttributeError):
                wrong[name] = [f"not {_called(self.hints[name])}"]  # never the value: logs
        if wrong:
            raise ValidationError(wrong)
        return body

    def read(self, body: dict[str, Any]) -> dict[str, Any]:
        """The fields of the dataclass; others are left out. Raises ValidationError."""
        try:
            return {name: reader(body[name]) for name, reader in self._readers}
        except (NotPlain, KeyError, TypeError, ValueError, AttributeError):
            loaded: dict[str, Any] = self.schema(unknown=EXCLUDE).load(body)
            return loaded


class _Tuple(fields.List[Any]):
    """A JSON array that becomes a tuple: events are frozen to the bottom."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(*args, **kwargs))


class _TrueOrFalse(fields.Boolean):
    """true or false, and nothing that Python takes for them: 0 equals False there."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def field_for(hint: Any, **options: Any) -> fields.Field[Any]:
    """The marshmallow field of one annotation."""
    options = {"required": True, **options}
    if get_origin(hint) is Annotated:
        hint, explained = get_args(hint)
        return field_for(hint, **options, metadata={"description": explained})
    if get_origin(hint) in (UnionType, typing.Union):
        return field_for(_only_arm(hint), **options, allow_none=True)
    if get_origin(hint) is tuple:
        return _Tuple(field_for(get_args(hint)[0]), **options)
    if is_dataclass(hint):
        nested = _nested_schema(typing.cast("type", hint))
        return fields.Nested(nested, unknown=EXCLUDE, **options)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return fields.Enum(hint, by_value=True, **options)
    return _FIELDS[hint](**options)


_FIELDS: dict[Any, Callable[..., fields.Field[Any]]] = {
    str: lambda **kw: fields.String(validate=validate.Length(min=1), **kw),
    int: lambda **kw: fields.Integer(strict=True, **kw),
    bool: lambda **kw: _TrueOrFalse(truthy={True}, falsy={False}, **kw),
    UUID: fields.UUID,
    date: fields.Date,
    datetime: fields.AwareDateTime,
}


def _nested_schema(words: type) -> type[Schema]:
    wire = Wire(words)

    def build(_schema: Schema, loaded: dict[str, Any], **_: Any) -> Any:
        return words(**loaded)

    return type(f"{words.__name__}Schema", (wire.schema,), {"build": post_load(build)})


def _called(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        return _called(get_args(hint)[0])
    return hint.__name__ if isinstance(hint, type) else str(hint)


def _only_arm(hint: Any) -> Any:
    (arm,) = [arm for arm in get_args(hint) if arm is not NoneType]
    return arm


def _writer(hint: Any) -> Plain:
    if get_origin(hint) is Annotated:
        return _writer(get_args(hint)[0])
    if get_origin(hint) in (UnionType, typing.Union):
        return _or_none(_writer(_only_arm(hint)))
    if get_origin(hint) is tuple:
        each = _writer(get_args(hint)[0])
        return lambda value: [each(item) for item in _exactly(tuple, value)]
    if is_dataclass(hint):
        return _nested_writer(typing.cast("type", hint))
    if issubclass(hint, Enum):
        return _as(hint, attrgetter("_value_"))  # .value is a call, and slow
    return _PLAIN_WRITERS[hint]


def _nested_writer(words: type) -> Plain:
    wire = Wire(words)
    return _as(words, lambda value: wire.plain(value))


def _reader(hint: Any) -> Plain:
    if get_origin(hint) is Annotated:
        return _reader(get_args(hint)[0])
    if get_origin(hint) in (UnionType, typing.Union):
        return _or_none(_reader(_only_arm(hint)))
    if get_origin(hint) is tuple:
        each = _reader(get_args(hint)[0])
        return lambda value: tuple(each(item) for item in _exactly(list, value))
    if is_dataclass(hint):
        return _nested_reader(typing.cast("type", hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return _PLAIN_READERS[hint]


def _nested_reader(words: type) -> Plain:
    wire = Wire(words)

    def read(value: Any) -> Any:
        return words(**{name: reader(value[name]) for name, reader in wire._readers})

    return read


def _or_none(plain: Plain) -> Plain:
    return lambda value: None if value is None else plain(value)


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise NotPlain
    return value


def _as(kind: type, write: Plain) -> Plain:
    """The writer of exactly one type."""

    def written(value: Any) -> Any:
        if type(value) is not kind:
            raise NotPlain
        return write(value)

    return written


def _text(value: Any) -> Any:
    if type(value) is not str or not value:
        raise NotPlain
    return value


def _aware(value: datetime) -> datetime:
    if type(value) is not datetime or value.tzinfo is None:
        raise NotPlain
    return value


_PLAIN_WRITERS: dict[Any, Plain] = {
    str: _text,
    int: lambda value: _exactly(int, value),
    bool: lambda value: _exactly(bool, value),
    UUID: _as(UUID, str),
    date: _as(date, date.isoformat),
    datetime: lambda value: _aware(value).isoformat(),
}
_PLAIN_READERS: dict[Any, Plain] = {
    str: _text,
    int: lambda value: _exactly(int, value),
    bool: lambda value: _exactly(bool, value),
    UUID: lambda value: UUID(_exactly(str, value)),
    date: lambda value: date.fromisoformat(_exactly(str, value)),
    datetime: lambda value: _aware(datetime.fromisoformat(_exactly(str, value))),
}
