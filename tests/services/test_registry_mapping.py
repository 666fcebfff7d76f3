"""Mapping files: what a wrong one is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from services.registry.mapping import MappingBroken, parse_mapping, read_mapping
from tests.services.mapping_stories import (
    faults,
    mapping_text,
)
from tests.services.registry_stories import ELEVATORS, TODAY, mapping_of, uscc

ROOT = Path(__file__).parents[2]


SHIPPED = sorted(
    [*ROOT.glob("examples/*/mapping.yaml"), *ROOT.glob("services/registry/adapters/*/*.yaml")]
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_mapping_that_is_shipped_is_right(path: Path) -> None:
    assert read_mapping(path, today=TODAY).name == path.name


def test_an_unknown_field_is_named_with_the_nearest_right_one() -> None:
    with pytest.raises(MappingBroken, match=r"最接近的是“owner\.name”") as caught:
        mapping_of(mapping_text({"columns": {"owner.nmae": "n"}}))

    assert caught.value.faults[0].place == "columns.owner.nmae"


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"colums": {}}, "colums", "key_unknown"),
        ({"kind": "elevator"}, "kind", "shape"),
        ({"source": "Special Equipment"}, "source", "shape"),
        ({"mapping": "2"}, "mapping", "shape"),
        ({"columns": {"key": ["a"]}}, "columns.key.columns", "shape"),
        ({"columns": {"label": {"colums": ["a"]}}}, "columns.label.columns", "shape"),
        ({"constants": {"colour": "x"}}, "constants.colour", "field_unknown"),
        ({"constants": {"status": "used"}}, "constants.status", "word_unknown"),
        ({"values": {"status": {"map": {"a": "used"}}}}, "values.status.map.a", "word_unknown"),
        ({"values": {"status": {"mapp": {}}}}, "values.status.mapp", "key_unknown"),
        ({"constants": {"division": "610399"}}, "constants.division", "division_unknown"),
        (
            {"constants": {"owner.uscc": uscc(1)[:17] + "*"}},
            "constants.owner.uscc",
            "uscc_character",
        ),
        ({"dates": {"commissioned_on": "%d.%m.%y"}}, "dates.commissioned_on", "date_format"),
        ({"dates": {"*": "%Y"}}, "dates.*", "date_format"),
        ({"dates": {"status": "%Y%m%d"}}, "dates.status", "field_unknown"),
        ({"tolerate": ["key"]}, "tolerate.key", "field_unknown"),
        ({"checks": {"key": "uscc"}}, "checks.key", "check_unknown"),
        ({"checks": {"label": "resident_id"}}, "checks.label", "field_unknown"),
        ({"divisions": {"610303": "x"}}, "divisions.610303", "division_code"),
        ({"records": [{"duty": "inspect"}]}, "records.0.duty", "shape"),
        ({"records": [{"done_on": "x"}]}, "records.0.duty", "shape"),
        (
            {"records": [{"duty": "review", "cycle_months": "0"}]},
            "records.0.cycle_months",
            "shape",
        ),
        ({"records": [{"duty": "review"}, {"duty": "review"}]}, "records", "duty_twice"),
        ({"key": "k"}, "key", "key_twice"),
        ({"enterprises": "merge"}, "enterprises", "shape"),
        ({"columns": []}, "columns", "shape"),
    ],
)
def test_a_wrong_mapping_is_refused_with_the_place(
    changes: dict[str, Any], place: str, code: str
) -> None:
    assert (place, code) in faults(changes)


def test_what_has_to_be_mapped_is_asked_for() -> None:
    with pytest.raises(MappingBroken, match=r"owner\.key 或 owner\.uscc"):
        mapping_of("mapping: 1\nsource: x\nkind: licence\ncolumns: {key: a, division: b}\n")


def test_an_enterprise_owes_nothing() -> None:
    base = {"mapping": "1", "source": "x", "kind": "enterprise"}
    columns = {"key": "k", "name": "n", "division": "d"}

    with pytest.raises(MappingBroken, match="没有到期义务"):
        mapping_of(
            mapping_text({"columns": columns, "records": [{"duty": "review"}]}, base=base)
        )


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "- 1",
        "a: &x 1\nb: *x",
        "mapping: 1\nmapping: 1",
        "a: !!python/object:x {}",
        "[" * 100_000,
        "{a: " * 5_000,
        "x" * 300_000,
        "\0",
        "",
    ],
    ids=str.__len__,
)
def test_what_is_no_mapping_file_is_refused_and_harms_nothing(text: str) -> None:
    with pytest.raises(MappingBroken) as caught:
        parse_mapping(text, name="x.yaml", today=TODAY)

    assert caught.value.faults[0].code in ("not_yaml", "shape")


@given(st.text(max_size=200))
def test_no_text_makes_the_reading_of_a_mapping_fail(text: str) -> None:
    with pytest.raises(MappingBroken):
        parse_mapping(ELEVATORS + text + "\n? : [", name="x.yaml", today=TODAY)


def test_a_mapping_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_bytes("映射: 1".encode("gb18030"))

    for path in (tmp_path, tmp_path / "none.yaml", tmp_path / "m.yaml"):
        with pytest.raises(MappingBroken, match="UTF-8"):
            read_mapping(path, today=TODAY)
