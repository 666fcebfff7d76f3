"""Where a setting is looked for: the environment, a file it names, `settings.env`."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# Read before settings.env is, or by the clock, which knows no settings.
ONLY_ENVIRONMENT = ("BIANQUE_VAR", "BIANQUE_TODAY")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SettingBroken(Exception):
    """The program cannot start because a setting is absent or wrong."""


class Source:
    """Reads one setting at a time, and says what is wrong with it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def refuse_unknown(self, known: Set[str]) -> None:
        """What begins like a setting and is none was misspelt."""
        for name in self.environ:
            stem = name.removesuffix("_FILE")
            if name.startswith("BIANQUE_") and stem not in known and "_TEST_" not in name:
                raise SettingBroken(f"{name} is not a setting. See deploy/settings.md.")

    def text(self, name: str) -> str | None:
        if path := self.environ.get(f"{name}_FILE"):
            try:
                return Path(path).read_text(encoding="utf-8").strip() or None
            except OSError as error:
                raise SettingBroken(f"{name}_FILE: {path} cannot be read: {error}") from None
        return self.environ.get(name) or None

    def path(self, name: str) -> Path | None:
        value = self.text(name)
        return Path(value) if value else None

    def one_of(self, name: str, values: tuple[str, ...]) -> str:
        value = self.text(name) or values[0]
        if value not in values:
            raise SettingBroken(f"{name} is {value!r}; it can be {' or '.join(values)}")
        return value

    def number(self, name: str, default: int, *, most: int) -> int:
        value = self.text(name) or str(default)
        if not value.isascii() or not value.isdigit() or not 0 < int(value) <= most:
            raise SettingBroken(
                f"{name} is {value!r}; a whole number from 1 to {most} is needed"
            )
        return int(value)

    def digits(self, name: str, default: str, length: int) -> str:
        value = self.text(name) or default
        if len(value) != length or not value.isascii() or not value.isdigit():
            raise SettingBroken(
                f"{name} is {value!r}; {length} digits are needed, e.g. {default}"
            )
        return value

    def day(self, name: str) -> date | None:
        value = self.text(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise SettingBroken(
                f"{name} is {value!r}; a day like 2026-11-21 is needed"
            ) from None

    def url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        value = self.text(name)
        if value and urlsplit(value).scheme not in schemes:
            raise SettingBroken(
                f"{name} must begin with {' or '.join(s + '://' for s in schemes)}"
            )
        return value

    def issuer(self, name: str) -> str | None:
        """An address whose answers are believed: nobody may be able to change them on the way."""
        value = self.text(name)
        if value and (not nobody_listens(value) or set("?#@") & set(value)):
            raise SettingBroken(
                f"{name} must begin with https:// (http:// only on this machine itself) and "
                "have no question mark, hash or at sign: what the provider calls itself"
            )
        return value

    def per_service(
        self, what: str, services: tuple[str, ...], schemes: tuple[str, ...]
    ) -> dict[str, str]:
        found: dict[str, Any] = {
            service: self.url(f"BIANQUE_{service.upper()}_{what}", schemes)
            for service in services
        }
        return {service: value for service, value in found.items() if value}


def file_lines(path: Path) -> dict[str, str]:
    """NAME=value lines. Raises SettingBroken with the line."""
    if not path.is_file():
        return {}
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if name.strip() in ONLY_ENVIRONMENT:
            raise SettingBroken(
                f"{path} line {number}: {name.strip()} belongs in the environment"
            )
        if not equals:
            raise SettingBroken(f"{path} line {number}: NAME=value is needed")
        found[name.strip()] = value.strip()
    return found


def nobody_listens(address: str) -> bool:
    """Whether what is sent there is encrypted, or does not leave this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    )
