"""What the site is called and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

import yaml

from services.chassis.settings import SettingBroken


@dataclass(frozen=True)
class Site:
    """Shown at the head and at the foot of every page （国办发〔2017〕47号）."""

    name: str = "扁鹊 · 质量安全监管"
    public_name: str = "产品质量信用公示"
    bureau_name: str = "市场监督管理局"
    organiser: str = "市场监督管理局"
    icp: str = ""
    identifier: str = ""
    police_number: str = ""
    emergency_telephone: str = "96333"
    complaint_telephone: str = "12315"
    demonstration: bool = False


def read(path: Path | None) -> Site:
    """From the file that BIANQUE_SITE names. Raises SettingBroken, which names the place."""
    if path is None:
        return Site()
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise SettingBroken(f"BIANQUE_SITE: {path} cannot be read: {error}") from None
    known = {field.name: field.type for field in fields(Site)}
    if not isinstance(found, dict) or (unknown := sorted(set(found) - set(known))):
        names = ", ".join(known)
        raise SettingBroken(f"BIANQUE_SITE: {path} may name {names}, not {unknown}")
    return replace(Site(), **found)
