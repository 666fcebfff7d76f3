"""How a command speaks to the services: over HTTP to a running platform, or in its own process."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click
import requests
from werkzeug.test import Client as WsgiClient

from services.chassis.api import (
    CALLER_HEADER,
    KEY_HEADER,
    OPERATOR,
    ROLE_HEADER,
    SCOPE_HEADER,
    TOKEN_HEADER,
    written_name,
)
from services.chassis.scope import EVERYTHING
from services.chassis.settings import SERVICES, Settings
from services.command.one_process import AlreadyRunning, OneProcess
from services.command.processes import Processes
from services.command.secret import api_token

CONNECT_SECONDS = 3
BLOCK = 1 << 16
BUSY_SECONDS = 300
TRY_AGAIN = 503
ANSWER_SECONDS = 3600  # an import or the first evaluation of a large city takes its time

Answer = TypeVar("Answer")


class NotAnswered(Exception):
    """A service could not be reached."""


class Rejected(Exception):
    """A service refused a call; `problem` is its RFC 9457 body."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or problem))
        self.problem = problem


class Services(Protocol):
    """The services, whatever way there is to them."""

    def call(
        self,
        service: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json_body: Any = None,
        files: Mapping[str, Path] | None = None,
        key: str | None = None,
    ) -> Iterator[Any]:
        """The JSON documents of the answer, as they come. Raises Rejected, NotAnswered.

        Under the same *key* the same write counts once.
        """

    def fetch(self, service: str, path: str) -> Iterator[bytes]:
        """A file, in blocks. Raises Rejected, NotAnswered."""


def ask(services: Services, service: str, path: str, **query: Any) -> Any:
    """GET one document."""
    return next(services.call(service, "GET", path, query=query))


def tell(services: Services, service: str, path: str, **json_body: Any) -> Any:
    """POST one document, and the answer to it."""
    return next(services.call(service, "POST", path, json_body=json_body))


def until_taken(call: Callable[[], Answer]) -> Answer:
    """The answer to a call, made again while the service says that it must be repeated.

    The call must be one that may be made twice: a GET, or a POST under a key. Raises what it
    raises, and the last refusal when the service has been busy for long.
    """
    last = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return call()
        except Rejected as error:
            if error.problem.get("status") != TRY_AGAIN or time.monotonic() > last:
                raise
            time.sleep(1)


class OverHttp:
    """A platform that runs somewhere else."""

    def __init__(self, urls: Mapping[str, str], token: str) -> None:
        self.urls = urls
        self.headers = _headers(token)

    def call(
        self,
        service: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json_body: Any = None,
        files: Mapping[str, Path] | None = None,
        key: str | None = None,
    ) -> Iterator[Any]:
        opened = {name: file.open("rb") for name, file in (files or {}).items()}
        try:
            answer = requests.request(
                method,
                f"{self.urls[service]}{path}",
                params=query,
                json=json_body,
                files=opened or None,
                headers=_with_key(self.headers, key),
                stream=True,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            )
            yield from _documents(answer.status_code, answer.headers, answer.iter_lines())
        except requests.RequestException as error:
            raise NotAnswered(f"{service} at {self.urls[service]}: {error}") from error
        finally:
            for file in opened.values():
                file.close()

    def fetch(self, service: str, path: str) -> Iterator[bytes]:
        try:
            answer = requests.get(
                f"{self.urls[service]}{path}",
                headers=self.headers,
                stream=True,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            )
            if not answer.ok:
                next(_documents(answer.status_code, answer.headers, answer.iter_lines()))
            yield from answer.iter_content(BLOCK)
        except requests.RequestException as error:
            raise NotAnswered(f"{service} at {self.urls[service]}: {error}") from error


class InThisProcess:
    """A platform that this command brought up for itself."""

    def __init__(self, platform: OneProcess) -> None:
        self.clients = {name: WsgiClient(app) for name, app in platform.apps.items()}
        self.headers = _headers(platform.token)

    def call(
        self,
        service: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json_body: Any = None,
        files: Mapping[str, Path] | None = None,
        key: str | None = None,
    ) -> Iterator[Any]:
        opened = {name: (file.open("rb"), file.name) for name, file in (files or {}).items()}
        kinds: dict[str, Any] = {"data": opened} if files else {}
        if json_body is not None:
            kinds = {"json": json_body}
        answer = self.clients[service].open(
            path,
            method=method,
            query_string=dict(query or {}),
            headers=_with_key(self.headers, key),
            **kinds,
        )
        yield from _documents(answer.status_code, answer.headers, _lines(answer.response))

    def fetch(self, service: str, path: str) -> Iterator[bytes]:
        answer = self.clients[service].get(path, headers=self.headers)
        if answer.status_code >= 400:
            next(_documents(answer.status_code, answer.headers, _lines(answer.response)))
        yield from answer.iter_encoded()


