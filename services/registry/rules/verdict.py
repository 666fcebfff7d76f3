"""The answer of a check: ok, suspicious (a finding for a person) or impossible (refused)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_EATEN = re.compile(r"\d(\.\d+)?E\+\d{1,3}")


class Standing(StrEnum):
    """How far a value can be trusted."""

    OK = "ok"
    SUSPICIOUS = "suspicious"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Verdict:
    """*value* is the normal form; *code* is stable; *reason* and *right* are for a clerk."""

    standing: Standing
    value: str
    code: str = ""
    reason: str = ""
    right: str = ""


def ok(value: str) -> Verdict:
    return Verdict(Standing.OK, value)


def suspicious(value: str, code: str, reason: str, right: str = "") -> Verdict:
    return Verdict(Standing.SUSPICIOUS, value, code, reason, right)


def impossible(value: str, code: str, reason: str, right: str = "") -> Verdict:
    return Verdict(Standing.IMPOSSIBLE, value, code, reason, right)


def plain(text: str) -> str:
    """Half width, upper case, without blanks and invisible characters."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    return "".join(text.split()).upper()


def eaten(text: str) -> Verdict | None:
    """长号码被电子表格改写成了科学计数法: 末几位已丢失, 不能还原."""
    if "+" not in text and "＋" not in text:
        return None
    code = plain(text)
    if not _EATEN.fullmatch(code):
        return None
    return impossible(
        code,
        "digits_lost",
        "号码被电子表格当作数字保存,变成了科学计数法,末几位已经丢失",
        "请在原系统重新导出,或先把该列设为“文本”格式再重新填入号码,不要由科学计数法还原",
    )
