"""Files beside the database, in the clear while somebody reads them: what a killed process left."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from services.chassis import clock

IMPORT = "bianque-import-"
ERRORS = "bianque-errors-"
OLD = timedelta(days=1)  # no import and no workbook takes so long


def sweep(folder: Path) -> int:
    """Remove what is older than a day. Returns how many were removed."""
    before = (clock.now() - OLD).timestamp()
    removed = 0
    for name in (IMPORT, ERRORS):
        for path in folder.glob(f"{name}*"):
            with suppress(FileNotFoundError, PermissionError):  # another process, another user
                if path.stat().st_mtime < before:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
                    removed += 1
    return removed
