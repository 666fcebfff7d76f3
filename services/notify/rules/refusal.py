"""不予办理 — what the rules do not allow, in words that say what they would."""

from __future__ import annotations


class NotAllowed(Exception):
    """The rules have no such step. *code* never changes; *said* is for people."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.said = said
