"""Files as they come: encodings, delimiters, and every way of being no table."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from services.registry.reading import FileBroken, open_table
from tests.services.registry_stories import written

TEXT = "编号,名称,上次\nE1,一号梯,2013-05-20\nE2,二号梯,2013-06-21\n"
WANTED = ("编号", "上次")


def cells_of(path: Path, wanted: tuple[str, ...] = WANTED) -> list[tuple[int, list[str]]]:
    with open_table(path, wanted) as table:
        return [(line, cells) for line, cells, _ in table.rows]


def broken(path: Path, wanted: tuple[str, ...] = WANTED) -> FileBroken:
    with pytest.raises(FileBroken) as caught:
        cells_of(path, wanted)
    return caught.value


GB18030_MARK = b"\x84\x31\x95\x33"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str, newline: str) -> None:
    path = written(tmp_path, TEXT.replace("\n", newline).encode(encoding))

    assert cells_of(path) == [
        (2, ["E1", "一号梯", "2013-05-20"]),
        (3, ["E2", "二号梯", "2013-06-21"]),
    ]


def test_gb18030_may_have_a_mark(tmp_path: Path) -> None:
    path = written(tmp_path, GB18030_MARK + TEXT.encode("gb18030"))

    assert cells_of(path)[0] == (2, ["E1", "一号梯", "2013-05-20"])


def test_stray_zeros_do_not_make_it_utf16(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT.replace("E1", "E\0\0").encode())

    assert cells_of(path)[0] == (2, ["E\0\0", "一号梯", "2013-05-20"])


def test_chinese_may_come_late_in_a_long_file(tmp_path: Path) -> None:
    plain = "key,name\n" + "".join(f"E{n},elevator\n" for n in range(100_000))

    for encoding in ("utf-8", "gb18030"):
        path = written(tmp_path, (plain + "E,末尾才有中文\n").encode(encoding))
        last = cells_of(path, ("key",))[-1]
        assert last == (100_002, ["E", "末尾才有中文"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    path = written(tmp_path, TEXT.replace(",", delimiter))

    assert cells_of(path)[0] == (2, ["E1", "一号梯", "2013-05-20"])


def test_a_delimiter_inside_quotes_does_not_count(tmp_path: Path) -> None:
    path = written(tmp_path, '"编号";"名称";"上次"\nE1;"甲, 乙, 丙, 丁";2013-05-20\n')

    assert cells_of(path) == [(2, ["E1", "甲, 乙, 丙, 丁", "2013-05-20"])]


def test_titles_above_the_header_do_no_harm(tmp_path: Path) -> None:
    path = written(tmp_path, "宝鸡市电梯台账\n\n填报单位,,,,\n" + TEXT)

    with open_table(path, WANTED) as table:
        assert table.header_line == 4
        assert [line for line, *_ in table.rows] == [5, 6]


def test_column_names_are_compared_as_people_do(tmp_path: Path) -> None:
    path = written(tmp_path, " ＫＥＹ ,Last  Date\nE1,2013-05-20\n")

    assert cells_of(path, ("key", "last date")) == [(2, ["E1", "2013-05-20"])]


def test_a_gzipped_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(TEXT.encode("gb18030")), "台账.csv")

    assert len(cells_of(path)) == 2


def test_cells_of_several_lines_keep_the_line_where_they_begin(tmp_path: Path) -> None:
    path = written(tmp_path, '编号,名称,上次\nE1,"一号\n梯",2013-05-20\nE2,二号,2013-06-21\n')

    assert [line for line, _ in cells_of(path)] == [2, 4]


def test_a_missing_column_is_named_with_the_nearest_and_those_there_are(tmp_path: Path) -> None:
    error = broken(written(tmp_path, TEXT), ("编号", "上次检验", "单位"))

    assert error.code == "column_missing"
    assert error.place == "第1行(表头)"
    assert "缺少列“上次检验”(最接近的是“上次”)" in error.message
    assert "缺少列“单位”" in error.message
    assert "表中的列: 编号、名称、上次" in error.message


def test_a_column_that_stands_twice_is_not_guessed(tmp_path: Path) -> None:
    error = broken(written(tmp_path, "编号,上次,上次\nE1,2013-05-20,2012-05-20\n"))

    assert error.code == "column_twice"


def test_a_byte_that_fits_no_encoding_is_placed(tmp_path: Path) -> None:
    good = "编号,名称,上次\nE1,一号梯,2013-05-20\nE2,".encode()
    error = broken(written(tmp_path, good + b"\xff\xfe,2013-06-21\n"))

    assert error.code == "undecodable"
    assert error.place == f"第3行,文件第{len(good) + 1}字节"
    assert "0xFF" in error.message


def test_a_slip_in_utf8_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    good = "key,name\nE1,一号电梯\nE2,二号".encode()
    error = broken(written(tmp_path, good + b"\xe7\x94,\xe6\xa2\xaf\n"), ("key",))

    assert error.code == "undecodable"
    assert error.place == f"第3行,文件第{len(good) + 1}字节"
    assert "utf-8" in error.message


def test_a_bad_byte_far_behind_is_placed_too(tmp_path: Path) -> None:
    head = "编号,名称,上次\n".encode()
    body = "E1,一号梯,2013-05-20\n".encode() * 40_000
    error = broken(written(tmp_path, head + body + b"E2,\xe4\xb8,2013-06-21\n"))

    assert error.code == "undecodable"
    assert error.place == f"第40002行,文件第{len(head + body) + 4}字节"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ("这不是表格。\n只是一段文字。\n".encode(), "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xff\xff", "undecodable"),
        (b"PK\x03\x04 this is no zip", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook", "not_a_workbook"),
        (gzip.compress(TEXT.encode())[:-9], "gzip_broken"),
        (b"\x1f\x8b\x08 no gzip at all", "gzip_broken"),
        (gzip.compress(b"PK\x03\x04 a workbook"), "workbook_packed"),
        (b"\n<HTML><table><tr><td>key</td></tr></table>", "markup"),
    ],
    ids=[
        "nothing",
        "blank lines",
        "only a mark",
        "prose",
        "picture",
        "zip by name",
        "xls by name",
        "gzip cut off",
        "gzip by name",
        "a workbook in a gzip",
        "a page called xls",
    ],
)
def test_what_is_no_table_is_refused_with_a_code(
    tmp_path: Path, content: bytes, code: str
) -> None:
    assert broken(written(tmp_path, content)).code == code


def test_a_folder_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    assert broken(tmp_path).code == "is_a_directory"
    assert broken(tmp_path / "missing.csv").code == "not_readable"


def test_a_quote_that_is_never_closed_is_placed(tmp_path: Path) -> None:
    rows = "".join(f"E{n},名称,2013-05-20\n" for n in range(20_000))
    error = broken(written(tmp_path, '编号,名称,上次\nE1,名称,2013-05-20\nE2,"名称,\n' + rows))

    assert error.code == "field_too_long"
    assert error.place == "第3行"


GIGANTIC = """
import resource, sys
from pathlib import Path
from services.registry.reading import FileBroken, open_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    with open_table(Path(sys.argv[1]), ("a", "b")) as table:
        for _ in table.rows:
            pass
except FileBroken as error:
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(error.code, error.place, "bounded" if grown < 64 else f"grew by {grown} MB")
"""


@pytest.mark.parametrize("head", [b"", b"a,b\n1,2\n"], ids=["header", "row"])
def test_a_gigantic_line_does_not_eat_the_memory(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "gigantic.csv"
    with path.open("wb") as file:
        file.write(head)
        file.seek(300 << 20)
        file.write(b"x")

    ran = subprocess.run(
        [sys.executable, "-c", GIGANTIC, str(path)], capture_output=True, text=True, check=True
    )

    line = 3 if head else 1
    assert ran.stdout.strip() == f"line_too_long 第{line}行 bounded"
