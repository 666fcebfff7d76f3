"""Numbers of equipment and licences. Most have no check digit: their form is all there is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from services.events.registry import ObjectKind
from services.registry.rules.identifiers import mod_11_10
from services.registry.rules.verdict import Verdict, eaten, impossible, ok, plain, suspicious

_EARLIEST_YEAR = 1950
_LONGEST_COMMON = 30

# 设备类别代码 4 位, 制造单位代号 5 位, 制造年份 4 位, 顺序号 4 或 5 位
_EQUIPMENT = re.compile(r"[1-9F][0-9A-Z]{3}[0-9]{2}[0-9A-Z]{3}(\d{4})[0-9A-Z]{4,5}", re.ASCII)
# 类别 4 位, 行政区划 6 位, 登记年月 6 位, 顺序号 4 位
_REGISTRATION = re.compile(r"[1-9F][0-9A-Z]{3}\d{6}(\d{4})(\d{2})\d{4}", re.ASCII)
_USE = re.compile(
    r"[锅容管瓶梯起索游车][0-9A-Z]{1,3}[\u4e00-\u9fff][A-Z]{0,2}\d{3,6}\(\d{2}\)", re.ASCII
)
_LICENCES = {
    "XK": re.compile(r"(\([\u4e00-\u9fff]\))?XK\d{2}-\d{3}-\d{5}", re.ASCII),
    "QS": re.compile(r"QS\d{12}", re.ASCII),
    "SC": re.compile(r"SC\d{14}", re.ASCII),
    "TS": re.compile(r"TS[0-9A-Z]{7}-\d{4}", re.ASCII),
}
_COMMON = {
    ObjectKind.EQUIPMENT: (_EQUIPMENT, _REGISTRATION),
    ObjectKind.LICENCE: tuple(_LICENCES.values()),
}
_LICENCE_EXAMPLES = "XK16-204-00123、(陕)XK06-001-00012、SC10661030312341、TS2210001-2026"


def equipment_code(text: str, *, today: date) -> Verdict:
    """设备代码: 17 或 18 位, 无校验码 (TSG 21-2016 为 17 位)."""
    code = plain(text)
    if lost := eaten(code):
        return lost
    if len(code) not in (17, 18):
        right = "20位的是注册代码" if len(code) == 20 else "请核对产品铭牌"
        return impossible(
            code, "equipment_code_length", f"设备代码应为17或18位,这里是{len(code)}位", right
        )
    if not (found := _EQUIPMENT.fullmatch(code)):
        return impossible(
            code,
            "equipment_code_form",
            "设备代码应由类别4位、制造单位5位、年份4位、顺序号组成",
            "例: 310010123201500001",
        )
    return _plausible_year(code, int(found[1]), today, "equipment_code_year", "制造年份")


def registration_code(text: str, *, today: date) -> Verdict:
    """注册代码: 20 位, 第 11 至 16 位为年月."""
    code = plain(text)
    if lost := eaten(code):
        return lost
    found = _REGISTRATION.fullmatch(code)
    if not found or not 1 <= int(found[2]) <= 12:
        return impossible(
            code,
            "registration_code_form",
            "注册代码应为20位:类别4位、行政区划6位、年月6位、顺序号4位",
            "例: 31104101252010040001",
        )
    return _plausible_year(code, int(found[1]), today, "registration_code_year", "登记年份")


def _plausible_year(code: str, year: int, today: date, name: str, called: str) -> Verdict:
    if _EARLIEST_YEAR <= year <= today.year:
        return ok(code)
    return suspicious(code, name, f"{called}{year}年不大可能", "请核对铭牌或登记证")


def use_registration(text: str) -> Verdict:
    """使用登记证编号 (TSG 08-2017): 各地写法不一, 不符只作提示."""
    code = plain(text)
    if lost := eaten(code):
        return lost
    if _USE.fullmatch(code):
        return ok(code)
    return suspicious(
        code, "use_registration_form", "不是通常的使用登记证编号", "例: 梯11陕C03622(16)"
    )


def common_number(kind: ObjectKind, number: str | None) -> str | None:
    """全国统一编号: 各来源都用同一号码的, 才能凭号码认作同一对象.

    设备代码、注册代码、许可证编号全国不重; 出厂编号、内部编号会重, 不能凭以认定.
    """
    if number is None or not 8 <= len(number) <= _LONGEST_COMMON:
        return None
    code = plain(number)
    forms: Iterable[re.Pattern[str]] = _COMMON.get(kind, ())
    return f"{kind.value}/{code}" if any(form.fullmatch(code) for form in forms) else None


def production_licence(text: str) -> Verdict:
    """生产许可证编号: 工业产品 XK, 食品 SC (旧 QS), 特种设备 TS."""
    code = plain(text)
    if lost := eaten(code):
        return lost
    prefix = re.sub(r"^\(.\)", "", code)[:2]
    if prefix not in _LICENCES:
        return suspicious(
            code, "licence_kind", "不是已知种类的许可证编号", f"例: {_LICENCE_EXAMPLES}"
        )
    if not _LICENCES[prefix].fullmatch(code):
        return impossible(
            code,
            "licence_form",
            f"{prefix} 许可证编号的位数或形式不对",
            f"例: {_LICENCE_EXAMPLES}",
        )
    if prefix == "SC" and mod_11_10(code[2:15]) != code[15]:
        return suspicious(
            code, "licence_check_digit", "食品生产许可证编号校验码不符", "请核对证书"
        )
    return ok(code)
