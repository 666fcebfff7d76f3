"""The tests' own servers do what the other tests rely on."""

from collections.abc import Callable, Iterator
from typing import Any

import amqp
import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.support.servers import Broker, GivenBroker, GivenPostgres, Postgres
from tests.support.waiting import eventually

QUEUE = "evt-inspection-warning_turned_red.v1--credit"
QUORUM = {"x-queue-type": "quorum"}


def amqp_connection(url: str) -> Any:
    place = make_url(url)
    connection = amqp.Connection(
        f"{place.host}:{place.port}",
        userid=place.username,
        password=place.password,
        virtual_host=place.database,
        connect_timeout=10,
        read_timeout=10,
    )
    connection.connect()
    return connection


def declare_and_publish(url: str, *bodies: str, kind: dict[str, str] | None = None) -> None:
    """Put persistent messages into a durable queue; return when the broker has confirmed."""
    with amqp_connection(url) as connection:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=True, auto_delete=False, arguments=kind)
        channel.confirm_select()
        for body in bodies:
            message = amqp.Message(body, delivery_mode=2)
            channel.basic_publish_confirm(message, routing_key=QUEUE)


def take_all(url: str) -> list[str]:
    """Take and acknowledge everything that waits in the queue."""
    with amqp_connection(url) as connection:
        channel = connection.channel()
        return [message.body for message in iter(lambda: channel.basic_get(QUEUE, True), None)]


def libpq(url: str) -> str:
    return url.replace("+psycopg", "")


# --- RabbitMQ ---------------------------------------------------------------------------


def test_a_message_goes_through_a_fresh_vhost(vhost_url: str) -> None:
    declare_and_publish(vhost_url, "红色预警")

    assert take_all(vhost_url) == ["红色预警"]


def test_two_vhosts_of_the_same_name_do_not_meet(
    broker: Broker | GivenBroker, vhost_url: str
) -> None:
    other = broker.vhost()
    declare_and_publish(vhost_url, "one")

    assert QUEUE in broker.queues(vhost_url)
    assert broker.queues(other) == {}

    broker.delete_vhost(other)


def test_a_deleted_vhost_refuses_connections(broker: Broker | GivenBroker) -> None:
    url = broker.start().vhost()
    broker.delete_vhost(url)

    with pytest.raises((amqp.NotAllowed, amqp.NotFound, OSError)):
        amqp_connection(url)


@pytest.mark.parametrize("kind", ["classic", "quorum"])
def test_queues_tell_what_waits_and_who_listens(
    broker: Broker | GivenBroker, vhost_url: str, kind: str
) -> None:
    declare_and_publish(vhost_url, "1", "2", "3", kind={"x-queue-type": kind})
    before = broker.queues(vhost_url)[QUEUE]
    with amqp_connection(vhost_url) as connection:
        channel = connection.channel()
        channel.basic_qos(0, 2, False)
        channel.basic_consume(QUEUE, callback=lambda message: None)
        connection.drain_events(timeout=10)
        eventually(lambda: broker.queues(vhost_url)[QUEUE]["unacknowledged"] == 2)
        during = broker.queues(vhost_url)[QUEUE]

    assert (before["ready"], before["messages"], before["consumers"]) == (3, 3, 0)
    assert (during["ready"], during["messages"], during["consumers"]) == (1, 3, 1)
    assert (during["type"], during["durable"]) == (kind, True)


def test_queues_lists_an_exclusive_queue_without_disturbing_it(
    broker: Broker | GivenBroker, vhost_url: str
) -> None:
    with amqp_connection(vhost_url) as connection:
        name = connection.channel().queue_declare(exclusive=True).queue
        listed = broker.queues(vhost_url)

    assert listed[name]["consumers"] is None


def test_a_persistent_message_outlives_kill_9_of_the_broker(
    broker: Broker | GivenBroker, vhost_url: str
) -> None:
    declare_and_publish(vhost_url, "confirmed before the kill", kind=QUORUM)
    if isinstance(broker, Broker):
        broker.wait_for_disk()
    broker.kill()
    with pytest.raises(OSError, match="refused"):
        amqp_connection(vhost_url)
    broker.start()

    assert eventually(lambda: broker.queues(vhost_url)[QUEUE]["ready"]) == 1
    assert take_all(vhost_url) == ["confirmed before the kill"]


def test_a_restart_of_the_broker_keeps_its_data(
    broker: Broker | GivenBroker, vhost_url: str
) -> None:
    declare_and_publish(vhost_url, "before the restart")
    broker.restart()

    assert take_all(vhost_url) == ["before the restart"]


# --- PostgreSQL -------------------------------------------------------------------------


@pytest.fixture
def durable_url(durable_postgres: Postgres | GivenPostgres) -> Iterator[str]:
    url = durable_postgres.database("credit")
    yield url
    durable_postgres.start().drop(url)


def test_a_committed_row_outlives_kill_9_of_postgresql(
    durable_postgres: Postgres | GivenPostgres, durable_url: str
) -> None:
    with psycopg.connect(libpq(durable_url)) as connection:
        connection.execute("CREATE TABLE seen (word text)")
        connection.execute("INSERT INTO seen VALUES ('committed')")
    cut_off = psycopg.connect(libpq(durable_url))
    cut_off.execute("INSERT INTO seen VALUES ('not committed')")
    durable_postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        cut_off.commit()
    cut_off.close()
    durable_postgres.start()

    assert _words(durable_url) == ["committed"]


def test_the_durable_postgresql_syncs_and_the_fast_one_does_not(
    durable_postgres: Postgres | GivenPostgres, postgres: Postgres | GivenPostgres
) -> None:
    durable_postgres.restart()
    settings = {}
    for name, server in {"durable": durable_postgres, "fast": postgres}.items():
        with psycopg.connect(libpq(server.url())) as connection:
            settings[name] = [
                connection.execute(f"SHOW {setting}").fetchone()
                for setting in ("fsync", "max_connections", "server_encoding", "lc_collate")
            ]

    assert settings == {
        "durable": [("on",), ("200",), ("UTF8",), ("C.UTF-8",)],
        "fast": [("off",), ("200",), ("UTF8",), ("C.UTF-8",)],
    }


def test_a_dropped_database_is_gone_even_with_somebody_connected(
    postgres: Postgres | GivenPostgres,
) -> None:
    url = postgres.database()
    connected = psycopg.connect(libpq(url), autocommit=True)
    postgres.drop(url)

    with pytest.raises(psycopg.OperationalError):
        connected.execute("SELECT 1")
    connected.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(libpq(url))


def test_a_database_per_name_and_the_same_for_the_same_name(
    database_url: Callable[[str], str],
) -> None:
    for name, word in {"credit": "诚信", "inspection": "检验"}.items():
        engine = create_engine(database_url(name))
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE seen (word VARCHAR(10))"))
            connection.execute(text("INSERT INTO seen VALUES (:word)"), {"word": word})
        engine.dispose()

    assert database_url("credit") != database_url("inspection")
    assert _words(database_url("credit")) == ["诚信"]
    assert _words(database_url("inspection")) == ["检验"]


def _words(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        words = list(connection.scalars(text("SELECT word FROM seen")))
    engine.dispose()
    return words
