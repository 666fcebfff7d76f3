"""隐私筛查 — what a public text may not hold. Fails closed: a doubt stops publication.

依据: 市场监管总局令第45号第四条; 《个人信息保护法》第二十五条、第二十八条、第三十四条.

A text is read as a person who wants to get something past the filter would write it: full
width, with separators inside a number, in Chinese numerals, with a name in the middle of a
sentence. A hit is never let through; a named person rewrites the text. The words that it goes
by are data (policy.yaml).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from services.chassis.policy import Policy

_BETWEEN = r"[\W_]*"  # whatever is neither letter nor digit
_HAN = r"[一-鿿]"
# The year of a document number joins no digits before and after it.
_YEAR = re.compile(rf"(?<={_HAN})[〔\[(]20\d\d[〕\])](?=\d{{1,9}}号)")
# Eleven digits are a mobile number; nothing that may be public has as many in a row.
_LONG = re.compile(rf"\d(?:{_BETWEEN}\d){{10,}}[xX]?")
_LANDLINE = re.compile(rf"(?<!\d)0\d{{2,3}}{_BETWEEN}[2-9]\d{{2,3}}{_BETWEEN}\d{{4}}(?!\d)")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+\s*[@＠]\s*[A-Za-z0-9.-]+")
_ROOM = re.compile(r"\d+\s*(?:号楼|幢|栋|单元)\s*.{0,6}?\d+\s*(?:室|号|户)")
_NUMERAL = r"[〇零○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]"
_CHINESE_NUMBER = re.compile(rf"{_NUMERAL}(?:{_BETWEEN}(?:{_NUMERAL}|\d)){{6,}}")


class Personal(StrEnum):
    """What kind of personal data a text seems to hold."""

    NUMBER = "number"  # 证件号、电话或账号
    CONTACT = "contact"  # 联系方式
    HOME = "home"  # 家庭住址
    NAME = "name"  # 自然人姓名


@dataclass(frozen=True)
class Finding:
    """Something in a field that may not be public. It says what kind, never what."""

    field: str
    kind: Personal


@dataclass(frozen=True)
class Screen:
    """The words of one day's policy, made ready."""

    contact: re.Pattern[str]
    home: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    bare: re.Pattern[str]
    within: re.Pattern[str]
    between: re.Pattern[str]
    masked: re.Pattern[str]
    harmless: tuple[str, ...]

    def findings(
        self, texts: Mapping[str, str | None], *, own: Iterable[str | None] = ()
    ) -> list[Finding]:
        """公示内容含证件号、电话、账号、住址、自然人姓名的,不得公示;个体工商户的字号除外.

        *own*: the enterprise's name and code, which may stand in its own record.
        """
        names = sorted((name for name in own if name), key=len, reverse=True)
        return [
            Finding(field, kind)
            for field, text in texts.items()
            if text
            for kind in sorted(set(self._kinds(_plain(text, names))))
        ]

    def _kinds(self, text: str) -> Iterator[Personal]:
        if _LONG.search(text) or _LANDLINE.search(text) or _CHINESE_NUMBER.search(text):
            yield Personal.NUMBER
        if _MAIL.search(text) or self.contact.search(text):
            yield Personal.CONTACT
        if _ROOM.search(text) or self.home.search(text):
            yield Personal.HOME
        if self._names(text):
            yield Personal.NAME

    def _names(self, text: str) -> bool:
        """句中的姓名: 不常作普通词首的姓氏后随两字的,无论前后; 其他姓氏,前后均为引出姓名的词的."""
        patterns = (self.before, self.after, self.bare, self.within, self.between)
        # 张某 names nobody; taken out, it joins what stands before and after it
        unmasked = self.masked.sub("", text)
        return any(
            not found["name"].startswith(self.harmless)
            for pattern in patterns
            for found in pattern.finditer(unmasked)
        )


def screen(policy: Policy, *, on: date) -> Screen:
    """The screen by the words in force on a day."""
    return _made(
        policy.text("surnames", on=on),
        policy.text("words_before_a_name", on=on),
        policy.text("words_after_a_name", on=on),
        policy.text("surnames_seldom_in_words", on=on),
        policy.text("words_that_lead_to_a_name", on=on),
        policy.text("words_that_follow_a_name", on=on),
        policy.text("signs_not_in_a_given_name", on=on),
        policy.text("words_that_are_no_names", on=on),
        policy.text("words_of_a_home_address", on=on),
        policy.text("words_of_a_contact", on=on),
    )


@lru_cache(maxsize=16)
def _made(
    surnames: str,
    before: str,
    after: str,
    seldom: str,
    lead: str,
    follow: str,
    never: str,
    harmless: str,
    home: str,
    contact: str,
) -> Screen:
    surname = _any(surnames)
    given = rf"(?![{''.join(never.split())}]){_HAN}"
    name = rf"(?P<name>{surname}{_HAN}{{1,3}})"
    short = rf"(?P<name>{surname}{_HAN}{{0,2}}?)"
    return Screen(
        contact=re.compile(_any(contact), re.IGNORECASE),
        home=re.compile(_any(home)),
        before=re.compile(rf"{_any(before)}[为是叫:：\s]*{name}"),
        after=re.compile(rf"{short}(?:{_any(after)})"),
        bare=re.compile(rf"(?<!{_HAN})(?P<name>{surname}{_HAN}{{1,2}})(?!{_HAN})"),
        # looked at from every place: one that is no name does not hide the next one
        within=re.compile(rf"(?=(?P<name>{_any(seldom)}(?:{given}){{2}}))"),
        between=re.compile(
            rf"(?:{_any(lead)})(?P<name>{surname}(?:{given}){{1,2}}?)(?={_any(follow)})"
        ),
        masked=re.compile(rf"{surname}某某?"),
        harmless=tuple(harmless.split()),
    )


def _any(words: str) -> str:
    """One of some words, the longest first."""
    listed = sorted(words.split(), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word) for word in listed) + ")"


def _plain(text: str, own: Iterable[str]) -> str:
    """Half-width, without invisible signs, and without the enterprise's own name and code."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    plain = _YEAR.sub("〔年〕", plain)
    for name in own:
        plain = plain.replace(unicodedata.normalize("NFKC", name), "本单位")
    return plain
