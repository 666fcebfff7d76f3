"""Names for codes: divisions and industries, as the registry's reference data have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import monotonic
from typing import Any

from services.chassis.scope import EVERYTHING
from services.portal.web.language import gettext
from services.portal.web.me import VISITOR, ask
from services.portal.web.services import Identity, part
from services.portal.web.state import State, state

Entry = Mapping[str, Any]

FRESH_SECONDS = 600.0
RETRY_SECONDS = 10.0
SERVICES = {
    "registry": "底数管理服务",
    "inspection": "预警监察服务",
    "credit": "诚信发布服务",
    "notify": "质监通服务",
}

# What the reference data have beside the divisions that have a bureau: all of a city's districts.
COLLECTIVE = ("市辖区", "县")
_SECTIONS = "ABCDEFGHIJKLMNOPQRST"  # the letter that many write before an industry's number

_kept: dict[tuple[int, str], tuple[float, list[Entry]]] = {}


def division_name(code: str) -> str:
    """The division's name; its code as long as the registry cannot be asked."""
    if code == EVERYTHING:
        return ""
    return division_names().get(code, code)


def industry_name(code: str | None) -> str:
    """P83 or 8310 with the name of its division of GB/T 4754; another source's word as it is."""
    digits = (code or "").lstrip(_SECTIONS)
    if code is None or not digits.isascii() or not digits.isdigit():
        return code or ""
    named = {entry["code"]: entry["name"] for entry in _entries_of("industries")}
    name = named.get(digits[:2])
    return f"{name} {code}" if name else code


def unit_name(unit: str) -> str:
    """`bureau:610303` as the bureau's division; an account as it is."""
    kind, _colon, code = unit.partition(":")
    return division_name(code) if kind == "bureau" else unit


def division_names() -> dict[str, str]:
    """All divisions that the registry knows, also those that are no more, by code."""
    return {entry["code"]: entry["name"] for entry in _entries_of("divisions")}


def divisions_of_today() -> dict[str, str]:
    """Those that can be chosen: nobody works in a county that was abolished."""
    return {
        entry["code"]: entry["name"]
        for entry in _entries_of("divisions")
        if entry["valid"] and entry["name"] not in COLLECTIVE
    }


def enterprise_names(ids: Iterable[str]) -> dict[str, str]:
    """Names by id, as far as the registry tells them to the one who looks."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    asked = part(lambda: ask().get("registry", "/enterprises/names", ids=",".join(wanted)))
    names: dict[str, str] = asked.value if asked.there else {}
    return names


def service_name(service: str) -> str:
    """What a service does, for people who never heard of services."""
    return gettext(SERVICES.get(service, service))


def _entries_of(name: str) -> list[Entry]:
    """Reference data as the registry tells them. Asked once in ten minutes."""
    known = state()
    until, entries = _kept.get((id(known), name), (0.0, []))
    if monotonic() < until:
        return entries
    asked = part(lambda: _asked(known, name))
    if asked.there:
        entries = asked.value
    until = monotonic() + (FRESH_SECONDS if asked.there else RETRY_SECONDS)
    _kept[id(known), name] = (until, entries)
    return entries


def _asked(known: State, name: str) -> list[Entry]:
    identity = Identity(VISITOR.name, VISITOR.roles, known.settings.bureau)
    answer = known.services.send(identity, "GET", "registry", f"/reference/{name}")
    entries: list[Entry] = answer.json()["entries"]
    return entries
