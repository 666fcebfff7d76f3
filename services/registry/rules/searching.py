"""What is typed into the search box, and what a name is found by.

Two spellings of the same characters (full width and half width, capitals and small
letters, with marks and blanks or without) are one. Whoever is named 重庆长乐 is also found
by cqcl, by the first letters of any reading that its characters have.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, islice, pairwise

from pypinyin.constants import PINYIN_DICT

SHORTEST = 2
"""A single character is in every tenth name: nobody wants to read that list."""
_READINGS = 16
"""So many spellings by first letters are kept of one name, the most usual ones."""
_REMEMBERED = 65_536


def plain(text: str) -> str:
    """Letters and digits of a text, in one spelling; character by character, so that a part
    of a text is a part of its plain form."""
    return "".join(map(_plain, text))


@lru_cache(_REMEMBERED)
def _plain(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return "".join(c for c in folded if c.isalnum())


def grams(text: str) -> list[str]:
    """The pairs of neighbouring characters, in their order."""
    return [a + b for a, b in pairwise(text)]


def initials(name: str) -> list[str]:
    """首字母: the first letters of a name's pinyin, in the readings it may have (多音字).

    At most 16, those with the fewest unusual readings first.
    """
    characters = plain(name)
    letters = [_letters(character) for character in characters]
    if all(each == (c,) for each, c in zip(letters, characters, strict=True)):
        return []  # no Chinese character: the name itself is what is typed
    return list(islice(_spelled(letters), _READINGS))


def _spelled(letters: Sequence[tuple[str, ...]]) -> Iterator[str]:
    usual = [each[0] for each in letters]
    unusual = [(at, letter) for at, each in enumerate(letters) for letter in each[1:]]
    for many in range(len(letters) + 1):
        for some in combinations(unusual, many):
            if len({at for at, _ in some}) == many:
                changed = dict(some)
                yield "".join(changed.get(at, letter) for at, letter in enumerate(usual))


@lru_cache(_REMEMBERED)
def _letters(character: str) -> tuple[str, ...]:
    """Of a character: the first letters of its readings, the most usual first."""
    readings = PINYIN_DICT.get(ord(character))
    if readings is None:
        return (character,)
    firsts = (unicodedata.normalize("NFD", each)[0] for each in readings.split(","))
    return tuple(dict.fromkeys(firsts))


def words(names: Iterable[str]) -> str:
    """Everything that an enterprise is found by, one to a line: its names, their initials."""
    lines = [line for name in names for line in (plain(name), *initials(name))]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def lines(texts: Iterable[str | None]) -> str:
    """What a thing is found by, one to a line: its name and its numbers."""
    plains = (plain(text) for text in texts if text)
    return "\n".join(dict.fromkeys(line for line in plains if line))


def code(text: str) -> str | None:
    """What is typed, as the beginning of a code; None: no code looks like that."""
    typed = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    is_code = len(typed) >= SHORTEST and any(c.isdigit() for c in typed) and typed.isascii()
    return typed if is_code else None


def spellings(text: str) -> list[str]:
    """How the number of a thing may stand in the register that is typed so."""
    typed = text.strip()
    narrow = unicodedata.normalize("NFKC", typed).upper()
    tight = "".join(narrow.split())
    wide = tight.replace("(", "（").replace(")", "）")
    found = dict.fromkeys((typed, narrow, tight, wide))
    return [each for each in found if any(c.isdigit() for c in each)]
