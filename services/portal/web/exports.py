"""Lists taken away as workbooks: the filter, the time and the user stand in the first line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from flask import Response
from xlsxwriter import Workbook

from services.chassis import clock
from services.portal.web.me import ask, me

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def all_of(
    service: str, path: str, *, most: int, page: int, **query: Any
) -> Iterable[dict[str, Any]]:
    """Every line of a list, page by page, up to *most*."""
    after, given = None, 0
    while given < most:
        answer = ask().get(service, path, **query, limit=page, after=after)
        yield from answer["items"]
        given += len(answer["items"])
        after = answer["next"]
        if not after:
            return


def workbook(
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    filters: Mapping[str, Any],
) -> Response:
    """A file to keep. Nothing in a cell is a formula: every text is written as text."""
    memory = BytesIO()
    book = Workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(name[:31])
    narrowed = " ".join(f"{key}={value}" for key, value in filters.items()) or "全部"
    at = clock.now().astimezone(clock.BEIJING)
    sheet.write_string(
        0, 0, f"条件：{narrowed};导出时间：{at:%Y-%m-%d %H:%M};导出人：{me().name}"
    )
    bold = book.add_format({"bold": True})
    for column, title in enumerate(columns):
        sheet.write_string(1, column, title, bold)
    for line, row in enumerate(rows, start=2):
        for column, value in enumerate(row):
            if isinstance(value, int) and not isinstance(value, bool):
                sheet.write_number(line, column, value)
            elif value is not None:
                sheet.write_string(line, column, str(value))
    sheet.freeze_panes(2, 0)
    book.close()
    headers = {"Content-Disposition": f'attachment; filename="{name}-{clock.today()}.xlsx"'}
    return Response(memory.getvalue(), mimetype=XLSX, headers=headers)


def days_until(day: str | None) -> int | None:
    """Negative when it is over."""
    return (date.fromisoformat(day) - clock.today()).days if day else None
