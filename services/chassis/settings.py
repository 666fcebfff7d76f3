"""Settings of one installation, read once, at start, and nowhere else.

They come from the environment; what is not there may stand in `settings.env` in the
folder of the installation's state, one NAME=value a line. NAME_FILE names a file that
holds the value, as container secrets do. deploy/settings.md lists them all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

from services.chassis.source import SettingBroken as SettingBroken, Source, file_lines

SERVICES = ("registry", "inspection", "credit", "notify")
PORTAL = "portal"  # the web pages: hears nothing and says nothing, but has a database too
DATABASE_OWNERS = (*SERVICES, PORTAL)
PORTS = 14  # counted up from BIANQUE_PORT
DATABASES = ("postgresql+psycopg", "sqlite")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One attribute for each setting, with its name and meaning for deploy/settings.md."""

    var: Path = field(
        default=Path("var"),
        metadata={"name": "BIANQUE_VAR", "meaning": "the folder of the installation's state"},
    )
    bureau: str = field(
        default="610300",
        metadata={"name": "BIANQUE_BUREAU", "meaning": "the bureau's six-digit division code"},
    )
    profile: str = field(
        default="cn-current",
        metadata={"name": "BIANQUE_PROFILE", "meaning": "the policy profile"},
    )
    language: str = field(
        default="zh",
        metadata={"name": "BIANQUE_LANGUAGE", "meaning": "language of messages: zh or en"},
    )
    broker_url: str | None = field(
        default=None,
        metadata={
            "name": "BIANQUE_BROKER_URL",
            "meaning": "the RabbitMQ all services share (amqp://user:password@host:5672/vhost); "
            "absent: everything runs in one process without a broker",
        },
    )
    database_urls: Mapping[str, str] = field(
        default_factory=dict,
        metadata={
            "name": "BIANQUE_<SERVICE>_DATABASE_URL",
            "meaning": "a service's own database, the portal's too (postgresql+psycopg://...); "
            "absent: an SQLite file in BIANQUE_VAR",
        },
    )
    api_urls: Mapping[str, str] = field(
        default_factory=dict,
        metadata={
            "name": "BIANQUE_<SERVICE>_API_URL",
            "meaning": "where a service's internal API answers",
        },
    )
    api_token: str | None = field(
        default=None,
        metadata={
            "name": "BIANQUE_API_TOKEN",
            "meaning": "the secret that programs show to the internal APIs; "
            "absent: made once and kept in BIANQUE_VAR",
        },
    )
    personal_keys: str | None = field(
        default=None,
        metadata={
            "name": "BIANQUE_PERSONAL_KEYS",
            "meaning": "the keys that identity numbers, names and telephones are sealed with, "
            "NAME:KEY, the first one seals; absent: made once and kept in BIANQUE_VAR",
        },
    )
    host: str = field(
        default="127.0.0.1",
        metadata={"name": "BIANQUE_HOST", "meaning": "address that the APIs listen on"},
    )
    port: int = field(
        default=8600,
        metadata={
            "name": "BIANQUE_PORT",
            "meaning": "first port; services count up from it (deploy/settings.md)",
        },
    )
    portal_url: str | None = field(
        default=None,
        metadata={
            "name": "BIANQUE_PORTAL_URL",
            "meaning": "the address people reach the pages at; with https:// cookies travel "
            "only encrypted; absent: the port itself",
        },
    )
    portal_parts: str = field(
        default="all",
        metadata={
            "name": "BIANQUE_PORTAL_PARTS",
            "meaning": "all, or public: only what needs no login, for a machine in front of "
            "the firewall",
        },
    )
    site: Path | None = field(
        default=None,
        metadata={
            "name": "BIANQUE_SITE",
            "meaning": "a file that names the site, its organiser and its registration "
            "numbers (docs/portal.md)",
        },
    )
    oidc_issuer: str | None = field(
        default=None,
        metadata={
            "name": "BIANQUE_OIDC_ISSUER",
            "meaning": "the bureau's own identity provider (OpenID Connect), with which staff "
            "may log in (docs/access.md)",
        },
    )
    oidc_client_id: str | None = field(
        default=None,
        metadata={
            "name": "BIANQUE_OIDC_CLIENT_ID",
            "meaning": "what the provider calls this installation",
        },
    )
    oidc_client_secret: str | None = field(
        default=None,
        metadata={
            "name": "BIANQUE_OIDC_CLIENT_SECRET",
            "meaning": "the secret that the provider gave for it",
        },
    )
    oidc_claim: str = field(
        default="sub",
        metadata={
            "name": "BIANQUE_OIDC_CLAIM",
            "meaning": "which claim of the provider is somebody's account",
        },
    )
    smtp_url: str | None = field(
        default=None,
        metadata={
            "name": "BIANQUE_SMTP_URL",
            "meaning": "the mail server, smtp:// or smtps://",
        },
    )
    mail_from: str = field(
        default="bianque@localhost",
        metadata={"name": "BIANQUE_MAIL_FROM", "meaning": "sender of the mails"},
    )
    channels: Path | None = field(
        default=None,
        metadata={
            "name": "BIANQUE_CHANNELS",
            "meaning": "a file that describes SMS gateways, robots and webhooks "
            "(docs/channels.md)",
        },
    )
    trial: bool = field(
        default=False,
        metadata={
            "name": "BIANQUE_TRIAL",
            "meaning": "1: nobody outside gets a message; mails go to the log",
        },
    )
    calendar: bool = field(
        default=True,
        metadata={
            "name": "BIANQUE_CALENDAR",
            "meaning": "0: nothing is done only because days pass; drills evaluate by command",
        },
    )
    largest_upload_mb: int = field(
        default=300,
        metadata={
            "name": "BIANQUE_LARGEST_UPLOAD_MB",
            "meaning": "megabytes that a file handed in may have; 1000 at most",
        },
    )
    keep_days: int = field(
        default=60,
        metadata={
            "name": "BIANQUE_KEEP_DAYS",
            "meaning": "days that sent events and handled message ids are kept",
        },
    )
    log_level: str = field(
        default="info",
        metadata={"name": "BIANQUE_LOG_LEVEL", "meaning": "debug, info, warning or error"},
    )
    today: date | None = field(
        default=None,
        metadata={
            "name": "BIANQUE_TODAY",
            "meaning": "fixes the day for drills (YYYY-MM-DD); never set in service",
        },
    )

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """All settings. Raises SettingBroken, which names the setting and what would be right."""
        var = Path(environ.get("BIANQUE_VAR") or "var")
        known = Source({**file_lines(var / "settings.env"), **environ})
        known.refuse_unknown(_names())
        settings = cls(
            var=var,
            bureau=known.digits("BIANQUE_BUREAU", "610300", 6),
            profile=known.text("BIANQUE_PROFILE") or "cn-current",
            language=known.one_of("BIANQUE_LANGUAGE", ("zh", "en")),
            broker_url=known.url("BIANQUE_BROKER_URL", ("amqp", "amqps")),
            database_urls=known.per_service("DATABASE_URL", DATABASE_OWNERS, DATABASES),
            api_urls=known.per_service("API_URL", SERVICES, ("http", "https")),
            api_token=known.text("BIANQUE_API_TOKEN"),
            personal_keys=known.text("BIANQUE_PERSONAL_KEYS"),
            host=known.text("BIANQUE_HOST") or "127.0.0.1",
            port=known.number("BIANQUE_PORT", 8600, most=65535 - PORTS),
            portal_url=known.url("BIANQUE_PORTAL_URL", ("http", "https")),
            portal_parts=known.one_of("BIANQUE_PORTAL_PARTS", ("all", "public")),
            site=known.path("BIANQUE_SITE"),
            oidc_issuer=known.issuer("BIANQUE_OIDC_ISSUER"),
            oidc_client_id=known.text("BIANQUE_OIDC_CLIENT_ID"),
            oidc_client_secret=known.text("BIANQUE_OIDC_CLIENT_SECRET"),
            oidc_claim=known.text("BIANQUE_OIDC_CLAIM") or "sub",
            smtp_url=known.url("BIANQUE_SMTP_URL", ("smtp", "smtps")),
            mail_from=known.text("BIANQUE_MAIL_FROM") or "bianque@localhost",
            channels=known.path("BIANQUE_CHANNELS"),
            trial=known.one_of("BIANQUE_TRIAL", ("0", "1")) == "1",
            calendar=known.one_of("BIANQUE_CALENDAR", ("1", "0")) == "1",
            largest_upload_mb=known.number("BIANQUE_LARGEST_UPLOAD_MB", 300, most=1000),
            keep_days=known.number("BIANQUE_KEEP_DAYS", 60, most=3660),
            log_level=known.one_of("BIANQUE_LOG_LEVEL", ("info", "debug", "warning", "error")),
            today=known.day("BIANQUE_TODAY"),
        )
        settings._refuse_contradictions()
        return settings

    @property
    def on_a_bus(self) -> bool:
        """Whether the services talk through RabbitMQ, one process each."""
        return self.broker_url is not None

    def database_url(self, service: str) -> str:
        """The service's own database: a named server, or an SQLite file of its own."""
        return self.database_urls.get(service) or f"sqlite:///{self.var}/{service}.db"

    def api_url(self, service: str) -> str:
        """Where a service's internal API answers when each has a process of its own."""
        default = f"http://{self.host}:{self.api_port(service)}"
        return self.api_urls.get(service) or default

    def api_port(self, service: str) -> int:
        """BIANQUE_PORT + 1, 2, ...: the API of each service's own process."""
        return self.port + 1 + SERVICES.index(service)

    @property
    def portal_port(self) -> int:
        """BIANQUE_PORT + 5: the pages."""
        return self.port + 1 + len(SERVICES)

    @property
    def portal_address(self) -> str:
        """Where people open the pages, without a slash at its end."""
        return (self.portal_url or f"http://{self.host}:{self.portal_port}").rstrip("/")

    def health_port(self, service: str) -> int:
        """BIANQUE_PORT + 11, 12, ...: health and metrics of each service's event process."""
        return self.port + 11 + SERVICES.index(service)

    def _refuse_contradictions(self) -> None:
        if self.on_a_bus and (missing := sorted(set(SERVICES) - set(self.database_urls))):
            name = f"BIANQUE_{missing[0].upper()}_DATABASE_URL"
            raise SettingBroken(
                f"BIANQUE_BROKER_URL is set, but {name} is not: beside a broker every service "
                "has a database server of its own. Set it, or unset BIANQUE_BROKER_URL to run "
                "in one process. See deploy/settings.md."
            )
        shared = list(self.database_urls.values())
        if len(set(shared)) < len(shared):
            raise SettingBroken(
                "two services share one database: give each BIANQUE_<SERVICE>_DATABASE_URL "
                "a database of its own. See deploy/settings.md."
            )
        self._refuse_half_a_provider()

    def _refuse_half_a_provider(self) -> None:
        given = {
            "BIANQUE_OIDC_ISSUER": self.oidc_issuer,
            "BIANQUE_OIDC_CLIENT_ID": self.oidc_client_id,
            "BIANQUE_OIDC_CLIENT_SECRET": self.oidc_client_secret,
        }
        missing = [name for name, value in given.items() if not value]
        if missing and len(missing) < len(given):
            there = " and ".join(name for name in given if given[name])
            raise SettingBroken(
                f"{missing[0]} is not set, but {there} is: "
                "the identity provider needs all three. Set it, or unset the others: then "
                "everybody logs in with a password. See deploy/settings.md."
            )


def _names() -> set[str]:
    """What may be set."""
    known = {f.metadata["name"] for f in fields(Settings)}
    known |= {f"BIANQUE_{owner.upper()}_DATABASE_URL" for owner in DATABASE_OWNERS}
    return known | {f"BIANQUE_{service.upper()}_API_URL" for service in SERVICES}


def from_environment() -> Settings:
    """The settings of this process."""
    return Settings.read(os.environ)
