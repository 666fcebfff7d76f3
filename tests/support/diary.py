"""A bureau's days on the whole platform over RabbitMQ and PostgreSQL, and what its people do."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from PIL import Image

from tests.support.installation import TOKEN
from tests.support.overdue import BOILER, Table, write_equipment
from tests.support.platform_on_bus import PARTS, PlatformOnBus

CITY = "610300"
OFFICERS = ["li.na", "wang.lei"]


class Diary:
    """Turns the days, and calls the internal APIs as named persons of some scope."""

    def __init__(self, platform: PlatformOnBus, folder: Path) -> None:
        self.platform = platform
        self.folder = folder
        self.day = ""

    def turn_to(self, day: str) -> None:
        """It is that day. All processes end as on a signal and start again, with a calendar.

        Returns when what the day brings by itself is done.
        """
        self.day = day
        for part in self.platform.parts.values():
            assert part.terminate() == 0, part.last_words()
        self.platform.environ |= {"BIANQUE_TODAY": day, "BIANQUE_CALENDAR": "1"}
        for name in PARTS:
            if name in self.platform.parts:
                self.platform.parts[name].environ |= self.platform.environ
        self.platform.start()
        self.platform.wait_until(self._attested)
        self.quiet()

    def quiet(self) -> None:
        """Everything that was said has been heard."""
        self.platform.wait_until_quiet()

    def takes_in(
        self, name: str, *, done_on: str, due_on: str, kind: tuple[str, str] = BOILER
    ) -> str:
        """One boiler of one enterprise, from a source's file; the id of the enterprise."""
        table: Table = write_equipment(
            self.folder, name, 1, done_on=done_on, due_on=due_on, kind=kind
        )
        report = self.platform.import_table(table)
        assert report["wrong"] == 0, report
        self.quiet()
        [found] = self.get("registry", f"/enterprises?text=测试企业 {name}-1")["items"]
        return str(found["id"])

    def post(
        self, service: str, path: str, *, scope: str = CITY, by: str = OFFICERS[0], **body: Any
    ) -> Any:
        """The answer to a call that must be taken."""
        answer = self.call("POST", service, path, scope=scope, by=by, **body)
        assert answer.ok, answer.text
        return answer.json()

    def refused(self, service: str, path: str, *, scope: str = CITY, **body: Any) -> str:
        """The code of the refusal of a call that must not be taken."""
        answer = self.call("POST", service, path, scope=scope, **body)
        assert 400 <= answer.status_code < 500, answer.text
        return str(answer.json()["code"])

    def put(self, service: str, path: str, **body: Any) -> Any:
        """The answer to a change that must be taken."""
        answer = self.call("PUT", service, path, **body)
        assert answer.ok, answer.text
        return answer.json()

    def get(self, service: str, path: str, *, scope: str = CITY) -> Any:
        answer = self.call("GET", service, path, scope=scope)
        assert answer.ok, answer.text
        return answer.json()

    def call(
        self,
        method: str,
        service: str,
        path: str,
        *,
        scope: str = CITY,
        by: str = OFFICERS[0],
        **body: Any,
    ) -> requests.Response:
        return requests.request(
            method,
            f"{self.platform.settings.api_url(service)}{path}",
            json=None if method == "GET" else body,
            timeout=60,
            headers=_headers(scope, by)
            | ({"Idempotency-Key": str(uuid4())} if method != "GET" else {}),
        )

    def photograph(self) -> str:
        """A picture is kept as evidence; the digest by which it is named."""
        answer = requests.post(
            f"{self.platform.settings.api_url('inspection')}/evidence",
            data=_picture(),
            timeout=60,
            headers=_headers(CITY, OFFICERS[0]),
        )
        assert answer.ok, answer.text
        return str(answer.json()["sha256"])

    def told(self, enterprise_id: str) -> dict[str, int]:
        """How many messages about an enterprise there are, by what tells of them."""
        return dict(self._events(f"enterprise_id = '{enterprise_id}'"))

    def told_account(self, account: str) -> dict[str, int]:
        """The same for what lies in one inbox."""
        return dict(self._events(f"account = '{account}'"))

    def _events(self, which: str) -> list[tuple[str, int]]:
        query = "SELECT event, count(DISTINCT cause_id) FROM message WHERE {} GROUP BY event"
        rows = self.platform.rows("notify", query.format(which))
        return [(event.split(".")[1], number) for event, number in rows]

    def _attested(self) -> bool:
        line = f"attestation WHERE attested_on = '{self.day}'"
        return self.platform.count("inspection", line) > 0


def _headers(scope: str, by: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {TOKEN}",
        "X-Bianque-Scope": scope,
        "X-Bianque-Role": "operator",
        "X-Bianque-Caller": by,
    }


def _picture() -> bytes:
    """A photograph, as small as one can be."""
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "steelblue").save(drawn, "PNG")
    return drawn.getvalue()
