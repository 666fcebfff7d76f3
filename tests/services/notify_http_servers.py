"""HTTP servers on the loopback address: gateways, robots and receivers, well and unwell."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from standardwebhooks import Webhook, WebhookVerificationError


@dataclass(frozen=True)
class Request:
    """What a server was asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str

    @property
    def asked(self) -> dict[str, str]:
        """The query."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    @property
    def sent(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What it says: all of it, a part (*cut*), or nothing before *over* (*hangs*)."""

    status: int = 200
    body: str = "{}"
    headers: Mapping[str, str] | None = None
    cut: bool = False
    hangs: bool = False


Answers = Callable[[Request], Answer]


class Server:
    """A running server, and what it was asked."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[Request] = []
        self.url = ""
        self.over = threading.Event()


@contextmanager
def serving(answers: Answers | Answer) -> Iterator[Server]:
    """A server that answers so."""
    said = answers
    server = Server((lambda _: said) if isinstance(said, Answer) else said)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    listening.daemon_threads = False  # closing waits for them
    server.url = f"http://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        listening.shutdown()
        listening.server_close()
        thread.join()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Notes the request, then does what the server is meant to do."""

        def handle_one_request(self) -> None:
            with suppress(ConnectionError):
                super().handle_one_request()

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Request(self.command, self.path, headers, body)
            server.asked.append(asked)
            answer = server.answers(asked)
            self.close_connection = True
            if answer.hangs:
                server.over.wait()
                return
            raw = answer.body.encode()
            self.send_response(answer.status)
            for name, value in (answer.headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw) + (10 if answer.cut else 0)))
            self.end_headers()
            self.wfile.write(raw)

        do_POST = do_GET = do_PUT = _answer  # noqa: N815 - the standard library's names

    return Handler


def wecom(*, key: str, most: int = 20) -> Answers:
    """A WeCom robot as its documents describe it."""
    taken: list[str] = []

    def answer(asked: Request) -> Answer:
        if asked.asked.get("key") != key:
            return Answer(body='{"errcode": 93000, "errmsg": "invalid webhook url"}')
        content = asked.sent["markdown"]["content"]
        if len(content.encode()) > 4096:
            return Answer(body='{"errcode": 40058, "errmsg": "markdown.content too long"}')
        if len(taken) >= most:
            return Answer(body='{"errcode": 45009, "errmsg": "api freq out of limit"}')
        taken.append(content)
        return Answer(body='{"errcode": 0, "errmsg": "ok"}')

    return answer


def dingtalk(*, secret: str, keyword: str) -> Answers:
    """A DingTalk robot that wants its signature and its keyword."""

    def answer(asked: Request) -> Answer:
        stamp = asked.asked.get("timestamp", "")
        signed = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
        if asked.asked.get("sign") != base64.b64encode(signed.digest()).decode():
            return Answer(body='{"errcode": 310000, "errmsg": "sign not match"}')
        if keyword not in asked.sent["markdown"]["text"]:
            return Answer(body='{"errcode": 310000, "errmsg": "keywords not in content"}')
        return Answer(body='{"errcode": 0, "errmsg": "ok"}')

    return answer


def receiver(secret: str) -> Answers:
    """A receiver of webhooks that takes only what is signed with a secret it knows."""

    def answer(asked: Request) -> Answer:
        try:
            Webhook(secret).verify(asked.body, dict(asked.headers))
        except WebhookVerificationError as error:
            return Answer(status=401, body=str(error))
        return Answer(status=204, body="")

    return answer
