"""Errors as pages: in words, with what would be right, and never with a stack."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from services.portal.web.language import gettext as _
from services.portal.web.names import service_name
from services.portal.web.paths import logged
from services.portal.web.services import Away, Refused
from services.portal.web.written import take

log = structlog.get_logger()

TITLES = {
    400: "请求有误",
    403: "没有权限",
    404: "没有找到",
    405: "不能这样操作",
    409: "情况已经变化",
    410: "已经撤下",
    413: "文件太大",
    422: "不能办理",
    429: "访问过于频繁",
    500: "系统出错",
    503: "暂时无法办理",
}
ADVICE = {
    400: "请返回上一页重试。",
    403: "您的角色或管辖范围不包括这项内容。如确有需要，请联系系统管理员。",
    404: "地址不正确，或内容不在您的管辖范围内。",
    410: "该信息的公示期已满，或已被撤销、修复，不再公示。",
    413: "请压缩文件或分批上传。",
    429: "请稍后再试。",
    500: "故障已记录。请稍后重试；如仍出现，请联系系统管理员。",
    503: "请稍后刷新；提交的内容可以用同一页面重试，不会重复办理。",
}
AGAIN = frozenset({400, 409, 422, 429, 500, 503})  # after which the same may be sent once more
# Which field a refusal without fields is about.
FIELD_OF = {
    "complaint_needs_name": "name",
    "phone_wrong": "phone",
    "target_missing": "target",
    "division_unknown": "division",
    "too_many_photos": "files",
    "not_a_picture": "files",
    "evidence_type_not_allowed": "files",
    "evidence_too_large": "files",
}
# What a service says for programs, as people are told.
PLAIN = {
    "idempotency_key_reused": "这份表单已经提交过，内容与这次不同。请先核对是否已经办理；"
    "如果仍要按现在的内容提交，请再提交一次。",
    "idempotency_key_wrong": "表单已失效，请再提交一次。",
}
# What marshmallow says in English, as people of a bureau say it.
SENTENCES = {
    "Missing data for required field.": "此项必填",
    "Field may not be null.": "此项必填",
    "Not a valid string.": "应为文字",
    "Not a valid integer.": "应为整数",
    "Not a valid number.": "应为数字",
    "Not a valid boolean.": "应为是或否",
    "Not a valid date.": "应为日期，如 2026-11-21",
    "Not a valid UUID.": "编号格式不正确",
    "Not a valid list.": "应为一组数据",
    "Unknown field.": "没有这一项",
    "Shorter than minimum length 1.": "此项必填",
    "Invalid value.": "取值不正确",
}


def install(app: Flask) -> None:
    """What the application answers when something goes wrong."""
    app.register_error_handler(Away, _away)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failed)


def errors_of(refused: Refused) -> list[tuple[str, str]]:
    """Field and what is wrong with it, in order; ('', why) for the whole form."""
    found = [
        (place, in_words(said))
        for name, told in refused.fields.items()
        for place, said in _flat(name, told)
    ]
    if found:
        return found
    if refused.code in PLAIN:
        return [("", _(PLAIN[refused.code]))]
    place = FIELD_OF.get(refused.code, "")
    return [(place, str(refused.problem.get("detail") or refused.code))]


def wrong(field: str, said: str) -> Refused:
    """What a page itself finds wrong with a field, as a service would say it."""
    return Refused("portal", 422, {"code": "fields_wrong", "fields": {field: [said]}})


def status_of(refused: Refused) -> int:
    """Of the page that tells it."""
    return refused.status if refused.status in TITLES else 422


def in_words(said: str) -> str:
    """A service's sentence, in the language in use."""
    if said in SENTENCES:
        return _(SENTENCES[said])
    if choices := re.match(r"Must be one of: (.*)\.$", said):
        return _("应为以下之一：%(choices)s", choices=choices[1])
    if length := re.match(r"Length must be between (\d+) and (\d+)\.$", said):
        return _("长度应为 %(least)s 至 %(most)s 个字符", least=length[1], most=length[2])
    return said


def page(status: int, detail: str = "") -> tuple[str, int]:
    """A page that says what is wrong and what to do, with what was written if a form was sent."""
    title = _(TITLES.get(status, TITLES[500]))
    advice = _(ADVICE[status]) if status in ADVICE else ""
    take()
    return render_template(
        "error.html", title=title, detail=detail, advice=advice, again=status in AGAIN
    ), status


def _flat(name: str, told: Any) -> list[tuple[str, str]]:
    if isinstance(told, Mapping):
        return [pair for key, inner in told.items() for pair in _flat(f"{name}.{key}", inner)]
    if isinstance(told, list):
        return [(name, str(one)) for one in told]
    return [(name, str(told))]


def _away(error: Away) -> Any:
    return page(503, _("%(service)s没有应答。", service=service_name(error.service)))


def _refused(error: Refused) -> Any:
    status = status_of(error)
    detail = "" if status in (404, 410) else "；".join(said for _f, said in errors_of(error))
    return page(status, detail)


def _forged(error: CSRFError) -> Any:
    log.warning("form_refused", path=logged(), reason=error.description)
    return page(
        400, _("表单已失效（可能登录已过期或浏览器拒绝了凭证）。请返回上一页，刷新后再提交。")
    )


def _http(error: HTTPException) -> Any:
    return page(error.code or 500)


def _failed(error: Exception) -> Any:
    log.exception("page_failed", path=logged())
    return page(500)
