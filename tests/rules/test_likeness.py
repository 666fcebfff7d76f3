"""A slip anywhere in a name leaves a key under which the two are held against each other."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import given, strategies as st

from services.registry.rules import likeness
from services.registry.rules.likeness import File


def file(name: str) -> File:
    return File(id=uuid4(), names=(name,), division="610303")


names = st.text(st.sampled_from("鹏盛金泰宏远"), min_size=3, max_size=6)


@given(names, st.integers(0, 5), st.sampled_from("鹏盛金泰宏远久"), st.sampled_from("改少多"))
def test_a_slip_anywhere_leaves_a_key_in_common(
    name: str, at: int, other: str, slip: str
) -> None:
    at = min(at, len(name) - 1)
    wrong = {
        "改": name[:at] + other + name[at + 1 :],
        "少": name[:at] + name[at + 1 :],
        "多": name[:at] + other + name[at:],
    }[slip]

    right = likeness.blocks(file(f"宝鸡{name}钛业有限公司"))
    assert right & likeness.blocks(file(f"宝鸡市{wrong}钛业有限公司"))
