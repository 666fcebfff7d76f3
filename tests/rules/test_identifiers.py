"""Numbers of enterprises, people, equipment and papers, against the case book and themselves."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from services.chassis import masking
from services.registry.rules import certificates, identifiers, industries, people
from services.registry.rules.divisions import Divisions
from services.registry.rules.reference import References
from services.registry.rules.verdict import Standing, Verdict, plain
from services.registry.store import identity

BOOK = yaml.safe_load(
    Path(__file__).with_name("cases").joinpath("identifiers.yaml").read_text("utf-8")
)
TODAY: date = BOOK["今天"]
STANDING = {"可用": Standing.OK, "存疑": Standing.SUSPICIOUS, "不可能": Standing.IMPOSSIBLE}
CHECKS: dict[str, Callable[[str], Verdict]] = {
    "uscc": identifiers.uscc,
    "organisation_code": identifiers.organisation_code,
    "registration_number": identifiers.registration_number,
    "resident_id": partial(people.resident_id, today=TODAY),
    "operator_certificate": partial(people.operator_certificate, today=TODAY),
    "equipment_code": partial(certificates.equipment_code, today=TODAY),
    "registration_code": partial(certificates.registration_code, today=TODAY),
    "use_registration": certificates.use_registration,
    "production_licence": certificates.production_licence,
    "division": partial(Divisions.shipped().check, today=TODAY),
    "email": people.email_address,
    "industry": partial(
        industries.industry, edition=References.shipped().edition("industries"), today=TODAY
    ),
}
USCC = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17)


@pytest.mark.parametrize(
    "case", BOOK["案例"], ids=lambda case: f"{case['种类']}: {case['情形']}"
)
def test_the_case_book(case: dict[str, Any]) -> None:
    verdict = CHECKS[case["种类"]](case["号码"])

    assert verdict.standing is STANDING[case["结论"]]
    assert verdict.code == case.get("代码", "")
    assert case.get("理由含", "") in verdict.reason
    assert case.get("正确含", "") in verdict.right
    if "规范写法" in case or verdict.standing is Standing.OK:
        assert verdict.value == case.get("规范写法", case["号码"])


def test_every_check_has_cases_of_its_own() -> None:
    assert {case["种类"] for case in BOOK["案例"]} == set(CHECKS)


@given(USCC, st.integers(0, 17), st.data())
def test_no_slip_of_one_character_in_a_credit_code_goes_unseen(
    body: str, place: int, data: st.DataObject
) -> None:
    code = body + identifiers.uscc_check_character(body)
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY".replace(code[place], "")
    slip = code[:place] + data.draw(st.sampled_from(alphabet)) + code[place + 1 :]

    assert identifiers.uscc(code).standing is not Standing.IMPOSSIBLE
    assert identifiers.uscc(slip).code == "uscc_check_digit"


@given(st.text(max_size=40))
def test_no_text_makes_a_check_fail(text: str) -> None:
    verdicts = [check(text) for check in CHECKS.values()]

    assert all(verdict.standing is Standing.OK or verdict.reason for verdict in verdicts)
    assert all(bool(verdict.code) == bool(verdict.reason) for verdict in verdicts)


@given(USCC)
def test_full_width_and_lower_case_read_as_the_same_code(body: str) -> None:
    full_width = "".join(chr(ord(character) + 0xFEE0) for character in body.lower())

    assert plain(full_width) == body


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "110***********002X"),
        ("110105491231002", "110********1002"),
        ("TS6FABC12345", "TS6FABC12345"),
        ("证号110105194912310021号", "证号110***********0021号"),
    ],
)
def test_an_identity_number_is_shown_by_its_ends_only(number: str, shown: str) -> None:
    assert people.masked_number(number) == shown


def test_of_a_name_only_the_first_character_is_kept() -> None:
    assert masking.masked_name(" 王小明 ") == "王*"


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_an_id_is_a_uuid_of_version_5_over_source_and_key(source: str, key: str) -> None:
    made = uuid.UUID(identity.enterprise_by_key(source, key))
    namespace = uuid.uuid5(uuid.NAMESPACE_DNS, "registry.bianque")

    assert made == uuid.uuid5(namespace, f"enterprise/{source}/{key}")


def test_the_id_of_an_operator_tells_nothing_without_the_salt() -> None:
    one = identity.person("tsxt", "11010519491231002X", "salt of one installation")
    other = identity.person("tsxt", "11010519491231002X", "salt of another")

    assert one != other
    assert one == identity.person("tsxt", "11010519491231002X", "salt of one installation")
