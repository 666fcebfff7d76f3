"""普查计划的修订: each change is a new version, made of the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from services.registry.rules.census.words import SURVEYED_KINDS, PlanLine


class PlanBroken(ValueError):
    """A plan that cannot be made. *code* never changes."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def planned_anew(
    before: Iterable[PlanLine], stated: Iterable[PlanLine], *, grids: Collection[str]
) -> list[PlanLine]:
    """新版计划: 写明的网格和类别以新数为准, 没有写的沿用上一版; 计划数为零即取消.

    Raises PlanBroken.
    """
    lines = {(line.grid, line.kind): line for line in before}
    seen: set[tuple[str, str]] = set()
    for line in stated:
        place = (line.grid, line.kind)
        if line.grid not in grids:
            raise PlanBroken("grid_unknown", f"没有网格 {line.grid}; 先把网格划好再下计划")
        if line.kind not in SURVEYED_KINDS:
            raise PlanBroken("kind_not_surveyed", f"{line.kind.value} 不在普查之列")
        if place in seen:
            raise PlanBroken(
                "planned_twice", f"网格 {line.grid} 的 {line.kind.value} 写了两次, 每类只写一行"
            )
        seen.add(place)
        lines[place] = line
    return sorted(line for line in lines.values() if line.planned)
