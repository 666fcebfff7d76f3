"""Pages and API of a running platform under fifty users at once.

`bianque run` in a process of its own, with the demonstration city (BENCH_FACTOR, 0.05 if not
set), SQLite, one process for everything. Each user opens page after page. The anchor is
/healthz of the same server under the same users; `services` is the share of a page's time that
the portal waited for the services, which the answer's Server-Timing tells.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import requests

from bench.anchors import percentile
from services.chassis import assembly, clock
from services.chassis.settings import PORTAL, Settings
from services.portal.model import Role
from services.portal.store import users
from tests.support.parts import clean_environ, free_port_block

USERS = 50
TIMES = 8
PASSWORD = "a sentence for fifty"  # noqa: S105
READY_SECONDS = 60
TIMING = re.compile(r"services;dur=([\d.]+)")


def measure() -> dict[str, Any]:
    """Milliseconds per page, p50 and p99, the services' share, and the ratio to the anchor."""
    factor = os.environ.get("BENCH_FACTOR", "0.05")
    with TemporaryDirectory() as folder, _running(Path(folder) / "var", factor) as base:
        settings = Settings.read({"BIANQUE_VAR": str(Path(folder) / "var")})
        staff = _logged_in(settings, base)
        listed = requests.get(f"{base}/api/v1/public/lists/bad-information?limit=1", timeout=60)
        assert listed.status_code == 200, listed.text
        firm = UUID(listed.json()["items"][0]["enterprise_id"])
        pages = {
            "anchor_healthz": "/healthz",
            "public_home": "/",
            "public_record": f"/enterprises/{firm}",
            "api_list": "/api/v1/public/lists/bad-information?limit=50",
            "desk_points": "/desk/",
            "desk_worklist": "/desk/warnings/?colour=red",
            "desk_file": f"/desk/enterprises/{firm}",
        }
        found = {name: _asked(base, path, staff) for name, path in pages.items()}
    anchor = found["anchor_healthz"]["p50_ms"]
    for figures in found.values():
        figures["p50_to_anchor"] = round(figures["p50_ms"] / anchor, 1)
    return {"users": USERS, "factor": float(factor), **found}


def _asked(base: str, path: str, cookies: dict[str, str]) -> dict[str, Any]:
    """All users ask for one page, again and again."""

    def user(_number: int) -> list[tuple[float, float]]:
        session, took = requests.Session(), []
        session.cookies.update(cookies)
        for _ in range(TIMES):
            began = time.perf_counter()
            answer = session.get(f"{base}{path}", timeout=120)
            seconds = time.perf_counter() - began
            assert answer.status_code == 200, f"{path} {answer.status_code}"
            told = TIMING.search(answer.headers.get("Server-Timing", ""))
            took.append((seconds, float(told[1]) / 1000 if told else 0.0))
        return took

    began = time.perf_counter()
    with ThreadPoolExecutor(USERS) as crowd:
        all_took = [one for took in crowd.map(user, range(USERS)) for one in took]
    whole = time.perf_counter() - began
    seconds = [one for one, _services in all_took]
    return {
        "p50_ms": round(1000 * percentile(seconds, 0.5), 1),
        "p99_ms": round(1000 * percentile(seconds, 0.99), 1),
        "per_second": round(len(seconds) / whole, 1),
        "services": round(sum(s for _all, s in all_took) / sum(seconds), 2),
    }


@contextmanager
def _running(var: Path, factor: str) -> Iterator[str]:
    settings = Settings.read({"BIANQUE_PORT": str(free_port_block())})
    environ = {
        **clean_environ(),
        "BIANQUE_VAR": str(var),
        "BIANQUE_PORT": str(settings.port),
        "BIANQUE_LOG_LEVEL": "error",
    }
    bianque = [sys.executable, "-m", "services.command.main"]
    subprocess.run([*bianque, "demo", "--factor", factor], env=environ, check=True)
    (var / "policy").mkdir()
    (var / "policy" / "portal.yaml").write_text(_UNLIMITED, encoding="utf-8")
    with subprocess.Popen([*bianque, "run"], env=environ) as process:
        try:
            _wait(f"{settings.portal_address}/readyz")
            yield settings.portal_address
        finally:
            process.terminate()


_UNLIMITED = "".join(
    f"{name}:\n  values:\n    {day}:\n      value: 1000000\n      source: 测量\n"
    for name in ("visitor_calls_per_minute", "api_calls_per_minute")
    for day in ("2020-01-01",)
)


def _wait(url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise TimeoutError(url)


def _logged_in(settings: Settings, base: str) -> dict[str, str]:
    database = assembly.open_database(PORTAL, settings)
    with database.transaction() as session:
        made = users.add(
            session,
            name="bench",
            display_name="bench",
            roles=(Role.CHIEF,),
            divisions=settings.bureau,
            now=clock.now(),
        )
        users.set_password(session, made.id, PASSWORD)
    database.close()
    browser = requests.Session()
    page = browser.get(f"{base}/login", timeout=60).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    fields = {"csrf_token": token[1], "name": "bench", "password": PASSWORD}
    browser.post(f"{base}/login", data=fields, timeout=60)
    return dict(browser.cookies)
