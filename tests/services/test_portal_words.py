"""What the services name in Chinese has the same word in the portal, and an English one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.inspection.rules.cases.terms import WORDS as TERMS
from services.portal import translating
from services.portal.model import Role
from services.portal.web.in_process import InProcess
from services.portal.web.services import Asking, Identity, Services
from services.portal.web.words import groups
from tests.services.portal_house import House, house_of

HALF_WIDTH = re.compile(r"[\u4e00-\u9fff）】」”][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")
POINTS_OF = ("inspection", "credit", "notify")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_of(tmp_path / "var") as made:
        yield made


def figures(house: House) -> dict[str, str]:
    """Name and Chinese label of every figure of the information points."""
    inside = InProcess(house.platform.apps)
    services = Services(inside.urls, house.platform.token, inside)
    chief = Asking(services, Identity("zhao", "chief", "610300"))
    points: list[dict[str, Any]] = [
        point
        for service in POINTS_OF
        for point in chief.get(service, "/information-points")["points"]
    ]
    services.close()
    return {each["name"]: each["label"] for point in points for each in point["figures"]}


def test_a_figure_of_a_point_is_called_as_its_service_calls_it(house: House) -> None:
    assert {n: w["zh"] for n, w in groups()["figure"].items()} == figures(house)


def test_a_term_of_a_case_is_called_as_inspection_calls_it() -> None:
    words = {code: word["zh"] for code, word in groups()["case_term"].items()}

    assert words == {term.value: said for term, said in TERMS.items()}


def test_the_points_in_english_have_no_chinese_figure(house: House) -> None:
    client = house.someone("zhao", Role.CHIEF)
    labels = figures(house).values()

    page = client.get("/language/en?next=/desk/", follow_redirects=True)

    text = page.get_data(as_text=True)
    assert "daily supervision" in text
    assert [label for label in labels if label in text] == []


def test_chinese_on_the_pages_has_chinese_punctuation() -> None:
    words = [one["zh"] for group in groups().values() for one in group.values()]

    assert [text for text in [*translating.said(), *words] if HALF_WIDTH.search(text)] == []
