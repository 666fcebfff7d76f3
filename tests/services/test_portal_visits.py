"""A visit's record on the page: what is refused, what somebody else had saved before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest

from services.portal.model import Role
from tests.services.portal_house import House, house_of, make_city

LI, WANG = "li", "wang"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    with house_of(var) as made:
        made.user(LI, Role.INSPECTOR)
        made.user(WANG, Role.INSPECTOR)
        yield made


def planned(house: House) -> str:
    """The page of a new visit of both."""
    [(firm,)] = house.rows(
        "inspection", "SELECT enterprise_id FROM warning WHERE cleared_on IS NULL LIMIT 1"
    )
    page = f"/desk/visits/new?enterprise_id={firm}"
    who = {
        f"{name}{n}": said
        for n, account in ((1, LI), (2, WANG))
        for name, said in (("account", account), ("name", account), ("certificate", f"Z{n}"))
    }
    client = house.browser(LI)
    opened = client.get(page).get_data(as_text=True)
    hidden = hidden_of(opened)
    objects = re.findall(r'name="object" value="([^"]+)"', opened)
    made = client.post(
        "/desk/visits/new",
        data=hidden
        | who
        | {"purpose": "special", "planned_on": "2030-01-07", "object": objects},
    )
    assert made.status_code == 302, made.get_data(as_text=True)
    return str(made.location)


def hidden_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def record_of(house: House, who: str, page: str) -> tuple[Any, dict[str, str]]:
    """A browser, and the form of the record as it was opened in it."""
    client = house.browser(who)
    opened = client.get(page).get_data(as_text=True)
    [form] = re.findall(r"<form[^>]*data-draft.*?</form>", opened, re.DOTALL)
    return client, hidden_of(form)


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(house: House) -> None:
    page = planned(house)
    (first, one), (second, other) = (record_of(house, who, page) for who in (LI, WANG))

    saved = first.post(f"{page}/record", data=one | {"summary": "李的记录"})
    late = second.post(f"{page}/record", data=other | {"summary": "王的记录"})

    text = late.get_data(as_text=True)
    assert (saved.status_code, late.status_code) == (302, 422)
    assert "他人已先保存" in text
    assert "王的记录" in text
    assert "data-draft-done" not in text
    assert "李的记录" in second.get(page).get_data(as_text=True)


def test_both_words_stand_next_to_each_other(house: House) -> None:
    page = planned(house)
    (first, one), (second, other) = (record_of(house, who, page) for who in (LI, WANG))

    first.post(f"{page}/record", data=one | {"summary": "李的记录"})
    late = second.post(f"{page}/record", data=other | {"summary": "王的记录"})

    text = late.get_data(as_text=True)
    assert text.index("李的记录") < text.index("王的记录")


def test_a_photograph_that_is_none_leaves_the_record_as_it_was_written(house: House) -> None:
    page = planned(house)
    client, form = record_of(house, LI, page)
    written = {"finding-0": "problem", "note-0": "铭牌缺失", "summary": "看了两台"}

    refused = client.post(
        f"{page}/record",
        data=form | written | {"files-0": (BytesIO(b"MZ no picture"), "a.exe")},
    )

    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "铭牌缺失" in text
    assert "看了两台" in text
    assert "data-error-summary" in text


def test_a_draft_is_the_users_own_and_dropped_when_it_is_saved(house: House) -> None:
    page = planned(house)
    client, form = record_of(house, LI, page)
    opened = client.get(page).get_data(as_text=True)
    [key] = re.findall(r'data-draft="([^"]+)"', opened)

    saved = client.post(
        f"{page}/record", data=form | {"summary": "看了"}, follow_redirects=True
    )

    assert key.startswith(f"{LI}.")
    assert f'data-draft-done="{key}"' in saved.get_data(as_text=True)


def test_the_draft_of_an_order_is_dropped_when_it_is_kept(house: House) -> None:
    [(found,)] = house.rows("inspection", "SELECT enterprise_id FROM enterprise LIMIT 1")
    page = f"/desk/orders/new?enterprise_id={UUID(str(found))}"
    client = house.browser(LI)
    opened = client.get(page).get_data(as_text=True)
    [key] = re.findall(r'data-draft="([^"]+)"', opened)
    words = {"description": "标签不全", "basis": "产品质量法", "requirement": "补齐标签"}

    kept = client.post(
        "/desk/orders/new",
        data=hidden_of(opened) | words | {"matter": "label_defect"},
        follow_redirects=True,
    )

    assert f'data-draft-done="{key}"' in kept.get_data(as_text=True)
