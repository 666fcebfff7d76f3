"""Robots in group chats: WeCom 企业微信 and DingTalk 钉钉, one JSON POST each."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from services.chassis import clock
from services.notify import rules
from services.notify.channels import posting
from services.notify.channels.channel import Postponed, SendFailed, SendRefused, ServerAway
from services.notify.channels.described import Robot
from services.notify.channels.logbook import Logbook
from services.notify.model import MINUTE, Medium, Outgoing, Receipt

WECOM_LONGEST = 4096  # bytes of markdown; the API refuses more
DINGTALK_LONGEST = 20000
TOO_FAST = frozenset({45009, 45033, 130101, 410100})
# the message itself: no later attempt is taken either
NEVER = frozenset({40008, 40058, 44004, 45002, 400105, 460101})


class GroupRobots:
    """The robots of one kind, each in the chat of one bureau."""

    def __init__(
        self,
        medium: Medium,
        robots: Mapping[str, Robot],
        *,
        per_minute: int,
        seconds: float,
        logbook: Logbook,
    ) -> None:
        self.medium = medium
        self.robots = robots
        self.per_minute = per_minute
        self.seconds = seconds
        self.logbook = logbook

    def send(self, outgoing: Outgoing) -> Receipt:
        """Say it in the chat. Raises SendFailed (Postponed: it talks too fast), SendRefused."""
        robot = self.robots.get(outgoing.account)
        if robot is None:
            raise SendFailed(f"{outgoing.account} has no robot any more")
        now = clock.now()
        lately = self.logbook.of(robot.way, since=now - MINUTE)
        wait = rules.may_send_at(lately, now=now, most=self.per_minute, within=MINUTE)
        if wait is not None:
            raise Postponed(f"{robot.way}: {self.per_minute} in a minute", until=wait)
        said = self.logbook.timed(robot.way, lambda: self._say(robot, outgoing))
        return Receipt(sent_to=robot.way, said=said)

    def close(self) -> None:
        """Nothing is held open."""

    def _say(self, robot: Robot, outgoing: Outgoing) -> str:
        content, url = (
            _dingtalk(robot, outgoing)
            if robot.medium is Medium.DINGTALK
            else (
                _wecom(outgoing),
                robot.url,
            )
        )
        answer = posting.ask(
            posting.Asked(
                method="POST",
                url=url,
                headers={"Content-Type": "application/json; charset=utf-8"},
                body=json.dumps(content, ensure_ascii=False).encode(),
            ),
            seconds=self.seconds,
        )
        posting.judged(answer)
        _check(answer)
        return answer.in_short()


def _wecom(outgoing: Outgoing) -> dict[str, Any]:
    text = f"**{outgoing.subject}**\n{outgoing.body}"
    return {"msgtype": "markdown", "markdown": {"content": _cut(text, WECOM_LONGEST)}}


def _dingtalk(robot: Robot, outgoing: Outgoing) -> tuple[dict[str, Any], str]:
    text = f"**{outgoing.subject}**\n\n{outgoing.body}"
    if robot.keyword and robot.keyword not in text:
        text = f"{robot.keyword}\n\n{text}"
    said = {"title": outgoing.subject, "text": _cut(text, DINGTALK_LONGEST)}
    return {"msgtype": "markdown", "markdown": said}, _signed(robot)


def _signed(robot: Robot) -> str:
    """The address with the instant and its signature, as the robot's security setting asks."""
    if robot.secret is None:
        return robot.url
    stamp = int(clock.now().timestamp() * 1000)
    signed = hmac.new(
        robot.secret.encode(), f"{stamp}\n{robot.secret}".encode(), hashlib.sha256
    )
    sign = quote(base64.b64encode(signed.digest()), safe="")
    joint = "&" if "?" in robot.url else "?"
    return f"{robot.url}{joint}timestamp={stamp}&sign={sign}"


def _check(answer: posting.Answered) -> None:
    """Raise what errcode means, unless it is 0: a refusal comes with status 200 as well."""
    try:
        code = int(json.loads(answer.text)["errcode"])
    except (ValueError, KeyError, TypeError):
        raise SendFailed(f"no errcode in the answer: {answer.in_short()}") from None
    if code == 0:
        return
    if code in TOO_FAST:
        raise Postponed(answer.in_short(), until=clock.now() + MINUTE)
    if code in NEVER:
        raise SendRefused(answer.in_short())
    raise ServerAway(answer.in_short())


def _cut(text: str, longest: int) -> str:
    """Not more bytes than are taken, and no half of a character."""
    raw = text.encode()
    if len(raw) <= longest:
        return text
    return raw[: longest - len("…".encode())].decode("utf-8", "ignore") + "…"
