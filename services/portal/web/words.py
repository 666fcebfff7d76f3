"""What codes are called, in Chinese and English: words.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from services.portal.web.language import in_use

FILE = Path(__file__).parents[1] / "words.yaml"


def word(code: str | None, group: str) -> str:
    """A code of a group in the language in use; itself if the list does not have it."""
    if not code:
        return ""
    found = groups()[group].get(code)
    return found[in_use()] if found else code


def choices(group: str, *codes: str) -> list[tuple[str, str]]:
    """(code, word) for a select; of the whole group, or of these codes."""
    return [(code, word(code, group)) for code in codes or groups()[group]]


@cache
def groups() -> dict[str, dict[str, dict[str, str]]]:
    """Group, code, language."""
    read: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(FILE.read_text("utf-8"))
    return read
