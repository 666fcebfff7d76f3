"""Numbers of enterprises: is this code possible at all?

Built after GB 32100-2015, GB 11714-1997 and ISO/IEC 7064 (MOD 11,10).
"""

from __future__ import annotations

import re
from functools import lru_cache

from services.registry.rules.verdict import Verdict, eaten, impossible, ok, plain, suspicious

_REMEMBERED = 65536

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {character: value for value, character in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC_AUTHORITIES = frozenset("123456789ANY")
_MISREAD = {"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U 或 Y"}

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}-?[0-9X]")


@lru_cache(_REMEMBERED)
def uscc(text: str) -> Verdict:
    """统一社会信用代码 (GB 32100-2015): 18 位, 末位为校验码."""
    code = plain(text)
    if lost := eaten(code):
        return lost
    if len(code) != 18:
        return impossible(
            code, "uscc_length", f"统一社会信用代码应为18位,这里是{len(code)}位", _meant(code)
        )
    for place, character in enumerate(code, start=1):
        if character not in _USCC_VALUE:
            return impossible(
                code,
                "uscc_character",
                f"第{place}位“{character}”不是统一社会信用代码的字符(不用 I O S V Z)",
                f"可能是 {_MISREAD[character]}" if character in _MISREAD else "请核对营业执照",
            )
    if uscc_check_character(code) != code[17]:
        return _wrong_check(code, "uscc_check_digit", "统一社会信用代码", 17)
    return _doubts_about(code)


def uscc_check_character(code: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = sum(
        _USCC_VALUE[c] * weight for c, weight in zip(code[:17], _USCC_WEIGHTS, strict=True)
    )
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def _doubts_about(code: str) -> Verdict:
    if code[0] not in _USCC_AUTHORITIES:
        return suspicious(
            code,
            "uscc_authority",
            f"第1位“{code[0]}”不是已知的登记管理部门代码",
            "请核对营业执照",
        )
    if organisation_check_character(code[8:16]) != code[16]:
        return suspicious(
            code,
            "uscc_organisation_part",
            "第9至17位(主体标识码)不符合组织机构代码的校验规则",
            "请核对营业执照",
        )
    return ok(code)


def _meant(code: str) -> str:
    if len(code) == 15 and code.isdigit():
        return "这像15位工商注册号,请放在 registration_number 一列"
    if len(code) == 9:
        return "这像9位组织机构代码,请放在 organisation_code 一列"
    return "请核对营业执照"


def _wrong_check(code: str, name: str, called: str, digits: int) -> Verdict:
    """A spreadsheet keeps fifteen digits and fills up with zeros; say so where it shows."""
    if code.isdigit() and len(code) > 15 and set(code[15:]) == {"0"}:
        return impossible(
            code,
            name,
            f"{called}校验码不符,且第16位起全是0:很可能被电子表格截断了",
            "请在原系统重新导出,该列设为“文本”格式",
        )
    return impossible(
        code, name, f"{called}校验码不符:前{digits}位与末位对不上,有一位抄错", "请核对原件"
    )


@lru_cache(_REMEMBERED)
def organisation_code(text: str) -> Verdict:
    """组织机构代码 (GB 11714-1997): 8 位本体加 1 位校验码. Kept without the hyphen."""
    code = plain(text).replace("－", "-")
    if lost := eaten(code):
        return lost
    if not _ORGANISATION_CODE.fullmatch(code):
        return impossible(
            code,
            "organisation_code_form",
            "组织机构代码应为8位数字或字母加1位校验码",
            "例: 12345678-9",
        )
    code = code.replace("-", "")
    if organisation_check_character(code[:8]) != code[8]:
        return _wrong_check(code, "organisation_code_check_digit", "组织机构代码", 8)
    return ok(code)


def organisation_check_character(body: str) -> str:
    """The 9th character that belongs to the first 8."""
    total = sum(
        int(c, 36) * weight for c, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


@lru_cache(_REMEMBERED)
def registration_number(text: str) -> Verdict:
    """工商注册号: 15 位数字, 末位按 ISO/IEC 7064 MOD 11,10 校验."""
    code = plain(text)
    if lost := eaten(code):
        return lost
    if len(code) == 13 and code.isdigit():
        return suspicious(
            code,
            "registration_number_old",
            "13位旧注册号,没有校验码,无法核对",
            "请补统一社会信用代码",
        )
    if len(code) != 15 or not (code.isascii() and code.isdigit()):
        right = "这像统一社会信用代码,请放在 uscc 一列" if len(code) == 18 else "请核对营业执照"
        return impossible(code, "registration_number_form", "工商注册号应为15位数字", right)
    if mod_11_10(code[:14]) != code[14]:
        return _wrong_check(code, "registration_number_check_digit", "工商注册号", 14)
    return ok(code)


def mod_11_10(digits: str) -> str:
    """The check digit of ISO/IEC 7064 MOD 11,10."""
    rest = 10
    for digit in digits:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - rest) % 10)
