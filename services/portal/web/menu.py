"""The workbench's menu: what each role works with."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from services.portal.model import STAFF, Role
from services.portal.web.language import Later, later
from services.portal.web.me import me


@dataclass(frozen=True)
class Entry:
    """A page of the menu, and who works with it."""

    label: Later
    endpoint: str
    roles: frozenset[Role] = STAFF


@dataclass(frozen=True)
class Group:
    """Some entries under one heading."""

    title: Later
    entries: tuple[Entry, ...]


MENU: tuple[Group, ...] = (
    Group(later("工作台"), (Entry(later("信息点总览"), "desk_home.home"),)),
)


def menu() -> list[dict[str, object]]:
    """For the one who looks: groups with their entries, the open one marked."""
    shown = []
    for group in MENU:
        entries = [
            {
                "label": entry.label,
                "url": url_for(entry.endpoint),
                "active": _is_open(entry.endpoint),
            }
            for entry in group.entries
            if me().has(*entry.roles)
        ]
        if entries:
            shown.append({"title": group.title, "entries": entries})
    return shown


def _is_open(endpoint: str) -> bool:
    """The page itself, or one that belongs to the same part of the workbench."""
    return (request.endpoint or "").partition(".")[0] == endpoint.partition(".")[0]
