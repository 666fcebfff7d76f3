"""A mapping file that is not right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.registry.reading.header import nearest


@dataclass(frozen=True)
class Fault:
    """What is wrong with a mapping: *place* as in `columns.owner.name`, words in Chinese."""

    code: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class MappingBroken(Exception):
    """No row was read. *faults* are all that was found."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        super().__init__(f"{name}: " + "; ".join(str(fault) for fault in faults))
        self.name = name
        self.faults = tuple(faults)


def unknown(code: str, place: str, name: str, known: Iterable[str]) -> Fault:
    """A name that means nothing here, with the nearest that does."""
    names = list(known)
    close = nearest(name, names)
    hint = f"最接近的是“{close}”;" if close else ""
    return Fault(code, place, f"“{name}”在这里没有意义。{hint}可用: {'、'.join(names)}")
