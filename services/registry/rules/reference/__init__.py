"""参照数据 — code tables as dated editions: divisions, catalogue, industries, kinds, partners."""

from services.registry.rules.reference.book import References, class_check
from services.registry.rules.reference.changes import Change, ChangeKind, changes
from services.registry.rules.reference.edition import Edition, Entry
from services.registry.rules.reference.reading import EditionBroken, read_edition
from services.registry.rules.reference.subjects import SUBJECTS, Subject

__all__ = [
    "SUBJECTS",
    "Change",
    "ChangeKind",
    "Edition",
    "EditionBroken",
    "Entry",
    "References",
    "Subject",
    "changes",
    "class_check",
    "read_edition",
]
