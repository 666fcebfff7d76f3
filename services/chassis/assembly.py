"""A service put together: its class, its database, its policy, the settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from services.chassis import workdays
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.chassis.sealing import KeysBroken, Seals, kept_in
from services.chassis.settings import SettingBroken, Settings


def assemble(service_class: type, settings: Settings) -> Any:
    """An instance of a service class, ready to be called by whatever bus there is.

    A bureau's own numbers lie in BIANQUE_VAR/policy: <service>.yaml over the service's policy,
    working_days.csv over the table of working days.
    """
    workdays.follow(own_working_days(settings))
    service = service_class()
    name = service_class.name  # type: ignore[attr-defined]
    service.settings = settings
    service.database = open_database(name, settings)
    folder = folder_of(service_class)
    if (folder / "policy.yaml").is_file():
        own = settings.var / "policy" / f"{name}.yaml"
        service.policy = Policy.read(
            folder / "policy.yaml", settings.profile, overrides=own if own.is_file() else None
        )
    if "seals" in service_class.__annotations__:
        service.seals = seals_of(settings)
    if hasattr(service, "check"):  # what only the service can judge stops it here, with words
        service.check()
    return service


def seals_of(settings: Settings) -> Seals:
    """The keys that were set; else some made here once. Raises SettingBroken."""
    try:
        if settings.personal_keys:
            return Seals.parse(settings.personal_keys)
        if not settings.on_a_bus:
            return kept_in(settings.var / "personal-keys")
    except KeysBroken as broken:
        raise SettingBroken(
            f"BIANQUE_PERSONAL_KEYS: {broken}. See deploy/settings.md."
        ) from None
    raise SettingBroken(
        "BIANQUE_PERSONAL_KEYS is not set: beside a broker several processes seal with the same "
        "keys, and a key that only one machine has would be lost with it. Make one "
        "(k1: and what `openssl rand -hex 32` prints), keep a copy apart from the databases, "
        "and set it. See deploy/settings.md."
    )


def own_working_days(settings: Settings) -> Path:
    """Where a bureau keeps the notices that came after the shipped calendar."""
    return settings.var / "policy" / "working_days.csv"


def open_database(name: str, settings: Settings) -> Database:
    """The database of one service by its name."""
    url = settings.database_url(name)
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return Database(url, source=f"/{settings.bureau}/{name}")


def folder_of(service_class: type) -> Path:
    """Where the service's policy and migrations lie."""
    return Path(str(sys.modules[service_class.__module__].__file__)).parent
