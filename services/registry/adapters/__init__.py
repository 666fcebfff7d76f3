"""接入的五个系统: for each linked system its mappings and a sample in its own shape.

A folder for each system, a mapping for each of its tables, `sample.*` beside it. What each
brings and where it deceives is in docs/adapters.md.
"""

from __future__ import annotations

from pathlib import Path

SYSTEMS = ("metrology", "quality", "fibre", "special", "codes")
_HERE = Path(__file__).parent


class UnknownTable(Exception):
    """No linked system has such a table."""


def tables(system: str) -> tuple[str, ...]:
    """The tables that a system states. Raises UnknownTable."""
    if system not in SYSTEMS:
        raise UnknownTable(f"没有接入名为“{system}”的系统;有: {'、'.join(SYSTEMS)}")
    return tuple(sorted(path.stem for path in (_HERE / system).glob("*.yaml")))


def mapping_text(system: str, table: str) -> str:
    """The mapping of one table. Raises UnknownTable."""
    known = tables(system)
    if table not in known:
        raise UnknownTable(f"{system} 没有名为“{table}”的表;有: {'、'.join(known)}")
    return (_HERE / system / f"{table}.yaml").read_text(encoding="utf-8")


def sample_of(system: str, table: str) -> Path:
    """A file in the system's own shape. Raises UnknownTable."""
    mapping_text(system, table)
    return next((_HERE / system).glob(f"{table}.sample.*"))
