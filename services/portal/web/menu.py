"""The workbench's menu: what each role works with."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from services.portal.model import STAFF, Role, User
from services.portal.web.language import Later, later
from services.portal.web.me import me


@dataclass(frozen=True)
class Entry:
    """A page of the menu, and who works with it."""

    label: Later
    endpoint: str
    roles: frozenset[Role] = STAFF
    holds: tuple[
        str, ...
    ] = ()  # pages behind it, where a part of the workbench has several entries


@dataclass(frozen=True)
class Group:
    """Some entries under one heading."""

    title: Later
    entries: tuple[Entry, ...]


DEPARTMENTS = frozenset({Role.AGENCY})
ADMINISTERING = frozenset({Role.ADMINISTRATOR})
REGISTERING = frozenset({Role.REGISTRAR, Role.ADMINISTRATOR})

MENU: tuple[Group, ...] = (
    Group(
        later("协作部门"),
        (
            Entry(later("查询"), "agency.home", DEPARTMENTS),
            Entry(later("预警清单"), "agency.warnings", DEPARTMENTS),
            Entry(later("诚信记录"), "agency.records", DEPARTMENTS, holds=("agency.record",)),
        ),
    ),
    Group(
        later("预警监管"),
        (
            Entry(later("信息点总览"), "desk_home.home"),
            Entry(later("预警清单"), "desk_warnings.listed"),
            Entry(later("监督检查"), "desk_visits.listed"),
            Entry(later("预约检验"), "desk_bookings.listed"),
            Entry(later("责令改正"), "desk_orders.listed"),
            Entry(later("案件"), "desk_cases.listed"),
            Entry(later("质量投诉"), "desk_complaints.listed"),
            Entry(later("预警分析"), "desk_analysis.analysis"),
        ),
    ),
    Group(
        later("诚信体系"),
        (
            Entry(later("不良信息"), "desk_credit.listed"),
            Entry(
                later("诚信记录"),
                "desk_credit.records",
                holds=(
                    "desk_credit.record",
                    "desk_credit.new_record",
                    "desk_credit.enter_record",
                ),
            ),
            Entry(
                later("异议与修复"), "desk_credit.requests", holds=("desk_credit.one_request",)
            ),
        ),
    ),
    Group(
        later("质监通与督察"),
        (
            Entry(later("收件箱"), "desk_messages.inbox"),
            Entry(later("发出的通知"), "desk_messages.sent"),
            Entry(later("信息指令"), "desk_directives.listed"),
            Entry(later("工作督察"), "desk_directives.supervision"),
        ),
    ),
    Group(
        later("底数"),
        (
            Entry(later("查询"), "desk_search.results"),
            Entry(later("普查"), "desk_census.campaigns"),
            Entry(later("导入"), "desk_imports.listed", REGISTERING),
            Entry(later("疑似重复企业"), "desk_imports.identity", REGISTERING),
        ),
    ),
    Group(
        later("系统设置"),
        (
            Entry(later("运行状态"), "desk_system.status"),
            Entry(later("政策数值"), "desk_system.policy"),
            Entry(later("参照数据"), "desk_system.reference", holds=("desk_system.table",)),
            Entry(
                later("通知模板"),
                "desk_system.templates",
                ADMINISTERING,
                holds=("desk_system.template",),
            ),
            Entry(later("滞留消息"), "desk_system.parked", ADMINISTERING),
            Entry(later("用户"), "desk_people.listed", ADMINISTERING),
            Entry(later("接口令牌"), "desk_tokens.listed", ADMINISTERING),
            Entry(later("审计"), "desk_audit.listed", ADMINISTERING),
        ),
    ),
)


def home_of(user: User | None) -> str:
    """Where somebody begins."""
    if user is None:
        return "/"
    if user.enterprise_id:
        return url_for("own_home.home")
    return url_for("desk_home.home" if user.is_staff else "agency.home")


def menu() -> list[dict[str, object]]:
    """For the one who looks: groups with their entries, the open one marked."""
    shown = []
    for group in MENU:
        entries = [
            {
                "label": entry.label,
                "url": url_for(entry.endpoint),
                "active": entry == _open(),
            }
            for entry in group.entries
            if me().has(*entry.roles)
        ]
        if entries:
            shown.append({"title": group.title, "entries": entries})
    return shown


def _open() -> Entry | None:
    """The page itself, that which holds it, or the first of the same part of the workbench."""
    here = request.endpoint or ""
    entries = [entry for group in MENU for entry in group.entries]
    held = [entry for entry in entries if here == entry.endpoint or here in entry.holds]
    near = [entry for entry in entries if _part(entry.endpoint) == _part(here)]
    return next(iter([*held, *near]), None)


def _part(endpoint: str) -> str:
    return endpoint.partition(".")[0]
