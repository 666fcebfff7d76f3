"""The image is built from what is pinned, runs as nobody, and knows whether it is healthy."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import healthy
from services.chassis.settings import SERVICES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
IMAGES = {
    container["image"]
    for container in yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))[
        "services"
    ].values()
}
HEALTH_PORT = 13  # credit's, counted from BIANQUE_PORT


def test_the_image_installs_what_is_pinned_with_its_hash() -> None:
    pinned = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    without = [
        name
        for name, rest in re.findall(r"(?m)^([\w.\[\]-]+==\S+)(.*)$", pinned)
        if "\\" not in rest
    ]

    assert re.search(r"--require-hashes \\\n +\"\$@\" -r requirements/run.txt", CONTAINERFILE)
    assert CONTAINERFILE.count("pip install") == 2
    assert "--no-index --no-deps" in CONTAINERFILE
    assert without == []


def test_the_image_runs_as_a_numbered_user_under_an_init_and_asks_for_its_health() -> None:
    assert "ARG BASE=debian:bookworm-slim" in CONTAINERFILE
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", CONTAINERFILE, re.MULTILINE)
    assert 'ENTRYPOINT ["tini", "--", "bianque"]' in CONTAINERFILE
    assert re.search(r"^HEALTHCHECK .* CMD \[\"healthy\"\]$", CONTAINERFILE, re.MULTILINE)


def test_the_image_is_built_from_nothing_but_what_it_copies() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    let_in = {line[1:] for line in lines if line.startswith("!")}
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.MULTILINE)
        for source in line.split()[:-1]
        if not source.startswith("--")
    }
    bound = set(re.findall(r"type=bind,source=([^,]+)", CONTAINERFILE))

    assert "*" in lines
    assert copied | bound == let_in
    assert all((ROOT / name).exists() for name in let_in)


def test_what_stands_in_for_an_image_has_its_name() -> None:
    images = {image for image in IMAGES if "bianque" not in image}
    script = (DEPLOY / "verify" / "verify.sh").read_text(encoding="utf-8")

    assert all(image in script for image in images)
    assert all(
        (DEPLOY / "verify" / f"{image.partition(':')[0]}.Containerfile").is_file()
        for image in images
    )


# --- is a container healthy? ---------------------------------------------------------------


@contextmanager
def answering(status: int, body: dict[str, Any]) -> Iterator[int]:
    """A process that answers /readyz so. Gives its port."""

    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: Any) -> None:
            """Be quiet."""

    with HTTPServer(("127.0.0.1", 0), Ready) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def on_a_bus(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """This process has the settings of a container."""
    for name in [name for name in os.environ if name.startswith("BIANQUE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BIANQUE_BROKER_URL", "amqp://u:p@broker/bianque")
    for service in SERVICES:
        url = f"postgresql+psycopg://u:p@database/{service}"
        monkeypatch.setenv(f"BIANQUE_{service.upper()}_DATABASE_URL", url)
    return monkeypatch


def test_a_container_whose_process_is_ready_is_healthy(
    on_a_bus: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering(200, {"status": "ready", "troubles": {}}) as port:
        on_a_bus.setenv("BIANQUE_PORT", str(port - HEALTH_PORT))

        assert healthy.main(["credit:events"]) == 0
    assert capsys.readouterr().out == ""


def test_a_container_that_does_not_hear_the_bus_is_not_healthy_and_says_so(
    on_a_bus: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering(503, {"troubles": {"bus": "not consuming"}}) as port:
        on_a_bus.setenv("BIANQUE_PORT", str(port - HEALTH_PORT))

        assert healthy.main(["credit:events"]) == 1
    assert capsys.readouterr().out == "credit:events: {'bus': 'not consuming'}\n"


def test_a_container_whose_process_is_gone_is_not_healthy(
    on_a_bus: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering(200, {}) as port:
        on_a_bus.setenv("BIANQUE_PORT", str(port - HEALTH_PORT))

    assert healthy.main(["credit:events"]) == 1
    assert "refused" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("run credit", {"credit:events": 8613, "credit:api": 8603}),
        ("run credit:api notify:events", {"credit:api": 8603, "notify:events": 8614}),
        ("run portal", {"portal:web": 8605}),
        ("run", {f"{s}:{r}" for s in SERVICES for r in ("events", "api")}),
    ],
)
def test_the_command_of_a_container_tells_which_processes_to_ask(
    command: str, asked: Any, on_a_bus: pytest.MonkeyPatch
) -> None:
    words = f"tini -- bianque {command}".split()
    parts = healthy.parts_of([*words, ""])

    assert parts is not None
    found = healthy.ports(parts, healthy.from_environment())
    assert (found if isinstance(asked, dict) else set(found)) == asked


def test_a_container_that_runs_one_command_has_no_health_to_ask_for() -> None:
    assert healthy.parts_of(["tini", "--", "bianque", "migrate", ""]) is None
