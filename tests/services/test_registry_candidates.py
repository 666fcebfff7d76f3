"""Who may be the same is proposed, decided once, and asked again only when facts have changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.registry.api import blueprint
from services.registry.handlers import resembling
from services.registry.service import RegistryService
from tests.services.registry_stories import (
    ELEVATORS,
    ENTERPRISES,
    POLICY,
    SEALS,
    TODAY,
    Registry,
    Urls,
    elevator,
    enterprise,
    opened,
)
from tests.support.sown import Pair, sow

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
RIGHT, SLIPPED = "宝鸡鹏盛钛业有限公司", "宝鸡鹏胜钛业有限公司"


class Registrar:
    """A person who is asked which files are of one enterprise."""

    def __init__(self, service: RegistryService) -> None:
        self.service = service
        self.client = create_app(service, TOKEN, blueprint(service)).test_client()

    def get(self, path: str, *, scope: str = "610300") -> Any:
        return self.client.get(path, headers=_headers(scope))

    def post(self, path: str, *, scope: str = "610300", **body: Any) -> Any:
        return self.client.post(path, json=body, headers=_headers(scope))

    def asked(self, state: str = "proposed", **scope: str) -> list[dict[str, Any]]:
        """What there is to decide, after everything that changed was compared."""
        resembling.find_all(self.service.database, policy=POLICY)
        answer = self.get(f"/identity/candidates?state={state}", **scope)
        found: list[dict[str, Any]] = answer.get_json()["items"]
        return found


def _headers(scope: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {TOKEN}",
        "X-Bianque-Scope": scope,
        "X-Bianque-Caller": "registrar",
    }


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    """One with a credit code; another source knows it by its own key, with a slip."""
    registry = Registry(database, tmp_path)
    registry.take([enterprise(1, 名称=RIGHT), enterprise(2, 名称="岐山臊子面店")], ENTERPRISES)
    registry.take([elevator(1, 单位=SLIPPED)], ELEVATORS)
    return registry


@pytest.fixture
def registrar(database: Database, registry: Registry) -> Registrar:
    service = RegistryService()
    service.database, service.policy = database, POLICY
    service.seals = SEALS
    service.settings = replace(Settings.read({}), bureau="610300")
    return Registrar(service)


def test_a_slip_is_proposed_with_the_reason_in_words(registrar: Registrar) -> None:
    [found] = registrar.asked()

    assert {one["name"] for one in found["enterprises"]} == {RIGHT, SLIPPED}
    assert found["why"] == "名称相差一字; 同一区县"
    assert registrar.asked() == [found]


def test_merged_by_a_person_it_is_asked_no_more(
    registrar: Registrar, registry: Registry
) -> None:
    [found] = registrar.asked()

    answer = registrar.post(f"/identity/candidates/{found['id']}/merge")
    again = registrar.post(f"/identity/candidates/{found['id']}/merge")

    assert answer.status_code == 201
    with_code = next(one["id"] for one in found["enterprises"] if one["uscc"])
    assert answer.get_json()["survivor_id"] == with_code
    assert (again.status_code, again.get_json()["code"]) == (409, "merged_already")
    assert registrar.asked() == []
    [decided] = registrar.asked("merged")
    assert (decided["decided_by"], decided["merge_id"]) == (
        "registrar",
        answer.get_json()["merge_id"],
    )
    assert registry.said()[-1]["type"] == "registry.enterprises_merged.v1"


def test_kept_apart_stays_so_until_the_facts_change(
    registrar: Registrar, registry: Registry
) -> None:
    [found] = registrar.asked()

    registrar.post(f"/identity/candidates/{found['id']}/keep-apart", reason="两家")
    registry.take([enterprise(1, 名称=RIGHT, 责任人="somebody")], ENTERPRISES)
    assert registrar.asked() == []
    assert [one["reason"] for one in registrar.asked("apart")] == ["两家"]

    registry.take([enterprise(1, 名称=RIGHT, 住所="高新大道1号")], ENTERPRISES)
    assert [one["id"] for one in registrar.asked()] == [found["id"]]


def test_what_was_merged_and_undone_is_kept_apart(registrar: Registrar) -> None:
    [found] = registrar.asked()
    merge = registrar.post(f"/identity/candidates/{found['id']}/merge").get_json()

    registrar.post(f"/merges/{merge['merge_id']}/undo", reason="两家")

    assert registrar.asked() == []
    assert [one["id"] for one in registrar.asked("apart")] == [found["id"]]


def test_what_is_no_longer_alike_is_asked_no_more(
    registrar: Registrar, registry: Registry
) -> None:
    assert len(registrar.asked()) == 1

    registry.take([enterprise(1, 名称=RIGHT, 区县="610302")], ENTERPRISES)

    assert registrar.asked() == []


def test_only_what_has_changed_is_compared(registrar: Registrar, registry: Registry) -> None:
    assert resembling.find_all(registrar.service.database, policy=POLICY) == 3
    assert resembling.find_all(registrar.service.database, policy=POLICY) == 0

    registry.take([enterprise(2, 名称="岐山擀面皮店")], ENTERPRISES)

    assert resembling.find_all(registrar.service.database, policy=POLICY) == 1


def test_who_does_not_cover_both_is_not_asked_and_decides_nothing(registrar: Registrar) -> None:
    [found] = registrar.asked()

    assert registrar.asked(scope="610302") == []
    for act in ("merge", "keep-apart"):
        path = f"/identity/candidates/{found['id']}/{act}"
        answer = registrar.post(path, scope="610302")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "no_such_candidate")


def test_what_is_not_there_or_not_one_of_the_two_is_refused(registrar: Registrar) -> None:
    [found] = registrar.asked()
    nobody = registrar.post(f"/identity/candidates/{uuid4()}/merge")
    neither = registrar.post(
        f"/identity/candidates/{found['id']}/merge", survivor_id=str(uuid4())
    )

    assert (nobody.status_code, nobody.get_json()["code"]) == (404, "no_such_candidate")
    assert (neither.status_code, neither.get_json()["code"]) == (409, "survivor_is_neither")


# the demonstration city with duplicates sown into it


def test_sown_duplicates_come_up_and_hardly_anything_else(database: Database) -> None:
    """Names of the city differ by a character anyway: what is found beside the sown is counted."""
    sown = sow(database, many=600, seed=20131213)

    resembling.find_all(database, policy=POLICY)

    service = RegistryService()
    service.database, service.policy, service.seals = database, POLICY, SEALS
    found = _pairs(Registrar(service))
    hits = len(found & sown)
    assert hits / len(sown) >= 0.97
    assert hits / len(found) >= 0.9


def _pairs(registrar: Registrar) -> set[Pair]:
    found: set[Pair] = set()
    path = "/identity/candidates?limit=200"
    while True:
        page = registrar.get(path).get_json()
        found |= {
            frozenset(UUID(one["id"]) for one in each["enterprises"]) for each in page["items"]
        }
        if page["next"] is None:
            return found
        path = f"/identity/candidates?limit=200&after={page['next']}"
