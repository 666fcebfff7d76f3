"""What messages say, in both languages, and which templates and tables are refused."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin
from uuid import uuid4

import pytest
import yaml

from services.chassis.policy import Policy
from services.events.contract import Event, all_events
from services.notify.model import Addressee, DeliveryState, Enterprise, Medium, Text, Wants
from services.notify.practice import Installation, Practice, PracticeBroken
from services.notify.wording import (
    FROM_ENTERPRISE,
    FROM_HOUSE,
    HERE,
    OWN,
    TOLD,
    TemplateRefused,
    Wording,
    fact,
)
from services.notify.words import LANGUAGES, Words
from tests.services.notify_stories import POLICY_FILE, everything, example, own_notices, red

DAY = date(2026, 3, 2)
MAIL = {Medium.LOG: Medium.LOG, Medium.EMAIL: Medium.EMAIL}
WORDING = Wording.read()
TEMPLATES = sorted({name for name, _ in WORDING.letters})
ABOUT = {fact(type(told.event)): told.event for told in everything()}
ABOUT |= {fact(type(notice)): notice for notice in own_notices()}
ABOUT |= {fact(event): example(event).event for event in all_events() if event in OWN}


@cache
def practice(language: str = "zh", profile: str = "cn-current") -> Practice:
    installation = Installation(bureau="610300", language=language, outside=MAIL)
    return Practice(Policy.read(POLICY_FILE, profile), WORDING, installation)


def written(
    template: str,
    language: str = "zh",
    *,
    event: Event | None = None,
    profile: str = "cn-current",
    **facts: Any,
) -> Text:
    """A message as an enterprise would get it."""
    letter = WORDING.letters[template, language]
    described = {
        "id": uuid4(),
        "name": "宝鸡市样例钛业有限公司",
        "uscc": "91610300MA6X000000",
        "division": "610303",
        "status": "active",
    }
    values = WORDING.values(
        template,
        language,
        parameters=(event or ABOUT[fact(letter.event)]).to_wire(),
        enterprise=Enterprise(**described | facts),
        house=practice(language, profile).house(DAY),
        happened_on=DAY,
    )
    return WORDING.write(template, language, values, reference="编号甲")


def test_the_enterprise_reads_what_happened_on_which_basis_and_what_to_do_until_when() -> None:
    said = written("bad_information_published_enterprise")

    assert said.subject == "【质监通】关于贵单位的不良信息已公布，请于2026年3月18日前改正"
    assert "宝鸡市样例钛业有限公司：" in said.body
    assert "于2026年3月3日在诚信信息平台公布" in said.body
    assert "依据：《市场监督管理行政处罚信息公示规定》。" in said.body
    assert "请于2026年3月18日前（含当日）改正" in said.body
    assert "请联系：所在县（区）市场监督管理局监管责任人" in said.body
    assert said.body.endswith("市场监督管理局\n2026年3月2日\n")


def test_a_red_warning_names_the_object_the_duty_and_the_law_of_its_kind() -> None:
    equipment = written("warning_turned_red_enterprise")
    instrument = written(
        "warning_turned_red_enterprise",
        event=red(object_kind=_kind("instrument"), duty=_duty("verification")).event,
    )

    assert equipment.subject == "【质监通】行吊1号到期未完成定期检验，请立即办理"
    assert "依据：《中华人民共和国特种设备安全法》第四十条。" in equipment.body
    assert "可能危及人身安全，请立即停止使用" in equipment.body
    assert "完成强制检定" in instrument.body
    assert "依据：《中华人民共和国计量法》第九条。" in instrument.body


def test_the_demonstration_city_cites_its_own_measures() -> None:
    said = written("enterprise_blacklisted_enterprise", profile="baoji-2013")

    assert "依据：《宝鸡市产品质量诚信体系建设实施办法》。" in said.body
    assert "宝鸡市质量技术监督局信息协调中心" in said.body


def test_the_same_message_can_be_said_in_english() -> None:
    said = written("bad_information_published_enterprise", "en")

    assert said.subject.endswith("please correct it by 18 March 2026")
    assert "Please correct the matter by 18 March 2026 (that day included)" in said.body
    assert said.language == "en"


@pytest.mark.parametrize("profile", ["baoji-2013", "cn-current"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_is_filled_to_the_last_word(
    template: str, language: str, profile: str
) -> None:
    said = written(template, language, profile=profile)
    text = f"{said.subject}\n{said.body}"

    assert not re.search(r"[$%{}]|None|\bFalse\b|\bTrue\b", text)
    assert "编号甲" in said.body
    if "enterprise_id" in WORDING.letters[template, language].event.wire.hints:
        assert "宝鸡市样例钛业有限公司" in text
    assert "\n" not in said.subject
    assert (language == "zh") is ("【质监通】" in said.subject)


@pytest.mark.parametrize("template", TEMPLATES)
def test_both_languages_state_the_same_facts(template: str) -> None:
    named = {
        language: set(re.findall(r"\$\{(\w+)\}", _source(template, language)))
        for language in LANGUAGES
    }

    assert named["zh"] == named["en"]


def test_every_template_is_told_to_somebody() -> None:
    told = {one.template for event in TOLD for one in practice().told_of(event, DAY)}

    assert told == set(TEMPLATES)


@pytest.mark.parametrize(
    "template", [name for name in TEMPLATES if name.endswith("_enterprise")]
)
def test_an_enterprise_is_always_told_the_basis_whom_to_ask_and_a_reference(
    template: str,
) -> None:
    named = set(re.findall(r"\$\{(\w+)\}", _source(template, "zh")))

    assert {"enterprise_name", "basis", "enquiries", "signature", "reference"} <= named


def test_what_somebody_typed_cannot_break_a_line() -> None:
    said = written("warning_turned_red_staff", name="甲厂\r\nBcc: all@example.com\n 分厂")

    assert said.subject == "【质监通】甲厂 Bcc: all@example.com 分厂：行吊1号转为红色预警"


def test_signs_that_templates_use_are_left_alone_in_names() -> None:
    said = written("warning_turned_red_staff", name="100%${x}%(y)s{z}厂")

    assert "100%${x}%(y)s{z}厂" in said.subject


def test_the_version_of_a_template_changes_with_its_file(templates: Path) -> None:
    before = Wording.read(templates).letters["warning_cleared_staff", "zh"].version
    _rewrite(templates / "warning_cleared_staff.zh.txt", "无需再督促办理", "不必再督促办理")
    after = Wording.read(templates).letters["warning_cleared_staff", "zh"].version

    assert before == WORDING.letters["warning_cleared_staff", "zh"].version
    assert after != before


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """A copy of the templates that a test may spoil."""
    return Path(shutil.copytree(HERE / "templates", tmp_path / "templates"))


def test_an_unknown_placeholder_is_refused_by_name(templates: Path) -> None:
    _rewrite(templates / "warning_cleared_staff.zh.txt", "${cleared_on}", "${clearedon}")

    with pytest.raises(TemplateRefused, match=r"warning_cleared_staff\.zh\.txt.*clearedon"):
        Wording.read(templates)


def test_a_field_of_another_event_is_refused(templates: Path) -> None:
    _rewrite(templates / "warning_cleared_staff.zh.txt", "${cleared_on}", "${was_due_on}")

    with pytest.raises(TemplateRefused, match="was_due_on"):
        Wording.read(templates)


@pytest.mark.parametrize(
    ("name", "text", "because"),
    [
        ("warning_cleared_staff.zh.txt", "标题\n\n共 $ 5 元", "stands alone"),
        ("warning_cleared_staff.zh.txt", "只有标题", "an empty line"),
        ("warning_cleared_staff.zh.txt", "两行\n标题\n\n正文", "needed are one line"),
        ("warning_cleared_staff.fr.txt", "titre\n\ntexte", r"\.zh\.txt or \.en\.txt"),
        ("something_else.zh.txt", "标题\n\n正文", "name must begin with that of an event"),
        ("warning_cleared_owner.zh.txt", "标题\n\n正文", r"warning_cleared_owner\.en\.txt"),
    ],
)
def test_a_file_that_is_no_template_is_refused(
    templates: Path, name: str, text: str, because: str
) -> None:
    (templates / name).write_text(text, encoding="utf-8")

    with pytest.raises(TemplateRefused, match=because):
        Wording.read(templates)


def test_a_dollar_sign_can_be_written(templates: Path) -> None:
    path = templates / "warning_cleared_staff.zh.txt"
    path.write_text("标题 100%\n\n$$5 ${cleared_on}", encoding="utf-8")

    letter = Wording.read(templates).letters["warning_cleared_staff", "zh"]

    assert letter.body % {"cleared_on": "今天"} == "$5 今天"


def _enumerations() -> Iterator[type[Enum]]:
    yield from (Addressee, DeliveryState, Medium, Wants)
    for event in TOLD:
        for hint in event.wire.hints.values():
            plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
            if isinstance(plain, type) and issubclass(plain, Enum):
                yield plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_that_a_reader_may_meet_has_a_word(language: str) -> None:
    words = Words.read()
    said = {
        f"{kind.__name__}.{member.name}": words.of(member, language)
        for kind in _enumerations()
        for member in kind
    }

    assert all(said.values())


def test_no_placeholder_means_two_things() -> None:
    taken = {*FROM_ENTERPRISE, *FROM_HOUSE}
    shadowed = {
        f"{fact(event)}.{name}" for event in TOLD for name in event.wire.hints if name in taken
    }

    assert shadowed == {"record_published.basis"}  # it goes before that of the house


ROW = {
    "event": "warning_cleared",
    "addressee": "officer",
    "template": "warning_cleared_staff",
    "media": ["inbox"],
}


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"event": "warning_forgotten"}, "warning_forgotten is no event; warning_turned_red,"),
        ({"addressee": "mayor"}, "mayor"),
        ({"template": "warning_turned_red_staff"}, "a template of warning_cleared"),
        ({"template": "nowhere"}, "a template of warning_cleared"),
        ({"media": ["email"]}, "media with inbox"),
        ({"media": ["inbox", "pigeon"]}, "pigeon"),
        ({"account": "warning_id"}, "an account, a field of warning_cleared, for named"),
        ({"addressee": "named"}, "an account, a field of warning_cleared, for named"),
        ({"addressee": "named", "account": "mayor"}, "an account, a field of warning_cleared"),
        ({"addressee": "bureau"}, "a desk for the bureau"),
        ({"desk": "centre"}, "a desk for the bureau, and only for the bureau"),
        ({"again_when": ["weather"]}, "again_when: fields of warning_cleared"),
    ],
)
def test_a_table_of_addressees_that_cannot_be_followed_is_refused(
    tmp_path: Path, changes: dict[str, Any], because: str
) -> None:
    with pytest.raises(PracticeBroken, match=because):
        _practice_with(tmp_path, addressees=[{**ROW, **changes}])


def test_a_basis_that_a_template_cites_must_be_on_file(tmp_path: Path) -> None:
    only_equipment = [{"about": ["equipment"], "zh": "某法", "en": "Some Law"}]

    with pytest.raises(PracticeBroken, match="legal_basis has no row about instrument"):
        _practice_with(tmp_path, legal_basis=only_equipment)


def test_a_pause_of_more_than_five_minutes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PracticeBroken, match="no pause is longer than 0:05:00"):
        _practice_with(tmp_path, retry_pauses=[{"seconds": 5}, {"seconds": 301}])


def test_a_lease_that_ends_before_the_sending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PracticeBroken, match="lease_seconds must be more than send_seconds"):
        _practice_with(tmp_path, lease_seconds=30)


def test_a_bureau_can_sign_with_its_own_name(tmp_path: Path) -> None:
    own = _practice_with(tmp_path, signature_zh="某某县市场监督管理局")

    assert own.house(DAY).signature == "某某县市场监督管理局"


def _practice_with(tmp_path: Path, **values: Any) -> Practice:
    """The practice of a bureau whose own file says otherwise."""
    own = tmp_path / "notify.yaml"
    entries = {
        name: {"source": "本局规定", "values": {DAY: value}} for name, value in values.items()
    }
    own.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    policy = Policy.read(POLICY_FILE, "cn-current", own)
    installation = Installation(bureau="610300", language="zh", outside=MAIL)
    return Practice(policy, WORDING, installation)


def _source(template: str, language: str) -> str:
    return (HERE / "templates" / f"{template}.{language}.txt").read_text(encoding="utf-8")


def _rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new), encoding="utf-8")


def _kind(value: str) -> Any:
    return type(red().event.object_kind)(value)


def _duty(value: str) -> Any:
    return type(red().event.duty)(value)
