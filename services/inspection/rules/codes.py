"""类别代码 — class codes, and which of them a rule's code is for."""

from __future__ import annotations

import re

ANY = "*"
_CATALOGUE = re.compile(r"[0-9F][0-9A-Z]{3}")


def tidy(code: str) -> str:
    """As codes are compared: `jjg 539-2016` is `JJG539-2016`."""
    return "".join(code.split()).upper()


def stem(rule_code: str) -> str:
    """特种设备目录代码: 首位为种类,前两位为类别,其后为品种; 末尾的0代表其下全部.

    3000 is for all elevators, 2200 for all mobile vessels, 5110 for forklifts alone.
    Codes of another form stand for themselves, `*` for every code.
    """
    code = tidy(rule_code)
    if code == ANY:
        return ""
    return code.rstrip("0") if _CATALOGUE.fullmatch(code) else code


def is_for(rule_code: str, code: str) -> bool:
    """Whether a rule's code is for an object of this class code.

    Outside the catalogue a code ends where the sort of character changes: JJG52 is for
    JJG52-2013 but not for JJG529, XK for XK13-001 but not for XKD.
    """
    beginning, whole = stem(rule_code), tidy(code)
    if not whole.startswith(beginning):
        return False
    if not beginning or len(whole) == len(beginning) or _CATALOGUE.fullmatch(tidy(rule_code)):
        return True
    return _sort(beginning[-1]) != _sort(whole[len(beginning)])


def _sort(character: str) -> str:
    if character.isdigit():
        return "digit"
    return "letter" if character.isalpha() else character
