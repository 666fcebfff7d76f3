"""Webhooks, signed as Standard Webhooks says: id, timestamp, signature of both secrets."""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import urlsplit

from standardwebhooks import Webhook

from services.chassis import clock
from services.events.contract import Audience, event_called
from services.notify.channels import posting
from services.notify.channels.channel import HookGone, SendFailed, ServerAway, Withheld
from services.notify.channels.posting import Asked, Guard
from services.notify.model import Hook, Medium, Outgoing, Receipt

GONE = 410
TYPE = "notify.message"


class Webhooks:
    """Posts to wherever an account has registered. *seconds* bound each request."""

    medium = Medium.WEBHOOK

    def __init__(self, guard: Guard, *, seconds: float) -> None:
        self.guard = guard
        self.seconds = seconds

    def send(self, outgoing: Outgoing) -> Receipt:
        """Post one message. Raises SendFailed, Withheld, HookGone."""
        if outgoing.hook is None:
            raise SendFailed("no webhook is registered, or it was switched off")
        if outgoing.hook.outside and not is_for_agencies(outgoing.event):
            raise Withheld("仅限本局,不发往其他部门 (kept within the bureau)")
        body = json.dumps(_said(outgoing), ensure_ascii=False)
        asked = Asked(
            method="POST",
            url=outgoing.hook.url,
            headers=signed(outgoing.hook, str(outgoing.delivery_id), body, clock.now()),
            body=body.encode(),
        )
        try:
            answer = posting.ask(asked, seconds=self.seconds, guard=self.guard)
        except ServerAway as error:  # one host that is away says nothing of the others
            raise SendFailed(str(error)) from error
        if answer.status == GONE:
            raise HookGone(answer.in_short())
        if answer.status not in range(200, posting.MOVED):
            raise SendFailed(answer.in_short())
        return Receipt(sent_to=host_of(outgoing.hook.url), said=answer.in_short())

    def close(self) -> None:
        """Nothing is held open."""


def signed(hook: Hook, number: str, body: str, at: datetime) -> dict[str, str]:
    """The headers by which a receiver knows who posted it, and that it is the same again."""
    signatures = [Webhook(secret).sign(number, at, body) for secret in hook.secrets]
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": number,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def is_for_agencies(event: str) -> bool:
    """Whether other departments may hear of it; what no service announces they may not."""
    try:
        return event_called(event).audience is Audience.AGENCIES
    except KeyError:
        return False


def host_of(url: str) -> str:
    """What is shown of an address: its path may hold a secret."""
    return str(urlsplit(url).netloc.rpartition("@")[2])


def _said(outgoing: Outgoing) -> dict[str, object]:
    return {
        "type": TYPE,
        "timestamp": outgoing.written_at.isoformat(),
        "data": {
            "message_id": str(outgoing.message_id),
            "account": outgoing.account,
            "event": outgoing.event,
            "caused_by": str(outgoing.caused_by),
            "subject": outgoing.subject,
            "body": outgoing.body,
            "language": outgoing.language,
        },
    }
