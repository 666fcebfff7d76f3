"""Import this first in a process that hears over RabbitMQ: nameko's workers are greenlets.

Everything that waits (sockets, locks, sleeps, psycopg) must then let the others go on.
"""

import os
import socket
from typing import Any

# psycopg's C loop would stop the whole process during a query; this one is patched below.
os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
# eventlet's resolver remembers a failed look-up for ever; the system's does not.
os.environ["EVENTLET_NO_GREENDNS"] = "yes"

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that eventlet is retiring is known: docs/decisions/0003
    import eventlet
    import eventlet.green.socket
    import eventlet.tpool

_look_up = socket.getaddrinfo

eventlet.monkey_patch()


def _look_up_beside(*asked: Any, **more: Any) -> Any:
    """The system's resolver blocks, for seconds where no name server answers: a real thread."""
    return eventlet.tpool.execute(_look_up, *asked, **more)


for _module in (socket, eventlet.green.socket):
    setattr(_module, "getaddrinfo", _look_up_beside)  # noqa: B010 - mypy knows no such name
