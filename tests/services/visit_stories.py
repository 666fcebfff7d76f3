"""What the tests of visits tell the service over its API, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from PIL import Image

from tests.services.inspection_stories import (
    TODAY,
    done,
    firm,
    thing,
)

TOKEN = "a token"  # noqa: S105 - of this test
CITY = "610300"
LI, WANG = "li.ming", "wang.fang"
OFFICERS = [
    {"account": LI, "name": "李明", "certificate": "陕C-1001"},
    {"account": WANG, "name": "王芳", "certificate": "陕C-1002"},
]
A_DAY = timedelta(days=1)
OVERDUE = done(date(2023, 1, 15), due_on=date(2025, 1, 14))
PROBLEM = {"finding": "problem", "note": "现场查看"}


@dataclass(frozen=True)
class Desk:
    """Somebody at the desk, who asks the service."""

    client: FlaskClient
    by: str = LI
    scope: str = CITY

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.post(path, json=body or {}, headers=self._headers(headers))

    def put(self, path: str, body: dict[str, Any], **headers: str) -> Any:
        return self.client.put(path, json=body, headers=self._headers(headers))

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self._headers({}))

    def upload(self, visit_id: str, data: bytes, name: str = "现场.jpg") -> Any:
        return self.client.post(
            f"/visits/{visit_id}/evidence",
            query_string={"name": name},
            data=data,
            headers=self._headers({}),
        )

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": self.scope,
            "X-Bianque-Caller": self.by,
            **more,
        }

    # What an ordinary visit takes.

    def plan(self, *numbers: int, **changes: Any) -> Any:
        """A routine visit of two officers to the enterprise of these objects."""
        body = {
            "enterprise_id": str(firm(numbers[0] % 3 if numbers else 1)),
            "purpose": "routine",
            "planned_on": TODAY.isoformat(),
            "officers": OFFICERS,
            "object_ids": [str(thing(number)) for number in numbers],
        }
        return self.post("/visits", body | changes)

    def planned(self, *numbers: int, **changes: Any) -> str:
        answer = self.plan(*numbers, **changes)
        assert answer.status_code == 201, answer.json
        return str(answer.json["visit_id"])

    def answers(self, visit_id: str, **different: dict[str, Any]) -> list[dict[str, Any]]:
        """Everything conforms, but what is said to be different by item."""
        asked = self.get(f"/visits/{visit_id}").json["asked"]
        return [
            {
                "object_id": each["object_id"],
                "item": each["item"],
                "finding": "conforms",
                "note": "",
                "evidence": [],
                **different.get(each["item"].replace("-", "_"), {}),
            }
            for each in asked
        ]

    def record(self, visit_id: str, **content: Any) -> Any:
        """Save a whole record on whatever was saved last."""
        based_on = self.get(f"/visits/{visit_id}").json["saves"]
        whole = {"answers": self.answers(visit_id), "outcome": "passed", "summary": ""}
        return self.put(
            f"/visits/{visit_id}/record", {"based_on": based_on, "content": whole | content}
        )

    def sign_all(self, visit_id: str) -> None:
        for account in (LI, WANG):
            signed = Desk(self.client, account).post(f"/visits/{visit_id}/signature")
            assert signed.status_code == 200, signed.json
        signed = self.post(f"/visits/{visit_id}/representative", {"name": "张经理"})
        assert signed.status_code == 200, signed.json

    def concluded(self, visit_id: str, **content: Any) -> Any:
        """Write, sign and conclude."""
        saved = self.record(visit_id, **content)
        assert saved.status_code == 200, saved.json
        self.sign_all(visit_id)
        return self.post(f"/visits/{visit_id}/conclusion")


def passed(
    object_id: UUID, done_on: date, *, until: date | None = None, duty: str = "inspection"
) -> dict[str, Any]:
    """A passing record as officers take it down."""
    return {
        "object_id": str(object_id),
        "duty": duty,
        "done_on": done_on.isoformat(),
        "stated_due_on": until.isoformat() if until else None,
        "body": "宝鸡市特种设备检验所",
        "certificate": "QZ-2026-0117",
    }


def a_photograph(place: str = "34.36N 107.24E") -> bytes:
    """A JPEG that tells where it was taken."""
    picture = Image.new("RGB", (40, 30), "grey")
    exif = picture.getexif()
    exif[0x010E] = place
    written = BytesIO()
    picture.save(written, format="JPEG", exif=exif)
    return written.getvalue()


def refused(answer: Any, code: str, status: int = 409) -> str:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
    return str(answer.json["detail"])
