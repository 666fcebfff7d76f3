"""Servers that the environment names are used as they are, and never ended."""

import psycopg
import pytest

from tests.support.broker import API_VARIABLE
from tests.support.servers import (
    Broker,
    GivenBroker,
    GivenPostgres,
    NotOurs,
    NotStarted,
    Postgres,
    a_broker,
    a_postgres,
    vhost_of,
)


def test_a_given_broker_is_used_and_not_ended(
    broker: Broker | GivenBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker.start()
    monkeypatch.setenv("BIANQUE_TEST_BROKER_URL", broker.url())
    monkeypatch.setenv(API_VARIABLE, broker.api_url)
    with a_broker() as given:
        url = given.vhost("given")
        queues = given.queues(url)
        with pytest.raises(NotOurs, match="BIANQUE_TEST_BROKER_URL is set"):
            given.kill()
        with pytest.raises(NotOurs, match="BIANQUE_TEST_BROKER_URL is set"):
            given.restart()
        given.delete_vhost(url)

    assert queues == {}
    assert vhost_of(url) not in [vhost["name"] for vhost in broker.api("GET", "vhosts")]


def test_a_given_broker_without_its_management_api_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BIANQUE_TEST_BROKER_URL", "amqp://guest:guest@127.0.0.1:1/")
    monkeypatch.setenv(API_VARIABLE, "http://127.0.0.1:1")

    with pytest.raises(NotStarted, match=f"{API_VARIABLE} can say where it is"):
        a_broker().start()


def test_a_given_postgresql_is_used_and_not_ended(
    postgres: Postgres | GivenPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = postgres.url().replace("+psycopg", "")
    monkeypatch.setenv("BIANQUE_TEST_DATABASE_URL", plain)
    with a_postgres() as given:
        url = given.database("given")
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            answer = connection.execute("SELECT 42").fetchone()
        with pytest.raises(NotOurs, match="BIANQUE_TEST_DATABASE_URL is set"):
            given.kill()
        with pytest.raises(NotOurs, match="BIANQUE_TEST_DATABASE_URL is set"):
            given.restart()
        given.drop(url)

    assert url.startswith("postgresql+psycopg://")
    assert answer == (42,)
    assert postgres.running


def test_a_given_postgresql_that_is_away_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BIANQUE_TEST_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    with pytest.raises(NotStarted, match="BIANQUE_TEST_DATABASE_URL does not answer"):
        a_postgres().start()
