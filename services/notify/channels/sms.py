"""Text messages over the HTTP gateways of one or several providers.

A provider that certainly did not take a text leaves it to the next one at once. One that
gave no clear answer may have taken it: then nobody else is asked before the next attempt,
which begins with another provider and carries the same reference.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from string import Template
from urllib.parse import quote

from services.chassis import clock
from services.notify import rules
from services.notify.channels import posting
from services.notify.channels.channel import SendFailed, SendRefused, ServerAway
from services.notify.channels.described import SmsProvider
from services.notify.channels.logbook import Logbook
from services.notify.model import Caution, Medium, Outgoing, Receipt
from services.notify.rules.failover import share
from services.notify.rules.masking import is_mobile, masked

CONTENT_TYPES = {
    "json": "application/json; charset=utf-8",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain; charset=utf-8",
}


class SmsGateway:
    """All providers of an installation. *seconds* bound each request as a whole."""

    medium = Medium.SMS

    def __init__(
        self,
        providers: tuple[SmsProvider, ...],
        *,
        caution: Caution,
        seconds: float,
        logbook: Logbook,
    ) -> None:
        self.providers = {provider.name: provider for provider in providers}
        self.caution = caution
        self.seconds = seconds
        self.logbook = logbook

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand one text to a provider. Raises SendFailed or SendRefused."""
        if outgoing.address is None:
            raise SendFailed("no number is on file any more")
        if not is_mobile(outgoing.address):
            raise SendRefused("the number on file is not a mobile number")
        order = rules.in_order(
            self.shares(), delivery=outgoing.delivery_id, attempt=outgoing.attempt
        )
        troubles: list[str] = []
        for name in order:
            act = partial(self._hand_in, name, outgoing)
            try:
                said = self.logbook.timed(f"sms:{name}", act)
            except posting.Unclear as error:
                raise SendFailed("; ".join([*troubles, f"{name}: {error}"])) from error
            except ServerAway as error:
                troubles.append(f"{name}: {error}")
                continue
            return Receipt(sent_to=masked(outgoing.address), said=f"{name}: {said}")
        raise ServerAway("; ".join(troubles))

    def close(self) -> None:
        """Nothing is held open."""

    def shares(self) -> list[tuple[str, int]]:
        """How much each provider is trusted now, in the order of the file."""
        since = clock.now() - self.caution.window
        return [
            (name, share(self.logbook.of(f"sms:{name}", since=since), self.caution))
            for name in self.providers
        ]

    def _hand_in(self, name: str, outgoing: Outgoing) -> str:
        provider = self.providers[name]
        answer = posting.ask(_asked(provider, outgoing), seconds=self.seconds)
        if provider.refused is not None and provider.refused.search(answer.text):
            raise SendRefused(f"{name}: {answer.in_short()}")
        if answer.status < posting.MOVED and provider.success.search(answer.text):
            return answer.in_short()
        raise ServerAway(answer.in_short())


def _asked(provider: SmsProvider, outgoing: Outgoing) -> posting.Asked:
    values = {
        "address": str(outgoing.address),
        "subject": outgoing.subject,
        "body": outgoing.body,
        "reference": str(outgoing.delivery_id),
        **provider.secrets,
    }
    body = _filled(provider.body, values, _ESCAPES[provider.body_is])
    return posting.Asked(
        method=provider.method,
        url=_filled(provider.url, values, _in_url),
        headers={
            "Content-Type": CONTENT_TYPES[provider.body_is],
            **{n: _filled(h, values, _in_header) for n, h in provider.headers.items()},
        },
        body=body.encode(),
    )


def _filled(template: Template, values: Mapping[str, str], escape: Callable[[str], str]) -> str:
    return template.substitute({name: escape(value) for name, value in values.items()})


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _in_url(value: str) -> str:
    return quote(value, safe="")


def _in_header(value: str) -> str:
    """Nothing that somebody typed may begin a header of its own."""
    return " ".join(value.split())


_ESCAPES: Mapping[str, Callable[[str], str]] = {
    "json": _in_json,
    "form": _in_url,
    "text": str,
}
