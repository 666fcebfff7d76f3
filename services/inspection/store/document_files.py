"""Documents outside the database: the bytes lie under their digest, and stay."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

_FOLDER = "documents"
_SHARD = 2


def keep(var: Path, data: bytes) -> str:
    """Store bytes. Returns their SHA-256.

    They are on the disk before a row names them: a crash leaves a file without a row, never
    a row without its file.
    """
    digest = sha256(data).hexdigest()
    place = _place(var, digest)
    if not place.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as written:
            written.write(data)
            written.flush()
            os.fsync(written.fileno())
        draft.replace(place)
    return digest


def load(var: Path, digest: str) -> bytes | None:
    """The bytes, if they are there and still what they were."""
    place = _place(var, digest)
    if not place.is_file():
        return None
    data = place.read_bytes()
    return data if sha256(data).hexdigest() == digest else None


def _place(var: Path, digest: str) -> Path:
    return var / _FOLDER / digest[:_SHARD] / f"{digest}.docx"
