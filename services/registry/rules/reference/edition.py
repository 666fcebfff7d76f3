"""One edition of a code table, and how a code is read under it on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.registry.rules.verdict import Verdict, ok, plain, suspicious


@dataclass(frozen=True)
class Entry:
    """One line of an edition. *valid_until* is the last day; None: open."""

    line: int
    code: str
    name: str
    valid_from: date | None
    valid_until: date | None
    successor: str | None
    source: str
    more: Mapping[str, str] = field(default_factory=dict)

    def valid(self, day: date) -> bool:
        """Whether the code stands for this on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_until or date.max)

    def ended(self, day: date) -> bool:
        return self.valid_until is not None and self.valid_until < day


class Edition:
    """A code table as one source has it.

    *effective_on* None: it came with the product, and holds until a loaded one takes effect.
    """

    def __init__(
        self,
        subject: str,
        entries: Iterable[Entry],
        *,
        digest: str,
        effective_on: date | None = None,
    ) -> None:
        self.subject = subject
        self.entries = tuple(entries)
        self.digest = digest
        self.effective_on = effective_on
        self._of_code: dict[str, list[Entry]] = {}
        for entry in self.entries:
            self._of_code.setdefault(entry.code, []).append(entry)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def codes(self) -> Iterable[str]:
        """Every code that it has ever a meaning for."""
        return self._of_code.keys()

    def on(self, day: date) -> Iterator[Entry]:
        """The lines that are valid on a day."""
        return (entry for entry in self.entries if entry.valid(day))

    def at(self, code: str, day: date) -> Entry | None:
        """What a code stands for on a day; None: nothing."""
        return next((e for e in self._of_code.get(code, ()) if e.valid(day)), None)

    def known(self, code: str, day: date) -> Entry | None:
        """What a code stands for on a day, else what it stood for last, or will stand for."""
        found = self._of_code.get(code)
        if not found:
            return None
        ended = [entry for entry in found if entry.ended(day)]
        return self.at(code, day) or (ended[-1] if ended else found[0])

    def successor(self, code: str, day: date) -> Entry | None:
        """停用的代码由哪个代码承接: the first one on the way that is valid on the day."""
        entry, seen = self.known(code, day), {code}
        while entry is not None and entry.ended(day) and entry.successor is not None:
            if entry.successor in seen:
                return None  # a code that comes back one day, and until then has no heir
            seen.add(entry.successor)
            entry = self.known(entry.successor, day)
        return entry if entry is not None and entry.valid(day) else None

    def check(self, text: str, *, day: date, label: str, complete: bool) -> Verdict:
        """停用的代码按承接的代码登记并提示; 表里没有的只作提示, 不退回.

        *complete*: whether the table claims to have them all.
        """
        code = plain(text)
        entry = self.known(code, day)
        if entry is None:
            if not complete:
                return ok(text)
            return suspicious(
                text, "class_not_in_table", f"{label}中没有这个代码", "请核对登记证或目录"
            )
        if entry.valid(day):
            return ok(code)
        if not entry.ended(day):
            return suspicious(
                code,
                "class_not_yet_valid",
                f"{label}: {code} {entry.name}自{entry.valid_from}起才启用",
                "请核对登记证或目录",
            )
        return self._ended(code, entry, day, label)

    def _ended(self, code: str, entry: Entry, day: date, label: str) -> Verdict:
        heir = self.successor(code, day)
        gone = f"{label}: {code} {entry.name}已于{entry.valid_until}后停用"
        if heir is None:
            return suspicious(
                code, "class_ended", f"{gone},没有承接的代码", "请按现行目录重新归类"
            )
        return suspicious(
            heir.code, "class_ended", f"{gone},按{heir.code}登记", f"{heir.code} {heir.name}"
        )
