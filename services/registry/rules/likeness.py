"""疑似重复 — which files may be of one enterprise, and why: proposed to a person, never joined.

企业名称由行政区划名称、字号、行业或者经营特点、组织形式组成 (企业名称登记管理规定 2020 第六条):
what distinguishes a name is its 字号, and that is where a typing slip hides.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from rapidfuzz.distance import Levenshtein

from services.chassis.policy import Policy
from services.registry.rules.searching import grams, plain

_DATA = Path(__file__).parents[1] / "data"

WORDS = {
    "name_same": "名称相同",
    "former_name_same": "与曾用名相同",
    "core_same": "去掉地名和组织形式后名称相同",
    "one_character": "名称相差一字",
    "two_characters": "名称相差两字",
    "address_same": "地址相同",
    "email_same": "电子邮箱相同",
    "organisation_code_same": "组织机构代码相同",
    "registration_number_same": "工商注册号相同",
    "division_same": "同一区县",
    "uscc_differs": "统一社会信用代码不同",
    "registration_number_differs": "工商注册号不同",
}


@dataclass(frozen=True)
class Measure:
    """What speaks how much for or against, as the policy has it on a day."""

    weights: Mapping[str, int]
    proposed_from: int
    behind_the_best: int
    largest_block: int


@dataclass(frozen=True, kw_only=True)
class File:
    """What is compared of an enterprise. *names*: the one it has, then those it had."""

    id: UUID
    names: tuple[str, ...]
    division: str
    address: str | None = None
    email: str | None = None
    uscc: str | None = None
    organisation_code: str | None = None
    registration_number: str | None = None

    @property
    def organisation(self) -> str | None:
        """The organisation code, which is also in the credit code (GB 32100: 第9至17位)."""
        return self.uscc[8:17] if self.uscc else self.organisation_code

    # worked out once: a file is held against up to some hundred others
    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Its names, each in one spelling."""
        return tuple(map(plain, self.names))

    @cached_property
    def core(self) -> str:
        """字号加行业 of the name it has."""
        return core(self.names[0])

    @cached_property
    def shared(self) -> Mapping[str, str | None]:
        """What two files can have in common, beside their names."""
        return {
            "address": plain(self.address) if self.address else None,
            "email": self.email.casefold() if self.email else None,
            "organisation_code": self.organisation,
            "registration_number": self.registration_number,
        }


@dataclass(frozen=True)
class Likeness:
    """How much two files are alike, and in which points."""

    points: int
    signs: tuple[str, ...]

    @property
    def in_words(self) -> str:
        return "; ".join(WORDS[sign] for sign in self.signs)


def measure(policy: Policy, *, on: date) -> Measure:
    """How much each sign counts on a day; one that a bureau leaves out counts nothing."""
    points = {row["sign"]: row["points"] for row in policy.table("likeness_signs", on=on)}
    return Measure(
        weights=dict.fromkeys(WORDS, 0) | points,
        proposed_from=policy.number("likeness_proposed_from", on=on),
        behind_the_best=policy.number("likeness_behind_the_best", on=on),
        largest_block=policy.number("likeness_largest_block", on=on),
    )


def core(name: str) -> str:
    """字号加行业: a name without its place and its legal form."""
    left = plain(name)
    left = _without(left, _words("place"), str.startswith, str.removeprefix)
    return _without(left, _words("form"), str.endswith, str.removesuffix)


def distinctive(name: str) -> str:
    """字号: what is left of a name without place, trade and legal form."""
    return _without(core(name), _words("trade"), str.endswith, str.removesuffix)


def blocks(file: File) -> set[str]:
    """Under which keys it is held against others: whoever shares none is never compared.

    A slip anywhere in the core leaves, with that character gone, what the right name leaves.
    """
    city = file.division[:4]
    found = {f"{name}:{value}" for name, value in file.shared.items() if value}
    for name in file.names:
        kept, brand = core(name), distinctive(name)
        found |= {f"n:{city}:{kept[:at]}{kept[at + 1 :]}" for at in range(len(kept))}
        found.add(f"n:{city}:{kept}")
        found |= {f"b:{city}:{pair}" for pair in grams(brand)}
    return found


def compare(one: File, other: File, by: Measure) -> Likeness | None:
    """两份档案哪里相同、哪里不同; None: 不足以提请人工判断."""
    signs = tuple(_signs(one, other))
    points = sum(by.weights[sign] for sign in signs)
    return Likeness(points, signs) if points >= by.proposed_from else None


def closest(found: Mapping[UUID, Likeness], by: Measure) -> set[UUID]:
    """一份档案的几个疑似对象中, 只问最像的和与它差不多的."""
    best = max((likeness.points for likeness in found.values()), default=0)
    return {
        each for each, likeness in found.items() if likeness.points >= best - by.behind_the_best
    }


def _signs(one: File, other: File) -> Iterator[str]:
    if sign := _of_names(one, other):
        yield sign
    if one.division == other.division:
        yield "division_same"
    for name, value in one.shared.items():
        if value and value == other.shared[name]:
            yield f"{name}_same"
    for name in ("uscc", "registration_number"):
        mine, its = getattr(one, name), getattr(other, name)
        if mine and its and mine != its:
            yield f"{name}_differs"


def _of_names(one: File, other: File) -> str | None:
    """The strongest sign that any of their names give."""
    mine, its = one.spellings, other.spellings
    if mine[0] == its[0]:
        return "name_same"
    if set(mine) & set(its):
        return "former_name_same"
    if one.core == other.core:
        return "core_same"
    far = min(Levenshtein.distance(a, b, score_cutoff=2) for a in mine for b in its)
    return {1: "one_character", 2: "two_characters"}.get(far)


def _without(text: str, words: Sequence[str], has: Any, cut: Any) -> str:
    """Words off an end, again and again, as long as something distinctive is left."""
    found = True
    while found:
        found = False
        for word in words:
            if has(text, word) and len(text) - len(word) > 1:
                text, found = cut(text, word), True
    return text


@cache
def _words(part: str) -> tuple[str, ...]:
    """The longest first."""
    with (_DATA / "name_words.csv").open(encoding="utf-8", newline="") as file:
        words = [row["word"] for row in csv.DictReader(file) if row["part"] == part]
    return tuple(sorted(words, key=len, reverse=True))
