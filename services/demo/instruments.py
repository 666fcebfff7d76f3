"""Measuring instruments: what the 计量 system delivers, in two tables."""

from collections.abc import Iterator
from random import Random

from services.demo import vocabulary
from services.demo.files import Item
from services.demo.owners import Owner
from services.demo.records import Custom, Past, Record, text_of
from services.demo.shares import pick
from services.demo.vocabulary import Ware

_STOPPED, _SCRAPPED = 0.018, 0.026


class Instruments:
    """Invents instruments; keeps only the running number."""

    def __init__(self, past: Past) -> None:
        self._past = past
        self._known = 0

    def items(self, owner: Owner, many: int, chance: Random) -> Iterator[Item]:
        """The instruments of one enterprise."""
        for _ in range(many):
            self._known += 1
            ware = owner.trade.instruments.pick(chance)
            custom = Custom(ware.months, ware.stated, short=not ware.replace)
            record = self._past.record(chance, custom, late=owner.late)
            state = chance.random()
            word = "停用" if state < _STOPPED else "报废" if state < _SCRAPPED else "在用"
            cells = (
                self._meter(owner, ware, word, chance)
                if ware.replace
                else self._verified(owner, ware, word, record, chance)
            )
            table = "metrology_meters" if ware.replace else "metrology_instruments"
            yield Item(table, cells, record, in_use=state >= _SCRAPPED)

    def _verified(
        self, owner: Owner, ware: Ware, state: str, record: Record | None, chance: Random
    ) -> list[str]:
        begun = self._past.begun(chance, record, ware.life)
        return [
            f"JL{self._known:08d}",
            ware.code,
            ware.name,
            pick(chance, ware.models),
            pick(chance, ware.classes),
            f"{int(chance.random() * 10_000_000):07d}",
            _maker(ware, chance),
            pick(chance, ware.places),
            text_of(begun, "%Y/%m/%d") if record else "",
            state,
            str(ware.months),
            *owner.columns,
        ]

    def _meter(self, owner: Owner, ware: Ware, state: str, chance: Random) -> list[str]:
        house = 1 + int(chance.random() * 40)
        return [
            f"B{self._known:08d}",
            ware.code,
            ware.name,
            pick(chance, ware.models),
            ware.bore,
            ware.medium,
            _maker(ware, chance),
            f"{house}号楼{pick(chance, ware.places)}",
            state,
            str(ware.months),
            *owner.columns,
        ]


def _maker(ware: Ware, chance: Random) -> str:
    return pick(chance, vocabulary.words("makers.txt")) + ware.maker + "有限公司"
