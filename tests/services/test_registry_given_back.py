"""Wrong rows come back as they were, with the reason, and go in again when they are right."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from services.chassis.database import Database
from services.registry.handlers import giving_back
from services.registry.reading import open_table
from tests.services.registry_portal import Portal
from tests.services.registry_stories import (
    ELEVATORS,
    HEADER,
    TODAY,
    csv_text,
    elevator,
    opened,
)

ADDED = ["错误行号", "错误原因", "应为"]
FORMULA = '=HYPERLINK("http://example.org","电梯")'
ROWS = [
    elevator(1),
    elevator(2, 上次="2015-02-30"),
    elevator(3, 状态="坏了", 名称=FORMULA, 类别="0012"),
    elevator(1),
    elevator(4),
]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(f"sqlite:///{tmp_path}/registry.db") as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return Portal(database)


def workbook(path: Path, rows: Sequence[dict[str, str]], sheet: str = "台账") -> bytes:
    """Under a title, with a date in a date cell."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    book.add_worksheet("说明")
    page = book.add_worksheet(sheet)
    page.write(0, 0, "宝鸡市电梯台账")
    page.write_row(1, 0, HEADER)
    for line, row in enumerate(rows, start=2):
        for column, name in enumerate(HEADER):
            page.write_string(line, column, row.get(name, ""))
        page.write_datetime(line, HEADER.index("下次"), datetime(2014, 5, 20))  # noqa: DTZ001 - a cell has no zone
    book.close()
    return path.read_bytes()


def given_back(portal: Portal, job: dict[str, Any], folder: Path) -> tuple[Path, list[Any]]:
    answer = portal.get(f"/imports/{job['id']}/errors.xlsx")
    assert answer.status_code == 200
    path = folder / "errors.xlsx"
    path.write_bytes(answer.data)
    with open_table(path, HEADER) as table:
        rows = [dict(zip(table.columns, cells, strict=True)) for _, cells, _ in table.rows]
        assert list(table.columns) == [*HEADER, *ADDED]
    return path, rows


def corrected(path: Path, rows: Sequence[dict[str, str]], right: dict[str, str]) -> bytes:
    """The workbook as a clerk leaves it: cells put right, what was added left as it is."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    page = book.add_worksheet()
    page.write_row(0, 0, list(rows[0]))
    for line, row in enumerate(rows, start=1):
        page.write_row(line, 0, list((row | right).values()))
    book.close()
    return path.read_bytes()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_wrong_rows_come_back_with_their_reasons_and_go_in_when_corrected(
    portal: Portal, tmp_path: Path, form: str
) -> None:
    sent = csv_text(ROWS) if form == "csv" else workbook(tmp_path / "a.xlsx", ROWS)
    job = portal.take(sent)
    first = 2 if form == "csv" else 3

    path, rows = given_back(portal, job, tmp_path)

    assert [row["编号"] for row in rows] == ["E00002", "E00003", "E00001"]
    assert [row["错误行号"] for row in rows] == [str(first + n) for n in (1, 2, 3)]
    assert rows[0]["错误原因"] == "上次: 没有这一天"
    assert rows[1]["错误原因"].startswith("状态: ")
    assert rows[1]["应为"]
    assert rows[1]["类别"] == "0012"
    assert rows[2]["错误原因"] == f"编号: 与第{first}行重复,以第{first}行为准"
    right = {"上次": "2013-05-21", "状态": "停用"}
    again = portal.take(corrected(path, rows, right))["report"]
    assert (job["report"]["new"], job["report"]["wrong"]) == (2, 3)
    assert (again["rows"], again["wrong"], again["new"]) == (3, 0, 2)
    assert job["report"]["sheet"] == (None if form == "csv" else "台账")


def test_what_begins_like_a_formula_is_text_in_the_workbook(
    portal: Portal, tmp_path: Path
) -> None:
    path, rows = given_back(portal, portal.take(csv_text(ROWS)), tmp_path)

    assert rows[1]["名称"] == FORMULA
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


def test_a_workbook_that_is_still_wrong_comes_back_without_growing(
    portal: Portal, tmp_path: Path
) -> None:
    path, rows = given_back(portal, portal.take(csv_text(ROWS[1:3])), tmp_path)

    _, again = given_back(portal, portal.take(path.read_bytes()), tmp_path)
    assert [list(row) for row in again] == [list(row) for row in rows]
    assert [row["错误行号"] for row in again] == ["2", "3"]


def test_the_sheet_is_called_as_the_mapping_asks_for_it(portal: Portal, tmp_path: Path) -> None:
    mapping = ELEVATORS + "\nsheet: 台账\n"
    job = portal.take(workbook(tmp_path / "a.xlsx", ROWS), mapping)

    path, _ = given_back(portal, job, tmp_path)

    with open_table(path, HEADER, sheet="台账") as table:
        assert table.sheet == "台账"
    assert portal.take(path.read_bytes(), mapping)["report"]["rows"] == 3


def test_a_row_with_too_many_cells_comes_back_with_all_of_them(
    portal: Portal, tmp_path: Path
) -> None:
    table = (
        csv_text([elevator(1)]) + "E00002,3000,二号,610303,在用,,U1,单位1,2013-05-20,,多余\r\n"
    )
    answer = portal.get(f"/imports/{portal.take(table)['id']}/errors.xlsx")

    (tmp_path / "e.xlsx").write_bytes(answer.data)
    with open_table(tmp_path / "e.xlsx", HEADER) as found:
        [(_, cells, _)] = found.rows
    assert cells[: len(HEADER)][0] == "E00002"
    assert cells[-1] == "多余"


def test_more_wrong_rows_than_a_sheet_takes_are_refused_with_the_way_out(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = portal.take(csv_text(ROWS))
    monkeypatch.setattr(giving_back, "MOST_ROWS", 2)

    answer = portal.get(f"/imports/{job['id']}/errors.xlsx")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "too_many_for_a_sheet")


def test_as_a_list_they_are_told_one_by_one_and_defused(portal: Portal) -> None:
    job = portal.take(csv_text([elevator(2, 上次="=1+1"), elevator(3, 上次="@x", 状态="坏")]))

    answer = portal.get(f"/imports/{job['id']}/errors.csv")

    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert lines[0] == ["工作表", "行", "列", "内容", "代码", "错误原因", "应为"]
    assert [line[:5] for line in lines[1:]] == [
        ["", "2", "上次", "'=1+1", "date_unreadable"],
        ["", "3", "状态", "坏", "word_unknown"],
        ["", "3", "上次", "'@x", "date_unreadable"],
    ]


def test_as_json_errors_and_findings_come_apart(portal: Portal) -> None:
    job = portal.take(csv_text([elevator(1, 下次="2012-01-01"), elevator(2, 上次="x\0y")]))

    told = portal.get(f"/imports/{job['id']}/errors.json").get_json()
    assert [(e["line"], e["code"]) for e in told["findings"]] == [(2, "due_before_done")]
    assert [(e["line"], e["value"]) for e in told["errors"]] == [(3, "x\ufffdy")]
    assert told["more"] is False


def test_all_wrong_rows_come_back_also_beyond_those_that_a_report_lists(
    portal: Portal, tmp_path: Path
) -> None:
    many = [elevator(n % 2, 上次="错" if n % 3 else "2013-05-20") for n in range(12_000)]

    job = portal.take(csv_text(many))
    _, rows = given_back(portal, job, tmp_path)

    assert job["report"]["wrong"] == len(rows) == 11_998
    assert [int(row["错误行号"]) for row in rows] == sorted(
        int(row["错误行号"]) for row in rows
    )
