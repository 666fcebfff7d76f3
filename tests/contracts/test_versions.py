"""A second version lives beside the first; a published one is never edited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest

from services.events import contract, publish
from services.events.contract import Audience, Event, all_events, event_called


@pytest.fixture(autouse=True)
def _only_the_real_events_afterwards() -> Iterator[None]:
    before = dict(contract._declared)
    yield
    contract._declared.clear()
    contract._declared.update(before)


def test_the_names_of_an_event_come_from_its_class() -> None:
    class StampRenewed(Event, announced_by="registry", version=1):
        """印章已更换."""

        number: str

    assert StampRenewed.routing_key == "stamp_renewed.v1"
    assert StampRenewed.full_name == "registry.stamp_renewed.v1"
    assert event_called("registry.stamp_renewed.v1") is StampRenewed


def test_an_event_stays_within_the_bureau_unless_it_says_otherwise() -> None:
    class StampRenewed(Event, announced_by="registry", version=1):
        """印章已更换."""

        number: str

    class SealRenewed(Event, announced_by="registry", version=1, audience=Audience.AGENCIES):
        """封签已更换."""

        number: str

    assert StampRenewed.audience is Audience.INTERNAL
    assert SealRenewed.audience is Audience.AGENCIES


def test_a_second_version_keeps_the_name_and_stands_beside_the_first() -> None:
    class StampRenewed(Event, announced_by="registry", version=1):
        """印章已更换."""

        number: str

    class StampRenewedV2(Event, announced_by="registry", version=2):
        """印章已更换, with its new keeper."""

        number: str
        keeper: str | None

    assert StampRenewedV2.full_name == "registry.stamp_renewed.v2"
    assert [event for event in all_events() if "stamp" in event.full_name] == [
        StampRenewed,
        StampRenewedV2,
    ]
    assert StampRenewed.from_wire({"number": "5"}) == StampRenewed(number="5")


def test_a_second_version_must_say_so_in_its_class_name() -> None:
    with pytest.raises(TypeError, match="must be called StampRenewedV2"):

        class StampRenewed(Event, announced_by="registry", version=2):
            """印章已更换."""


def test_a_version_is_declared_only_once() -> None:
    class StampRenewed(Event, announced_by="registry", version=1):
        """印章已更换."""

    with pytest.raises(TypeError, match=r"registry\.stamp_renewed\.v1 is declared twice"):
        type("StampRenewed", (Event,), {}, announced_by="registry", version=1)


def test_the_same_fact_of_two_announcers_is_two_events() -> None:
    class StampRenewed(Event, announced_by="registry", version=1):
        """印章已更换."""

    other = type("StampRenewed", (Event,), {}, announced_by="credit", version=1)

    assert event_called("credit.stamp_renewed.v1") is other
    assert event_called("registry.stamp_renewed.v1") is StampRenewed


def test_an_event_cannot_be_changed_once_it_is_made() -> None:
    class StampRenewed(Event, announced_by="registry", version=1):
        """印章已更换."""

        number: str

    with pytest.raises(AttributeError):
        StampRenewed(number="5").number = "6"  # type: ignore[misc]


def test_a_published_class_that_is_edited_is_refused_by_name(tmp_path: Path) -> None:
    class StampRenewed(Event, announced_by="registry", version=1):
        """印章已更换."""

        number: str

    publish.publish(tmp_path)
    del contract._declared[StampRenewed.full_name]
    type(
        "StampRenewed",
        (Event,),
        {"__annotations__": {"number": Annotated[str | None, "now optional"]}},
        announced_by="registry",
        version=1,
    )

    with pytest.raises(publish.PublishedAlready, match=r"registry\.stamp_renewed\.v1 is"):
        publish.publish(tmp_path)
