"""@hears: how a service method comes to be called when events arrive.

A method hears batches: one transaction for up to some hundred messages is where the
throughput comes from. A batch that fails is halved until the message that fails is
alone; that one is parked with its reason, and the others go through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from services.chassis import clock, envelope, inbox, metrics, parked
from services.chassis.database import Database, is_passing
from services.chassis.envelope import Envelope
from services.chassis.parked import Parked
from services.events.contract import ContractBroken, Event

BATCH = 200

E = TypeVar("E", bound=Event)
Handler = Callable[[Any, Sequence[Envelope[E]], Session], None]
Message = str | bytes
log = structlog.get_logger()


class Service(Protocol):
    """Any service: it has a name and a database."""

    name: str
    database: Database


def hears(event_type: type[E]) -> Callable[[Handler[E]], Handler[E]]:
    """Subscribe a method to an event.

    It is called with messages that it has never handled, in no promised order, inside
    one transaction that also remembers them. It may raise; it must not commit.
    """

    def subscribe(method: Handler[E]) -> Handler[E]:
        method.hears = event_type  # type: ignore[attr-defined]
        return method

    return subscribe


@dataclass(frozen=True)
class Subscription:
    """That one method of one service hears one event. The queue's name is a contract."""

    service: str
    method: str
    event: type[Event]

    @property
    def heard_by(self) -> str:
        return f"{self.service}.{self.method}"

    @property
    def exchange(self) -> str:
        return f"{self.event.announced_by}.events"

    @property
    def queue(self) -> str:
        """As nameko names it."""
        return f"evt-{self.event.announced_by}-{self.event.routing_key}--{self.heard_by}"


def subscriptions(service: type | object) -> list[Subscription]:
    """What a service hears, by method name."""
    cls = service if isinstance(service, type) else type(service)
    return [
        Subscription(cls.name, name, member.hears)  # type: ignore[attr-defined]
        for name, member in sorted(vars(cls).items())
        if hasattr(member, "hears")
    ]


class Hearing:
    """One subscription of a running service."""

    def __init__(self, service: Service, subscription: Subscription) -> None:
        self.service = service
        self.subscription = subscription
        self.database = service.database
        self.method = getattr(service, subscription.method)
        self.seals = getattr(service, "seals", None)  # where personal data are sealed at rest

    def hear(self, messages: Sequence[Message]) -> None:
        """Handle messages, each once. What cannot be handled is parked.

        Raises only what passes by itself (database away, deadlock): then nothing was
        handled for good that is not in the inbox, and the same call can be repeated.
        """
        good, broken = self._opened(messages)
        for message, error in broken:
            self._park(message, error)
        if good:
            self._hear_opened(good)

    def try_again(self, parked_id: UUID) -> bool:
        """Handle a parked message now. False if it failed again, or another one is at it."""
        try:
            return self._try(parked_id)
        except Exception as error:
            if is_passing(error):
                raise
            log.warning("parked_failed_again", parked_id=str(parked_id), reason=repr(error))
            with self.database.transaction() as session:
                parked.failed_again(session, parked_id, error)
            return False

    def park_for_a_person(self, message: Message, error: Exception) -> None:
        """Keep a message that nobody should try again before somebody has looked at it."""
        with self.database.transaction() as session:
            parked.hold(session, self._parked(session, message, error))

    def _try(self, parked_id: UUID) -> bool:
        with self.database.transaction() as session:
            message = parked.take(session, parked_id)
            if message is None:
                return False
            text = parked.opened(message.message, self.seals)
            received = envelope.read(self.subscription.event, text)
            if inbox.first_heard(session, [received], heard_by=self.subscription.heard_by):
                self.method([received], session)
            parked.release(session, parked_id)
        return True

    def _opened(
        self, messages: Sequence[Message]
    ) -> tuple[list[tuple[Message, Envelope[Any]]], list[tuple[Message, ContractBroken]]]:
        good, broken = [], []
        for message in messages:
            try:
                good.append((message, envelope.read(self.subscription.event, message)))
            except ContractBroken as error:
                broken.append((message, error))
        return good, broken

    def _hear_opened(self, opened: Sequence[tuple[Message, Envelope[Any]]]) -> None:
        try:
            self._handle([received for _, received in opened])
        except Exception as error:
            if is_passing(error):
                raise
            if len(opened) == 1:
                self._park(opened[0][0], error)
                return
            log.warning(
                "batch_halved", heard_by=self.subscription.heard_by, messages=len(opened)
            )
            half = len(opened) // 2
            self._hear_opened(opened[:half])
            self._hear_opened(opened[half:])

    def _handle(self, received: Sequence[Envelope[Any]]) -> None:
        heard_by = self.subscription.heard_by
        with structlog.contextvars.bound_contextvars(
            heard_by=heard_by, message_id=str(received[0].id), messages=len(received)
        ):
            with self.database.transaction() as session:
                first = inbox.first_heard(session, received, heard_by=heard_by)
                if first:
                    self.method(first, session)
            metrics.heard(heard_by, first, len(received) - len(first), at=clock.now())

    def _park(self, message: Message, error: Exception) -> None:
        with self.database.transaction() as session:
            self._parked(session, message, error)

    def _parked(self, session: Session, message: Message, error: Exception) -> UUID:
        heard_by = self.subscription.heard_by
        parked_id = parked.park(session, message, error, heard_by=heard_by, seals=self.seals)
        metrics.parked(heard_by)
        log.error(
            "message_parked", heard_by=heard_by, parked_id=str(parked_id), reason=repr(error)
        )
        return parked_id


class Hearings:
    """All subscriptions of one running service."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.by_name = {s.heard_by: Hearing(service, s) for s in subscriptions(service)}

    def __iter__(self) -> Iterator[Hearing]:
        return iter(self.by_name.values())

    def replay(self, parked_id: UUID) -> bool:
        """Try one parked message now. Raises KeyError if there is none of that number."""
        with self.service.database.reading() as session:
            message = parked.show(session, parked_id)
        if message is None or message.heard_by not in self.by_name:
            raise KeyError(parked_id)
        return self.by_name[message.heard_by].try_again(parked_id)

    def retry_due(self) -> int:
        """Try the parked messages whose time has come. Returns how many went through."""
        with self.service.database.reading() as session:
            waiting = parked.due(session)
        mine = [message for message in waiting if message.heard_by in self.by_name]
        if len(mine) < len(waiting):
            self._hold([message for message in waiting if message not in mine])
        return sum(self.by_name[m.heard_by].try_again(m.id) for m in mine)

    def _hold(self, messages: Sequence[Parked]) -> None:
        """Whoever heard them is no more: without this they would stand before all others."""
        with self.service.database.transaction() as session:
            for message in messages:
                parked.hold(session, message.id)
        gone = sorted({message.heard_by for message in messages})
        log.error("parked_without_hearer", hearers=gone, messages=len(messages))
