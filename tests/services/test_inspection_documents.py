"""Documents as Word files: written once, printed again the same, checked by their code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest

from services.inspection import forms
from services.inspection.handlers.documents import rendering
from services.inspection.model.documents import DocumentKind
from tests.services.inspection_stories import FOLDER, TODAY, crane, done, evaluate, tell
from tests.services.order_stories import CITY, PHOTO, TOKEN, TWO, WEIBIN, Bureau, a_bureau
from tests.services.visit_stories import Desk

FINE = {
    "kinds": ["fine"],
    "fine_fen": 2_000_000,
    "violation_class": "ordinary",
    "facts": "使用未办理使用登记的起重机一台",
    "legal_basis": "《特种设备安全法》第八十三条",
    "content": "罚款人民币贰万元",
}


@pytest.fixture
def bureau(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    with a_bureau(database_url("inspection"), tmp_path, monkeypatch) as opened:
        yield opened


def bytes_of(bureau: Bureau, code: str, *, scope: str = CITY) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": scope}
    answer = bureau.client.get(f"/documents/{code}/file", headers=headers)
    return answer.status_code, answer.data


def text_of(data: bytes) -> str:
    return "\n".join(each.text for each in docx.Document(BytesIO(data)).paragraphs)


def a_decided_case(bureau: Bureau) -> dict[str, Any]:
    case = bureau.post(
        "/cases",
        enterprise_id=bureau.knows(name="宝鸡某机械厂 & <子公司>"),
        origin="visit",
        matter="equipment_not_registered",
        description="使用未办理使用登记的起重机",
    )
    path = f"/cases/{case['case_id']}"
    bureau.post(f"{path}/filing", officers=TWO)
    bureau.post(f"{path}/evidence", evidence=[PHOTO], officers=TWO, note="现场照片")
    bureau.post(f"{path}/notice", penalty=FINE)
    bureau.day("2026-03-10")
    bureau.post(f"{path}/decision", penalty=FINE)
    served: dict[str, Any] = bureau.post(f"{path}/service", how="直接送达")
    return served


def test_an_order_is_printed_with_its_number_items_and_check_code(bureau: Bureau) -> None:
    order = bureau.issue(
        bureau.knows(name="宝鸡某钛材厂"), "label_defect", "no_quality_records"
    )
    path = f"/orders/{order['order_id']}/documents"

    made = bureau.post(path, kind="order")
    status, data = bytes_of(bureau, made["code"])

    text = text_of(data)
    assert status == 200
    for said in (order["number"], "宝鸡某钛材厂", "2026年4月2日", made["code"], "首次违法"):
        assert said in text
    assert text.count("整改要求") == 2
    assert any(name.startswith("word/media/") for name in ZipFile(BytesIO(data)).namelist())


def test_a_reprint_gives_the_same_bytes(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    path = f"/orders/{order['order_id']}/documents"
    first = bureau.post(path, kind="order")
    before = bytes_of(bureau, first["code"])
    bureau.day("2026-06-01")

    again = bureau.post(path, kind="order")

    assert again == first
    assert bytes_of(bureau, again["code"]) == before
    assert bureau.get(path) == [first]


def test_an_extension_has_a_document_of_its_own(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    bureau.post(f"/orders/{order['order_id']}/documents", kind="order")
    bureau.on_item(order, 0, "extension", until="2026-04-30", reason="设备定制")

    made = bureau.post(
        f"/orders/{order['order_id']}/documents",
        kind="extension",
        item_id=order["items"][0]["item_id"],
    )

    text = text_of(bytes_of(bureau, made["code"])[1])
    assert "由2026年4月2日延长至2026年4月30日" in text


def test_notice_decision_and_receipt_of_a_case(bureau: Bureau) -> None:
    case = a_decided_case(bureau)
    path = f"/cases/{case['case_id']}/documents"

    made = {kind: bureau.post(path, kind=kind) for kind in ("notice", "decision", "receipt")}

    assert made["notice"]["number"] == "宝市监罚告〔2026〕1号"
    assert made["decision"]["number"] == case["decision"]["number"]
    texts = {kind: text_of(bytes_of(bureau, each["code"])[1]) for kind, each in made.items()}
    assert "不因你单位陈述、申辩、要求听证而给予更重的处罚" in texts["notice"]
    assert "宝鸡某机械厂 & <子公司>" in texts["decision"]
    assert "20,000.00元" in texts["decision"]
    assert "直接送达" in texts["receipt"]


def test_a_concluded_visit_has_its_record(bureau: Bureau) -> None:
    evaluated = bureau.service.database
    tell(evaluated, crane(1, done(due_on=date(2028, 1, 1))))
    evaluate(evaluated)
    desk = Desk(bureau.client)
    bureau.day(TODAY.isoformat())
    visit = desk.planned(1)
    early = desk.post(f"/visits/{visit}/documents")
    desk.concluded(visit)

    made = desk.post(f"/visits/{visit}/documents").json

    assert early.json["code"] == "nothing_to_write"
    text = text_of(bytes_of(bureau, made["code"])[1])
    assert made["title"] == "现场检查记录"
    assert "李明 (陕C-1001)、王芳 (陕C-1002)" in text
    assert "2026年11月20日" in text
    assert desk.post(f"/visits/{visit}/documents").json == made


def test_the_check_page_shows_no_name_and_what_holds(bureau: Bureau) -> None:
    case = a_decided_case(bureau)
    made = bureau.post(f"/cases/{case['case_id']}/documents", kind="decision")
    before = bureau.get(f"/documents/{made['code'].lower()}", scope=WEIBIN)
    bureau.post(
        f"/cases/{case['case_id']}/change",
        what="annulled",
        changed_by="宝鸡市人民政府",
        reason="事实不清",
    )

    after = bureau.get(f"/documents/{made['code']}", scope=WEIBIN)

    assert before == made
    assert (before["state"], after["state"], after["withdrawn_on"]) == (
        "valid",
        "withdrawn",
        "2026-03-10",
    )
    assert set(after) == {
        *("code", "kind", "title", "number", "date", "authority", "state", "withdrawn_on")
    }
    assert "机械厂" not in str(after)


def test_the_file_is_only_for_those_within_the_scope(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    made = bureau.post(f"/orders/{order['order_id']}/documents", kind="order")

    assert bytes_of(bureau, made["code"], scope=WEIBIN)[0] == 404
    assert bytes_of(bureau, "NOSUCHCODE22")[0] == 404


def test_what_is_not_on_file_cannot_be_printed(bureau: Bureau) -> None:
    draft = bureau.draft(bureau.knows())
    path = f"/orders/{draft['order_id']}/documents"

    for kind in ("order", "extension", "decision", "visit"):
        assert bureau.refused(path, kind=kind)["code"] == "nothing_to_write"


def own_template(bureau: Bureau, kind: str, *said: str) -> None:
    page = docx.Document()
    for words in said:
        page.add_paragraph(words)
    folder = bureau.service.settings.var / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    page.save(str(folder / f"{kind}.docx"))


def test_a_bureau_may_use_a_template_of_its_own(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    own_template(bureau, "order", "本局格式 {{ number }}", "{{ qr }}")

    made = bureau.post(f"/orders/{order['order_id']}/documents", kind="order")

    assert text_of(bytes_of(bureau, made["code"])[1]).startswith(f"本局格式 {order['number']}")


@pytest.mark.parametrize(
    ("said", "code", "named"),
    [
        (
            "{{ number }} {{ boss }} {{ telephone }}",
            "template_field_unknown",
            "boss、telephone",
        ),
        ("{% for item in items %}{{ item.colour }}{% endfor %}", "template_broken", "colour"),
        ("{{ number", "template_broken", "order.docx"),
        ("{{ number.__class__.__mro__ }}", "template_broken", "order.docx"),
    ],
)
def test_a_template_that_asks_for_what_is_not_there_is_refused_by_name(
    bureau: Bureau, said: str, code: str, named: str
) -> None:
    order = bureau.issue(bureau.knows())
    own_template(bureau, "order", said)

    refused = bureau.refused(f"/orders/{order['order_id']}/documents", kind="order")

    assert refused["code"] == code
    assert named in refused["detail"]


def test_a_template_that_is_no_word_file_is_refused(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    own_template(bureau, "order")
    (bureau.service.settings.var / "templates" / "order.docx").write_bytes(b"%PDF-1.7")

    refused = bureau.refused(f"/orders/{order['order_id']}/documents", kind="order")

    assert refused["code"] == "template_broken"


def test_bytes_that_were_touched_are_not_given_out(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    made = bureau.post(f"/orders/{order['order_id']}/documents", kind="order")
    [kept] = (bureau.service.settings.var / "documents").rglob("*.docx")
    kept.write_bytes(kept.read_bytes() + b"x")

    assert bytes_of(bureau, made["code"])[0] == 404


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_shipped_templates_are_what_the_maker_writes(kind: DocumentKind) -> None:
    written = BytesIO()
    forms.make(kind).save(written)
    shipped = (FOLDER / "data" / "templates" / f"{kind.value}.docx").read_bytes()

    assert _body(shipped) == _body(written.getvalue()), (
        "run python -m services.inspection.forms services/inspection/data/templates"
    )
    assert rendering.SHIPPED == FOLDER / "data" / "templates"


def test_the_maker_says_what_it_wrote_and_how_it_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forms.main([str(tmp_path / "new")]) == 0
    assert "written: decision.docx" in capsys.readouterr().out
    assert forms.main([]) == 2


def _body(data: bytes) -> bytes:
    return ZipFile(BytesIO(data)).read("word/document.xml")
