"""The compose file agrees with the program's settings, and secrets stay out of the repository."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.chassis.settings import SERVICES, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: each for name, each in CONTAINERS.items() if "bianque" in each["image"]}
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "version"
]
ADDRESS = re.compile(r"\w://(?:[^/@\s]*@)?([^/:`\s\"')|]+)")
OF_EXAMPLES = {"broker", "database", "host"}
OPEN = re.compile(r"\$\{([A-Z_]+):-([^}]*)\}")


def files_of_deploy() -> list[Path]:
    """What belongs to the repository under deploy/: no secrets, wheels or local settings."""
    local = (DEPLOY / ".gitignore").read_text(encoding="utf-8").split()
    own = {path for name in local for path in DEPLOY.glob(name.rstrip("/"))}
    return [
        path
        for path in DEPLOY.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and (path.name == "README.md" or not {path, *path.parents} & own)
    ]


def make_secrets(folder: Path) -> str:
    """Run the script; what it printed."""
    script = str(DEPLOY / "make-secrets.sh")
    done = subprocess.run(
        ["/bin/sh", script, str(folder)], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A folder of fresh secrets."""
    make_secrets(tmp_path / "secrets")
    return tmp_path / "secrets"


def environment(container: dict[str, Any], secrets: Path) -> dict[str, str]:
    """What a container is started with, its secrets in *secrets*, nothing set beside it."""
    return {
        name: OPEN.sub(r"\2", str(value)).replace("/run/secrets", str(secrets))
        for name, value in container["environment"].items()
    }


def published(container: dict[str, Any]) -> list[list[str]]:
    return [port.split(":") for port in container.get("ports", [])]