@contextmanager
def active(settings: Settings) -> Iterator[Services]:
    """The running platform; if none runs, one for this command, ended when it is quiet."""
    running = found_running(settings)
    if running is not None:
        yield running
    elif settings.on_a_bus:
        with Processes(_unasked(settings)) as processes:
            processes.wait_until_ready()
            over_http = OverHttp(_bus_urls(settings), api_token(settings))
            yield over_http
            processes.wait_until_quiet()
    else:
        own = _own_or_running(settings)
        if isinstance(own, OverHttp):
            yield own
            return
        with own as platform:
            platform.start()
            yield InThisProcess(platform)
            platform.wait_until_quiet()


@contextmanager
def passive(settings: Settings) -> Iterator[Services]:
    """The running platform; if none runs, its state as it lies there. Nothing is set going."""
    running = found_running(settings)
    if running is not None:
        yield running
        return
    try:
        platform = OneProcess(settings)
    except AlreadyRunning:  # a command that is at work: it may be watched
        platform = OneProcess(settings, looking_on=True)
    with platform:
        yield InThisProcess(platform)


def _own_or_running(settings: Settings) -> OneProcess | OverHttp:
    """A platform of one's own, after another command that is at work, if there is one."""
    told = False
    while True:
        try:
            return OneProcess(_unasked(settings))
        except AlreadyRunning as other:
            if (running := found_running(settings)) is not None:
                return running
            if not told:
                click.echo(f"{other}: waiting for its end (Ctrl-C: not any longer)", err=True)
                told = True
            time.sleep(0.5)


def found_running(settings: Settings) -> OverHttp | None:
    """The platform of this installation, if it answers."""
    urls = _bus_urls(settings) if settings.on_a_bus else _one_process_urls(settings)
    if not urls:
        return None
    over_http = OverHttp(urls, api_token(settings))
    try:
        for service in SERVICES:
            ask(over_http, service, "/healthz")
    except (NotAnswered, Rejected):
        return None
    return over_http


def _unasked(settings: Settings) -> Settings:
    """For one command: nothing else is done because days have passed since the last one."""
    return replace(settings, calendar=False)


def _bus_urls(settings: Settings) -> dict[str, str]:
    return {service: settings.api_url(service) for service in SERVICES}


def _one_process_urls(settings: Settings) -> dict[str, str]:
    """From the note that a running platform leaves in its state folder."""
    try:
        state = json.loads((settings.var / "platform.json").read_text(encoding="utf-8"))
        os.kill(state["pid"], 0)
    except (OSError, ValueError, KeyError):
        return {}
    return {service: f"{state['url']}/{service}" for service in SERVICES}


def _headers(token: str) -> dict[str, str]:
    return {
        TOKEN_HEADER: f"Bearer {token}",
        ROLE_HEADER: OPERATOR,
        SCOPE_HEADER: EVERYTHING,  # whoever can read the token operates the installation
        CALLER_HEADER: written_name(f"command line: {os.environ.get('USER') or os.getuid()}"),
    }


def _with_key(headers: dict[str, str], key: str | None) -> dict[str, str]:
    return headers | ({KEY_HEADER: key} if key else {})


def _documents(status: int, headers: Any, lines: Iterator[bytes]) -> Iterator[Any]:
    streamed = str(headers.get("Content-Type", "")).startswith("application/x-ndjson")
    if streamed and status < 400:
        yield from (json.loads(line) for line in lines if line.strip())
        return
    text = b"\n".join(lines)
    try:
        document = json.loads(text) if text else None
    except ValueError:
        raise NotAnswered(f"not a JSON answer (HTTP {status}): {text[:200]!r}") from None
    if status >= 400:
        raise Rejected(document if isinstance(document, dict) else {"detail": str(document)})
    yield document


def _lines(chunks: Any) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
    yield rest
