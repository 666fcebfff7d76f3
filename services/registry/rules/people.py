"""Numbers of people, and how they are hidden.

An operator's certificate usually bears the resident's identity number: what is kept and
shown of it is 610***********1234, and of the name 王*.
"""

from __future__ import annotations

import re
from datetime import date

from services.registry.rules.verdict import Verdict, eaten, impossible, ok, plain, suspicious

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_RESIDENT = re.compile(r"\d{17}[\dX]", re.ASCII)
_LIKE_RESIDENT = re.compile(r"(?<!\d)(\d{3})\d{8,11}(\d{3}[\dXx])(?![\dXx])", re.ASCII)
_OLDER_CERTIFICATE = re.compile(r"TS6[0-9A-Z]{9}")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")

_PHONE = re.compile(
    r"1[3-9]\d{9}|(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,5})?|[48]00-?\d{3}-?\d{4}", re.ASCII
)

# 省级行政区划代码 (GB/T 2260): where a number can have been given
PROVINCES = frozenset(
    str(code)
    for region in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for code in range(region[0], region[1] + 1)
)


def resident_id(text: str, *, today: date) -> Verdict:
    """公民身份号码 (GB 11643): 只核对校验码和出生日期; 地址码存疑只作提示."""
    code = plain(text)
    if lost := eaten(code):
        return lost
    if len(code) == 15 and code.isascii() and code.isdigit():
        return suspicious(
            code, "resident_id_old", "15位旧号码,没有校验码,无法核对", "请补18位号码"
        )
    if not _RESIDENT.fullmatch(code):
        return impossible(
            code, "resident_id_form", "身份证号应为17位数字加1位校验码", "请核对证件"
        )
    if _check(code) != code[17]:
        return impossible(code, "resident_id_check_digit", "身份证号校验码不符", "请核对证件")
    if not _born(code[6:14], today):
        return impossible(
            code, "resident_id_birth", "身份证号第7至14位不是可能的出生日期", "请核对证件"
        )
    if code[:2] not in PROVINCES:
        return suspicious(code, "resident_id_place", "身份证号前两位不是省级代码", "请核对证件")
    return ok(code)


def _check(code: str) -> str:
    total = sum(int(c) * weight for c, weight in zip(code[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11]


def _born(digits: str, today: date) -> bool:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return date(1900, 1, 1) <= born_on <= today


def operator_certificate(text: str, *, today: date) -> Verdict:
    """作业人员证编号: 近年为身份证号, 旧证为 TS6 开头的 12 位."""
    code = plain(text)
    if lost := eaten(code):
        return lost
    if _OLDER_CERTIFICATE.fullmatch(code):
        return ok(code)
    if len(code) in (15, 18) and code[:-1].isdigit():
        return resident_id(code, today=today)
    return suspicious(
        code,
        "operator_certificate_form",
        "不像作业人员证编号",
        "身份证号,或 TS6 开头的12位旧编号",
    )


def masked_number(number: str) -> str:
    """610***********1234; what is no identity number stays as it is."""
    return _LIKE_RESIDENT.sub(
        lambda found: found[1] + "*" * (len(found[0]) - 7) + found[2], number
    )


def phone(text: str) -> Verdict:
    """电话: 手机号 11 位, 或区号加固定电话; 形式不对的不采用, 交人核对."""
    number = plain(text)
    if lost := eaten(number):
        return lost
    if _PHONE.fullmatch(number):
        return ok(number)
    return suspicious("", "phone_form", "不是电话号码,未采用", "例: 13800000000、0917-3260000")


def email_address(text: str) -> Verdict:
    """电子邮箱: 形式不对的不采用, 交人核对."""
    address = text.strip()
    if len(address) <= 254 and _EMAIL.fullmatch(address):
        return ok(address)
    return suspicious("", "email_form", "不是电子邮箱地址,未采用", "例: bgs@example.com")
