"""Which services there are, and who hears whom."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from flask import Flask

from services.chassis import assembly, migrating
from services.chassis.api import Permits, create_app
from services.chassis.hearing import Subscription, subscriptions
from services.chassis.settings import PORTAL, SERVICES, Settings

COMMON_PERMITS = Path(str(import_module("services.chassis.api").__file__)).with_name(
    "permits.yaml"
)


def service_class(name: str) -> type:
    """The class of a service, by convention: services/credit/service.py, CreditService."""
    module = import_module(f"services.{name}.service")
    found: type = getattr(module, f"{name.capitalize()}Service")
    return found


def assembled(name: str, settings: Settings) -> Any:
    """A service put together for this installation."""
    return assembly.assemble(service_class(name), settings)


def application(service: Any, token: str) -> Flask:
    """The internal API of a service: what all have, and its own views."""
    api = import_module(f"services.{service.name}.api")
    owners = import_module(f"services.{service.name}.api.owners").OWNERS
    files = (COMMON_PERMITS, folder(service.name) / "api" / "permits.yaml")
    permits = Permits.read(*files, owners=owners, database=service.database)
    return create_app(service, token, api.blueprint(service), permits=permits)


def all_subscriptions() -> list[Subscription]:
    """Every subscription of the platform: what has to be declared on a bus."""
    return [s for name in SERVICES for s in subscriptions(service_class(name))]


def pages(portal: Any, token: str, *, inside: Mapping[str, Flask] | None = None) -> Flask:
    """The web application of the portal; *inside*: the services' own, in the same process."""
    application = import_module("services.portal.application")
    return cast("Flask", application.create_app(portal, token, inside=inside))


def migrate(settings: Settings) -> dict[str, list[str]]:
    """Bring every service's database to this program's version. Returns the steps taken.

    The portal's too, where there is one: beside a broker a bureau may do without pages.
    """
    taken = {}
    pages_too = not settings.on_a_bus or PORTAL in settings.database_urls
    for name in (*SERVICES, PORTAL) if pages_too else SERVICES:
        database = assembly.open_database(name, settings)
        try:
            taken[name] = migrating.migrate(database, folder(name), name)
        finally:
            database.close()
    return taken


def folder(name: str) -> Path:
    """Where a service's migrations and policy lie."""
    return assembly.folder_of(service_class(name))
