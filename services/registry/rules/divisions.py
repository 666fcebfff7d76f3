"""行政区划: which six digits name a place, and since when.

The table is data (data/divisions.csv, or a bureau's newer edition), each line with its
source. A code that has ended is read as its successor, so that a county's objects do not
vanish with its old name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from services.registry.rules.people import PROVINCES
from services.registry.rules.reference.book import shipped_edition
from services.registry.rules.reference.edition import Edition, Entry
from services.registry.rules.verdict import Verdict, impossible, ok, plain, suspicious

LOCAL_PREFIX = "99"  # GB/T 2260 gives no province 99: a mapping's own codes cannot collide


class Divisions:
    """The places that are known, with a mapping's own codes (code: name) beside them."""

    def __init__(self, edition: Edition, own: Mapping[str, str] | None = None) -> None:
        beside = [
            Entry(0, code, name, None, None, None, "mapping file")
            for code, name in (own or {}).items()
        ]
        every = [*edition.entries, *beside]
        self._edition = Edition(edition.subject, every, digest=edition.digest)
        self._by_name = _names(every)
        # Of other cities the table holds only the city itself: their counties are unknown to it.
        self._covered = {entry.code[:4] for entry in every if not entry.code.endswith("00")}

    @classmethod
    def shipped(cls, own: Mapping[str, str] | None = None) -> Divisions:
        """By the edition that comes with the product."""
        return cls(shipped_edition("divisions"), own)

    def check(self, text: str, *, today: date) -> Verdict:
        """六位行政区划代码, 或表中的名称; 已撤销的换成承接的代码."""
        code = self._code_of(text)
        if place := self._edition.known(code, today):
            return self._as_of(place, today)
        if len(code) != 6 or not (code.isascii() and code.isdigit()):
            return impossible(
                code,
                "division_form",
                "不是六位行政区划代码,也不是已知的区划名称",
                self._known_names(today),
            )
        if code[:4] in self._covered or code[:2] not in PROVINCES:
            return impossible(
                code, "division_unknown", "没有这个行政区划代码", self._known_names(today)
            )
        return ok(code)  # another city's: our table does not hold it

    def _as_of(self, place: Entry, today: date) -> Verdict:
        heir = self._edition.successor(place.code, today)
        if heir is None or heir is place:
            return ok(place.code)
        return suspicious(
            heir.code,
            "division_ended",
            f"{place.code} {place.name}已于{place.valid_until}后停用,按{heir.code}登记",
            f"{heir.code} {heir.name}",
        )

    def _code_of(self, text: str) -> str:
        name = plain(text)
        for prefix in ("", "陕西省宝鸡市", "宝鸡市"):
            if name.startswith(prefix) and (code := self._by_name.get(name[len(prefix) :])):
                return code
        return name

    def _known_names(self, today: date) -> str:
        """Of the cities whose counties are in the table; the others would fill pages."""
        near = (e for e in self._edition.on(today) if e.code[:4] in self._covered)
        return "已知: " + "、".join(f"{entry.code} {entry.name}" for entry in near)


def _names(entries: Iterable[Entry]) -> dict[str, str]:
    """The code of each name; of two places with one name, the one that is still valid."""
    found: dict[str, Entry] = {}
    for entry in entries:
        name = plain(entry.name)
        if name not in found or found[name].valid_until is not None:
            found[name] = entry
    return {name: entry.code for name, entry in found.items()}
