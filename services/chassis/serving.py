"""WSGI applications on a loopback or container port, in threads of this process."""

from __future__ import annotations

import errno
import threading
from typing import Any

from waitress.server import create_server

from services.chassis.settings import SettingBroken

THREADS = 8


class Listening:
    """One application on one port. `start` returns when the port is open."""

    def __init__(self, app: Any, host: str, port: int, *, threads: int = THREADS) -> None:
        try:
            self._server = create_server(
                app,
                host=host,
                port=port,
                threads=threads,
                ident=None,
            )
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise SettingBroken(
                f"port {port} on {host} cannot be opened ({error.strerror}): another program "
                "has it, or this platform runs already. Set BIANQUE_PORT to a free one."
            ) from None
        self._thread = threading.Thread(
            target=self._server.run, name=f"http {port}", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.close()
