"""Special equipment: what the 特设 system delivers, in four tables."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import NamedTuple

from services.demo import vocabulary
from services.demo.files import Item
from services.demo.owners import Owner, Owners, own_chance
from services.demo.records import Custom, Past, Record, text_of
from services.demo.shares import pick
from services.demo.vocabulary import Ware

_REGISTRATION = {
    "1": "锅11", "2": "容15", "3": "梯11", "4": "起11",
    "5": "车11", "6": "游61", "8": "管83", "9": "索91",
}  # fmt: skip
"""使用登记证: kind and class (TSG 08). The letter Z after 陕 belongs to no city."""
_UNFILED = 0.04
_STOPPED, _SCRAPPED = 0.02, 0.027
_RENTED = 0.07
_ASKED = 40
_LIFTING = ("41", "42")
_CONNECTED = 8
"""The maintenance of every so many-th owner's elevators comes in by the net."""


class Papers(NamedTuple):
    """What is written about one thing; empty or 不详 where nobody wrote it down."""

    registration: str = ""
    serial: str = ""
    maker: str = ""
    certificate: str = ""
    begun: str = ""
    owned: str = ""


class Equipment:
    """Invents equipment; keeps only the running numbers."""

    def __init__(self, past: Past, owners: Owners, enterprises: int) -> None:
        self._past = past
        self._owners = owners
        self._enterprises = enterprises
        self._files = 0
        # One number for each class, district and month: bounded, however large the city is.
        self._registered: Counter[str] = Counter()

    def items(self, owner: Owner, many: int, chance: Random) -> Iterator[Item]:
        """The equipment of one enterprise."""
        rents = owner.trade.hall and chance.random() < _RENTED
        for number in range(1, many + 1):
            self._files += 1
            ware = owner.trade.equipment.pick(chance)
            if rents and ware.code.startswith(_LIFTING):
                rents = False
                papers, record, checked = self._of_rented_hall(owner, chance), None, 0
            else:
                custom = Custom(ware.months, ware.stated)
                record = self._past.record(chance, custom, late=owner.late)
                checked = self._checked(owner, ware, record, chance)
                papers = self._papers(owner, ware, record, checked, chance)
            in_use, cells = self._cells(owner, ware, papers, number, chance)
            maintained = self._maintained(owner, ware) if record else 0
            yield Item(_table(ware), cells, record, checked, in_use, maintained)

    def _checked(self, owner: Owner, ware: Ware, record: Record | None, chance: Random) -> int:
        if record is not None and _is_boiler(ware):
            late = owner.late and record.renewed_after > 0
            return self._past.seen_inside(own_chance(self._files), late=late)
        if record is None or not (ware.selfcheck or ware.selftest):
            return 0
        # Only who missed the inspection misses the own check: not more things are overdue.
        return self._past.checked(chance, late=owner.late and record.renewed_after > 0)

    def _maintained(self, owner: Owner, ware: Ware) -> int:
        if not ware.selftest or owner.index % _CONNECTED:
            return 0
        return self._past.maintained(own_chance(self._files), late=owner.late)

    def _papers(
        self, owner: Owner, ware: Ware, record: Record | None, checked: int, chance: Random
    ) -> Papers:
        begun = self._past.begun(chance, record, ware.life)
        begun = min(begun, checked or begun)
        return Papers(
            registration=self._registration(owner, ware, begun),
            serial=f"{int(chance.random() * 1_000_000):06d}",
            maker=pick(chance, vocabulary.words("makers.txt")) + ware.maker + "有限公司",
            certificate=self._certificate(ware, begun),
            # Where nobody knows an inspection, nobody knows since when the thing has run.
            begun=text_of(begun, "%Y-%m-%d") if record else "",
        )

    def _of_rented_hall(self, owner: Owner, chance: Random) -> Papers:
        """The crane that came with a rented hall: it runs, and nobody knows who made it."""
        landlord = self._neighbour(owner, chance)
        return Papers(maker="不详", certificate="无", owned=f"租用{landlord}厂房")

    def _neighbour(self, owner: Owner, chance: Random) -> str:
        """Somebody else with halls in the same district, or a private person."""
        for _ in range(_ASKED):
            other = int(chance.random() * self._enterprises)
            found = self._owners.owner(other, self._owners.chance(other))
            if found.trade.hall and found.district is owner.district and other != owner.index:
                return found.name
        return "个人"

    def _cells(
        self, owner: Owner, ware: Ware, papers: Papers, number: int, chance: Random
    ) -> tuple[bool, list[str]]:
        state = chance.random()
        cells = [
            f"TS{self._files:07d}",
            papers.registration,
            ware.code,
            ware.name,
            f"{number}#",
            pick(chance, ware.models),
            papers.serial,
            papers.maker,
            papers.certificate,
            self._installation(papers),
            self._place(ware, chance),
            papers.owned,
            papers.begun,
            "停用" if state < _STOPPED else "报废" if state < _SCRAPPED else "在用",
            pick(chance, ware.grades) if ware.grades else "",
            *owner.columns,
        ]
        return state >= _SCRAPPED, cells

    def _place(self, ware: Ware, chance: Random) -> str:
        place = pick(chance, ware.places)
        return f"{1 + int(chance.random() * 12)}号楼{place}" if ware.selftest else place

    def _registration(self, owner: Owner, ware: Ware, begun: int) -> str:
        """注册代码: class, division, month, serial. Safety valves are not registered."""
        if ware.code == "7310":
            return ""
        cell = ware.code + owner.district.registered + text_of(begun, "%Y%m")
        self._registered[cell] += 1
        return f"{cell}{self._registered[cell]:04d}"

    def _installation(self, papers: Papers) -> str:
        """安装告知书: for what is registered; some of the old ones have none any more."""
        if "陕" not in papers.certificate or own_chance(self._files).random() < _UNFILED:
            return ""
        return f"陕安告{self._files:07d}"

    def _certificate(self, ware: Ware, begun: int) -> str:
        kind = _REGISTRATION.get(ware.code[0])
        if kind is None:
            return ""
        year = date.fromordinal(begun).year % 100
        return f"{kind}陕Z{self._files % 100_000:05d}({year:02d})"


def _is_boiler(ware: Ware) -> bool:
    return ware.code.startswith("1")


def _table(ware: Ware) -> str:
    if _is_boiler(ware):
        return "special_boilers"
    if ware.selfcheck:
        return "special_vessels"
    if ware.selftest:
        return "special_elevators"
    return "special_safety_valves" if ware.code == "7310" else "special_equipment"
