"""The log channel: one JSON line for each delivery, on disk before it counts as delivered."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

from services.chassis import clock
from services.notify.channels.channel import ServerAway
from services.notify.model import Medium, Outgoing, Receipt
from services.notify.rules.masking import masked


class LogFile:
    """Appends to a file. Several processes may do so: one at a time."""

    medium = Medium.LOG

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, outgoing: Outgoing) -> Receipt:
        """Append one line. Raises ServerAway if the file cannot be written."""
        line = json.dumps(self._entry(outgoing), ensure_ascii=False) + "\n"
        try:
            at = self._append(line.encode())
        except OSError as error:
            raise ServerAway(f"{self.path}: {error.strerror}") from error
        return Receipt(sent_to=self.path.name, said=f"byte {at}")

    def close(self) -> None:
        """Nothing is held open."""

    def _append(self, line: bytes) -> int:
        """Where the line begins. A torn line of a crash is ended first."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        log = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(log, fcntl.LOCK_EX)  # ends with the file, also in a crash
            end = os.lseek(log, 0, os.SEEK_END)
            torn = end > 0 and os.pread(log, 1, end - 1) != b"\n"
            whole = b"\n" + line if torn else line
            written = os.write(log, whole)
            if written < len(whole):
                raise OSError(0, f"only {written} of {len(whole)} bytes were written")
            os.fsync(log)
            return end + torn
        finally:
            os.close(log)

    def _entry(self, outgoing: Outgoing) -> dict[str, Any]:
        return {
            "at": clock.now().isoformat(),
            "delivery_id": str(outgoing.delivery_id),
            "message_id": str(outgoing.message_id),
            "caused_by": str(outgoing.caused_by),
            "addressee": outgoing.addressee,
            "account": outgoing.account,
            "address": masked(outgoing.address) if outgoing.address else None,
            "subject": outgoing.subject,
            "body": outgoing.body,
        }
