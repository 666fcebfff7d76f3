"""All code tables as they stand on one day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from services.registry.model import RowKind
from services.registry.rules.reference.edition import Edition
from services.registry.rules.reference.reading import read_edition
from services.registry.rules.reference.subjects import SUBJECTS, Subject
from services.registry.rules.verdict import Verdict


@dataclass(frozen=True)
class References:
    """The editions in force, by subject. What no bureau has loaded is as it was shipped."""

    loaded: Mapping[str, Edition]

    @classmethod
    def shipped(cls) -> References:
        """Those that come with the product, alone."""
        return cls({})

    def edition(self, subject: str) -> Edition:
        """The edition in force of one table."""
        return self.loaded.get(subject) or shipped_edition(subject)

    def of_kind(self, kind: RowKind) -> tuple[Subject, Edition] | None:
        """The table that holds the class codes of a kind of record; None: there is none."""
        for subject in SUBJECTS.values():
            if subject.governs is kind:
                return subject, self.edition(subject.name)
        return None


@cache
def shipped_edition(subject: str) -> Edition:
    """The edition that comes with the product, read once."""
    known = SUBJECTS[subject]
    return read_edition(known, known.shipped.read_text(encoding="utf-8"))


def class_check(
    references: References, kind: RowKind, *, today: date
) -> Callable[[str], Verdict] | None:
    """How the class code of a kind of record is checked; None: there is no table of them."""
    found = references.of_kind(kind)
    if found is None:
        return None
    subject, edition = found
    return partial(edition.check, day=today, label=subject.label, complete=subject.complete)
