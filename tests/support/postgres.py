"""PostgreSQL for tests: an own one, or one that the environment names."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.support.given_server import GivenServer
from tests.support.own_server import NotStarted, OwnServer, free_ports
from tests.support.runs import SERVERS, RunFolder

URL_VARIABLE = "BIANQUE_TEST_DATABASE_URL"
USER = "bianque"
LONGEST_SOCKET_FOLDER = 80  # a socket's path may have 107 bytes; its name takes about 20

SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{socket_folder}'
max_connections = 200
fsync = {fsync}
full_page_writes = {fsync}
timezone = 'UTC'
log_timezone = 'UTC'
"""


class PostgresApi:
    """What a PostgreSQL can be asked, whoever started it."""

    _admin: URL  # of the database that others are made from

    def url(self, database: str = "postgres") -> str:
        """The address of a database by its name, for SQLAlchemy."""
        place = self._admin.set(drivername="postgresql+psycopg", database=database)
        return place.render_as_string(hide_password=False)

    def database(self, name: str = "test") -> str:
        """The address of a fresh, empty database, called `name`_<random>."""
        database = f"{name[:40]}_{secrets.token_hex(4)}"
        self._execute("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", database)
        return self.url(database)

    def drop(self, url: str) -> None:
        """Drop the database of an address; whoever is connected is thrown out."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", make_url(url).database or "")

    def _execute(self, statement: str, database: str) -> None:
        with self._connect() as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(database)))

    def _connect(self) -> psycopg.Connection:
        place = self._admin.set(drivername="postgresql")
        return psycopg.connect(
            place.render_as_string(hide_password=False), autocommit=True, connect_timeout=10
        )


class Postgres(PostgresApi, OwnServer):
    """An own PostgreSQL: loopback only, with a password, C.UTF-8, up to 200 connections.

    It refuses to run as root: started by root, it runs as `postgres`, else as `nobody`.
    """

    kind: ClassVar[str] = "postgres"
    stop_signal = signal.SIGINT  # "fast": open transactions are rolled back

    def __init__(self, *, fsync: bool = True, base: Path = SERVERS) -> None:
        """`fsync=False`: faster, and no promise that data outlive a kill of the machine."""
        self._user = _account() if os.geteuid() == 0 else None
        super().__init__(base if self._user is None else _reachable(base))
        self._fsync = fsync

    def _prepare(self, folder: RunFolder) -> None:
        (port,) = free_ports(1)
        password = secrets.token_urlsafe(16)
        self._admin = URL.create(
            "postgresql", USER, password, "127.0.0.1", port, database="postgres"
        )
        secret = folder.path / "password"
        secret.write_text(password)
        if self._user is not None:
            shutil.chown(folder.path, self._user)
            shutil.chown(secret, self._user)
        self._make_cluster(folder, secret)

        socket_folder = str(folder.path)
        if len(os.fsencode(socket_folder)) > LONGEST_SOCKET_FOLDER or "'" in socket_folder:
            socket_folder = ""  # then without a socket
        settings = SETTINGS.format(
            port=port, socket_folder=socket_folder, fsync="on" if self._fsync else "off"
        )
        with (folder.path / "data" / "postgresql.conf").open("a") as configuration:
            configuration.write(settings)

    def _make_cluster(self, folder: RunFolder, secret: Path) -> None:
        # Our tests kill processes, not the kernel: the new files need no fsync of their own.
        command = [_program("initdb"), "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        who = ["--auth=scram-sha-256", f"--username={USER}", f"--pwfile={secret}"]
        initdb = self._spawn(folder, [*command, *who, f"--pgdata={folder.path / 'data'}"])
        if initdb.wait() != 0:
            words = (folder.path / "log").read_text(errors="replace")
            raise NotStarted(f"initdb could not make a database cluster: {words}")

    def _launch(self, folder: RunFolder) -> subprocess.Popen[bytes]:
        return self._spawn(folder, [_program("postgres"), "-D", str(folder.path / "data")])

    def _spawn(self, folder: RunFolder, command: Sequence[str]) -> subprocess.Popen[bytes]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        environment = inherited | {"HOME": str(folder.path), "LC_ALL": "C.UTF-8"}
        log = folder.path / "log"
        return folder.spawn(command, log=log, env=environment, user=self._user)

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


class GivenPostgres(PostgresApi, GivenServer):
    """The PostgreSQL of BIANQUE_TEST_DATABASE_URL."""

    variable = URL_VARIABLE

    def __init__(self, url: str) -> None:
        """`url`: postgresql://user:password@host:port/database, of one who may make others."""
        self._admin = make_url(url)

    def _greet(self) -> None:
        try:
            self._connect().close()
        except psycopg.OperationalError as error:
            raise NotStarted(
                f"the PostgreSQL of {URL_VARIABLE} does not answer: {error}"
            ) from error


def a_postgres(*, fsync: bool = True) -> Postgres | GivenPostgres:
    """The PostgreSQL that the environment names, else one of our own; not yet started."""
    url = os.environ.get(URL_VARIABLE)
    return GivenPostgres(url) if url else Postgres(fsync=fsync)


def _account() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _reachable(base: Path) -> Path:
    """`base`, or, if other accounts cannot come there (as below /root), one that they can."""
    above = [folder for folder in (base, *base.parents) if folder.exists()]
    if all(folder.stat().st_mode & 0o001 for folder in above):
        return base
    other = Path(tempfile.gettempdir()) / "bianque-test-servers"
    other.mkdir(mode=0o755, exist_ok=True)
    if other.stat().st_uid != os.geteuid():  # what stands there, we would obey
        raise NotStarted(f"{other} belongs to somebody else; delete it")
    return other


def _program(name: str) -> str:
    places = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda place: int(place.parts[4].partition(".")[0]),
    )
    found = str(places[-1]) if places else shutil.which(name)
    if found is None:
        raise NotStarted(
            f"{name} is not on this machine. Run deploy/install-servers.sh, "
            f"or set {URL_VARIABLE} to a server that tests may use"
        )
    return found
