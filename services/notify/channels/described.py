"""The file of channels: the SMS gateways, robots and webhooks of an installation.

BIANQUE_CHANNELS names it; docs/channels.md shows how it is written. Wherever a text is
wanted, `{file: /run/secrets/x}` may stand for the text that this file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

import yaml

from services.chassis.settings import SettingBroken
from services.notify.model import Medium

BODIES = ("json", "form", "text")
METHODS = ("POST", "GET", "PUT")
FIELDS = ("address", "subject", "body", "reference")
OF_PROVIDER = (
    *("name", "method", "url", "headers", "body", "body_is"),
    *("success", "refused", "secrets", "insecure"),
)
DIVISION = re.compile(r"[0-9]{6}")


class ChannelsWrong(SettingBroken):
    """The file of channels cannot be used; names the place and what would be right."""

    code = "channels_wrong"


@dataclass(frozen=True, kw_only=True)
class SmsProvider:
    """One gateway for text messages. *success* and *refused* are looked for in its answer."""

    name: str
    method: str
    url: Template
    headers: Mapping[str, Template]
    body: Template
    body_is: str
    success: re.Pattern[str]
    refused: re.Pattern[str] | None
    secrets: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Robot:
    """A robot in the group chat of one bureau."""

    medium: Medium
    division: str
    url: str
    secret: str | None
    keyword: str | None

    @property
    def account(self) -> str:
        return f"bureau:{self.division}"

    @property
    def way(self) -> str:
        return f"{self.medium.value}:{self.division}"


@dataclass(frozen=True, kw_only=True)
class Described:
    """All of it; what an installation does not describe, it has not."""

    sms: tuple[SmsProvider, ...] = ()
    robots: tuple[Robot, ...] = ()
    webhooks: bool = False
    private_webhooks: bool = False

    @property
    def media(self) -> frozenset[Medium]:
        """The media that are described."""
        found = {robot.medium for robot in self.robots}
        found |= {Medium.SMS} if self.sms else set()
        return frozenset(found | ({Medium.WEBHOOK} if self.webhooks else set()))

    def robots_of(self, medium: Medium) -> Mapping[str, Robot]:
        """By account."""
        return {r.account: r for r in self.robots if r.medium is medium}


def read(path: Path | None) -> Described:
    """What a file describes; no file: nothing. Raises ChannelsWrong."""
    if path is None:
        return Described()
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ChannelsWrong(f"BIANQUE_CHANNELS: {path} cannot be read: {error}") from None
    top = _Place(written, str(path))
    top.only("sms", "wecom", "dingtalk", "webhooks")
    sms = tuple(_provider(place) for place in top.each("sms"))
    top.refuse_twice("sms", [provider.name for provider in sms])
    robots = tuple(
        _robot(place, medium)
        for medium in (Medium.WECOM, Medium.DINGTALK)
        for place in top.each(medium.value)
    )
    top.refuse_twice("robots", [robot.way for robot in robots])
    webhooks = top.inner("webhooks")
    if webhooks is not None:
        webhooks.only("private")
    return Described(
        sms=sms,
        robots=robots,
        webhooks=webhooks is not None,
        private_webhooks=webhooks is not None and webhooks.flag("private"),
    )


@dataclass(frozen=True)
class _Place:
    """A mapping in the file, and where it stands there."""

    written: Any
    where: str
    _known: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        if not isinstance(self.written, dict):
            raise ChannelsWrong(f"{self.where}: a mapping (name: value) is needed")
        object.__setattr__(self, "_known", self.written)

    def wrong(self, name: str, right: str) -> ChannelsWrong:
        return ChannelsWrong(f"{self.where}: {name}: {right}")

    def only(self, *names: str) -> None:
        if unknown := [str(name) for name in self._known if name not in names]:
            raise self.wrong(unknown[0], f"is unknown; there are {', '.join(names)}")

    def each(self, name: str) -> Iterator[_Place]:
        listed = self._known.get(name) or []
        if not isinstance(listed, list):
            raise self.wrong(name, "a list is needed, each entry beginning with -")
        for number, entry in enumerate(listed, start=1):
            yield _Place(entry, f"{self.where}: {name} {number}")

    def inner(self, name: str) -> _Place | None:
        if name not in self._known:
            return None
        return _Place(self._known[name] or {}, f"{self.where}: {name}")

    def refuse_twice(self, name: str, called: Sequence[str]) -> None:
        for one in called:
            if called.count(one) > 1:
                raise self.wrong(name, f"{one} is there twice; each needs a name of its own")

    def flag(self, name: str) -> bool:
        value = self._known.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false is needed")
        return value

    def maybe(self, name: str) -> str | None:
        value = self._known.get(name)
        if isinstance(value, dict) and set(value) == {"file"}:
            try:
                return Path(str(value["file"])).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise self.wrong(name, f"{value['file']} cannot be read: {error}") from None
        if value is not None and not isinstance(value, str):
            raise self.wrong(name, "a text is needed (in quotes), or {file: path}")
        return value

    def text(self, name: str) -> str:
        value = self.maybe(name)
        if not value:
            raise self.wrong(name, "is missing")
        return value

    def one_of(self, name: str, values: Sequence[str]) -> str:
        value = self.maybe(name) or values[0]
        if value not in values:
            raise self.wrong(name, f"{value} will not do; it can be {' or '.join(values)}")
        return value

    def texts(self, name: str) -> dict[str, str]:
        inner = self.inner(name)
        if inner is None:
            return {}
        return {str(each): inner.text(each) for each in inner.written}

    def pattern(self, name: str) -> re.Pattern[str]:
        try:
            return re.compile(self.text(name), re.DOTALL)
        except re.error as error:
            raise self.wrong(name, f"is no regular expression: {error}") from None

    def template(self, name: str, text: str, known: Sequence[str]) -> Template:
        template = Template(text)
        if not template.is_valid():
            raise self.wrong(name, "a $ stands alone; write ${name}, or $$ for a dollar")
        if unknown := [n for n in template.get_identifiers() if n not in known]:
            raise self.wrong(
                name, f"${{{unknown[0]}}} is unknown; there are {', '.join(known)}"
            )
        return template

    def url(self, name: str, *, insecure: bool) -> str:
        url = self.text(name)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise self.wrong(name, "https://host/... is needed")
        if parts.scheme == "http" and not (insecure or _is_loopback(parts.hostname)):
            raise self.wrong(
                name,
                "http:// sends everything in clear; https:// is needed, or insecure: true "
                "for a gateway in the bureau's own network",
            )
        return url


def _provider(place: _Place) -> SmsProvider:
    place.only(*OF_PROVIDER)
    secrets = place.texts("secrets")
    known = (*FIELDS, *secrets)
    headers = place.texts("headers")
    url = place.url("url", insecure=place.flag("insecure"))
    found = SmsProvider(
        name=place.text("name"),
        method=place.one_of("method", METHODS),
        url=place.template("url", url, known),
        headers={n: place.template(f"headers {n}", h, known) for n, h in headers.items()},
        body=place.template("body", place.maybe("body") or "", known),
        body_is=place.one_of("body_is", BODIES),
        success=place.pattern("success"),
        refused=place.pattern("refused") if "refused" in place.written else None,
        secrets=secrets,
    )
    named = {*found.url.get_identifiers(), *found.body.get_identifiers()}
    for needed in ("address", "subject"):
        if needed not in named:
            raise place.wrong(
                "body", f"${{{needed}}} is missing: neither url nor body names it"
            )
    return found


def _robot(place: _Place, medium: Medium) -> Robot:
    place.only("division", "url", "secret", "keyword", "insecure")
    division = place.text("division")
    if not DIVISION.fullmatch(division):
        raise place.wrong("division", 'six digits in quotes are needed, e.g. "610300"')
    url = place.url("url", insecure=place.flag("insecure"))
    return Robot(
        medium=medium,
        division=division,
        url=url,
        secret=place.maybe("secret"),
        keyword=place.maybe("keyword"),
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
