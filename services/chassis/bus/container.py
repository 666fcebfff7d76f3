"""A plain service class as a nameko service: its methods become entrypoints of a container.

nameko gives the worker life cycle, the timers and the runner that stops on SIGTERM. Its
own event handler is not used: it acknowledges what failed (docs/decisions/0003).
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Any

import eventlet
import structlog
from eventlet.event import Event as Done
from nameko.extensions import (
    DependencyProvider,
    Entrypoint,
    ProviderCollector,
    SharedExtension,
    register_entrypoint,
)
from nameko.runners import ServiceRunner
from nameko.timer import Timer

from services.chassis import health, timing
from services.chassis.api import health_app
from services.chassis.bus.carrier import BusCarrier
from services.chassis.bus.ear import Ear
from services.chassis.bus.reconciler import Reconciler
from services.chassis.hearing import Hearing, Hearings, Subscription
from services.chassis.listening import OutboxListener
from services.chassis.reconciling import EVERY_SECONDS
from services.chassis.relay import Relay
from services.chassis.serving import Listening

BREATH_SECONDS = 1.0

log = structlog.get_logger()


class BusEar(SharedExtension, ProviderCollector):
    """The one ear of a container; it hands batches to the container's workers."""

    def __init__(self, url: str, topology: Sequence[Subscription]) -> None:
        super().__init__()
        self.url = url
        self.topology = topology

    @property
    def sharing_key(self) -> Any:
        return type(self)

    def start(self) -> None:
        self.entrypoints = {entrypoint.hearing: entrypoint for entrypoint in self._providers}
        self.ear = Ear(self.url, list(self.entrypoints), self.topology, self._work)
        health.add_check("bus", self.ear.trouble)
        self.thread = self.container.spawn_managed_thread(self.ear.run, identifier="ear")

    def fall_silent(self) -> None:
        """Stop taking messages; return when the batch in hand is settled."""
        self.ear.stop()
        self.thread.wait()

    def _work(self, hearing: Hearing, messages: Sequence[str | bytes]) -> None:
        """One worker for one batch; wait for it. Raises what the worker raised.

        The broker must not take this process for dead meanwhile, however long the database
        makes the worker wait: it would deliver everything again, and count that.
        """
        done = Done()

        def settled(_context: Any, result: Any = None, exc_info: Any = None) -> tuple[Any, Any]:
            done.send((result, exc_info))
            return result, None  # the ear decides what a failure means

        self.container.spawn_worker(
            self.entrypoints[hearing], (messages,), {}, handle_result=settled
        )
        while (ended := done.wait(BREATH_SECONDS)) is None:
            self.ear.breathe()
        failure, exc_info = ended
        if failure or exc_info:
            raise failure or exc_info[1]


class HearingEntrypoint(Entrypoint):
    """A method that hears an event."""

    def __init__(self, hearing: Hearing, ear: BusEar) -> None:
        super().__init__()
        self.hearing = hearing
        self.ear = ear

    def setup(self) -> None:
        self.ear.register_provider(self)

    def stop(self) -> None:
        self.ear.fall_silent()  # first: the container waits for its workers, and none may come
        self.ear.unregister_provider(self)


class OutboxRelay(DependencyProvider):
    """Carries the service's outbox while the container runs."""

    def __init__(self, relay: Relay) -> None:
        super().__init__()
        self.relay = relay

    def start(self) -> None:
        self.thread = self.container.spawn_managed_thread(self.relay.run, identifier="relay")

    def stop(self) -> None:
        self.relay.stop()
        self.thread.wait()


class OtherProcesses(DependencyProvider):
    """Wakes the relay when the API process or a command has announced something."""

    def __init__(self, listener: OutboxListener) -> None:
        super().__init__()
        self.listener = listener

    def start(self) -> None:
        self.thread = self.container.spawn_managed_thread(
            self.listener.run, identifier="outbox listener"
        )

    def stop(self) -> None:
        self.listener.stop()
        self.thread.wait()


class HealthPort(DependencyProvider):
    """Health and metrics of this process, which hears and relays."""

    def __init__(self, service: Any, host: str, port: int) -> None:
        super().__init__()
        self.arguments = service, host, port

    def start(self) -> None:
        service, host, port = self.arguments
        self.listening = Listening(health_app(service), host, port)
        self.listening.start()

    def stop(self) -> None:
        self.listening.stop()


def nameko_class(service: Any, topology: Sequence[Subscription]) -> type:
    """A nameko service class whose methods call the ones of *service*."""
    settings = service.settings
    url = settings.broker_url
    ear = BusEar(url, topology)
    members: dict[str, Any] = {"name": service.name}
    for hearing in Hearings(service):
        members[hearing.subscription.method] = _hears(hearing, ear)
    reconciler = Reconciler(service, list(Hearings(service)), topology)
    reconcile = timing.Job("reconcile", EVERY_SECONDS, reconciler.round)
    own = [job for job in timing.jobs(service) if not job.apart]
    for job in (*own, reconcile):
        members[job.name] = _ticks(service, job)
    carrier = BusCarrier(url, service.name, topology)
    relay = Relay(service.database, carrier, service.name)
    members["relay"] = OutboxRelay(relay)
    members["other_processes"] = OtherProcesses(OutboxListener(service.database, relay.wake))
    port = settings.health_port(service.name)
    members["health"] = HealthPort(service, settings.host, port)
    return type(type(service).__name__, (), members)


def run(service: Any, topology: Sequence[Subscription]) -> None:
    """Hear, relay and tick until SIGTERM or SIGINT."""
    runner = ServiceRunner()
    runner.add_service(nameko_class(service, topology))

    def stop(*_: Any) -> None:
        eventlet.spawn_n(runner.stop)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    runner.start()
    log.info("service_started", hears=list(Hearings(service).by_name))
    runner.wait()
    service.database.close()
    log.info("service_stopped")


def _hears(hearing: Hearing, ear: BusEar) -> Any:
    def method(_self: Any, messages: Sequence[str | bytes]) -> Exception | None:
        """What hearing raised, as a result: nameko would log a trace, and it may just wait."""
        try:
            hearing.hear(messages)
        except Exception as error:  # noqa: BLE001 - the ear raises it again
            return error
        return None

    return _entrypoint(method, HearingEntrypoint(hearing, ear))


def _ticks(service: Any, job: timing.Job) -> Any:
    def method(_self: Any) -> None:
        timing.tick(service, job)

    return _entrypoint(method, Timer(interval=job.seconds, eager=True))


def _entrypoint(method: Any, entrypoint: Entrypoint) -> Any:
    register_entrypoint(method, entrypoint)
    return method