# --- the compose file ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["compose.yaml", "compose.override.example.yaml"])
def test_the_compose_file_is_one(name: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    checked = subprocess.run(
        [*command, "vendor.compose-spec", str(DEPLOY / name)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_runs_in_a_container_of_its_name(service: str) -> None:
    assert CONTAINERS[service]["command"] == f"run {service}"


@pytest.mark.parametrize("name", OURS)
def test_every_container_can_start_with_the_settings_it_is_given(
    name: str, secrets: Path
) -> None:
    settings = Settings.read(environment(OURS[name], secrets))

    assert settings.on_a_bus
    assert {settings.database_url(s).rsplit("/", 1)[1] for s in SERVICES} == set(SERVICES)
    assert settings.api_token


def test_programs_are_told_where_each_service_answers(secrets: Path) -> None:
    settings = Settings.read(environment(OURS["bianque"], secrets))

    assert {s: settings.api_url(s) for s in SERVICES} == {
        s: f"http://{s}:{settings.api_port(s)}" for s in SERVICES
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_shows_its_two_ports_on_this_machine_alone(
    service: str, secrets: Path
) -> None:
    settings = Settings.read(environment(OURS[service], secrets))
    ports = [str(settings.api_port(service)), str(settings.health_port(service))]

    assert published(CONTAINERS[service]) == [["127.0.0.1", port, port] for port in ports]


def test_nothing_is_published_beyond_this_machine() -> None:
    example = yaml.safe_load((DEPLOY / "compose.override.example.yaml").read_text("utf-8"))
    hosts = {
        port[0]
        for file in (COMPOSE, example)
        for container in file["services"].values()
        for port in published(container)
    }

    assert hosts == {"127.0.0.1"}


def test_broker_and_databases_are_on_the_inner_network_alone() -> None:
    assert COMPOSE["networks"]["bus"] == {"internal": True}
    assert [CONTAINERS[name]["networks"] for name in ("rabbitmq", "postgres")] == [["bus"]] * 2


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_is_held_to_the_least(name: str) -> None:
    container = CONTAINERS[name]

    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["logging"]["options"].keys() == {"max-size", "max-file"}
    assert container.get("user", "image") in {"rabbitmq", "postgres", "image"}


def test_services_wait_for_the_migration_and_it_for_the_servers() -> None:
    migrated = {"migrate": {"condition": "service_completed_successfully"}}
    healthy_servers = {n: {"condition": "service_healthy"} for n in ("rabbitmq", "postgres")}

    assert [CONTAINERS[s]["depends_on"] for s in SERVICES] == [migrated] * len(SERVICES)
    assert CONTAINERS["migrate"]["depends_on"] == healthy_servers
    assert CONTAINERS["migrate"]["command"] == "migrate"
    assert CONTAINERS["migrate"]["restart"] == "no"
    assert all("healthcheck" in CONTAINERS[name] for name in healthy_servers)


def test_workers_hear_for_a_service_and_open_no_port() -> None:
    workers = {n: c for n, c in CONTAINERS.items() if n.endswith("-worker")}

    assert workers
    for name, worker in workers.items():
        assert worker["command"] == f"run {name.removesuffix('-worker')}:events"
        assert worker["profiles"] == ["workers"]
        assert published(worker) == []


def test_what_may_be_left_open_stands_in_the_example_with_its_default() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    example = (DEPLOY / ".env.example").read_text(encoding="utf-8")
    given = dict(line.split("=", 1) for line in example.splitlines() if "=" in line[:30])

    assert given.pop("COMPOSE_PROJECT_NAME") == "bianque"
    assert given == dict(OPEN.findall(text))


def test_everywhere_it_is_the_same_version() -> None:
    assert (
        dict(OPEN.findall((DEPLOY / "compose.yaml").read_text("utf-8")))["VERSION"] == VERSION
    )
    assert f"ARG VERSION={VERSION}\n" in CONTAINERFILE


# --- secrets -------------------------------------------------------------------------------


def test_the_script_makes_every_secret_that_the_compose_file_names(secrets: Path) -> None:
    named = {Path(each["file"]).name for each in COMPOSE["secrets"].values()}

    assert {path.name for path in secrets.iterdir()} == named


def test_a_secret_that_is_there_stays_as_it_is(secrets: Path) -> None:
    before = {path.name: path.read_bytes() for path in secrets.iterdir()}
    (secrets / "api_token").unlink()

    said = make_secrets(secrets)

    after = {path.name: path.read_bytes() for path in secrets.iterdir()}
    assert said == "made api_token\n"
    assert [n for n in before if before[n] != after[n]] == ["api_token"]


def test_secrets_are_kept_from_others_on_the_machine_and_can_be_read_in_containers(
    secrets: Path,
) -> None:
    assert f"{secrets.stat().st_mode:o}"[-3:] == "700"
    assert {f"{path.stat().st_mode:o}"[-3:] for path in secrets.iterdir()} == {"444"}


def test_no_two_passwords_are_the_same_and_the_broker_knows_its_own(secrets: Path) -> None:
    found = {
        path.name: re.findall(r"[0-9a-f]{48}", path.read_text(encoding="utf-8"))
        for path in secrets.iterdir()
    }

    assert found["rabbitmq_login"] == found.pop("broker_url")
    assert all(len(passwords) == 1 for passwords in found.values())
    assert len({passwords[0] for passwords in found.values()}) == len(found)


def test_no_secret_and_no_address_of_a_registry_is_in_the_repository() -> None:
    lines = [
        line for path in files_of_deploy() for line in path.read_text("utf-8").splitlines()
    ]
    hosts = {host for line in lines for host in ADDRESS.findall(line)}
    foreign = {host for host in hosts if not re.match(r"[<$[({.\\]|.*\.example$", host)}
    secret = re.compile(r"[0-9a-f]{32}|BEGIN [A-Z ]*KEY|pypi|index-url", re.IGNORECASE)

    assert foreign - {*SERVICES, "127.0.0.1", "rabbitmq", "postgres"} <= OF_EXAMPLES
    assert [line for line in lines if secret.search(line)] == []


def test_secrets_and_local_settings_cannot_be_committed() -> None:
    ignored = (DEPLOY / ".gitignore").read_text(encoding="utf-8").split()
    made = {Path(each["file"]).parent.name for each in COMPOSE["secrets"].values()}

    assert {".env", "compose.override.yaml", "wheelhouse/*.whl", "policy/*"} < set(ignored)
    assert {f"{folder}/" for folder in made} < set(ignored)


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.sh")), ids=lambda path: path.name)
def test_a_script_can_be_read_by_a_plain_shell(path: Path) -> None:
    read = subprocess.run(
        ["/bin/sh", "-n", str(path)], capture_output=True, text=True, check=False
    )

    assert (read.returncode, read.stderr) == (0, "")
