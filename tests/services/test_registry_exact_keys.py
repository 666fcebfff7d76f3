"""Old codes and registration numbers join by themselves; what contradicts itself is a finding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.registry.model import ImportReport
from tests.services.registry_stories import (
    TODAY,
    Registry,
    Urls,
    classes,
    csv_text,
    opened,
    uscc,
    written,
)

HEADER = ("代码", "组织机构代码", "注册号", "编号", "名称")
MAPPING = """
mapping: 1
source: {source}
kind: enterprise
columns:
  uscc: 代码
  organisation_code: 组织机构代码
  registration_number: 注册号
  key: 编号
  name: 名称
constants: {{division: "610303"}}
"""
NUMBER = "610303100000018"  # by its check digit; nobody has it


@pytest.fixture
def registry(
    database_url: Urls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Registry]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield Registry(database, tmp_path)


def take(registry: Registry, source: str, *rows: dict[str, str]) -> ImportReport:
    path = written(registry.folder, csv_text(rows, HEADER))
    return registry.take_file(path, MAPPING.format(source=source))


def organisation(number: int) -> str:
    return uscc(number)[8:17]


def names(registry: Registry) -> list[str]:
    return sorted(row["name"] for row in registry.kept("enterprise"))


def test_the_old_organisation_code_finds_who_now_has_a_credit_code(registry: Registry) -> None:
    take(registry, "codes", {"代码": uscc(1), "名称": "甲厂"})

    report = take(
        registry, "fibre", {"组织机构代码": organisation(1), "编号": "F1", "名称": "甲厂"}
    )

    assert report.findings == ()
    assert len(registry.kept("enterprise")) == 1
    assert len(registry.kept("enterprise_key")) == 1


def test_who_was_known_by_the_old_code_stays_the_same_when_the_new_one_comes(
    registry: Registry,
) -> None:
    take(registry, "fibre", {"组织机构代码": organisation(1), "编号": "F1", "名称": "甲厂"})
    [before] = registry.kept("enterprise")

    take(registry, "codes", {"代码": uscc(1), "名称": "甲厂"})

    [after] = registry.kept("enterprise")
    assert (after["id"], after["uscc"]) == (before["id"], uscc(1))


def test_a_registration_number_joins_two_sources(registry: Registry) -> None:
    take(registry, "codes", {"代码": uscc(1), "注册号": NUMBER, "名称": "甲厂"})
    take(registry, "metrology", {"注册号": NUMBER, "编号": "M1", "名称": "甲厂"})

    assert len(registry.kept("enterprise")) == 1


def test_within_one_file_the_old_code_meets_the_new_one(registry: Registry) -> None:
    report = take(
        registry,
        "quality",
        {"组织机构代码": organisation(1), "编号": "Q1", "名称": "甲厂"},
        {"代码": uscc(1), "编号": "Q2", "名称": "甲厂"},
    )

    assert len(registry.kept("enterprise")) == 1
    assert report.wrong == 1  # the same enterprise twice in one table of enterprises


def test_two_credit_codes_are_never_joined_by_a_weaker_key(registry: Registry) -> None:
    take(registry, "codes", {"代码": uscc(1), "注册号": NUMBER, "名称": "甲厂"})

    report = take(registry, "quality", {"代码": uscc(2), "注册号": NUMBER, "名称": "乙厂"})

    assert names(registry) == ["乙厂", "甲厂"]
    [finding] = report.findings
    assert (finding.line, finding.column, finding.code) == (2, "注册号", "keys_disagree")
    assert finding.value == NUMBER
    assert "甲厂" in finding.reason


def test_a_key_that_now_comes_with_another_code_is_a_finding(registry: Registry) -> None:
    take(registry, "quality", {"代码": uscc(1), "编号": "Q1", "名称": "甲厂"})

    report = take(registry, "quality", {"代码": uscc(2), "编号": "Q1", "名称": "乙厂"})

    assert names(registry) == ["乙厂", "甲厂"]
    assert [finding.column for finding in report.findings] == ["编号"]


def test_the_same_file_again_is_the_same(registry: Registry) -> None:
    rows = (
        {"代码": uscc(1), "注册号": NUMBER, "名称": "甲厂"},
        {"组织机构代码": organisation(2), "编号": "F2", "名称": "乙厂"},
    )
    take(registry, "codes", *rows)

    assert classes(take(registry, "codes", *rows)) == {"same": 2}
