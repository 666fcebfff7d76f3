"""The search box finds whatever a plain scan finds, page by page, within the scope."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, select, update

from services.chassis.api import create_app
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.registry.api import blueprint
from services.registry.handlers import finding
from services.registry.service import RegistryService
from services.registry.store.tables import (
    EnterpriseRow,
    ExportRow,
    SearchEntryRow,
)
from tests.services.registry_stories import (
    ELEVATORS,
    ENTERPRISES,
    POLICY,
    TODAY,
    Registry,
    Urls,
    elevator,
    enterprise,
    opened,
    uscc,
)

TOKEN = "the installation's secret"  # noqa: S105 - a test's own


NAMES = (
    "宝鸡鹏盛钛业有限公司",
    "宝鸡市鹏升机械有限责任公司",
    "重庆长乐食品厂",
    "ＡＢＢ（宝鸡）电气有限公司",
    "岐山县=1+1擀面皮店",
)


class Clerk:
    """Somebody at a desk with a search box."""

    def __init__(self, service: RegistryService) -> None:
        self.client = create_app(service, TOKEN, blueprint(service)).test_client()

    def get(
        self, path: str, *, scope: str = "610300", who: str = "zhangsan", **asked: str
    ) -> Any:
        return self.client.get(path, query_string=asked, headers=_headers(scope, who))

    def post(self, path: str, *, scope: str = "610300", **body: Any) -> Any:
        return self.client.post(path, json=body, headers=_headers(scope, "zhangsan"))

    def names(self, text: str, **asked: str) -> list[str]:
        answer = self.get("/search", text=text, **asked)
        assert answer.status_code == 200, answer.get_json()
        return sorted(one.get("name") or one["label"] for one in answer.get_json()["items"])


def _headers(scope: str, who: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {TOKEN}",
        "X-Bianque-Scope": scope,
        "X-Bianque-Caller": who,
    }


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    return Registry(database, tmp_path)


@pytest.fixture
def clerk(database: Database, registry: Registry) -> Clerk:
    service = RegistryService()
    service.policy = POLICY
    service.database = database
    service.settings = replace(Settings.read({}), bureau="610300")
    rows = [enterprise(number, 名称=name) for number, name in enumerate(NAMES)]
    rows[4]["区县"] = "610323"
    registry.take(rows, ENTERPRISES)
    owned = {"单位编号": uscc(0), "单位": NAMES[0]}
    by_code = ELEVATORS.replace("owner.key: 单位编号", "owner.uscc: 单位编号")
    registry.take([elevator(n, 区县="610323", **owned) for n in (1, 2, 23)], by_code)
    return Clerk(service)


def test_a_part_of_a_name_is_enough_from_two_characters_on(clerk: Clerk) -> None:
    assert clerk.names("鹏盛") == [NAMES[0]]
    assert clerk.names("宝鸡") == sorted([NAMES[0], NAMES[1], NAMES[3]])
    assert clerk.names("有限公司") == sorted([NAMES[0], NAMES[3]])
    assert clerk.names("鹏升机械有限责任公司") == [NAMES[1]]
    assert clerk.names("盛鹏") == []


def test_width_and_case_and_marks_do_not_matter(clerk: Clerk) -> None:
    assert clerk.names("abb") == clerk.names("ＡＢＢ(宝鸡)") == [NAMES[3]]
    assert clerk.names("1+1") == clerk.names("１１") == [NAMES[4]]


def test_first_letters_lead_to_a_name_in_any_reading(clerk: Clerk) -> None:
    assert clerk.names("bjps") == [NAMES[0]]
    assert clerk.names("cqcl") == clerk.names("zqcl") == [NAMES[2]]


def test_a_code_is_found_whole_and_by_its_beginning(clerk: Clerk) -> None:
    assert clerk.names(uscc(2)) == [NAMES[2]]
    assert clerk.names(uscc(2)[:16].lower()) == [NAMES[2]]
    assert clerk.names("91610303Y") == sorted(NAMES)


def test_an_object_is_found_by_the_beginning_of_its_number(clerk: Clerk) -> None:
    assert clerk.names("E00023") == ["23号电梯"]
    assert sorted(clerk.names("e0000")) == ["1号电梯", "2号电梯"]
    [found] = clerk.get("/search", text="E00023").get_json()["items"]
    assert (found["what"], found["enterprise"], found["kind"]) == (
        "object",
        NAMES[0],
        "equipment",
    )


def test_a_former_name_is_kept_and_found(clerk: Clerk, registry: Registry) -> None:
    registry.take([enterprise(0, 名称="宝鸡金盛钛业有限公司")], ENTERPRISES)

    assert clerk.names("鹏盛") == clerk.names("金盛") == ["宝鸡金盛钛业有限公司"]
    [found] = clerk.get("/search", text="金盛").get_json()["items"]
    assert found["former_names"] == [NAMES[0]]


def test_filters_narrow_it_down(clerk: Clerk) -> None:
    assert clerk.names("宝鸡", division="610323") == []
    assert clerk.names("擀面皮", division="610323") == [NAMES[4]]
    assert clerk.names("宝鸡", status="closed") == []
    assert clerk.names("E000", kind="enterprise") == []
    assert clerk.names("E00001", kind="instrument") == []
    assert clerk.names("宝鸡", kind="equipment") == []
    assert clerk.names("宝鸡", industry="C") == []


def test_the_scope_holds_for_names_codes_and_numbers(clerk: Clerk) -> None:
    assert clerk.names("擀面皮", scope="610303") == []
    assert clerk.names("鹏盛", scope="610323") == [NAMES[0]]
    assert clerk.names("鹏盛", scope="610302") == []
    assert clerk.names(uscc(0), scope="610302") == []
    assert clerk.names("E00001", scope="610303") == []


def test_pages_follow_each_other_through_enterprises_and_objects(clerk: Clerk) -> None:
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = clerk.get("/search", text="00", limit="2", **after).get_json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}

    whole = clerk.get("/search", text="00", limit="200").get_json()
    assert seen == [one["id"] for one in whole["items"]]
    assert len(seen) == len(set(seen)) == whole["total"]


def test_a_page_goes_on_where_it_was_though_something_came_in_before(
    clerk: Clerk, registry: Registry
) -> None:
    first = clerk.get("/search", text="宝鸡", limit="2").get_json()
    registry.take(
        [enterprise(number, 名称=f"宝鸡新来{number}厂") for number in (7, 8)], ENTERPRISES
    )
    registry.take([enterprise(1, 名称="宝鸡改名机械厂")], ENTERPRISES)

    rest = clerk.get("/search", text="宝鸡", limit="9", after=first["next"]).get_json()

    ids = [one["id"] for page in (first, rest) for one in page["items"]]
    assert len(ids) == len(set(ids)) == 5


def test_a_total_is_counted_up_to_a_bound(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = clerk.get("/search", text="宝鸡").get_json()
    for module in ("services.registry.store.search.asking", "services.registry.api.search"):
        monkeypatch.setattr(f"{module}.COUNTED", 2)
    bounded = clerk.get("/search", text="宝鸡").get_json()

    assert (exact["total"], exact["total_in_words"]) == (3, "3")
    assert (bounded["total"], bounded["total_in_words"]) == (2, "2+")


def test_what_finds_too_much_or_is_no_question_is_refused(clerk: Clerk) -> None:
    for asked, code in (
        ({"text": "宝"}, "too_short"),
        ({"text": "%_ "}, "too_short"),
        ({"text": "宝鸡", "after": "x-1"}, "cursor_wrong"),
        ({"text": "宝鸡", "after": "e-x"}, "cursor_wrong"),
        ({"text": "宝鸡", "division": "宝鸡"}, "division_wrong"),
        ({"text": "宝鸡", "kind": "ship"}, "fields_wrong"),
        ({}, "fields_wrong"),
    ):
        answer = clerk.get("/search", **asked)
        assert (answer.status_code, answer.get_json()["code"]) == (422, code), asked


def test_whoever_was_merged_is_found_with_whom_he_stands_under(clerk: Clerk) -> None:
    both = [clerk.get("/search", text=t).get_json()["items"][0] for t in ("鹏盛", "鹏升")]
    merge = {"enterprise_ids": [one["id"] for one in both], "survivor_id": both[0]["id"]}
    clerk.post("/merges", reason="同一企业", **merge)

    found = clerk.get("/search", text="鹏升").get_json()["items"]

    assert [(one["id"], one["stands_under"]) for one in found] == [
        (both[1]["id"], both[0]["id"])
    ]


def test_building_the_index_again_finds_the_same_and_drops_what_is_gone(
    clerk: Clerk, database: Database
) -> None:
    before = clerk.get("/search", text="宝鸡").get_json()
    with database.transaction() as session:
        session.execute(delete(EnterpriseRow).where(EnterpriseRow.name == NAMES[2]))

    refused = clerk.post("/search/index")
    answer = clerk.post("/search/index", scope="*")

    assert refused.status_code == 403
    assert answer.get_json() == {"entries": 4 + 3}
    assert clerk.get("/search", text="宝鸡").get_json() == before
    with database.reading() as session:
        assert len(session.scalars(select(SearchEntryRow.position)).all()) == 4


def test_what_somebody_else_renamed_is_followed(clerk: Clerk, database: Database) -> None:
    with database.transaction() as session:
        renamed = update(EnterpriseRow).where(EnterpriseRow.name == NAMES[2])
        newer = {"name": "重庆永乐食品厂", "revision": EnterpriseRow.revision + 1}
        session.execute(renamed.values(**newer))

    assert finding.follow_names(database) == 1
    assert finding.follow_names(database) == 0
    assert clerk.names("永乐") == clerk.names("长乐") == ["重庆永乐食品厂"]


def test_a_list_is_taken_away_defused_and_it_is_noted_who_did(
    clerk: Clerk, database: Database, registry: Registry
) -> None:
    registry.take(
        [enterprise(9, 名称='=HYPERLINK("http://x")宝鸡', 住所="@SUM(A1)")], ENTERPRISES
    )

    answer = clerk.post("/search/exports", text="宝鸡")
    made = answer.get_json()
    table = clerk.get(f"/search/exports/{made['id']}", format="csv")
    book = clerk.get(f"/search/exports/{made['id']}")

    assert (answer.status_code, made["rows"]) == (201, 4)
    rows = list(csv.reader(io.StringIO(table.get_data().decode("utf-8-sig"))))
    assert sorted((row[1], row[4]) for row in rows[1:]) == [
        ('\'=HYPERLINK("http://x")宝鸡', "'@SUM(A1)"),
        *sorted((name, "") for name in (NAMES[0], NAMES[1], NAMES[3])),
    ]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.get_data())).get_sheet_by_index(0)
    assert sheet.to_python() == rows
    with database.reading() as session:
        [kept] = session.scalars(select(ExportRow))
        session.expunge(kept)
    assert (kept.made_by, kept.scope, kept.asked, kept.rows) == (
        "zhangsan",
        "610300",
        {"text": "宝鸡"},
        4,
    )


def test_a_list_is_for_whoever_made_it(clerk: Clerk) -> None:
    made = clerk.post("/search/exports", text="宝鸡", scope="610323").get_json()

    other = clerk.get(f"/search/exports/{made['id']}", who="lisi")
    nobodys = clerk.get(f"/search/exports/{uuid4()}")
    own = clerk.get(f"/search/exports/{made['id']}", format="csv", scope="*")

    assert (other.status_code, nobodys.status_code) == (404, 404)
    assert len(own.get_data().decode().splitlines()) == 2
