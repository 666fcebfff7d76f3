"""The enterprises. Each follows from seed and index alone, so none has to be remembered."""

from dataclasses import dataclass
from datetime import date
from random import Random

from services.demo import vocabulary
from services.demo.check_digits import ORGANISATIONS, credit_code, organisation_code
from services.demo.files import Item
from services.demo.records import LATE_OWNERS, text_of
from services.demo.shares import GOLDEN, ROOT_2, ROOT_3, ROOT_5, Spread, pick
from services.demo.vocabulary import District, Trade

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_SIXTY = tuple(_STEMS[n % 10] + _BRANCHES[n % 12] for n in range(60))
_DIGITS = "〇一二三四五六七八九"

_FORMS = {
    "company": ("91", "有限责任公司"),
    "plant": ("91", "个人独资企业"),
    "sole": ("92", "个体工商户"),
    "coop": ("93", "农民专业合作社"),
    "institution": ("12", "事业单位"),
    "private": ("52", "民办非企业单位"),
}
"""Organisation form: how its credit code begins, and what it is called."""

_SIZES = (4, 6, 8, 9, 10, 12, 15, 26)
"""How large an enterprise is beside its like, in tenths."""
_CLOSED = 0.006
_OFFICERS = 4
"""Officers in each district, e.g. jintai01 to jintai04."""


@dataclass(frozen=True, slots=True)
class Owner:
    """One enterprise. `weights`: how much it has, in the order of `vocabulary.LOADS`."""

    index: int
    trade: Trade
    district: District
    name: str
    form: str
    organisation: str
    uscc: str
    address: str
    founded: int
    officer: str
    closed: bool
    late: bool
    weights: tuple[int, ...]

    @property
    def columns(self) -> list[str]:
        """Name, credit code and division, as every other table carries them."""
        return [self.name, self.uscc, self.district.code]


class Owners:
    """All enterprises of a city, by index from 0."""

    def __init__(self, seed: int, on: date) -> None:
        starts = Random(seed)  # noqa: S311  (invented data, not a secret)
        self._seed = seed
        self._on = on.toordinal()
        self._trade = Spread(GOLDEN, starts.getrandbits(32))
        self._late = Spread(ROOT_2, starts.getrandbits(32))
        self._size = Spread(ROOT_3, starts.getrandbits(32))
        self._closed = Spread(ROOT_5, starts.getrandbits(32))
        self._first_name = starts.getrandbits(24)
        self._first_code = starts.randrange(ORGANISATIONS)

    def chance(self, index: int) -> Random:
        """The dice of one enterprise, as they lie before anything was drawn."""
        return Random(self._seed * 1_000_000_007 + index)  # noqa: S311  (invented data)

    def weights(self, index: int) -> tuple[int, ...]:
        """How much one enterprise has; cheap, because it is asked for twice."""
        if self._closed.at(index) < _CLOSED:
            return (0,) * len(vocabulary.LOADS)
        size = _SIZES[int(self._size.at(index) * len(_SIZES))]
        return tuple(load * size for load in self._trade_of(index).loads)

    def owner(self, index: int, chance: Random) -> Owner:
        """One enterprise; what it owns is drawn from `chance` after it."""
        trade = self._trade_of(index)
        district = trade.districts.pick(chance)
        form, tail = trade.names.pick(chance)
        serial = (index * 7_654_321 + self._first_code) % ORGANISATIONS
        organisation = organisation_code(serial)
        street = pick(chance, vocabulary.words("streets.txt"))
        return Owner(
            index=index,
            trade=trade,
            district=district,
            name=f"{district.prefix}{self._word(index)}{tail}",
            form=form,
            organisation=organisation,
            uscc=credit_code(_FORMS[form][0], district.registered, organisation),
            address=f"{district.prefix}{street}{1 + int(chance.random() * 300)}号",
            founded=self._on - 200 - int(chance.random() * 9000),
            officer=f"{district.officers}{1 + int(chance.random() * _OFFICERS):02d}",
            closed=self._closed.at(index) < _CLOSED,
            late=not trade.steady and self._late.at(index) < LATE_OWNERS,
            weights=self.weights(index),
        )

    def _trade_of(self, index: int) -> Trade:
        return vocabulary.trades().at(self._trade.at(index))

    def _word(self, index: int) -> str:
        """字号: a herb and a year of the sixty, e.g. 茯苓甲子; no two alike in a city."""
        herbs = vocabulary.words("herbs.txt")
        many = len(herbs) * len(_SIXTY)
        herb, year = divmod((index * 15_485_863 + self._first_name) % many, len(_SIXTY))
        again = (
            "".join(_DIGITS[int(digit)] for digit in str(index // many))
            if index >= many
            else ""
        )
        return herbs[herb] + _SIXTY[year] + again


def enterprise(owner: Owner) -> Item:
    """Its row in the register of organisation codes."""
    return Item(
        "codes_enterprises",
        [
            owner.uscc,
            owner.organisation,
            owner.name,
            _FORMS[owner.form][1],
            owner.trade.industry,
            owner.district.code,
            owner.address,
            text_of(owner.founded, "%Y-%m-%d"),
            "注销" if owner.closed else "存续",
            f"e{owner.organisation.lower()}@example.org",
            owner.officer,
            _former_name(owner),
        ],
    )


_RENAMED = 0.08
_BEFORE = (("有限责任公司", "有限公司"), ("有限公司", "厂"), ("厂", "加工部"))


def _former_name(owner: Owner) -> str:
    """Every twelfth or so had another form once, and its name said so."""
    if own_chance(owner.index).random() >= _RENAMED:
        return ""
    for ending, before in _BEFORE:
        if owner.name.endswith(ending):
            return owner.name.removesuffix(ending) + before
    return ""


def own_chance(number: int) -> Random:
    """Of one thing alone: what is drawn from it leaves the rest of the city as it is."""
    return Random(number)  # noqa: S311  (invented data)
