"""What a page shows: nothing empty, nothing foreign to its language, nothing that is no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from services.portal.model import Role
from services.portal.web.menu import MENU
from services.portal.web.names import industry_name
from tests.services.portal_house import House, house_of, make_city, send

COUNTY = "610303"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    with house_of(var) as made:
        made.user("li", Role.INSPECTOR, divisions=COUNTY)
        made.user("boss", Role.ADMINISTRATOR)
        made.user("centre", Role.COORDINATOR)
        made.user("firm", Role.ENTERPRISE, enterprise_id=firm_of(made), divisions=COUNTY)
        yield made


def firm_of(house: House) -> UUID:
    """An enterprise with something red."""
    [row] = house.rows(
        "inspection",
        f"SELECT enterprise_id FROM warning WHERE division = '{COUNTY}' "  # noqa: S608
        "AND kind = 'equipment' AND state = 'red' LIMIT 1",
    )
    return UUID(str(row[0]))


def read(client: Any, path: str, language: str = "zh") -> str:
    client.set_cookie("bianque_language", language)
    return str(client.get(path).get_data(as_text=True))


def test_a_fact_that_nobody_knows_has_no_line(house: House) -> None:
    text = read(house.visitor(), f"/enterprises/{firm_of(house)}")

    assert "作出机关" in text
    assert "文号" not in text
    assert "企业说明" not in text


def test_the_record_explains_itself_in_the_readers_language(house: House) -> None:
    client = house.visitor()
    page = f"/enterprises/{firm_of(house)}"

    chinese, english = read(client, page), read(client, page, "en")

    assert "没有记录不等于合格证明。本页只载明在公示期内的信息。" in chinese
    assert "没有记录不等于合格证明" not in english
    assert "No record is not a certificate." in english


def test_a_county_that_was_abolished_cannot_be_chosen(house: House) -> None:
    choices = dict(
        re.findall(
            r'<option value="(\d{6})"[^>]*>([^<]+)<', read(house.visitor(), "/complaint")
        )
    )

    assert choices[COUNTY] == "金台区"
    assert choices["610305"] == "凤翔区"
    assert not {"610301", "610321", "610322"} & set(choices)


def test_an_enterprise_reads_what_its_bad_information_is_about(house: House) -> None:
    text = read(house.browser("firm"), "/my/")

    lines = re.findall(r'/my/credit/bad-information/[^"]+">([^<]+)</a>', text)
    assert all(" · " in line for line in lines)
    assert len(set(lines)) > 1
    assert any("定期检验" in line or "自行检测" in line for line in lines)


def test_the_audit_tells_the_outcome_in_words(house: House) -> None:
    client = house.browser("boss")
    house.browser("li")

    chinese, english = (read(client, "/desk/people/audit", each) for each in ("zh", "en"))

    assert '<td data-l="结果">完成</td>' in chinese
    assert '<td data-l="Result">done</td>' in english


def test_lists_of_roles_are_divided_as_the_language_does(house: House) -> None:
    house.user("zhao", Role.INSPECTOR, Role.CHIEF, divisions="610302,610303")
    client = house.browser("zhao")

    assert "渭滨区、金台区" in read(client, "/desk/warnings/")
    assert "渭滨区, 金台区" in read(client, "/desk/warnings/", "en")


def test_its_page_is_headed_in_the_readers_language(house: House) -> None:
    client = house.browser("firm")
    [page, *_rest] = re.findall(r"/my/credit/bad-information/[^\"]+", read(client, "/my/"))

    assert "<h1>不良信息 · 公示中</h1>" in read(client, page)
    assert "<h1>Bad information · published</h1>" in read(client, page, "en")


def test_none_is_a_number(house: House) -> None:
    text = read(house.browser("li"), "/desk/visits/plan")

    assert '<span class="lamp red">0</span>' in text
    assert '<span class="lamp red">红</span>' not in text


def test_what_can_not_be_ticked_has_no_button(house: House) -> None:
    text = read(house.browser("centre"), "/desk/credit/")

    assert "公示中" in text
    assert "对勾选的待审核信息" not in text


@pytest.mark.parametrize(
    ("who", "path", "entry"),
    [
        ("centre", "/desk/credit/records", "诚信记录"),
        ("centre", "/desk/credit/records/new?enterprise_id={firm}", "诚信记录"),
        ("li", "/desk/complaints/new", "质量投诉"),
        ("boss", "/desk/system/reference/divisions", "参照数据"),
        ("boss", "/desk/system/templates/bad_information_corrected_enterprise", "通知模板"),
    ],
)
def test_the_menu_marks_where_one_is(house: House, who: str, path: str, entry: str) -> None:
    text = read(house.browser(who), path.format(firm=firm_of(house)))

    marked = re.findall(r'aria-current="page">([^<]+)</a>', text)
    assert [each.strip() for each in marked] == [entry]


def test_the_menu_names_pages_that_are_there(house: House) -> None:
    named = {name for group in MENU for entry in group.entries for name in entry.holds}

    assert named <= set(house.pages.view_functions)


def test_a_credit_record_tells_its_state_in_the_readers_language(house: House) -> None:
    centre = house.browser("centre")
    form = f"/desk/credit/records/new?enterprise_id={firm_of(house)}"
    made = send(
        centre,
        form,
        "/desk/credit/records/new",
        enterprise_id=str(firm_of(house)),
        kind="penalty",
        source="enforcement",
        severity="ordinary",
        content="罚款人民币贰万元",
        basis="《产品质量法》第五十四条",
        authority="金台区市场监督管理局",
        document_number="宝金市监罚〔2026〕1号",
        decided_on="2026-01-20",
    )
    assert made.status_code == 302, made.get_data(as_text=True)

    assert '<span class="badge-soft ">drafted</span>' in read(centre, made.location, "en")


def test_the_login_names_the_site_once(house: House) -> None:
    text = read(house.visitor(), "/login")

    head = re.search(r'<a class="name"[^>]*>(.*?)</a>', text)
    assert head
    assert head[1].count("扁鹊") == 1


def test_an_industry_has_its_name_beside_its_number(house: House) -> None:
    [(firm, code)] = house.rows(
        "registry",
        "SELECT id, industry FROM enterprise WHERE industry IS NOT NULL LIMIT 1",
    )
    with house.pages.app_context():
        named = industry_name(str(code))
        others = [industry_name(each) for each in (None, "", "医药制造", "Z99", "²3")]

    text = read(house.browser("centre"), f"/desk/enterprises/{UUID(str(firm))}")
    assert named.endswith(f" {code}")
    assert named in text
    assert others == ["", "", "医药制造", "Z99", "²3"]


def test_the_list_of_bad_information_tells_entries_of_one_firm_apart(house: House) -> None:
    text = read(house.browser("centre"), "/desk/credit/")

    assert "到期未完成" in text
