"""What is wrong with a file, on its way to the job: kept on disk, so that memory stays flat."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self
from uuid import UUID

from sqlalchemy.orm import Session

from services.registry.model import RowError
from services.registry.store import jobs

SLICE = 2000


class FaultSpool:
    """Takes faults as they are found; gives them to the job in the transaction that ends it."""

    def __init__(self) -> None:
        self._lines = TemporaryFile("w+", encoding="ascii")  # noqa: SIM115 - open as long as the import

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._lines.close()

    def tell(self, refused: bool, faults: Sequence[RowError]) -> None:
        """Some more; *refused*: for these the row did not go in."""
        for fault in faults:
            words = (fault.column, fault.value, fault.code, fault.reason, fault.right)
            told = [refused, fault.line, *map(storable, words)]
            self._lines.write(json.dumps(told) + "\n")

    def keep(self, session: Session, job_id: UUID) -> None:
        """All that was told."""
        found = self._found()
        while some := list(islice(found, SLICE)):
            jobs.keep_faults(session, job_id, some)

    def _found(self) -> Iterator[tuple[int, bool, RowError]]:
        self._lines.seek(0)
        for number, line in enumerate(self._lines):
            refused, *told = json.loads(line)
            yield number, refused, RowError(*told)


def storable(text: str) -> str:
    """Without what no database takes: NUL, and halves of characters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
