"""The shipped templates of documents, written with python-docx so that they can be reviewed.

    python -m services.inspection.forms services/inspection/data/templates

A bureau edits a copy in BIANQUE_VAR/templates with Word; fields stand in double braces.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from services.inspection.model.documents import DocumentKind

_FONT = "仿宋"
_TITLE_SIZE = Pt(22)
_TEXT_SIZE = Pt(15)


def _order(page: Any) -> None:
    _say(page, "{{ enterprise }}（统一社会信用代码: {{ uscc }}）:")
    _say(page, "经查,你单位存在下列问题。现责令你单位按期改正,改正后接受复查:")
    _say(page, "{%p for item in items %}")
    _say(page, "{{ item.place }}. {{ item.description }}")
    _say(page, "依据: {{ item.basis }}")
    _say(page, "整改要求: {{ item.requirement }}")
    _say(page, "整改期限: 至{{ item.due_on }}(含当日)")
    _say(page, "{%p endfor %}")
    _say(page, "{%p if first_offence %}")
    _say(page, "你单位系首次违法,本局同时予以指导;按期改正的,不因上述问题记为不良信息。")
    _say(page, "{%p endif %}")
    _say(
        page,
        "到期未改正的,本局将依法进入执法程序。确需延长的,请在期满前说明理由,每项可以延长一次。",
    )


def _extension(page: Any) -> None:
    _say(page, "{{ enterprise }}（统一社会信用代码: {{ uscc }}）:")
    _say(
        page,
        "{{ order_number }}所列“{{ description }}”一项,"
        "整改期限由{{ was_due_on }}延长至{{ due_on }}(含当日)。",
    )
    _say(page, "理由: {{ because }}")


def _notice(page: Any) -> None:
    _say(page, "{{ enterprise }}（统一社会信用代码: {{ uscc }}）:")
    _say(page, "案件编号: {{ case_number }}")
    _say(
        page,
        "经调查,你单位{{ facts }}。"
        "依据{{ legal_basis }},本局拟对你单位作出如下处罚: {{ content }}。",
    )
    _say(page, "你单位有权在{{ respond_by }}(含当日)前向本局陈述、申辩。")
    _say(page, "{%p if hearing_right %}")
    _say(page, "你单位有权在上述期限内要求举行听证。")
    _say(page, "{%p endif %}")
    _say(page, "本局不因你单位陈述、申辩、要求听证而给予更重的处罚。")


def _decision(page: Any) -> None:
    _say(page, "当事人: {{ enterprise }}（统一社会信用代码: {{ uscc }}）")
    _say(page, "案件编号: {{ case_number }}")
    _say(page, "经查: {{ facts }}。上述事实有证据{{ evidence_count }}份在卷。")
    _say(page, "{%p if statement %}")
    _say(page, "当事人陈述申辩: {{ statement }}。本局已经复核。")
    _say(page, "{%p endif %}")
    _say(page, "依据{{ legal_basis }},决定给予当事人{{ kinds }}: {{ content }}。")
    _say(page, "罚款{{ fine_yuan }}元,没收{{ confiscated_yuan }}元。")
    _say(
        page,
        "当事人应当自收到本决定书之日起十五日内履行。到期不缴纳罚款的,每日按罚款数额的百分之三加处罚款,加处罚款的数额不超出罚款的数额。",
    )
    _say(
        page,
        "不服本决定的,可以自收到之日起六十日内申请行政复议,或者在六个月内向人民法院提起行政诉讼。",
    )
    _say(page, "本决定将依法向社会公示;符合条件的,可以申请信用修复。")


def _receipt(page: Any) -> None:
    _say(page, "受送达人: {{ enterprise }}")
    _say(page, "送达文书: {{ served_number }}")
    _say(page, "送达日期: {{ served_on }}    送达方式: {{ how }}")
    _say(page, "受送达人签收:                        年    月    日")
    _say(page, "送达人:")


def _visit(page: Any) -> None:
    _say(page, "被检查单位: {{ enterprise }}")
    _say(page, "检查事由: {{ purpose }}    检查日期: {{ concluded_on }}")
    _say(page, "检查人员(证件编号): {{ officers | join('、') }}")
    _say(page, "{%p for item in items %}")
    _say(
        page,
        "{{ item.number }}. {{ item.object }} {{ item.text }}: {{ item.finding }} {{ item.note }}",
    )
    _say(page, "{%p endfor %}")
    for name in ("records", "changes"):
        _say(page, f"{{%p for line in {name} %}}")
        _say(page, "{{ line }}")
        _say(page, "{%p endfor %}")
    _say(page, "检查结论: {{ conclusion }}。{{ summary }}")
    _say(page, "{%p for line in evidence %}")
    _say(page, "证据: {{ line }}")
    _say(page, "{%p endfor %}")
    _say(page, "{%p for line in signatures %}")
    _say(page, "签字: {{ line }}")
    _say(page, "{%p endfor %}")
    _say(page, "记录摘要(SHA-256): {{ digest }}")


FORMS: dict[DocumentKind, Callable[[Any], None]] = {
    DocumentKind.ORDER: _order,
    DocumentKind.EXTENSION: _extension,
    DocumentKind.NOTICE: _notice,
    DocumentKind.DECISION: _decision,
    DocumentKind.RECEIPT: _receipt,
    DocumentKind.VISIT: _visit,
}


def make(kind: DocumentKind) -> Any:
    """One template, as python-docx has it."""
    page = docx.Document()
    style = page.styles["Normal"]
    style.font.name, style.font.size = _FONT, _TEXT_SIZE
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    section = page.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    _say(page, "{{ authority }}", centred=True)
    _say(page, "{{ title }}", centred=True, size=_TITLE_SIZE)
    _say(page, "{{ number }}", centred=True)
    FORMS[kind](page)
    _say(page, "{{ authority }}", right=True)
    _say(page, "{{ date }}", right=True)
    _say(page, "{{ qr }}")
    _say(page, "核验码: {{ code }}")
    return page


def main(arguments: Sequence[str]) -> int:
    """Exit code 0: written; 2: not."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m services.inspection.forms FOLDER\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for kind in FORMS:
        make(kind).save(str(folder / f"{kind.value}.docx"))
        sys.stdout.write(f"written: {kind.value}.docx\n")
    return 0


def _say(
    page: Any, words: str, *, centred: bool = False, right: bool = False, size: Any = None
) -> None:
    paragraph = page.add_paragraph()
    run = paragraph.add_run(words)
    if size is not None:
        run.font.size, run.bold = size, True
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
