"""Products and production licences: what the 质检 and 纤检 systems deliver."""

from collections.abc import Iterator
from random import Random

from services.demo.files import Item
from services.demo.owners import Owner
from services.demo.records import Custom, Past
from services.demo.shares import pick

_RENEWAL = Custom(months=60, stated=94)
_CANCELLED = 0.02
_LICENCES = 100_000
"""Serials in one category of licences."""


class Products:
    """Invents products; keeps only the running number."""

    def __init__(self) -> None:
        self._known = 0

    def items(self, owner: Owner, many: int, chance: Random) -> Iterator[Item]:
        """The products of one enterprise; fibre products come from the 纤检 system."""
        for _ in range(many):
            self._known += 1
            table, head = (
                ("fibre_products", "X") if owner.trade.fibre else ("quality_products", "C")
            )
            yield Item(
                table,
                [
                    f"{head}{self._known:06d}",
                    pick(chance, owner.trade.products),
                    f"{pick(chance, 'ABCDEFGH')}-{1 + int(chance.random() * 60)}",
                    f"Q/{owner.organisation[1:8]} {1 + int(chance.random() * 9):03d}-2012",
                    *owner.columns,
                ],
            )


class Licences:
    """Invents production licences; keeps only the running number.

    Their categories begin with 99, which the production-licence catalogue does not have.
    """

    def __init__(self, past: Past) -> None:
        self._past = past
        self._known = 0

    def items(self, owner: Owner, many: int, chance: Random) -> Iterator[Item]:
        """The licences of one enterprise."""
        for _ in range(many):
            self._known += 1
            category, serial = divmod(self._known, _LICENCES)
            record = self._past.record(chance, _RENEWAL, late=owner.late)
            cancelled = chance.random() < _CANCELLED
            cells = [
                f"XK99-{1 + category:03d}-{serial:05d}",
                "XK",
                pick(chance, owner.trade.products),
                "注销" if cancelled else "有效",
                *owner.columns,
            ]
            yield Item("quality_licences", cells, record, in_use=not cancelled)
