"""How one field of an event is said: a day, a sum, a choice, a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import partial
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from services.events import inspection
from services.notify.words import Words, say_day

FEN_IN_YUAN = 100
Say = Callable[[Any], str]


def say_field(name: str, hint: Any, words: Words, language: str) -> Say:
    """How one field of an event is said. What has no words is refused now, not when said."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in (UnionType, Union):
        (known,) = (arm for arm in get_args(hint) if arm is not NoneType)
        say = say_field(name, known, words, language)
        nothing = words.absent(name, language)
        return lambda value: nothing if value is None else say(value)
    if get_origin(hint) is tuple:
        return _say_all(name, get_args(hint)[0], words, language)
    if hint is int:
        return _say_number(name, words, language)
    if hint is date:
        return lambda value: say_day(date.fromisoformat(value), language)
    if hint is bool:
        said = words.group(name, language)
        return lambda value: said["yes" if value else "no"]
    if isinstance(hint, type) and issubclass(hint, Enum):
        said = {member.value: words.of(member, language) for member in hint}
        return lambda value: said[value]
    return one_line


def _say_all(name: str, each: Any, words: Words, language: str) -> Say:
    if each is inspection.OrderedItem:
        return partial(_say_items, words.called("ordered_items", "any", language), language)
    say = say_field(name, each, words, language)
    comma = "\n" if name == "lines" else words.called("between", "any", language)
    return lambda values: comma.join(say(value) for value in values)


def _say_number(name: str, words: Words, language: str) -> Say:
    if name.endswith("_fen"):
        return partial(_say_money, words.called("money", "any", language))
    if name in ("rung", "days_left"):
        return partial(_say_rung, words.group("rung", language))
    return str


def _say_money(said: str, fen: int) -> str:
    return said.format(yuan=f"{Decimal(fen) / FEN_IN_YUAN:,.2f}")


def _say_rung(said: Mapping[str, str], rung: int) -> str:
    """How far away a due date is, on the day that it is told."""
    how = "today" if rung == 0 else "ahead" if rung > 0 else "overdue"
    return said[how].format(days=abs(rung))


def _say_items(said: str, language: str, items: Sequence[Mapping[str, Any]]) -> str:
    """How many, and between which days: what each is about stands in the order itself."""
    days = sorted(date.fromisoformat(item["due_on"]) for item in items)
    return said.format(
        count=len(items), first=say_day(days[0], language), last=say_day(days[-1], language)
    )


def one_line(value: Any) -> str:
    """Nothing that somebody typed may break a line: the subject becomes a mail header."""
    return " ".join(str(value).split())
