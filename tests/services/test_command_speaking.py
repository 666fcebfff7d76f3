"""How commands speak and wait: for a busy service, for each other, to people and to programs."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from services.chassis.settings import Settings
from services.command import city, client, live, looking, saying
from services.command.client import Rejected, active, ask, passive, until_taken
from services.command.main import main
from services.command.one_process import OneProcess

BUSY = {"status": 503, "code": "call_must_be_repeated", "detail": "数据库暂不可用,请稍后重试"}
RED = {
    "warning_id": "7a90a236-a75f-5a64-b510-c540dee9156a",
    "label": "第一类压力容器 6#",
    "kind": "equipment",
    "due_on": "2025-06-30",
    "division": "610371",
}


class Answers:
    """Services that answer one thing."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def call(self, *_: Any, **__: Any) -> Iterator[Any]:
        yield self.document

    def fetch(self, *_: Any) -> Iterator[bytes]:
        raise NotImplementedError

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None: ...


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A new installation in one process."""
    monkeypatch.setenv("BIANQUE_VAR", str(tmp_path / "var"))
    return Settings(var=tmp_path / "var", port=0)


def test_a_call_is_made_again_while_the_service_is_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client.time, "sleep", lambda _: None)
    answers: list[Any] = [Rejected(BUSY), Rejected(BUSY), "taken"]

    def call() -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Rejected):
            raise answer
        return answer

    assert until_taken(call) == "taken"
    assert answers == []


@pytest.mark.parametrize(
    ("problem", "seconds"), [({"status": 422, "detail": "编号有误"}, 300), (BUSY, -1)]
)
def test_a_refusal_and_one_that_is_busy_for_too_long_come_out(
    problem: dict[str, Any], seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "BUSY_SECONDS", seconds)

    def call() -> None:
        raise Rejected(problem)

    with pytest.raises(Rejected) as found:
        until_taken(call)
    assert found.value.problem == problem


def test_one_command_may_look_while_another_is_at_work(settings: Settings) -> None:
    with OneProcess(settings), passive(settings) as services:
        assert ask(services, "inspection", "/status")["facts"]["objects"] == 0


def test_a_command_waits_for_the_end_of_another_and_says_for_which(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    done: list[int] = []

    def change() -> None:
        with active(settings) as services:
            done.append(ask(services, "registry", "/status")["parked"])

    first = OneProcess(settings)
    second = threading.Thread(target=change)
    second.start()
    second.join(1)
    waited = second.is_alive()
    first.stop()
    second.join(30)

    assert waited
    assert done == [0]
    told = capfd.readouterr().err
    assert told.count("another bianque process") == 1
    assert str(settings.var) in told


def test_what_is_not_done_is_one_document_for_programs_and_one_line_for_people(
    settings: Settings,
) -> None:
    result = CliRunner().invoke(main, ["import", "none.csv", "--mapping", "m.yaml", "--json"])

    assert result.exit_code == 2
    assert json.loads(result.stdout)["problem"] == {
        "code": "failed",
        "detail": "none.csv is not a file that can be read",
    }
    assert "bianque: none.csv is not a file" in result.stderr


def test_a_refusal_is_told_as_the_service_told_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_settings: Settings) -> Any:
        raise Rejected(BUSY)

    monkeypatch.setattr(looking, "passive", refused)
    result = CliRunner().invoke(main, ["status", "--json"])

    assert result.exit_code == 2
    assert json.loads(result.stdout) == {"problem": BUSY}


def test_without_an_id_the_oldest_reds_are_listed_whole(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "passive", lambda _: Answers({"items": [RED], "next": None}))
    monkeypatch.delenv("COLUMNS", raising=False)  # some runners of tests set it
    monkeypatch.setattr(looking, "out", saying.console_out())
    result = CliRunner().invoke(main, ["explain", "warning"])

    assert result.exit_code == 0
    for told in RED.values():
        assert told in result.stdout


def test_an_explanation_begins_with_its_sentences_one_a_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {
        "raised": {"state": "red", "cleared_on": None},
        "sentences": ["到期日为2025-06-30。", "没有新的合格记录。"],
        "state_label": "红色",
    }
    monkeypatch.setattr(looking, "passive", lambda _: Answers(told))
    result = CliRunner().invoke(main, ["explain", "warning", RED["warning_id"]])

    assert result.stdout.splitlines() == [
        "红色",
        "到期日为2025-06-30。",
        "没有新的合格记录。",
        "",
        "raised:",
        "  state: red",
    ]


def test_a_long_word_in_a_narrow_table_is_folded_not_cut() -> None:
    console = Console(width=24, record=True, file=sys.stderr)
    table = saying.a_table("reason", "right")
    table.add_row("号码被电子表格当作数字改写了", "请在原系统重新导出")
    console.print(table)

    text = console.export_text()
    assert "…" not in text
    assert all(sign in text for sign in "号码被电子表格当作数字改写了请在原系统重新导出")


def test_the_screen_shows_words_and_only_what_there_is(settings: Settings) -> None:
    console = Console(width=120, record=True, file=sys.stderr)
    with passive(settings) as services:
        console.print(live.screen(services, settings))

    text = console.export_text()
    assert "红 red" in text
    assert "不良信息 Bad information" in text
    assert "drafted" not in text
    assert "waiting_for_facts" not in text


def test_a_program_reads_lines_that_are_not_cut(tmp_path: Path) -> None:
    """Not a terminal, no COLUMNS: as in a pipe."""
    program = (
        "from services.command import saying\n"
        "table = saying.a_table('one', 'other')\n"
        "table.add_row('1' * 90, '2' * 90)\n"
        "saying.out.print(table)\n"
    )
    environ = {"PATH": "/usr/bin", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environ, check=True
    )

    assert "1" * 90 in done.stdout
    assert "2" * 90 in done.stdout


def test_the_demonstration_shows_how_much_is_heard(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal: a column that cannot be drawn would end the command."""
    screen = StringIO()
    monkeypatch.setattr(city, "err", Console(file=screen, force_terminal=True, width=120))
    waiting = iter([3000, 1000, 0])

    class Hearing(Answers):
        def call(self, service: str, *_: Any, **__: Any) -> Iterator[Any]:
            yield (
                {"outbox_waiting": next(waiting)} if service == "registry" else {"inbox": 2000}
            )

    city.wait_until_heard(Hearing(None))

    assert "inspection hears of it" in screen.getvalue()
    assert "2,000 of 3,000 events" in screen.getvalue()
