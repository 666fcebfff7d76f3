"""Connections to the broker that notice within seconds when the other end is gone."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

import kombu
from amqp.exceptions import AccessRefused, AMQPError, NotAllowed
from kombu.exceptions import OperationalError

from services.chassis.settings import SettingBroken

HEARTBEAT_SECONDS = 5
CONNECT_SECONDS = 5

# What a lost or refusing broker raises, whatever the moment.
LOST: tuple[type[Exception], ...] = (OSError, AMQPError, OperationalError, EOFError)

_SOCKET: dict[Any, int] = {
    socket.TCP_KEEPIDLE: 5,
    socket.TCP_KEEPINTVL: 2,
    socket.TCP_KEEPCNT: 3,
    socket.TCP_USER_TIMEOUT: 10_000,  # milliseconds until unacknowledged bytes end it
}


def connect(url: str) -> Any:
    """An open connection. Raises one of LOST; SettingBroken if the broker refuses the login."""
    connection = kombu.Connection(
        url,
        heartbeat=HEARTBEAT_SECONDS,
        connect_timeout=CONNECT_SECONDS,
        transport_options={"socket_settings": dict(_SOCKET)},
    )
    try:
        connection.connect()
    except (AccessRefused, NotAllowed) as error:
        connection.release()
        raise SettingBroken(
            f"BIANQUE_BROKER_URL: the broker refuses this user or virtual host ({error}). "
            "See deploy/settings.md."
        ) from error
    except BaseException:
        cut(connection)
        raise
    return connection


def cut(connection: Any) -> None:
    """Close the socket without a word.

    An orderly close waits for an answer, which a broker under an alarm never sends.
    """
    amqp = getattr(connection, "_connection", None)
    transport = getattr(amqp, "_transport", None)  # the public name would connect again
    try:
        if transport is not None:
            transport.close()
    except OSError:
        pass  # it was gone already
    connection._closed = True


def beat(connection: Any) -> None:
    """Send what keeps the connection alive; raise one of LOST if the broker is silent."""
    connection.heartbeat_check(rate=2)


def breathe(connection: Any) -> None:
    """Keep an idle connection alive: hear the broker's beat, and beat. Raises one of LOST."""
    with suppress(TimeoutError):  # the broker had nothing to say
        connection.drain_events(timeout=0.001)
    beat(connection)
