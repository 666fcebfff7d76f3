"""An enterprise books on its page, an inspector answers on his, a message comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.chassis import clock
from services.portal.model import Role
from tests.services.portal_house import House, house_of, make_city, send


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    with house_of(var) as made:
        yield made


@pytest.fixture(scope="module")
def red(house: House) -> tuple[UUID, UUID]:
    """An object that is red by its periodic inspection, and its enterprise."""
    [(object_id, enterprise_id)] = house.rows(
        "inspection",
        "SELECT w.object_id, w.enterprise_id FROM warning w WHERE w.cleared_on IS NULL "
        "AND w.duty = 'inspection' LIMIT 1",
    )
    return UUID(str(object_id)), UUID(str(enterprise_id))


@pytest.fixture(scope="module")
def firm(house: House, red: tuple[UUID, UUID]) -> FlaskClient:
    return house.someone("firm", Role.ENTERPRISE, enterprise_id=red[1])


@pytest.fixture(scope="module")
def inspector(house: House) -> FlaskClient:
    return house.someone("li", Role.INSPECTOR)


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def wish(first: int = 7, last: int = 10) -> dict[str, str]:
    days = {"wished_from": in_days(first), "wished_until": in_days(last)}
    return {"duty": "inspection", "words": "夜班停机", **days}


def test_days_in_the_wrong_order_come_back_with_what_was_written(
    red: tuple[UUID, UUID], firm: FlaskClient
) -> None:
    page = f"/my/objects/{red[0]}"

    answer = send(firm, page, f"{page}/bookings", **wish(10, 7))

    assert answer.status_code == 422
    assert "请对调两个日期" in answer.get_data(as_text=True)
    assert "夜班停机" in answer.get_data(as_text=True)


def test_booked_answered_and_told(
    house: House, red: tuple[UUID, UUID], firm: FlaskClient, inspector: FlaskClient
) -> None:
    page = f"/my/objects/{red[0]}"

    booked = send(firm, page, f"{page}/bookings", **wish())
    [(booking,)] = house.rows("inspection", "SELECT booking_id FROM booking")
    path = f"/desk/bookings/{UUID(str(booking))}"
    asked = "state=requested&answer=x&booking_id=y&_scheme=ftp&_external=1"
    listed = inspector.get(f"/desk/bookings/?{asked}").get_data(as_text=True)
    days = {"inspected_on": in_days(8), "place": "市特检所到厂检验"}
    past = send(
        inspector,
        "/desk/bookings/",
        f"{path}/confirmation",
        **days | {"inspected_on": in_days(-1)},
    )
    answered = send(inspector, "/desk/bookings/", f"{path}/confirmation", **days)
    house.platform.carry()

    assert booked.status_code == 302
    assert "夜班停机" in listed
    assert f'action="{path}/confirmation?state=requested"' in listed
    assert (past.status_code, answered.status_code) == (422, 302)
    assert "已经过去" in past.get_data(as_text=True)
    own = firm.get(page).get_data(as_text=True)
    assert "市特检所到厂检验" in own
    assert "lamp red" in own
    inbox = firm.get("/my/messages").get_data(as_text=True)
    assert "检验预约已确认" in inbox
    desk = inspector.get(f"/desk/objects/{red[0]}").get_data(as_text=True)
    assert "检验预约（1）" in desk


def test_nobody_books_or_withdraws_for_another(
    house: House, red: tuple[UUID, UUID], firm: FlaskClient
) -> None:
    [(other,)] = house.rows(
        "inspection",
        "SELECT DISTINCT w.object_id FROM warning w "  # noqa: S608 - ids of this test
        f"WHERE w.enterprise_id <> '{red[1].hex}' LIMIT 1",
    )
    mine = f"/my/objects/{red[0]}"

    answer = send(firm, mine, f"/my/objects/{UUID(str(other))}/bookings", **wish())

    assert answer.status_code == 404
    assert (
        house.rows(
            "inspection",
            f"SELECT 1 FROM booking WHERE object_id = '{UUID(str(other)).hex}'",  # noqa: S608
        )
        == []
    )
