"""What people type into a field, taken apart."""

from __future__ import annotations

import pytest

from services.portal.web.typed import names_in


@pytest.mark.parametrize(
    "text",
    ["li,wang", "li，wang", "li、wang", "li wang", "li; wang", "li；wang", " li ,, wang，"],
)
def test_names_may_stand_apart_by_any_comma(text: str) -> None:
    assert names_in(text) == ["li", "wang"]


def test_nothing_typed_is_nobody() -> None:
    assert names_in(" ，") == []
