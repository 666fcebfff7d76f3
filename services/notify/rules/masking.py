"""遮盖规则 — what is shown of an address where it is not needed whole."""

from __future__ import annotations

import re

MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
RESIDENT = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


def is_mobile(address: str) -> bool:
    """境内手机号: 十一位,可带 86."""
    return MOBILE.fullmatch(address) is not None


def masked(address: str) -> str:
    """手机号留前三位和后四位,邮箱留首字和域名,网址只留主机;其他不遮盖."""
    if is_mobile(address):
        return f"{address[:-8]}****{address[-4:]}"
    if address.startswith(("http://", "https://")):
        return "/".join(address.split("/")[:3]) + "/…"
    name, at, domain = address.rpartition("@")
    if at and name:
        return f"{name[0]}***@{domain}"
    return address


def without_numbers(text: str) -> str:
    """文字中出现的手机号、身份证号一并遮盖."""
    text = RESIDENT.sub(lambda found: f"{found[0][:3]}***********{found[0][-4:]}", text)
    return PHONE.sub(lambda found: f"{found[0][:3]}****{found[0][-4:]}", text)


def names_a_person_by_number(text: str) -> bool:
    """含有手机号或者身份证号的文字不得向外发布."""
    return RESIDENT.search(text) is not None or PHONE.search(text) is not None
