"""The shape of a mapping file, before anybody asks what it means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from services.events.registry import DutyKind
from services.registry.mapping.broken import Fault, MappingBroken, unknown
from services.registry.mapping.language import DEFAULT_JOIN, MONTHS, VERSION
from services.registry.model import RowKind

LARGEST = 1 << 18  # characters
_MESSAGES: dict[str, Any] = {
    "required": "必须填写",
    "null": "不能为空",
    "invalid": "写法不对",
    "type": "这里应为“键: 值”",
    "unknown": "没有这个键",
}


class _Shape(Schema):
    """Refuses keys it does not know."""

    error_messages = _MESSAGES

    class Meta:
        unknown = RAISE


class _ColumnField(fields.Field[Any]):
    """A column name, {columns: [...], join: " "}, or {first: [...]}."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and value.strip():
            return ((value,), DEFAULT_JOIN, False)
        if isinstance(value, dict) and "first" in value:
            return (tuple(_FirstColumn().load(value)["first"]), DEFAULT_JOIN, True)
        loaded = _SeveralColumns().load(value if isinstance(value, dict) else {})
        return (tuple(loaded["columns"]), loaded["join"], False)


class _CycleField(fields.Field[Any]):
    """A number of months, or {column: ...}."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, dict):
            loaded = _OneColumn().load(value)
            return (None, loaded["column"], loaded["unit"])
        if (
            isinstance(value, str)
            and value.isascii()
            and value.isdigit()
            and 1 <= int(value) <= 600
        ):
            return (int(value), None, MONTHS)
        raise ValidationError("应为 1 至 600 的月数,或 {column: 列名}")


class _FormatsField(fields.Field[Any]):
    """One date format or a list of them."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        formats = [value] if isinstance(value, str) else value
        if not isinstance(formats, list) or not all(isinstance(f, str) and f for f in formats):
            raise ValidationError("应为一种日期写法,或写法的列表")
        return tuple(formats)


class _WordsField(fields.Field[Any]):
    """One word of a cell or a list of them; "" is an empty cell."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        words = [value] if isinstance(value, str) else value
        if (
            not isinstance(words, list)
            or not words
            or not all(isinstance(w, str) for w in words)
        ):
            raise ValidationError("应为一个词,或词的列表")
        return tuple(words)


def _text(**options: Any) -> fields.String:
    return fields.String(error_messages=_MESSAGES, **options)


def _name(**options: Any) -> fields.String:
    return _text(
        validate=validate.Length(min=1, max=200, error="不能为空,也不能超过200字"), **options
    )


def _dict(values: fields.Field[Any], **options: Any) -> fields.Dict:
    return fields.Dict(_text(), values, load_default=dict, error_messages=_MESSAGES, **options)


def _list(values: fields.Field[Any], **options: Any) -> fields.List[Any]:
    return fields.List(values, error_messages=_MESSAGES, **options)


def _one_of(words: list[str], **options: Any) -> fields.String:
    return _text(
        validate=validate.OneOf(words, error=f"应为 {' '.join(words)} 之一"), **options
    )


class _OneColumn(_Shape):
    column = _name(required=True)
    unit = _name(load_default=MONTHS)


class _FirstColumn(_Shape):
    first = _list(_name(), required=True, validate=validate.Length(min=1, error="至少一列"))


class _SeveralColumns(_Shape):
    columns = _list(_name(), required=True, validate=validate.Length(min=1, error="至少一列"))
    join = _text(load_default=DEFAULT_JOIN)


class _Unit(_Shape):
    from_ = _name(required=True, data_key="from", attribute="from")
    to = _name(required=True)


class _Values(_Shape):
    map = _dict(_text())
    default = _text(load_default=None)


class _Record(_Shape):
    duty = _one_of([duty.value for duty in DutyKind], required=True)
    done_on = _name(load_default=None)
    stated_due_on = _name(load_default=None)
    cycle_months = _CycleField(load_default=(None, None, MONTHS))
    basis = _text(load_default="")


class _File(_Shape):
    mapping = _one_of([str(VERSION)], required=True)
    source = _text(
        required=True,
        validate=validate.Regexp(
            r"[a-z0-9][a-z0-9-]{0,39}\Z", error="应为小写字母、数字和 -,不超过40个"
        ),
    )
    about = _text(load_default="")
    kind = _one_of([kind.value for kind in RowKind], required=True)
    sheet = _name(load_default=None)
    key = _ColumnField(load_default=None)
    columns = _dict(_ColumnField())
    constants = _dict(_name())
    defaults = _dict(_name())
    units = _dict(fields.Nested(_Unit, error_messages=_MESSAGES))
    taken = _dict(_WordsField(), data_key="only")
    skip = _dict(_WordsField())
    values = _dict(fields.Nested(_Values, error_messages=_MESSAGES))
    dates = _dict(_FormatsField())
    blank = _list(_text(), load_default=list)
    tolerate = _list(_name(), load_default=list)
    checks = _dict(_name())
    divisions = _dict(_name())
    enterprises = _one_of(["overwrite", "fill"], load_default="overwrite")
    records = _list(fields.Nested(_Record, error_messages=_MESSAGES), load_default=list)


class _Plain(yaml.BaseLoader):
    """Every scalar is text; a key may stand once; no anchors, which could blow up."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("anchors and aliases are not read")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        found = super().construct_mapping(node, deep=True)
        if len(found) < len(node.value):
            keys = [self.construct_object(key, deep=True) for key, _ in node.value]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.YAMLError(f"line {node.start_mark.line + 1}: {twice!r} stands twice")
        return found


def shaped(text: str, name: str) -> dict[str, Any]:
    """The content of a mapping file in its right shape. Raises MappingBroken."""
    try:
        if len(text) > LARGEST:
            raise yaml.YAMLError(f"more than {LARGEST} characters")
        content = yaml.load(text, Loader=_Plain)  # noqa: S506 - a BaseLoader makes only text
    except (yaml.YAMLError, RecursionError, TypeError) as error:
        said = " ".join(str(error).split())
        raise MappingBroken(
            name, [Fault("not_yaml", name, f"不是可读的 YAML 映射文件: {said}")]
        ) from None
    if not isinstance(content, dict):
        raise MappingBroken(name, [Fault("not_yaml", name, "映射文件应由“键: 值”组成")])
    try:
        loaded: dict[str, Any] = _File().load(content)
    except ValidationError as error:
        raise MappingBroken(name, list(_faults(error.messages, ()))) from None
    return loaded


def _faults(messages: Any, path: tuple[str, ...]) -> Iterator[Fault]:
    """Marshmallow's nested messages, one by one, with their place."""
    if isinstance(messages, dict):
        for key, below in messages.items():
            hidden = key in ("_schema", "value")
            yield from _faults(below, path if hidden else (*path, str(key)))
        return
    place = ".".join(path) or "mapping"
    for message in messages if isinstance(messages, list) else [messages]:
        if message == _MESSAGES["unknown"]:
            yield unknown("key_unknown", place, path[-1], _keys_at(path))
        else:
            yield Fault("shape", place, str(message))


def _keys_at(path: tuple[str, ...]) -> list[str]:
    below = {"values": _Values, "records": _Record, "units": _Unit}
    shape = below.get(path[0]) if len(path) > 2 else _File
    found = (shape or _SeveralColumns)().fields
    return [field.data_key or name for name, field in found.items()]
