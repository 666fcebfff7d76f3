"""The network before the servers of the tests can be cut."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.support.servers import Cut, GivenPostgres, Postgres

QUIET = 0.3  # seconds in which a byte over loopback would have come many times over


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        yield listener


@pytest.fixture
def cut(server: socket.socket) -> Iterator[Cut]:
    with Cut(server.getsockname()[1]) as cut:
        yield cut


@pytest.fixture
def line(server: socket.socket, cut: Cut) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of one connection through the cut: the client's and the server's."""
    with call(cut) as client:
        answered, _ = server.accept()
        with answered:
            answered.settimeout(10)
            yield client, answered


def call(cut: Cut, seconds: float = 10) -> socket.socket:
    return socket.create_connection(("127.0.0.1", cut.port), timeout=seconds)


def assert_silent(end: socket.socket) -> None:
    """Neither a byte nor an end of the connection comes."""
    end.settimeout(QUIET)
    with pytest.raises(TimeoutError):
        end.recv(100)
    end.settimeout(10)


def test_bytes_go_both_ways(line: tuple[socket.socket, socket.socket]) -> None:
    client, server = line
    client.sendall(b"question")
    question = server.recv(100)
    server.sendall(b"answer")

    assert question == b"question"
    assert client.recv(100) == b"answer"


def test_much_goes_through_whole(line: tuple[socket.socket, socket.socket]) -> None:
    client, server = line
    sent = bytes(range(256)) * 40_000  # more than all buffers on the way hold
    sender = threading.Thread(target=client.sendall, args=(sent,))
    sender.start()
    received = b""
    while len(received) < len(sent):
        received += server.recv(len(sent))
    sender.join()

    assert received == sent


def test_the_end_of_one_side_reaches_the_other(
    line: tuple[socket.socket, socket.socket],
) -> None:
    client, server = line
    client.shutdown(socket.SHUT_WR)
    end = server.recv(100)
    server.sendall(b"still here")

    assert end == b""
    assert client.recv(100) == b"still here"


def test_frozen_nothing_passes_and_thawed_it_arrives(
    cut: Cut, line: tuple[socket.socket, socket.socket]
) -> None:
    client, server = line
    cut.freeze()
    client.sendall(b"question")
    server.sendall(b"answer")

    assert_silent(server)
    assert_silent(client)

    cut.thaw()

    assert server.recv(100) == b"question"
    assert client.recv(100) == b"answer"


def test_frozen_the_death_of_the_server_goes_unnoticed(
    cut: Cut, line: tuple[socket.socket, socket.socket]
) -> None:
    client, server = line
    cut.freeze()
    server.close()

    assert_silent(client)

    cut.thaw()

    assert client.recv(100) == b""


def test_frozen_a_new_call_is_not_answered(cut: Cut, server: socket.socket) -> None:
    cut.freeze()
    with pytest.raises(TimeoutError):
        call(cut, seconds=QUIET)
    cut.thaw()
    with call(cut) as client:
        client.sendall(b"again")
        heard = hear(server, b"again")

    assert heard


def hear(server: socket.socket, words: bytes) -> bool:
    """Whether one of the next calls at the server says this."""
    while True:
        with server.accept()[0] as answered:
            answered.settimeout(10)
            if answered.recv(100) == words:
                return True


def test_dropped_both_sides_see_an_end_and_new_calls_are_taken(
    cut: Cut, server: socket.socket, line: tuple[socket.socket, socket.socket]
) -> None:
    client, answered = line
    cut.drop()
    ends = client.recv(100), answered.recv(100)
    with call(cut) as anew:
        anew.sendall(b"anew")
        heard = hear(server, b"anew")

    assert ends == (b"", b"")
    assert heard


def test_a_server_that_is_away_is_a_broken_connection(cut: Cut, server: socket.socket) -> None:
    server.close()

    # The reset can come as early as while the call is being put through.
    with pytest.raises(ConnectionResetError), call(cut) as client:
        client.recv(100)


def test_a_statement_waits_for_the_cable(postgres: Postgres | GivenPostgres) -> None:
    with Cut.before(postgres.url()) as cut:
        url = cut.through(postgres.url()).replace("+psycopg", "")
        with psycopg.connect(url) as connection, ThreadPoolExecutor(1) as asker:
            cut.freeze()
            answer = asker.submit(lambda: connection.execute("SELECT 42").fetchone())
            with pytest.raises(TimeoutError):
                answer.result(QUIET)
            cut.thaw()

            assert answer.result(10) == (42,)


def test_an_address_through_the_cut_differs_in_host_and_port_only(cut: Cut) -> None:
    through = cut.through("amqp://bianque:p%40ss@broker.example:5672/%2F?heartbeat=5")

    assert through == f"amqp://bianque:p%40ss@127.0.0.1:{cut.port}/%2F?heartbeat=5"
