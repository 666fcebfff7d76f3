"""The profiles of policy values that an installation can choose from: data/profiles.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


class UnknownProfile(LookupError):
    """No profile has this name; the message lists those that exist."""

    code = "policy_profile_unknown"


@dataclass(frozen=True)
class Profile:
    """One way of supervising. A name for a set of values; no code asks which one it is."""

    name: str
    label: str
    meaning: str


@cache
def profiles() -> Mapping[str, Profile]:
    """All profiles by name."""
    path = Path(__file__).parent / "data" / "profiles.yaml"
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Profile(name, **described) for name, described in listed.items()}


def profile(name: str) -> Profile:
    """One profile. Raises UnknownProfile."""
    if name not in profiles():
        known = ", ".join(f"{each.name} ({each.label})" for each in profiles().values())
        raise UnknownProfile(f"没有取值方案 {name}; 可用: {known}")
    return profiles()[name]
