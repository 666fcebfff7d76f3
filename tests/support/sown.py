"""A city of enterprises, and one in ten of them again as another source may write it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from services.chassis import clock, outbox
from services.chassis.database import Database, insert_all
from services.demo.owners import Owners
from services.registry.store.tables import EnterpriseRow

SLICE = 5000
Pair = frozenset[UUID]


def sow(database: Database, *, many: int, seed: int) -> set[Pair]:
    """Write the demonstration city's enterprises and their doubles. Returns the true pairs."""
    sown: set[Pair] = set()
    rows: list[dict[str, Any]] = []
    for right, double in _enterprises(many, seed):
        rows.append(right)
        if double is not None:
            rows.append(double)
            sown.add(frozenset((right["id"], double["id"])))
        if len(rows) >= SLICE:
            _write(database, rows)
            rows.clear()
    _write(database, rows)
    return sown


def _write(database: Database, rows: list[dict[str, Any]]) -> None:
    with database.transaction() as session:
        insert_all(session, EnterpriseRow.__table__, rows)


def _enterprises(
    many: int, seed: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    dice, owners = Random(seed), Owners(seed, date(2013, 12, 13))
    for index in range(many):
        owner = owners.owner(index, owners.chance(index))
        facts = {"name": owner.name, "division": owner.district.code, "address": owner.address}
        right = _row(dice, **facts, uscc=owner.uscc)
        if index % 10:
            yield right, None
            continue
        wrong: dict[str, Any] = facts | {"name": _slip(owner.name, dice)}
        if dice.random() < 0.3:
            wrong["address"] = None
        yield right, _row(dice, **wrong, uscc=None)


def _slip(name: str, dice: Random) -> str:
    """Wide letters, a form left out, or one character wrong, missing or twice."""
    at = dice.randrange(3, len(name) - 4)
    return dice.choice(
        (
            name[:at] + dice.choice("盛胜泰太兴新") + name[at + 1 :],
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name.replace("有限责任公司", "有限公司"),
        )
    )


def _row(dice: Random, **facts: Any) -> dict[str, Any]:
    return {
        "id": UUID(int=dice.getrandbits(128), version=4),
        "source": "test",
        "status": "active",
        "revision": outbox.revision_after(None),
        "updated_at": clock.now(),
        **facts,
    }
