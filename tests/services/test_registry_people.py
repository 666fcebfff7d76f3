"""Personal data: sealed at rest, masked by default, in full only for a purpose on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from services.chassis import assembly
from services.chassis.database import Database
from services.chassis.masking import masked_phone
from services.chassis.sealing import KeysBroken, Seals, kept_in
from services.chassis.settings import SettingBroken, Settings
from services.registry.rules.people import phone
from services.registry.rules.verdict import Standing
from services.registry.service import RegistryService
from services.registry.store import resealing
from services.registry.store.tables import Table
from tests.services.registry_clerk import Clerk, a_clerk
from tests.services.registry_stories import SEALS, TODAY, Registry, Urls, classes, opened, uscc

NUMBER = "11010519491231002X"
PHONE = "13812345678"
PEOPLE = """
mapping: 1
source: tezhongshebei
kind: operator
columns:
  {number: 证号, holder: 姓名, class_code: 项目, phone: 电话, owner.uscc: 单位, owner.name: 单位名}
constants: {division: "610303"}
checks: {number: resident_id}
"""
PERSON = {
    "证号": NUMBER,
    "姓名": "王小明",
    "项目": "N1",
    "电话": PHONE,
    "单位": uscc(1),
    "单位名": "甲厂",
}
FIRMS = """
mapping: 1
source: daima
kind: enterprise
columns: {uscc: 代码, name: 名称, division: 区县, phone: 电话, legal_representative: 法人}
"""
FIRM = {"代码": uscc(1), "名称": "甲厂", "区县": "610303", "电话": PHONE, "法人": "李大同"}
# Each long enough not to stand in some id or digest by chance.
SECRETS = (NUMBER, NUMBER[3:14], "王小明", "小明", PHONE, PHONE[:8], "李大同", "大同")


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Registry:
    registry = Registry(database, tmp_path)
    registry.take_table([FIRM], FIRMS)
    registry.take_table([PERSON], PEOPLE)
    return registry


@pytest.fixture
def clerk(database: Database) -> Clerk:
    return a_clerk(database)


def id_of(registry: Registry, table: str) -> str:
    [one] = registry.kept(table)
    return str(one["id"])


def everything_kept(registry: Registry) -> str:
    kept = [registry.kept(table) for table in Table.metadata.tables]
    return json.dumps([kept, registry.said()], ensure_ascii=False, default=str)


def test_nothing_of_a_person_is_kept_or_said_in_the_clear(registry: Registry) -> None:
    registry.take_table([FIRM | {"名称": "新名"}], FIRMS)
    registry.take_table([PERSON | {"电话": "13900000000"}], PEOPLE)

    assert [word for word in SECRETS if word in everything_kept(registry)] == []


def test_the_same_file_again_changes_nothing(registry: Registry) -> None:
    again = registry.take_table([FIRM], FIRMS), registry.take_table([PERSON], PEOPLE)

    assert [classes(report) for report in again] == [{"same": 1}, {"same": 1}]


def test_a_new_telephone_of_a_person_is_a_change(registry: Registry) -> None:
    report = registry.take_table([PERSON | {"电话": "13900000000"}], PEOPLE)

    assert classes(report) == {"changed": 1}


def test_everybody_sees_masks(registry: Registry, clerk: Clerk) -> None:
    person = clerk.get(f"/people/{id_of(registry, 'object')}").get_json()
    firm = clerk.get(f"/enterprises/{id_of(registry, 'enterprise')}").get_json()

    assert (person["name"], person["number"], person["phone"]) == (
        "王*",
        "110***********002X",
        "138****5678",
    )
    assert (firm["phone"], firm["legal_representative"]) == ("138****5678", "李*")


def test_no_answer_but_a_reveal_holds_them(registry: Registry, clerk: Clerk) -> None:
    thing, firm = id_of(registry, "object"), id_of(registry, "enterprise")
    paths = (
        f"/people/{thing}",
        f"/objects/{thing}",
        f"/objects/{thing}/history",
        f"/enterprises/{firm}",
        f"/enterprises/{firm}?on=2099-01-01",
        f"/enterprises/{firm}/history",
        "/enterprises",
        "/imports",
        "/status",
    )

    told = "".join(clerk.get(path).get_data(as_text=True) for path in paths)

    assert [word for word in SECRETS if word in told] == []
    assert "test:" not in told


def test_a_person_is_shown_in_full_for_a_purpose_that_is_written_down(
    registry: Registry, clerk: Clerk
) -> None:
    person = id_of(registry, "object")

    shown = clerk.post(f"/people/{person}/reveal", {"purpose": "送达责令整改通知书"})

    [note] = clerk.get("/disclosures").get_json()["items"]
    assert shown.get_json() == {"name": "王小明", "number": NUMBER, "phone": PHONE}
    assert note["seen_by"] == "clerk-wang"
    assert (note["about_id"], note["purpose"]) == (person, "送达责令整改通知书")
    assert note["fields"] == "name,number,phone"
    assert [word for word in SECRETS if word in everything_kept(registry)] == []


def test_the_telephone_of_an_enterprise_likewise(registry: Registry, clerk: Clerk) -> None:
    firm = id_of(registry, "enterprise")

    shown = clerk.post(f"/enterprises/{firm}/reveal", {"purpose": "电话核实地址"})

    assert shown.get_json() == {"phone": PHONE, "legal_representative": "李大同"}
    assert len(registry.kept("disclosure")) == 1


@pytest.mark.parametrize(
    ("body", "name", "status"),
    [
        ({}, "clerk-wang", 422),
        ({"purpose": "看"}, "clerk-wang", 422),
        ({"purpose": "      "}, "clerk-wang", 422),
        (None, "clerk-wang", 400),
        ({"purpose": "送达责令整改通知书"}, "", 403),
    ],
    ids=["none", "short", "blank", "no-body", "nobody"],
)
def test_without_a_purpose_and_a_name_nothing_is_shown(
    registry: Registry, clerk: Clerk, body: Any, name: str, status: int
) -> None:
    for path in (
        f"people/{id_of(registry, 'object')}",
        f"enterprises/{id_of(registry, 'enterprise')}",
    ):
        answer = clerk.post(f"/{path}/reveal", body, name=name)

        assert answer.status_code == status
        assert not any(word in answer.get_data(as_text=True) for word in SECRETS)
    assert registry.kept("disclosure") == []


def test_whose_scope_does_not_reach_sees_nobody(registry: Registry, clerk: Clerk) -> None:
    person = id_of(registry, "object")

    answer = clerk.post(f"/people/{person}/reveal", {"purpose": "送达通知书"}, scope="610302")

    assert answer.status_code == 404
    assert registry.kept("disclosure") == []


def test_a_person_is_found_by_the_whole_number_only(registry: Registry, clerk: Clerk) -> None:
    def found(number: str, scope: str = "610300") -> int:
        body = {"number": number}
        answer = clerk.post("/people/found-by-number", body, scope=scope)
        return len(answer.get_json()["items"])

    assert found(NUMBER) == found(f" {NUMBER.lower()} ") == 1
    assert found(NUMBER[:-1] + "1") == found(NUMBER[:10]) == 0
    assert found(NUMBER, scope="610302") == 0


def test_what_is_wrong_with_personal_data_is_told_masked(registry: Registry) -> None:
    wrong = PERSON | {"证号": "110105194912310021", "电话": "138-1234"}
    report = registry.take_table([wrong], PEOPLE)
    firm = registry.take_table([FIRM | {"电话": "电话13812345678转"}], FIRMS)

    told = json.dumps(
        [report.errors, report.findings, firm.findings], ensure_ascii=False, default=str
    )
    assert classes(report) == {"wrong": 1}
    assert "1100***" not in told
    assert not any(word in told for word in ("19491231", PHONE, "王小明"))
    assert [finding.code for finding in firm.findings] == ["phone_form"]


def test_no_log_line_holds_them(registry: Registry, clerk: Clerk) -> None:
    with structlog.testing.capture_logs() as lines:
        clerk.post(f"/people/{id_of(registry, 'object')}/reveal", {"purpose": "送达通知书"})
        clerk.post("/people/found-by-number", {"number": NUMBER})
        registry.take_table([PERSON], PEOPLE)

    assert not any(word in str(lines) for word in SECRETS)


def test_a_key_is_replaced_and_everything_sealed_again(
    registry: Registry, database: Database
) -> None:
    new = Seals.parse(
        "next:a-new-key-that-is-also-known-to-everybody-here "
        "test:the-keys-of-these-tests-are-known-to-everybody"
    )
    only_new = Seals.parse("next:a-new-key-that-is-also-known-to-everybody-here")
    with database.transaction() as session:
        renewed = resealing.renew(session, new, limit=100)
        again = resealing.renew(session, new, limit=100)

    [person] = registry.kept("object")
    [firm] = registry.kept("enterprise")
    assert (renewed > 0, again) == (True, 0)
    assert only_new.open(firm["phone"]) == PHONE
    assert NUMBER in only_new.open(person["sealed"])
    assert person["number_hash"] == only_new.hash(NUMBER)


def test_the_same_word_is_sealed_the_same_way_and_only_its_key_opens_it() -> None:
    other = Seals.parse("test:another-secret-of-the-same-name-but-not-the-same-key")
    sealed = SEALS.seal(PHONE)

    assert sealed == SEALS.seal(PHONE)
    assert PHONE not in sealed
    assert SEALS.open(sealed) == PHONE
    for seals, word in ((other, sealed), (SEALS, sealed[:-8]), (SEALS, "gone:" + sealed[5:])):
        with pytest.raises(KeysBroken):
            seals.open(word)


@pytest.mark.parametrize("text", ["", "k1", "k1:short", f"k1:{'x' * 40},k1:{'y' * 40}"])
def test_keys_that_cannot_be_used_are_refused(text: str) -> None:
    with pytest.raises(KeysBroken):
        Seals.parse(text)


def test_one_process_makes_its_own_key_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "personal-keys"

    sealed = kept_in(path).seal(PHONE)

    assert kept_in(path).open(sealed) == PHONE
    assert f"{path.stat().st_mode:o}"[-3:] == "600"


def test_beside_a_broker_a_missing_key_teaches(tmp_path: Path) -> None:
    on_a_bus = Settings(var=tmp_path, broker_url="amqp://u:p@broker/v")

    with pytest.raises(
        SettingBroken, match=r"BIANQUE_PERSONAL_KEYS is not set: .*settings\.md"
    ):
        assembly.assemble(RegistryService, on_a_bus)


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("138 1234 5678", Standing.OK),
        ("0917-3260000", Standing.OK),
        ("３２６００００", Standing.OK),
        ("12812345678", Standing.SUSPICIOUS),
        ("无", Standing.SUSPICIOUS),
    ],
)
def test_telephones(text: str, standing: Standing) -> None:
    assert phone(text).standing is standing


def test_masks_of_telephones() -> None:
    assert masked_phone("13812345678") == "138****5678"
    assert masked_phone("3260000") == "*****00"
