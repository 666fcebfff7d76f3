"""Users: an administrator acts within the own divisions, and every step is on record."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from services.chassis import parked
from services.portal.model import Role, User
from services.portal.store import audit, users
from services.portal.web.menu import MENU
from tests.services.administering import emptied, told
from tests.services.portal_house import PASSWORD, House, house_of, make_city, send

NEW = "渭河春水向东流去不回头"
COUNTY = "610303"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    with house_of(var) as made:
        yield made


@pytest.fixture
def house(city: House) -> House:
    """The city, in which nobody has a login yet."""
    return emptied(city)


def found(house: House, name: str) -> User:
    with house.database.reading() as session:
        user = users.find(session, name)
    assert user
    return user


@pytest.mark.parametrize("divisions", ["*", f"{COUNTY},*", "610302"])
def test_a_user_of_more_than_ones_own_is_not_made(house: House, divisions: str) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR, divisions=COUNTY)

    refused = send(
        boss,
        "/desk/people/",
        "/desk/people/",
        name="eve",
        roles="inspector",
        divisions=divisions,
    )

    assert refused.status_code == 422
    with house.database.reading() as session:
        assert users.find(session, "eve") is None


@pytest.mark.parametrize("divisions", ["*", "610302", f"{COUNTY},610302"])
@pytest.mark.parametrize("step", ["link", "disable", "enable", "logout", "account"])
def test_a_user_of_more_than_ones_own_is_not_there(
    house: House, divisions: str, step: str
) -> None:
    house.user("operator", Role.ADMINISTRATOR, divisions=divisions)
    boss = house.someone("boss", Role.ADMINISTRATOR, divisions=COUNTY)

    listed = boss.get("/desk/people/").get_data(as_text=True)
    answer = send(
        boss, "/account", f"/desk/people/{found(house, 'operator').id}/{step}", account="u-1"
    )

    assert answer.status_code == 404
    assert "operator" not in listed
    kept = found(house, "operator")
    assert (kept.disabled_at, kept.outside_id) == (None, None)


def test_whoever_has_everything_acts_on_everybody(house: House) -> None:
    house.user("other", Role.INSPECTOR, divisions="*")
    boss = house.someone("boss", Role.ADMINISTRATOR, divisions="*")

    answer = send(boss, "/account", f"/desk/people/{found(house, 'other').id}/disable")

    assert answer.status_code == 302
    assert found(house, "other").disabled_at is not None


def seats(house: House) -> dict[str, UUID]:
    """An enterprise of each division."""
    rows = house.rows("registry", "SELECT division, id FROM enterprise ORDER BY id")
    return {division: UUID(str(number)) for division, number in rows}


def test_an_enterprises_user_is_made_where_its_seat_is(house: House) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR, divisions=COUNTY)
    form = {"roles": "enterprise", "divisions": COUNTY}
    places = seats(house)

    own = send(
        boss,
        "/desk/people/",
        "/desk/people/",
        name="own",
        enterprise_id=str(places[COUNTY]),
        **form,
    )
    foreign = [
        send(boss, "/desk/people/", "/desk/people/", name="eve", enterprise_id=str(one), **form)
        for one in (places["610302"], uuid4())
    ]

    assert own.status_code == 200
    assert (found(house, "own").divisions, found(house, "own").enterprise_id) == (
        COUNTY,
        places[COUNTY],
    )
    assert [answer.status_code for answer in foreign] == [422, 422]
    assert "没有住所在此的这家企业" in foreign[0].get_data(as_text=True)
    with house.database.reading() as session:
        assert users.find(session, "eve") is None


def test_an_enterprise_with_a_unit_here_and_its_seat_elsewhere_is_not_ours(
    house: House,
) -> None:
    [(unit, firm_id)] = house.rows(
        "registry",
        "SELECT o.id, e.id FROM object o JOIN enterprise e ON e.id = o.enterprise_id "
        "WHERE e.division = '610302' LIMIT 1",
    )
    with house.platform.services["registry"].database.transaction() as session:
        moved = "UPDATE object SET division = ? WHERE id = ?"
        session.connection().exec_driver_sql(moved, (COUNTY, unit))
    firm = UUID(str(firm_id))
    boss = house.someone("boss", Role.ADMINISTRATOR, divisions=COUNTY)

    assert boss.get(f"/desk/enterprises/{firm}").status_code == 200
    refused = send(
        boss,
        "/desk/people/",
        "/desk/people/",
        name="eve",
        roles="enterprise",
        enterprise_id=str(firm),
    )

    assert refused.status_code == 422


def test_the_audit_shows_what_was_done_within_ones_own(house: House) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR)
    county = house.someone("county", Role.ADMINISTRATOR, divisions=COUNTY)
    house.someone("wang-elsewhere", Role.INSPECTOR, divisions="610302")
    house.user("li-here", Role.INSPECTOR, divisions=COUNTY)
    house.browser("li-here")
    send(house.visitor(), "/login", "/login", name="nobody-knows", password=NEW)

    here = county.get("/desk/people/audit").get_data(as_text=True)
    everywhere = boss.get("/desk/people/audit").get_data(as_text=True)

    assert "li-here" in here
    assert "wang-elsewhere" not in here
    assert "nobody-knows" not in here  # belongs to no county: the bureau's matter
    assert "wang-elsewhere" in everywhere
    assert "nobody-knows" in everywhere


@pytest.mark.parametrize("text", ["²", "x", "9" * 40, "-1"])
def test_a_position_that_is_no_number_is_passed_over(house: House, text: str) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR)

    assert boss.get(f"/desk/people/audit?before={text}").status_code == 200


def test_a_name_that_is_taken_at_the_same_moment_is_refused_in_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.user("li", Role.INSPECTOR)
    boss = house.someone("boss", Role.ADMINISTRATOR)
    monkeypatch.setattr(users, "find", lambda session, name: None)  # as if not there yet

    refused = send(boss, "/desk/people/", "/desk/people/", name="li", roles="inspector")

    assert refused.status_code == 422
    assert "登录名 li 已有人使用" in refused.get_data(as_text=True)
    assert [outcome for outcome, _ in told(house, "新建用户")] == [
        "asked",
        "refused name_taken",
    ]


@pytest.mark.parametrize("field", ["name", "display_name", "section"])
def test_what_no_column_holds_is_refused_in_words(house: House, field: str) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR)
    form = {"name": "new", "roles": "inspector"} | {field: "长" * 61}

    refused = send(boss, "/desk/people/", "/desk/people/", **form)

    assert refused.status_code == 422
    assert "不超过 60 个字符" in refused.get_data(as_text=True)


def test_a_step_with_a_user_is_on_record_before_and_after(house: House) -> None:
    house.someone("li", Role.INSPECTOR)
    boss = house.someone("boss", Role.ADMINISTRATOR)
    path = f"/desk/people/{found(house, 'li').id}"

    for step in ("disable", "enable", "link"):
        send(boss, "/desk/people/", f"{path}/{step}")

    [asked, done] = told(house, "停用用户")
    assert (asked[0], done[0]) == ("asked", "done")
    assert asked[1] == {"disabled_before": None}
    assert done[1]["disabled_after"]
    assert done[1]["sessions_ended"] == 1
    assert told(house, "启用用户")[1][1]["disabled_after"] is None
    assert [outcome for outcome, _ in told(house, "发放登录链接")] == ["asked", "done"]


def test_a_new_user_is_on_record_with_roles_and_divisions(house: House) -> None:
    boss = house.someone("boss", Role.ADMINISTRATOR)

    send(
        boss,
        "/desk/people/",
        "/desk/people/",
        name="new",
        roles="inspector",
        divisions=COUNTY,
    )

    said = {"roles": ["inspector"], "divisions": COUNTY, "enterprise": ""}
    assert told(house, "新建用户") == [("asked", said), ("done", said)]


def test_passwords_are_on_record_without_themselves(house: House) -> None:
    client = house.someone("li", Role.INSPECTOR)
    with house.database.transaction() as session:
        link = house.platform.portal.login_link(session, found(house, "li").id)
    path = link[link.index("/first/") :]

    form = "/account/password"
    send(client, "/account", form, old=NEW, password=NEW, again=NEW)
    send(client, "/account", form, old=PASSWORD, password=NEW, again=NEW)
    send(house.visitor(), path, path, password=PASSWORD, again=PASSWORD)

    changed, set_ = told(house, "修改口令"), told(house, "以链接设置口令")
    assert [outcome for outcome, _ in changed] == ["refused", "asked", "done"]
    assert changed[-1][1] == {"sessions_ended": 1}
    assert [outcome for outcome, _ in set_] == ["asked", "done"]
    with house.database.reading() as session:
        lines = "\n".join(str(line) for line in audit.latest(session))
    assert NEW not in lines
    assert PASSWORD not in lines
    assert path not in lines


def test_every_page_of_the_menu_opens(house: House) -> None:
    roles = [role for role in Role if role not in (Role.PUBLIC, Role.ENTERPRISE, Role.AGENCY)]
    client = house.someone("boss", *roles)
    page = client.get("/desk/").get_data(as_text=True)
    with house.pages.test_request_context():
        addresses = [
            house.pages.url_for(entry.endpoint)
            for group in MENU
            for entry in group.entries
            if entry.roles.intersection(roles)
        ]

    for address in addresses:
        assert address in page
        assert client.get(address, follow_redirects=True).status_code == 200, address


def test_a_contact_in_full_is_on_the_answer_alone(house: House) -> None:
    number, registry = "0917-3260001", house.platform.services["registry"]
    firm = house.rows("registry", "SELECT id FROM enterprise ORDER BY id LIMIT 1")[0][0]
    with registry.database.transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE enterprise SET phone = ? WHERE id = ?", (registry.seals.seal(number), firm)
        )
    path = f"/desk/enterprises/{UUID(str(firm))}"
    client = house.someone("老张", Role.INSPECTOR)

    before = client.get(path).get_data(as_text=True)
    short = send(client, path, f"{path}/reveal", purpose="")
    shown = send(client, path, f"{path}/reveal", purpose="联系安排复查")
    after = client.get(path).get_data(as_text=True)

    whole = shown.get_data(as_text=True)
    assert short.status_code == 422
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in shown.headers
    assert number in whole
    assert number not in before
    assert number not in after
    assert [outcome for outcome, _ in told(house, "查看企业联系人完整信息")][-2:] == [
        "asked",
        "done",
    ]
    seen = house.rows("registry", "SELECT seen_by, purpose FROM disclosure")
    assert seen[-1] == ("老张", "联系安排复查")


def test_a_parked_message_says_who_could_not_handle_it(house: House) -> None:
    registry = house.platform.services["registry"]
    with registry.database.transaction() as session:
        parked.park(session, "x", ValueError("no"), heard_by="registry.on_nothing")
    boss = house.someone("boss", Role.ADMINISTRATOR)
    county = house.someone("county", Role.ADMINISTRATOR, divisions=COUNTY)

    whole = boss.get("/desk/system/parked").get_data(as_text=True)
    part = county.get("/desk/system/parked").get_data(as_text=True)

    assert "（类型读不出）" in whole
    assert "registry.on_nothing" in whole
    assert "registry.on_nothing" not in part
    assert "滞留消息不分县区" in part
