"""The services' internal APIs, asked for somebody: with deadlines, scope and idempotency keys.

A service that does not answer is `Away`: its part of a page says so. What a service refuses
is `Refused`, with its RFC 9457 problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import get_ident
from time import perf_counter
from typing import IO, Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.util.retry import Retry

from services.chassis.api import (
    CALLER_HEADER,
    KEY_HEADER,
    OWN_HEADER,
    ROLE_HEADER,
    SCOPE_HEADER,
    TOKEN_HEADER,
    written_name,
)

CONNECT_SECONDS = 2.0
READ_SECONDS = 8.0  # a page is not worth waiting longer for
WRITE_SECONDS = 30.0
FILE_SECONDS = 120.0
POOL = 64  # connections kept open to each service
BLOCK = 1 << 16

Query = Mapping[str, Any]
Files = Mapping[str, tuple[str, IO[bytes], str]]


class Away(Exception):
    """A service could not be reached, or did not answer in time."""

    def __init__(self, service: str) -> None:
        super().__init__(f"{service} does not answer")
        self.service = service


class Refused(Exception):
    """A service refused; `problem` is what it said."""

    def __init__(self, service: str, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or status))
        self.service = service
        self.status = status
        self.problem = dict(problem)

    @property
    def code(self) -> str:
        """Which never changes."""
        return str(self.problem.get("code") or "failed")

    @property
    def fields(self) -> dict[str, Any]:
        """What was wrong with which field."""
        found = self.problem.get("fields")
        return dict(found) if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Identity:
    """For whom a service is asked. *scope*: division codes, or `*` for what is public."""

    name: str
    roles: str
    scope: str
    enterprise: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """As a service reads them; a header holds ASCII only."""
        headers = {
            CALLER_HEADER: written_name(self.name),
            ROLE_HEADER: self.roles,
            SCOPE_HEADER: self.scope,
        }
        return headers | ({OWN_HEADER: self.enterprise} if self.enterprise else {})


@dataclass
class Spent:
    """What asking cost within one request. Seconds."""

    seconds: float = 0.0
    calls: int = 0
    away: set[str] = field(default_factory=set)


class Services:
    """Ways to the services. One for the whole process; any thread may use it."""

    def __init__(
        self, urls: Mapping[str, str], token: str, adapter: BaseAdapter | None = None
    ) -> None:
        self._urls = urls
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands between the parts
        self._session.headers = {TOKEN_HEADER: f"Bearer {token}"}
        # A kept connection may have been closed meanwhile: then once more.
        again = Retry(connect=1, read=0, redirect=0, status=0, other=1, backoff_factor=0)
        adapter = adapter or HTTPAdapter(
            pool_connections=8, pool_maxsize=POOL, max_retries=again
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)
        self.pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="ask")

    def close(self) -> None:
        """End the connections."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        self._session.close()

    def send(
        self,
        identity: Identity,
        method: str,
        service: str,
        path: str,
        *,
        query: Query | None = None,
        json: Any = None,
        files: Files | None = None,
        form: Query | bytes | None = None,
        key: str | None = None,
        seconds: float | None = None,
        stream: bool = False,
    ) -> requests.Response:
        """One call. Raises Away, Refused."""
        headers = identity.headers | ({KEY_HEADER: key} if key else {})
        usual = READ_SECONDS if method == "GET" else FILE_SECONDS if files else WRITE_SECONDS
        try:
            answer = self._session.request(
                method,
                f"{self._urls[service]}{path}",
                params={k: v for k, v in (query or {}).items() if v not in (None, "")},
                json=json,
                files=files,
                data=form,
                headers=headers,
                timeout=(CONNECT_SECONDS, seconds or usual),
                stream=stream,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Away(service) from error
        if answer.status_code >= 400:
            raise _refusal(service, answer)
        return answer


class Asking:
    """The services asked for one identity within one request."""

    def __init__(self, services: Services, identity: Identity) -> None:
        self._services = services
        self.identity = identity
        self.spent = Spent()
        self._thread = get_ident()

    def get(self, service: str, path: str, **query: Any) -> Any:
        """A document. Raises Away, Refused."""
        with self._timed(service):
            return self._services.send(self.identity, "GET", service, path, query=query).json()

    def find(self, service: str, path: str, **query: Any) -> Any | None:
        """A document; None if there is none. Raises Away, Refused."""
        try:
            return self.get(service, path, **query)
        except Refused as refused:
            if refused.status in (404, 410):
                return None
            raise

    def file(self, service: str, path: str, **query: Any) -> requests.Response:
        """A file: its headers, and `iter_content(BLOCK)`. Raises Away, Refused."""
        with self._timed(service):
            return self._services.send(
                self.identity,
                "GET",
                service,
                path,
                query=query,
                seconds=FILE_SECONDS,
                stream=True,
            )

    def send(
        self,
        method: str,
        service: str,
        path: str,
        *,
        json: Any = None,
        files: Files | None = None,
        form: Query | None = None,
        query: Query | None = None,
        key: str | None = None,
    ) -> Any:
        """A change; the answer's document. Under the same *key* it counts once."""
        with self._timed(service):
            answer = self._services.send(
                self.identity,
                method,
                service,
                path,
                json=json,
                files=files,
                form=form,
                query=query,
                key=key,
            )
        return answer.json() if answer.content else None

    def send_bytes(self, service: str, path: str, data: bytes, **query: Any) -> Any:
        """POST a file as it is; the answer's document. Raises Away, Refused."""
        with self._timed(service):
            return self._services.send(
                self.identity,
                "POST",
                service,
                path,
                query=query,
                form=data,
                seconds=FILE_SECONDS,
            ).json()

    def together(self, **calls: Callable[[], Any]) -> dict[str, Part]:
        """Several questions at once; each answers for itself, also when it is away.

        Raises what is neither Away nor Refused.
        """
        began = perf_counter()
        futures = {name: self._services.pool.submit(part, call) for name, call in calls.items()}
        found = {name: future.result() for name, future in futures.items()}
        self.spent.seconds += perf_counter() - began
        return found

    @contextmanager
    def _timed(self, service: str) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        except Away:
            self.spent.away.add(service)
            raise
        finally:
            if get_ident() == self._thread:  # what is asked at once, `together` counts once
                self.spent.seconds += perf_counter() - began
            self.spent.calls += 1


@dataclass(frozen=True)
class Part:
    """One part of a page: what was asked for, or why it is not there."""

    value: Any = None
    away: str | None = None
    refused: Refused | None = None

    @property
    def there(self) -> bool:
        """Whether it can be shown."""
        return self.away is None and self.refused is None


def part(call: Callable[[], Any]) -> Part:
    """A part of a page that may be missing while the rest is shown."""
    try:
        return Part(call())
    except Away as error:
        return Part(away=error.service)
    except Refused as error:
        return Part(refused=error)


def _refusal(service: str, answer: requests.Response) -> Away | Refused:
    try:
        problem = answer.json()
    except ValueError:
        return Away(service)
    if answer.status_code == 503:
        return Away(service)
    return Refused(service, answer.status_code, problem if isinstance(problem, dict) else {})
