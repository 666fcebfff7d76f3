"""A file that cannot be read as a table."""

from __future__ import annotations


class FileBroken(Exception):
    """Nothing of the file was taken. *code* is stable; *place* and *message* are Chinese."""

    def __init__(self, code: str, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.code = code
        self.place = place
        self.message = message
