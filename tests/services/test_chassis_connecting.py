"""A connection that broke is closed without another word to the broker."""

from __future__ import annotations

import socket

import amqp
import kombu

from services.chassis.bus import connecting


def nobody_listens() -> int:
    """A loopback port that refuses."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


def test_cutting_a_connection_that_was_collected_does_not_connect_again() -> None:
    """amqp forgets its socket when the broker goes; the name of it then dials anew."""
    address = f"127.0.0.1:{nobody_listens()}"
    connection = kombu.Connection(f"amqp://guest:guest@{address}//")
    connection._connection = amqp.Connection(address)

    connecting.cut(connection)

    assert not connection.connected
