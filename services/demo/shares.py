"""Exact shares of a whole, without keeping anything that grows."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Dealer:
    """Deals `total` things out over owners that come one by one, by weight, to the last one.

    `weights` is the sum of all weights that will come: then exactly `total` are dealt.
    """

    def __init__(self, total: int, weights: int) -> None:
        if weights <= 0:
            raise ValueError("nobody can own anything: the factor is too small for a city")
        self._total = total
        self._weights = weights
        self._seen = 0
        self._dealt = 0

    def deal(self, weight: int) -> int:
        """How many the next owner gets."""
        self._seen += weight
        due = self._total * self._seen // self._weights
        dealt, self._dealt = due - self._dealt, due
        return dealt


class Wheel(Generic[T]):
    """Picks by weight, from any number in 0..1."""

    def __init__(self, weights: Mapping[T, int]) -> None:
        self._things: Sequence[T] = tuple(weights)
        self._bounds = tuple(accumulate(weights.values()))

    def at(self, where: float) -> T:
        """The thing that lies at `where`, 0 <= where < 1."""
        return self._things[bisect_right(self._bounds, where * self._bounds[-1])]

    def pick(self, chance: Random) -> T:
        """Some thing."""
        return self.at(chance.random())


class Spread:
    """Numbers in 0..1 that lie evenly over any long run of indexes (a Weyl sequence).

    Drawn at random, a trade of 8 in 3,474 would have 3 or 13; spread, it has 8 in any city.
    Two spreads are independent of each other when their steps are.
    """

    def __init__(self, step: int, start: int) -> None:
        self._step = step
        self._start = start

    def at(self, index: int) -> float:
        """The number of this index; the same for ever."""
        return ((index * self._step + self._start) & 0xFFFFFFFF) / 0x100000000


GOLDEN, ROOT_2, ROOT_3, ROOT_5 = 0x9E3779B9, 0x6A09E667, 0xBB67AE85, 0x3C6EF373
"""Steps: the fractions of the golden ratio and of three square roots, times 2**32."""


def pick(chance: Random, things: Sequence[T]) -> T:
    """Some thing, each as likely. (`Random.choice` takes four times as long.)"""
    return things[int(chance.random() * len(things))]
