"""Workbooks as they come: XLSX, XLS, ODS, many sheets, and what would take a process along."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable, TableCell, TableRow
from odf.text import P

from services.registry.reading import FileBroken, Table, open_table, workbook

HEADER = ["编号", "名称", "上次", "数"]
WANTED = ("编号", "上次")
DAY = date(2013, 5, 20)
Rows = Sequence[Sequence[Any]]
Writer = Callable[[Path, dict[str, Rows]], None]


def xlsx(path: Path, sheets: dict[str, Rows]) -> None:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for line, cells in enumerate(rows):
            sheet.write_row(line, 0, cells)
    book.close()


def xls(path: Path, sheets: dict[str, Rows]) -> None:
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                style = [day] if isinstance(cell, date) else []
                sheet.write(line, column, cell, *style)
    book.save(str(path))


def ods(path: Path, sheets: dict[str, Rows]) -> None:
    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        sheet = OdfTable(name=name)
        for cells in rows:
            row = TableRow()
            for cell in cells:
                row.addElement(_ods_cell(cell))
            sheet.addElement(row)
        book.spreadsheet.addElement(sheet)
    book.save(str(path))


def _ods_cell(value: Any) -> TableCell:
    if isinstance(value, date):
        return TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, int | float):
        return TableCell(valuetype="float", value=value)
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=value))
    return cell


WRITERS = pytest.mark.parametrize("write", [xlsx, xls, ods])


def opened(path: Path, wanted: Sequence[str] = WANTED, sheet: str | None = None) -> Table:
    """The table, with its rows gone through."""
    with open_table(path, wanted, sheet=sheet) as table:
        found = list(table.rows)
        share = table.share()
    return Table(
        table.columns, table.header_line, table.places, iter(found), lambda: share, table.sheet
    )


def cells_of(path: Path, wanted: Sequence[str] = WANTED) -> list[tuple[int, list[str]]]:
    return [(line, cells) for line, cells, _ in opened(path, wanted).rows]


def broken(path: Path, wanted: Sequence[str] = WANTED, sheet: str | None = None) -> FileBroken:
    with pytest.raises(FileBroken) as caught:
        opened(path, wanted, sheet)
    return caught.value


@WRITERS
def test_a_workbook_is_read_with_its_line_numbers(tmp_path: Path, write: Writer) -> None:
    path = tmp_path / "台账"
    rows = [
        ["宝鸡市电梯台账"],
        [""],
        HEADER,
        ["E1", "一号梯", DAY, 610303],
        ["E2", "", DAY, 0.5],
    ]
    write(path, {"电梯": rows})

    assert cells_of(path) == [
        (4, ["E1", "一号梯", "2013-05-20", "610303"]),
        (5, ["E2", "", "2013-05-20", "0.5"]),
    ]


@WRITERS
def test_a_number_longer_than_a_spreadsheet_keeps_shows_what_is_lost(
    tmp_path: Path, write: Writer
) -> None:
    write(tmp_path / "a", {"电梯": [HEADER, ["E1", "", DAY, 916103007000000000]]})

    assert cells_of(tmp_path / "a")[0][1][3] == "9.16103007000000E+17"


@WRITERS
def test_of_several_sheets_the_one_that_fits_is_taken_and_named(
    tmp_path: Path, write: Writer
) -> None:
    good = [HEADER, ["E1", "一号梯", DAY, 1]]
    write(tmp_path / "a", {"说明": [["编号是什么"]], "台账": good, "旧": [["编号", "名称"]]})

    table = opened(tmp_path / "a")

    assert table.sheet == "台账"
    assert table.share() == 1
    assert next(table.rows)[1][0] == "E1"


@WRITERS
def test_a_sheet_that_is_named_is_taken_whatever_the_others_have(
    tmp_path: Path, write: Writer
) -> None:
    rows = {name: [HEADER, [name, "", DAY, 1]] for name in ("一月", "二月")}
    write(tmp_path / "a", rows)

    assert next(opened(tmp_path / "a", sheet="二月").rows)[1][0] == "二月"
    assert broken(tmp_path / "a", sheet="三月").code == "sheet_missing"
    assert "一月、二月" in broken(tmp_path / "a", sheet="三月").message


def test_a_hidden_sheet_is_taken_only_if_it_is_named(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a"))
    for name, cells in (("台账", ["编号"]), ("藏", HEADER)):
        book.add_worksheet(name).write_row(0, 0, cells)
    book.get_worksheet_by_name("藏").hide()
    book.close()

    assert broken(tmp_path / "a").code == "column_missing"
    assert "工作表“台账”第1行" in broken(tmp_path / "a").place
    assert opened(tmp_path / "a", sheet="藏").columns == tuple(HEADER)


@WRITERS
def test_empty_rows_behind_the_table_cost_nothing(tmp_path: Path, write: Writer) -> None:
    rows = [HEADER, ["E1", "", DAY, 1], *([["", "", "", ""]] * 50)]
    write(tmp_path / "a", {"电梯": rows})

    assert [cells for _, cells in cells_of(tmp_path / "a") if any(cells)] == [
        ["E1", "", "2013-05-20", "1"]
    ]


@WRITERS
def test_a_header_of_two_rows_is_read_as_one(tmp_path: Path, write: Writer) -> None:
    rows = [["编号", "使用单位", "", "上次"], ["", "名称", "代码", "(日期)"]]
    write(tmp_path / "a", {"电梯": [["台账"], *rows, ["E1", "某厂", "C1", DAY]]})
    wanted = ("编号", "使用单位/名称", "代码", "上次")

    table = opened(tmp_path / "a", wanted)

    assert table.columns == wanted
    assert list(table.rows) == [(4, ["E1", "某厂", "C1", "2013-05-20"], 4)]


def test_formulas_are_read_as_they_were_last_calculated(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write_formula(1, 0, '="E"&1', None, "E1")
    sheet.write_formula(1, 3, "=1+1", None, 2)
    sheet.write_datetime(1, 2, datetime(2013, 5, 20, 13, 5))  # noqa: DTZ001 - a cell has no zone
    book.close()

    assert cells_of(tmp_path / "a")[0][1][0::3] == ["E1", "2"]


@WRITERS
def test_an_empty_workbook_is_refused(tmp_path: Path, write: Writer) -> None:
    write(tmp_path / "a", {"电梯": []})

    assert broken(tmp_path / "a").code == "empty"


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr("readme.txt", "no workbook")

    assert broken(tmp_path / "a").code == "not_a_workbook"


def test_a_workbook_that_would_fill_the_memory_is_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", " " * 3_000_000)
    monkeypatch.setattr(workbook, "LARGEST", 2_000_000)

    assert broken(tmp_path / "a").code == "workbook_too_large"


def rewritten(path: Path, member: str, before: str, after: str) -> None:
    """The same archive with one text put in the place of another."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert before.encode() in members[member]
    members[member] = members[member].replace(before.encode(), after.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_a_cell_at_the_end_of_the_world_does_not_take_the_process_along(tmp_path: Path) -> None:
    xlsx(tmp_path / "a", {"电梯": [HEADER, ["E1", "", DAY, 1]]})
    rewritten(tmp_path / "a", "xl/worksheets/sheet1.xml", 'r="D2"', 'r="XFD1048576"')

    assert broken(tmp_path / "a").code in ("workbook_unreadable", "not_a_workbook")
