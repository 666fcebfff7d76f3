"""The whole city: how many of everything, and one pass over all owners that writes it."""

from collections.abc import Iterator
from datetime import date
from operator import add
from pathlib import Path
from random import Random
from typing import Protocol

from services.demo.equipment import Equipment
from services.demo.files import DemoFile, Item, sheets
from services.demo.instruments import Instruments
from services.demo.owners import Owner, Owners, enterprise
from services.demo.papers import Licences, Products
from services.demo.people import People
from services.demo.records import Past
from services.demo.shares import Dealer
from services.demo.vocabulary import LOADS

CENSUS = {
    "enterprise": 3_474,
    "equipment": 32_813,
    "instrument": 62_401,
    "operator": 6_907,
    "product": 949,
    "licence": 612,
}
"""The census of six areas in the article of 2013-12-13. It counts no licences: 612 is ours."""

SEED = 610_300
CENSUS_ON = date(2013, 12, 13)


class Source(Protocol):
    """Whatever invents one kind of thing."""

    def items(self, owner: Owner, many: int, chance: Random) -> Iterator[Item]:
        """What one enterprise has of it."""


def census(factor: float) -> dict[str, int]:
    """How many of each kind there are in a city `factor` times as large."""
    return {kind: int(many * factor + 0.5) for kind, many in CENSUS.items()}


def write_city(
    folder: Path, *, seed: int = SEED, factor: float = 1.0, on: date = CENSUS_ON
) -> list[DemoFile]:
    """Write the census of the city as its sources deliver it, in the order to import it in.

    The same arguments give the same bytes. Nothing is kept while writing: a city of any size
    needs the same memory. A factor so small that some kind has no owner is a ValueError.
    """
    with sheets(folder) as files:
        for item in everything(seed, factor, on):
            files[item.layout].write(item)
    return [sheet.delivered() for sheet in files.values()]


def renewals(
    folder: Path,
    *,
    seed: int = SEED,
    factor: float = 1.0,
    on: date = CENSUS_ON,
    days: int = 15,
) -> list[DemoFile]:
    """Write what the sources deliver `days` after the census: passing records of the overdue.

    Not quite half of what was overdue has passed after 15 days, most after 60. The rows are
    those of `write_city` with the same seed, factor and day, with new dates; a later delivery
    repeats the rows of an earlier one.
    """
    past = Past(on)
    with sheets(folder, prefix="renewed_", only_dated=True) as files:
        for item in everything(seed, factor, on):
            record = item.record
            if record and item.in_use and 0 < record.renewed_after <= days:
                checked = item.checked and past.on
                maintained = item.maintained and past.on
                new = item._replace(
                    record=past.renewed(record), checked=checked, maintained=maintained
                )
                files[item.layout].write(new)
    return [sheet.delivered() for sheet in files.values()]


def everything(seed: int, factor: float, on: date) -> Iterator[Item]:
    """All rows of the census; the same arguments give the same rows."""
    many = census(factor)
    owners, past = Owners(seed, on), Past(on)
    everybody = range(many["enterprise"])
    weights = [0] * len(LOADS)
    for index in everybody:
        weights = list(map(add, weights, owners.weights(index)))
    sources: tuple[tuple[str, Source], ...] = (
        ("equipment", Equipment(past, owners, len(everybody))),
        ("instrument", Instruments(past)),
        ("operator", People(past)),
        ("product", Products()),
        ("licence", Licences(past)),
    )
    dealers = [
        Dealer(many[kind], whole) for (kind, _), whole in zip(sources, weights, strict=True)
    ]
    for index in everybody:
        chance = owners.chance(index)
        owner = owners.owner(index, chance)
        yield enterprise(owner)
        for (_, source), dealer, weight in zip(sources, dealers, owner.weights, strict=True):
            yield from source.items(owner, dealer.deal(weight), chance)
