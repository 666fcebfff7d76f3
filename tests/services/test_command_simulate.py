"""`bianque simulate` says in words and in a table what changed rules would do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from services.command import simulating

FOUND = {
    "on": "2026-11-20",
    "objects": 3,
    "changed": [{"division": "610326", "before": "green", "after": "yellow", "objects": 61}],
    "sentences": ["黄色: +61个对象 (610326 +61)。"],
}


class Answering:
    """A platform that gives one answer, and keeps what it was asked."""

    def __init__(self) -> None:
        self.sent: dict[str, Any] = {}

    def call(self, service: str, method: str, path: str, **how: Any) -> Iterator[Any]:
        self.sent = {"to": f"{service} {method} {path}", **how["json_body"]}
        yield FOUND


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Answering:
    answering = Answering()

    @contextmanager
    def active(_: object) -> Iterator[Answering]:
        yield answering

    monkeypatch.setattr(simulating, "active", active)
    return answering


def test_it_tells_how_many_objects_change_and_where(
    platform: Answering, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.csv"
    rules.write_bytes("id,label\n叉车,叉车定期检验\n".encode("gb18030"))

    told = CliRunner().invoke(simulating.simulate, [str(rules), "--on", "2026-11-20"])

    assert told.exit_code == 0
    assert "+61个对象" in told.stdout
    assert "610326" in told.stdout
    assert platform.sent["to"] == "inspection POST /simulations"
    assert platform.sent["on"] == "2026-11-20"
    assert "叉车定期检验" in platform.sent["rules"]


def test_a_policy_goes_as_one_and_the_answer_can_be_json(
    platform: Answering, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("yellow_lead_months: {}\n", encoding="utf-8")

    told = CliRunner().invoke(simulating.simulate, [str(policy), "--json"])

    assert json.loads(told.stdout) == FOUND
    assert platform.sent["policy"] == "yellow_lead_months: {}\n"
