"""Services of the same process, asked without a socket: an adapter for requests."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from werkzeug.test import Client

SCHEME = "http://in-process."


class InProcess(BaseAdapter):
    """`http://in-process.<service>/path` goes to that service's WSGI application."""

    def __init__(self, apps: Mapping[str, Any]) -> None:
        super().__init__()
        self._apps = apps

    @property
    def urls(self) -> dict[str, str]:
        """Where each service is, for Services."""
        return {name: f"{SCHEME}{name}" for name in self._apps}

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Call the application and hand its answer back as if it had come over a line."""
        url = urlsplit(str(request.url))
        name = str(url.hostname).removeprefix("in-process.")
        sent: Any = request.body or b""
        if not isinstance(sent, bytes | str):
            sent = sent.read()
        answered = Client(self._apps[name]).open(
            path=f"{url.path}?{url.query}" if url.query else url.path,
            method=str(request.method),
            headers=list(request.headers.items()),
            data=sent,
            buffered=False,
        )
        answer = requests.Response()
        answer.status_code = answered.status_code
        answer.headers = CaseInsensitiveDict(answered.headers.items())
        answer.url = str(request.url)
        answer.request = request
        answer.encoding = "utf-8"
        answer.raw = BytesIO(answered.get_data())
        answered.close()
        return answer

    def close(self) -> None:
        """Nothing is open."""
