"""RabbitMQ for tests: an own one, or one that the environment names."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import requests

from tests.support.broker_api import BrokerApi
from tests.support.given_server import GivenServer
from tests.support.own_server import NotStarted, OwnServer, free_ports
from tests.support.runs import SERVERS, RunFolder
from tests.support.waiting import eventually

URL_VARIABLE = "BIANQUE_TEST_BROKER_URL"
API_VARIABLE = "BIANQUE_TEST_BROKER_API_URL"
PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # Debian's; not its root-only wrapper
USER = "bianque"

CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {api}
default_user = {user}
default_pass = {password}
"""
# How often a quorum queue tells its counts (milliseconds; the default is 5 s).
ADVANCED = "[{rabbit, [{quorum_tick_interval, 200}]}].\n"


class Broker(BrokerApi, OwnServer):
    """An own RabbitMQ node with its own epmd, cookie and management API, all on loopback."""

    kind: ClassVar[str] = "broker"
    stop_signal = signal.SIGTERM

    def __init__(
        self, name: str = "bianque", *, plugins: Sequence[str] = (), base: Path = SERVERS
    ) -> None:
        """`name`: of the node, before `@localhost`; `plugins`: beside the management plugin."""
        super().__init__(base)
        self._name = name
        self._plugins = ["rabbitmq_management", *plugins]
        self._user = USER

    def wait_for_disk(self) -> None:
        """Wait until every quorum queue would be there again after a kill -9.

        RabbitMQ confirms the declaration of a quorum queue up to half a second before its
        registration is on disk (seen with 3.10.8). Killed in between, it comes back with a
        queue that has lost its confirmed messages and answers no consumer.
        """
        node = f"{self._name}@localhost"
        register = self.folder / "data" / node / "quorum" / node / "names.dets"

        def all_on_disk() -> bool:
            written = register.read_bytes()
            return all(name.encode() in written for name in self._quorum_names())

        if not eventually(all_on_disk):
            raise TimeoutError(f"not in {register}: {self._quorum_names()}")

    def _quorum_names(self) -> list[str]:
        """The names under which RabbitMQ registers its quorum queues."""
        listed = self.api("GET", "queues?disable_stats=true&enable_queue_totals=true")
        return [
            f"{queue['vhost'].replace('/', '%2F')}_{queue['name']}"
            for queue in listed
            if queue["type"] == "quorum"
        ]

    def _prepare(self, folder: RunFolder) -> None:
        self._amqp_port, api, self._distribution_port, self._epmd_port = free_ports(4)
        self.api_url = f"http://127.0.0.1:{api}"
        self._password = secrets.token_urlsafe(16)
        ports = {"amqp": self._amqp_port, "api": api}
        settings = CONFIGURATION.format(user=USER, password=self._password, **ports)
        (folder.path / "rabbitmq.conf").write_text(settings)
        (folder.path / "advanced.config").write_text(ADVANCED)
        (folder.path / "enabled_plugins").write_text(f"[{', '.join(self._plugins)}].\n")

    def _launch(self, folder: RunFolder) -> subprocess.Popen[bytes]:
        environment = self._environment(folder.path)
        log = folder.path / "log"
        epmd = [_program("epmd"), "-address", "127.0.0.1", "-port", str(self._epmd_port)]
        folder.spawn(epmd, log=log, env=environment)  # else RabbitMQ leaves one running
        program = PROGRAM if PROGRAM.exists() else _program("rabbitmq-server")
        return folder.spawn([program], log=log, env=environment)

    def _environment(self, folder: Path) -> dict[str, str]:
        """Nothing of the machine's own RabbitMQ: no configuration, cookie, port or folder."""
        foreign = ("RABBITMQ_", "ERL_", "NOTIFY_SOCKET")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
        return inherited | {
            "HOME": str(folder),  # the Erlang cookie is made here
            "LC_ALL": "C.UTF-8",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_CRASH_DUMP_SECONDS": "0",
            "RABBITMQ_NODENAME": f"{self._name}@localhost",
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1}"
            ),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "no-environment-file"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "logs"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            # The start script becomes the Erlang machine, with no shell waiting in between.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def _answers(self) -> bool:
        try:
            self.api("GET", f"health/checks/port-listener/{self._amqp_port}")
        except (requests.ConnectionError, requests.HTTPError):
            return False
        return True


class GivenBroker(BrokerApi, GivenServer):
    """The broker of BIANQUE_TEST_BROKER_URL.

    Its management API is looked for on the same host, port 15672, or where
    BIANQUE_TEST_BROKER_API_URL (http://host:port) says.
    """

    variable = URL_VARIABLE

    def __init__(self, url: str) -> None:
        """`url`: amqp://user:password@host:port/, of a user who may make vhosts."""
        place = urlsplit(url)
        self._user = unquote(place.username or "guest")
        self._password = unquote(place.password or "guest")
        self._host = place.hostname or "127.0.0.1"
        self._amqp_port = place.port or 5672
        self.api_url = os.environ.get(API_VARIABLE, f"http://{self._host}:15672").rstrip("/")

    def _greet(self) -> None:
        try:
            self.api("GET", "whoami")
        except requests.RequestException as error:
            raise NotStarted(
                f"the broker of {URL_VARIABLE} does not answer at {self.api_url}: {error}. "
                f"Tests need its management API; {API_VARIABLE} can say where it is"
            ) from error


def a_broker() -> Broker | GivenBroker:
    """The broker that the environment names, else one of our own; not yet started."""
    url = os.environ.get(URL_VARIABLE)
    return GivenBroker(url) if url else Broker()


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NotStarted(
            f"{name} is not on this machine. Run deploy/install-servers.sh, "
            f"or set {URL_VARIABLE} to a broker that tests may use"
        )
    return found
