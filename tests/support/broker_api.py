"""What a RabbitMQ can be asked: addresses, vhosts, queues."""

import secrets
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import amqp
import requests


class BrokerApi:
    """What a broker can be asked, whoever started it."""

    _user: str
    _password: str
    _host = "127.0.0.1"
    _amqp_port: int
    api_url: str

    def url(self, vhost: str = "/") -> str:
        """The AMQP address of a vhost by its name."""
        who = f"{quote(self._user, safe='')}:{quote(self._password, safe='')}"
        return f"amqp://{who}@{self._host}:{self._amqp_port}/{quote(vhost, safe='')}"

    def vhost(self, name: str = "test") -> str:
        """The address of a fresh vhost, called `name`-<random>, with all rights for us."""
        vhost = f"{name}-{secrets.token_hex(4)}"
        self.api("PUT", f"vhosts/{vhost}")
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self.api("PUT", f"permissions/{vhost}/{quote(self._user, safe='')}", everything)
        return self.url(vhost)

    def delete_vhost(self, url: str) -> None:
        """Delete the vhost of an address, with its queues; its connections are closed."""
        self.api("DELETE", f"vhosts/{quote(vhost_of(url), safe='')}")

    def queues(self, url: str | None = None) -> dict[str, dict[str, Any]]:
        """The queues of the vhost of an address (default: of "/") by name.

        Each with `ready` and `consumers` of this moment, `unacknowledged` (of a quorum queue:
        at most 0.2 s old), `messages` (their sum), `type`, `durable` and `arguments`. Of an
        exclusive queue `consumers` is None: only its own connection may ask.
        """
        url = self.url() if url is None else url
        exact_counts = "disable_stats=true&enable_queue_totals=true"
        listed = self.api("GET", f"queues/{quote(vhost_of(url), safe='')}?{exact_counts}")
        found: dict[str, dict[str, Any]] = {}
        with self._connection(url) as connection:
            for queue in listed:
                ready, consumers = queue["messages_ready"], None
                if not queue["exclusive"]:
                    try:
                        _, ready, consumers = connection.channel().queue_declare(
                            queue["name"], passive=True
                        )
                    except amqp.NotFound:
                        continue  # deleted since it was listed
                waiting = queue["messages_unacknowledged"]
                found[queue["name"]] = {
                    "messages": ready + waiting,
                    "ready": ready,
                    "unacknowledged": waiting,
                    "consumers": consumers,
                    **{key: queue[key] for key in ("type", "durable", "arguments")},
                }
        return found

    def api(self, method: str, path: str, body: object = None) -> Any:
        """Ask the management API: `path` below `/api/`; the JSON answer, None if empty."""
        answer = requests.request(
            method,
            f"{self.api_url}/api/{path}",
            json=body,
            auth=(self._user, self._password),
            timeout=30,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def _connection(self, url: str) -> Any:
        return amqp.Connection(
            f"{self._host}:{self._amqp_port}",
            userid=self._user,
            password=self._password,
            virtual_host=vhost_of(url),
        )


def vhost_of(url: str) -> str:
    """The name of the vhost in an AMQP address."""
    return unquote(urlsplit(url).path[1:]) or "/"
