"""Objects in the search box: by any part of a number or a label, as much as a plain scan finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from sqlalchemy import delete, insert, select, update

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.scope import Scope
from services.registry.handlers import finding
from services.registry.rules import searching
from services.registry.store.search import objects
from services.registry.store.search.narrowing import Asked
from services.registry.store.tables import FollowedRow, ObjectRow, ObjectWordsRow
from tests.services.registry_clerk import Clerk, a_clerk
from tests.services.registry_stories import (
    ELEVATORS,
    TODAY,
    Registry,
    Urls,
    elevator,
    opened,
)

EVERYTHING = Scope(frozenset({"*"}))
NUMBERED = ELEVATORS.replace(
    "  label: 名称\n", "  label: 名称\n  number: 代码\n  filing_number: 登记证\n"
)
PEOPLE = """
mapping: 1
source: special
kind: operator
columns: {key: 证号, holder: 姓名, class_code: 项目, owner.key: 单位编号, owner.name: 单位}
constants: {division: "610303"}
"""
CODE, FILING = "31101061020130023", "梯11陕C0815(13)"


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    registry = Registry(database, tmp_path)
    registry.take_table(
        [
            row(1, 名称="东院一号客梯", 代码=CODE, 登记证=FILING),
            row(2, 名称="西院ＫＴ-2 货梯", 代码="31201061020130042", 登记证="梯12陕C0042(13)"),
            row(3, 名称="南楼客梯", 区县="610323"),
        ],
        NUMBERED,
    )
    return registry


@pytest.fixture
def clerk(database: Database, registry: Registry) -> Clerk:
    finding.follow_objects(database)
    return a_clerk(database)


def row(number: int, **changes: str) -> dict[str, str]:
    """Every column of the table, whatever the row states."""
    names = ("类别", "区县", "状态", "投用", "下次", "代码", "登记证")
    return dict.fromkeys(names, "") | elevator(number, **changes)


def labels(clerk: Clerk, text: str, more: str = "", **how: str) -> list[str]:
    answer = clerk.get(f"/search?text={text}{more}", **how)
    assert answer.status_code == 200, answer.get_json()
    return sorted(one["label"] for one in answer.get_json()["items"] if "label" in one)


@pytest.mark.parametrize(
    "text",
    [
        CODE,  # whole
        "3110106",  # the beginning
        "130023",  # the end, 尾号
        "6102013002",  # the middle
        "C0815",
        "c0815",
        "陕C0815",
        "梯11陕Ｃ0815（13）",
        "815(13",
        "东院一号",
        "院一",
        "E00001",
        "0001",
    ],
)
def test_any_part_of_a_number_or_a_label_finds_it(clerk: Clerk, text: str) -> None:
    assert labels(clerk, text) == ["东院一号客梯"]


def test_width_case_blanks_and_marks_do_not_matter(clerk: Clerk) -> None:
    for text in ("kt2货梯", "KT-2 货", "ｋｔ２"):
        assert labels(clerk, text) == ["西院ＫＴ-2 货梯"]


def test_a_part_does_not_reach_from_one_number_into_the_next(clerk: Clerk) -> None:
    assert labels(clerk, "客梯3110") == []
    assert labels(clerk, "0023E") == []


def test_what_narrows_the_box_down_narrows_objects_down(clerk: Clerk) -> None:
    assert labels(clerk, "客梯") == ["东院一号客梯", "南楼客梯"]
    assert labels(clerk, "客梯", "&division=610323") == ["南楼客梯"]
    assert labels(clerk, "客梯", "&kind=instrument") == []
    assert labels(clerk, "客梯", "&kind=enterprise") == []
    assert labels(clerk, "客梯", "&status=scrapped") == []
    assert labels(clerk, "客梯", scope="610323") == ["南楼客梯"]
    assert labels(clerk, "客梯", scope="610302") == []


def test_pages_follow_each_other_and_the_total_is_right(clerk: Clerk) -> None:
    whole = clerk.get("/search?text=610&limit=200").get_json()
    seen, after = [], ""
    while True:
        page = clerk.get(f"/search?text=610&limit=1{after}").get_json()
        seen += page["items"]
        assert page["total"] == whole["total"] == 2
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert seen == whole["items"]


def test_the_beginning_is_found_before_the_words_are_written(
    registry: Registry, database: Database
) -> None:
    clerk = a_clerk(database)
    before = labels(clerk, "3110106"), labels(clerk, "130023")

    finding.follow_objects(database)

    assert before == (["东院一号客梯"], [])
    assert labels(clerk, "130023") == ["东院一号客梯"]


def test_a_change_is_followed_and_what_it_was_is_not_found(
    registry: Registry, clerk: Clerk, database: Database
) -> None:
    registry.take_table([row(1, 名称="北门扶梯", 代码=CODE, 登记证=FILING)], NUMBERED)
    followed = [finding.follow_objects(database) for _ in range(2)]

    assert followed == [1, 0]
    assert (labels(clerk, "东院"), labels(clerk, "北门")) == ([], ["北门扶梯"])
    assert labels(clerk, "130023") == ["北门扶梯"]


def test_what_was_committed_late_is_followed_too(clerk: Clerk, database: Database) -> None:
    """A long import numbers its changes early and commits them after others."""
    with database.transaction() as session:
        session.execute(update(FollowedRow).values(revision=FollowedRow.revision + 60_000_000))
        late = update(ObjectRow).where(ObjectRow.key == "E00002")
        session.execute(late.values(label="迟到的梯", revision=ObjectRow.revision + 1))

    finding.follow_objects(database)
    assert labels(clerk, "迟到") == ["迟到的梯"]


def test_building_it_again_finds_the_same_and_drops_what_is_gone(
    clerk: Clerk, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(delete(ObjectRow).where(ObjectRow.key == "E00003"))
        session.execute(update(ObjectWordsRow).values(words="错"))

    answer = clerk.post("/search/index", {}, scope="*")
    with database.reading() as session:
        kept = len(session.scalars(select(ObjectWordsRow.object_id)).all())
    assert (answer.get_json(), kept) == ({"entries": 3 + 2}, 2)
    assert labels(clerk, "客梯") == ["东院一号客梯"]


def test_certificates_of_people_are_not_among_the_words(
    registry: Registry, clerk: Clerk, database: Database
) -> None:
    person = {"证号": "11010519491231002X", "姓名": "王小明", "项目": "N1"}
    registry.take_table([person | {"单位编号": "U9", "单位": "丁厂"}], PEOPLE)
    finding.follow_objects(database)

    for text in ("002X", "1101", "N1"):
        assert [one for one in labels(clerk, text) if "王" in one] == []
    with database.reading() as session:
        assert len(session.scalars(select(ObjectWordsRow.object_id)).all()) == 3


def test_a_list_taken_away_holds_them(clerk: Clerk) -> None:
    made = clerk.post("/search/exports", {"text": "客梯"}).get_json()
    table = clerk.get(f"/search/exports/{made['id']}?format=csv").get_data(as_text=True)

    assert made["rows"] == 2
    assert "东院一号客梯" in table
    assert "南楼客梯" in table


# as much as a plain scan

CHARACTERS = "0123梯陕EＥe(（）)- %_锅"
made_up = st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=12)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_nothing_is_missed_that_a_plain_scan_finds(database: Database, data: Any) -> None:
    things = data.draw(st.lists(st.tuples(made_up, made_up), min_size=1, max_size=8))
    ids = _recorded(database, things)
    of = data.draw(st.sampled_from([line for each in things for line in each]))
    text = of[data.draw(st.integers(0, 6)) :][: data.draw(st.integers(2, 6))]
    part = searching.plain(text)
    assume(len(part) >= 2)

    with database.reading() as session:
        found = objects.page(session, Asked(text=text), scope=EVERYTHING, after=None, limit=99)

    plainly = {
        key
        for key, lines in zip(ids, things, strict=True)
        if any(part in searching.plain(line) for line in lines)
    }
    assert {one["id"] for one in found} >= plainly
    assert {
        key
        for key, lines in zip(ids, things, strict=True)
        if any(text in line for line in lines)
    } <= {one["id"] for one in found}


def _recorded(database: Database, things: list[tuple[str, str]]) -> list[UUID]:
    """Objects of these labels and numbers."""
    ids = [uuid4() for _ in things]
    with database.transaction() as session:
        for table in (ObjectRow, ObjectWordsRow):
            session.execute(delete(table))
        rows = [_object(key, *lines) for key, lines in zip(ids, things, strict=True)]
        session.execute(insert(ObjectRow), rows)
        objects.follow(session, since=0)
    return ids


def _object(key: UUID, label: str, number: str) -> dict[str, Any]:
    return {
        "id": key,
        "kind": "equipment",
        "source": "test",
        "key": number,
        "number": number,
        "class_code": "3000",
        "label": label,
        "enterprise_id": UUID(int=0),
        "division": "610303",
        "status": "in_use",
        "digest": "0",
        "revision": 1,
        "updated_at": clock.now(),
    }
