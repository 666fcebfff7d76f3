"""What the command line shows of the search box and of candidates, and what it decides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from services.chassis.api import create_app
from services.chassis.settings import Settings
from services.command import identity
from services.command.client import InThisProcess
from services.command.main import main
from services.registry.api import blueprint
from services.registry.service import RegistryService
from tests.services.registry_stories import (
    ELEVATORS,
    ENTERPRISES,
    POLICY,
    SEALS,
    TODAY,
    Registry,
    elevator,
    enterprise,
    opened,
)

TOKEN = "the installation's secret"  # noqa: S105 - a test's own


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """Two files of one enterprise, one with a slip in its name; the commands speak to it."""
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(f"sqlite:///{tmp_path}/registry.db") as database:
        service = RegistryService()
        service.database, service.policy, service.seals = database, POLICY, SEALS
        service.settings = replace(Settings.read({}), bureau="610300")
        apps = {"registry": create_app(service, TOKEN, blueprint(service))}
        reached: Any = InThisProcess(SimpleNamespace(apps=apps, token=TOKEN))  # type: ignore[arg-type]

        @contextmanager
        def reach(_settings: Settings) -> Iterator[InThisProcess]:
            yield reached

        monkeypatch.setattr(identity, "active", reach)
        monkeypatch.setattr(identity, "passive", reach)
        registry = Registry(database, tmp_path)
        registry.take([enterprise(1, 名称="宝鸡鹏盛钛业有限公司")], ENTERPRISES)
        registry.take([elevator(1, 单位="宝鸡鹏胜钛业有限公司")], ELEVATORS)
        yield registry


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def said(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)


def test_what_is_searched_is_shown(registry: Registry) -> None:
    assert said("search", "bjp")["total"] == 2
    assert "2 in all" in run("search", "宝鸡").stdout
    assert "nothing is found" in run("search", "没有", "--division", "610303").stdout
    assert run("search", "鹏").exit_code == 2


def test_a_duplicate_is_listed_merged_parted_and_kept_apart(registry: Registry) -> None:
    found = run("identity", "find")
    waiting = run("identity", "list")
    [candidate] = said("identity", "list")["items"]
    merge = said("identity", "merge", candidate["id"], "--reason", "同一企业")
    decided = run("identity", "list")
    undone = said("identity", "undo", merge["merge_id"])
    apart = said("identity", "apart", candidate["id"])

    assert "compared 2" in found.stdout
    assert said("identity", "find") == {"compared": 0}
    assert waiting.exit_code == 1
    assert (decided.exit_code, decided.stdout.strip()) == (0, "nothing is to be decided")
    assert undone["merge_id"] == merge["merge_id"]
    assert apart["state"] == "apart"
