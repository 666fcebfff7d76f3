"""程序 — the words that orders and cases share: acts on file, last days, grounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

Thing = TypeVar("Thing")


@dataclass(frozen=True, kw_only=True)
class Act:
    """One step of a procedure, as it is kept on file.

    what         a fixed word
    rule         the rule that allowed or demanded it, by the name of its function
    words        what happened, in one Chinese sentence without day and person
    particulars  the facts of the step, fit for JSON
    """

    what: str
    rule: str
    words: str
    item_id: UUID | None = None
    particulars: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken(Generic[Thing]):
    """How something stands after one or more acts, and the acts."""

    after: Thing
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class LastDay:
    """期限的最后一日.

    Provisional: it rests on a year whose holidays are not known yet, and is looked at again
    when it comes.
    """

    day: date
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Matter:
    """违法事项: one kind of violation; a row of the policy violation_matters.

    group     violations of one group count as the same class when a first offence is asked for
    minor     性质轻微: a first one is answered with guidance and an order
    grave     危害健康和安全: a case is filed even if it is the first
    endangers objects of it can hurt people: alerts go by it
    """

    code: str
    label: str
    group: str
    minor: bool
    grave: bool
    endangers: bool
    basis: str
