"""Lists taken away as workbooks: the filter, the time and the user stand in the first line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from itertools import chain, islice
from typing import Any

from flask import Response
from xlsxwriter import Workbook

from services.chassis import clock
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, me

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def all_of(
    service: str, path: str, *, most: int, page: int, **query: Any
) -> Iterable[dict[str, Any]]:
    """Every line of a list, page by page, up to *most*."""
    lines = chain.from_iterable(pages_of(service, path, limit=page, **query))
    return islice(lines, most)


def pages_of(
    service: str,
    path: str,
    *,
    limit: int,
    items: str = "items",
    onward: str = "after",
    **query: Any,
) -> Iterator[list[dict[str, Any]]]:
    """Page after page of a list. *onward*: the parameter that asks for the page behind."""
    place = None
    while True:
        answer = ask().get(service, path, **query, limit=limit, **{onward: place})
        yield answer[items]
        place = answer["next"]
        if not place:
            return


def workbook(
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    filters: Mapping[str, Any],
    *,
    most: int,
) -> Response:
    """A file to keep. Nothing in a cell is a formula: every text is written as text.

    Of more than *most* rows the first ones are there, and the first line says so.
    """
    memory = BytesIO()
    book = Workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(name[:31])
    lines = iter(rows)
    shown = list(islice(lines, most))
    cut = _("；只有前 %(most)s 行，请缩小条件", most=most) if next(lines, None) else ""
    narrowed = " ".join(f"{key}={value}" for key, value in filters.items()) or _("全部")
    at = clock.now().astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M")
    told = _(
        "条件：%(narrowed)s；导出时间：%(at)s；导出人：%(who)s",
        narrowed=narrowed,
        at=at,
        who=me().name,
    )
    sheet.write_string(0, 0, told + cut)
    bold = book.add_format({"bold": True})
    for column, title in enumerate(columns):
        sheet.write_string(1, column, title, bold)
    for line, row in enumerate(shown, start=2):
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
