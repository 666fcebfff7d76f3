"""Evidence outside the database: a file lies under the digest of its bytes, and stays."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

_FOLDER = "evidence"
_SHARD = 2


def keep(var: Path, data: bytes) -> str:
    """Store bytes. Returns their SHA-256. The same bytes are stored once.

    They are on the disk before a row can name them: a crash leaves a file that nobody names,
    never a row without its file.
    """
    digest = sha256(data).hexdigest()
    place = _place(var, digest)
    if not place.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, delete=False) as written:
            written.write(data)
            written.flush()
            os.fsync(written.fileno())
        Path(written.name).replace(place)
        _sync_folder(place.parent)
    return digest


def load(var: Path, digest: str) -> bytes | None:
    """The bytes, if they are there and still what they were."""
    place = _place(var, digest)
    if not place.is_file():
        return None
    data = place.read_bytes()
    return data if sha256(data).hexdigest() == digest else None


def is_kept(var: Path, digest: str) -> bool:
    """Whether bytes of this digest were stored."""
    return _place(var, digest).is_file()


def _place(var: Path, digest: str) -> Path:
    return var / _FOLDER / digest[:_SHARD] / digest


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
