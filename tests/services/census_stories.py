"""A census that the tests tell of: one campaign with two grids, and who calls its API."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.registry.api import blueprint
from services.registry.service import RegistryService
from tests.services.registry_stories import POLICY, SEALS

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
JINTAI, WEIBIN = "610303", "610302"

SHEET = """
mapping: 1
kind: census
columns: {grid: 网格, key: 编号, outcome: 结果, surveyed_on: 日期, surveyor: 普查员}
constants: {kind: equipment, source: special}
values:
  outcome: {已普查: surveyed, 新发现: new, 未找到: not_found}
dates: "%Y/%m/%d"
"""
GOOD = """网格,编号,结果,日期,普查员
A,E00001,已普查,2013/12/2,赵一
A,E00002,未找到,2013/12/2,赵一
"""


class Portal:
    """A caller of the census API, and one campaign with two grids."""

    def __init__(self, database: Database, **settings: Any) -> None:
        self.service = RegistryService()
        self.service.database, self.service.policy = database, POLICY
        self.service.settings, self.service.seals = Settings(bureau="610300", **settings), SEALS
        app = create_app(self.service, TOKEN, blueprint(self.service))
        self.client = app.test_client()
        begun = self.post("/census", {"name": "2013年普查", "begins_on": "2013-12-01"})
        self.path = f"/census/{begun.get_json()['id']}"
        self.post(f"{self.path}/grids", {"grids": [grid("A", JINTAI), grid("B", WEIBIN)]})

    def get(self, path: str, *, scope: str = "610300") -> Any:
        answer = self.client.get(f"{self.path}{path}", headers=self._headers(scope))
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def fetch(self, path: str, *, scope: str = "610300") -> Any:
        """The answer to a whole path, whatever it is."""
        return self.client.get(path, headers=self._headers(scope))

    def post(
        self, path: str, body: dict[str, Any], *, scope: str = "610300", **more: str
    ) -> Any:
        return self.client.post(path, json=body, headers=self._headers(scope) | more)

    def plan(self, *lines: tuple[str, str, int], on: str = "2013-12-01", **more: Any) -> Any:
        stated = [{"grid": g, "kind": k, "planned": n} for g, k, n in lines]
        body = {"why": "下达", "in_force_on": on, "lines": stated}
        return self.post(f"{self.path}/plans", body, **more)

    def send(self, *lines: dict[str, Any], **more: Any) -> Any:
        return self.post(f"{self.path}/visits", {"lines": list(lines)}, **more)

    def hand_in(
        self, sheet: str | bytes, mapping: str = "", *, scope: str = "610300", query: str = ""
    ) -> Any:
        content = sheet.encode() if isinstance(sheet, str) else sheet
        files = {
            "file": (BytesIO(content), "普查表.csv"),
            "mapping": (BytesIO((mapping or SHEET).encode()), "sheet.yaml"),
        }
        path = f"{self.path}/sheets{query}"
        return self.client.post(path, data=files, headers=self._headers(scope))

    def take_in(self, sheet: str | bytes, mapping: str = "", **more: Any) -> dict[str, Any]:
        """Hand a sheet in and see it done."""
        answer = self.hand_in(sheet, mapping, **more)
        assert answer.status_code == 202, answer.get_json()
        self.service.work_off_imports()
        return self.sheet(answer.get_json()["id"])

    def sheet(self, job_id: str, *, scope: str = "610300") -> dict[str, Any]:
        """How a sheet stands."""
        told: dict[str, Any] = self.get(f"/sheets/{job_id}", scope=scope)
        return told

    def _headers(self, scope: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {TOKEN}",
            "X-Bianque-Scope": scope,
            "X-Bianque-Caller": "li.wen",
        }


def grid(code: str, division: str) -> dict[str, str]:
    return {"code": code, "division": division, "name": f"{code}网格", "surveyor": "zhao"}


def visit(number: int, **changes: Any) -> dict[str, Any]:
    """A line about the elevator of that number, as the source `special` knows it."""
    return {
        "grid": "A",
        "kind": "equipment",
        "outcome": "surveyed",
        "surveyed_on": "2013-12-02",
        "surveyor": "zhao",
        "source": "special",
        "key": f"E{number:05}",
    } | changes
