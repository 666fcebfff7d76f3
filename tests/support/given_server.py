"""A server that the environment names: the tests use it, and do not end it."""

from typing import ClassVar, NoReturn, Self


class NotOurs(Exception):
    """The server was given by the environment: nobody may end it for a test."""


class GivenServer:
    """The same verbs as of a server of our own, where they make sense."""

    variable: ClassVar[str]
    running = True

    def start(self) -> Self:
        """Make sure that it answers."""
        self._greet()
        return self

    def stop(self) -> None:
        """Leave it as it is."""

    def discard(self) -> None:
        """Leave it as it is."""

    def kill(self) -> NoReturn:
        """Refused."""
        raise NotOurs(
            f"{self.variable} is set, and a test wants to end the server it names. "
            "Run this test without the variable: it then has a server of its own"
        )

    def restart(self) -> NoReturn:
        """Refused."""
        self.kill()

    def _greet(self) -> None:
        """Ask the server something; `NotStarted` if it does not answer."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.discard()
