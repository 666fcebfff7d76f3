"""The files of a delivery, written row by row."""

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from services.demo.layouts import LAYOUTS, Layout
from services.demo.records import Record, text_of

ADAPTERS = Path(__file__).parents[1] / "registry" / "adapters"


def mapping_of(layout: str) -> Path:
    """The registry's mapping of a table, e.g. `special_elevators`."""
    system, _, table = layout.partition("_")
    return ADAPTERS / system / f"{table}.yaml"


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One delivered file, and the mapping by which it is imported as one `kind` of record."""

    path: Path
    mapping: Path
    rows: int
    kind: str


class Item(NamedTuple):
    """One row before it is written: the table, its cells, then what it says of dates.

    `checked`: day of the owner's own yearly check, or a boiler's last internal inspection.
    `maintained`: of its last maintenance. 0: none. `in_use`: can be renewed.
    """

    layout: str
    cells: list[str]
    record: Record | None = None
    checked: int = 0
    in_use: bool = True
    maintained: int = 0


class Sheet:
    """One file being written; nothing is kept but the number of rows."""

    def __init__(self, path: Path, layout: Layout, stack: ExitStack) -> None:
        self.path = path
        self.layout = layout
        self.rows = 0
        raw = stack.enter_context(path.open("wb"))
        if path.suffix == ".gz":
            # without name and time in the head: the same city gives the same bytes
            packed = gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0)
            raw = cast(BinaryIO, stack.enter_context(packed))  # type: ignore[assignment]
        text = io.TextIOWrapper(raw, encoding=layout.encoding, newline="", write_through=False)
        stack.enter_context(text)
        self._writer = csv.writer(text, delimiter=layout.delimiter, lineterminator="\r\n")
        self._writer.writerow(layout.heading + layout.dated)

    def write(self, item: Item) -> None:
        """One more row."""
        self._writer.writerow([*item.cells, *self._dates(item)])
        self.rows += 1

    def _dates(self, item: Item) -> list[str]:
        if not self.layout.dated:
            return []
        style, record = self.layout.date_format, item.record
        dates = [
            text_of(record.done, style) if record else "",
            text_of(record.due, style) if record and record.stated else "",
        ]
        more = (item.checked, item.maintained)[: len(self.layout.dated) - len(dates)]
        return dates + [text_of(day, style) if day else "" for day in more]

    def delivered(self) -> DemoFile:
        """What was written."""
        mapping = mapping_of(self.layout.name)
        return DemoFile(self.path, mapping, self.rows, self.layout.kind)


@contextmanager
def sheets(
    folder: Path, *, prefix: str = "", only_dated: bool = False
) -> Iterator[Mapping[str, Sheet]]:
    """All files of a delivery, open, by name of the layout; makes the folder if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        yield {
            name: Sheet(folder / f"{prefix}{layout.file}", layout, stack)
            for name, layout in LAYOUTS.items()
            if layout.dated or not only_dated
        }
