"""Operators of special equipment: names at random, certificate numbers that are nobody's."""

from collections.abc import Iterator
from random import Random

from services.demo import vocabulary
from services.demo.check_digits import identity_number
from services.demo.files import Item
from services.demo.owners import Owner
from services.demo.records import Custom, Past, text_of
from services.demo.shares import pick

_REVIEW = Custom(months=48, stated=85)
_CANCELLED = 0.012
_NUMBERS = 10_080_000
"""How many different numbers `identity_number` makes."""


class People:
    """Invents operators; keeps only the running number."""

    def __init__(self, past: Past) -> None:
        self._past = past
        self._known = 0

    def items(self, owner: Owner, many: int, chance: Random) -> Iterator[Item]:
        """The operators of one enterprise; some work without a certificate."""
        for _ in range(many):
            self._known += 1
            record = self._past.record(chance, _REVIEW, late=owner.late)
            craft = owner.trade.crafts.pick(chance)
            cancelled = chance.random() < _CANCELLED
            begun = self._past.begun(chance, record, 16) if record else 0
            cells = [
                f"CZ{self._known:07d}",
                _name(chance),
                identity_number(self._known * 7_919 % _NUMBERS) if record else "",
                craft,
                vocabulary.crafts()[craft],
                "注销" if cancelled else "有效",
                text_of(begun, "%Y-%m-%d") if begun else "",
                *owner.columns,
            ]
            yield Item("special_operators", cells, record, in_use=not cancelled)


def _name(chance: Random) -> str:
    given = vocabulary.words("given.txt")
    second = pick(chance, given) if chance.random() < 0.7 else ""
    return pick(chance, vocabulary.words("surnames.txt")) + pick(chance, given) + second
