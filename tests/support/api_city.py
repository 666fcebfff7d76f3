"""A small city for the public API: a thing of each kind, and the examples filled with their ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.chassis import clock
from services.chassis.settings import Settings
from services.command.one_process import OneProcess
from services.portal.store import tokens
from services.portal.web.in_process import InProcess
from services.portal.web.services import Asking, Identity, Services
from tests.services.portal_house import House, make_city

SCOPES = ("credit:read", "registry:read", "duties:read", "records:write", "complaints:write")
PLACE = re.compile(r"\{(\w+)\}")


@contextmanager
def api_city(var: Path) -> Iterator[House]:
    """The demonstration city with webhooks allowed."""
    make_city(var)
    channels = var / "channels.yaml"
    channels.write_text("webhooks:\n  private: false\n", encoding="utf-8")
    known = {"BIANQUE_VAR": str(var), "BIANQUE_CHANNELS": str(channels)}
    with OneProcess(Settings.read(known)) as platform:
        yield House(platform)


def token(house: House, *scopes: str, divisions: str = "610300", **more: Any) -> str:
    """A token's secret."""
    with house.database.transaction() as session:
        _made, secret = tokens.make(
            session,
            label="发改委信用平台",
            scopes=scopes or SCOPES,
            divisions=divisions,
            made_by="boss",
            now=clock.now(),
            **more,
        )
    return secret


def prepared(house: House) -> dict[str, str]:
    """An issued order with its paper, a published record; and the ids of one thing of each kind."""
    inside = InProcess(house.platform.apps)
    services = Services(inside.urls, house.platform.token, inside)
    chief = Asking(services, Identity("chief-zhao", "chief", "610300"))
    coordinator = Asking(services, Identity("sun", "coordinator", "610300"))
    warning = chief.get("inspection", "/warnings", colour="red", limit=1)["items"][0]
    order = chief.send(
        "POST",
        "inspection",
        "/orders/of-warnings",
        json={"warning_ids": [warning["warning_id"]]},
    )
    path = f"/orders/{order['order_id']}"
    chief.send("POST", "inspection", f"{path}/issue", json={"officers": ["li", "wang"]})
    paper = chief.send("POST", "inspection", f"{path}/documents", json={"kind": "order"})
    item = coordinator.get("credit", "/public/lists/bad-information", limit=1)["items"][0]
    record = _recorded(coordinator, item["enterprise_id"])
    [(number,)] = house.rows(
        "registry",
        "SELECT number FROM object WHERE kind = 'equipment' AND number IS NOT NULL LIMIT 1",
    )
    services.close()
    return {
        "enterprise_id": item["enterprise_id"],
        "item_id": item["id"],
        "entry_id": item["id"],
        "record_id": record["id"],
        "warning_id": warning["warning_id"],
        "object_id": warning["object_id"],
        "order_id": order["order_id"],
        "code": paper["code"],
        "number": number,
    }


def _recorded(coordinator: Asking, enterprise_id: str) -> dict[str, Any]:
    """A published one: another department sees no draft."""
    body = {
        "enterprise_id": enterprise_id,
        "kind": "qualification",
        "source": "department",
        "content": {"content": "通过年度核查", "basis": "公告", "authority": "宝鸡市某局"},
        "grounds": [
            {"kind": "source_document", "on": clock.today().isoformat(), "words": "见公告"}
        ],
    }
    made: dict[str, Any] = coordinator.send("POST", "credit", "/records", json=body)
    published: dict[str, Any] = coordinator.send(
        "POST", "credit", f"/records/{made['id']}/publication"
    )
    return published


def filled(example: Any, known: dict[str, str]) -> Any:
    """An example with `{enterprise_id}` and the like put in."""
    if isinstance(example, dict):
        return {name: filled(value, known) for name, value in example.items()}
    if isinstance(example, str):
        return PLACE.sub(lambda found: known[found[1]], example)
    return example
