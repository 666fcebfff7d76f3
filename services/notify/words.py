"""The words of words.yaml, in each language, and how a day is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path

import yaml

LANGUAGES = ("zh", "en")
FILE = Path(__file__).with_name("words.yaml")


class Words:
    """Plain words for every value that a reader may meet, in each language."""

    def __init__(self, entries: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
        self._entries = entries

    @classmethod
    def read(cls, path: Path = FILE) -> Words:
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def of(self, member: Enum, language: str) -> str:
        """The word for a member of an enumeration. Raises KeyError if there is none."""
        return self.called(type(member).__name__, member.value, language)

    def called(self, group: str, value: str, language: str) -> str:
        return self._entries[group][value][language]

    def absent(self, name: str, language: str) -> str:
        """What is said where a field is empty."""
        known = self._entries["absent"]
        return known.get(name, known["any"])[language]

    def group(self, group: str, language: str) -> dict[str, str]:
        return {value: said[language] for value, said in self._entries[group].items()}


def say_day(day: date, language: str) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
