"""The servers of tests and benchmarks, and the network before them, by their public names.

    with a_broker() as broker, a_postgres(fsync=False) as postgres:
        ... broker.vhost("orders") ... postgres.database("credit") ...

`a_broker` and `a_postgres` take what BIANQUE_TEST_BROKER_URL and BIANQUE_TEST_DATABASE_URL
name, else a server of their own; `Broker` and `Postgres` are always our own.
"""

from tests.support.broker import Broker, GivenBroker, a_broker
from tests.support.broker_api import vhost_of
from tests.support.cut import Cut
from tests.support.given_server import NotOurs
from tests.support.own_server import NotStarted, free_ports
from tests.support.postgres import GivenPostgres, Postgres, a_postgres

__all__ = [
    "Broker",
    "Cut",
    "GivenBroker",
    "GivenPostgres",
    "NotOurs",
    "NotStarted",
    "Postgres",
    "a_broker",
    "a_postgres",
    "free_ports",
    "vhost_of",
]
