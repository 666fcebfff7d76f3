"""What somebody wrote is on the page that answers, whatever became of the form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from PIL import Image

from services.portal.model import Role
from services.portal.web.services import Away, Services
from tests.services.portal_house import House, house_of, make_city, send, token_of

LI, ZHAO, CENTRE = "li", "zhao", "centre"
WORDS = "标签上没有厂名，当场拍照"
TEMPLATES = Path("services/portal/templates")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("city") / "var"
    make_city(var)
    with house_of(var) as made:
        made.user(LI, Role.INSPECTOR)
        made.user(ZHAO, Role.CHIEF)
        made.user(CENTRE, Role.COORDINATOR)
        yield made


def firm_of(house: House) -> str:
    [(found,)] = house.rows("inspection", "SELECT enterprise_id FROM enterprise LIMIT 1")
    return str(UUID(str(found)))


def drafted(house: House) -> str:
    """The page of a new draft of an order."""
    firm = firm_of(house)
    page = f"/desk/orders/new?enterprise_id={firm}"
    words = {"description": "标签不全", "basis": "产品质量法", "requirement": "补齐标签"}
    made = send(
        house.browser(LI),
        page,
        "/desk/orders/new",
        enterprise_id=firm,
        matter="label_defect",
        **words,
    )
    return str(made.location)


def complained(house: House) -> str:
    """The page of a new complaint."""
    answer = send(
        house.visitor(),
        "/complaint",
        "/complaint",
        kind="lead",
        words="卖过期食品",
        target="某商店",
        division="610303",
    )
    number = re.findall(r"TS\d{6}-\d{4}-\d{5}", answer.get_data(as_text=True))[0]
    [(found,)] = house.rows(
        "inspection",
        f"SELECT complaint_id FROM complaint WHERE number = '{number}'",  # noqa: S608
    )
    return f"/desk/complaints/{UUID(str(found))}"


def forms_of(page: str) -> dict[str, str]:
    """Each form of a page by where it is sent to."""
    found = re.findall(r'<form[^>]*action="([^"]+)".*?</form>', page, re.DOTALL)
    whole = re.findall(r"<form.*?</form>", page, re.DOTALL)
    of = [form for form in whole if "action=" in form.partition(">")[0]]
    return dict(zip(found, of, strict=True))


def away(monkeypatch: pytest.MonkeyPatch, service: str, *methods: str) -> None:
    """A service that does not answer to these methods."""
    usual = Services.send

    def sent(self: Any, identity: Any, method: str, to: str, *rest: Any, **more: Any) -> Any:
        if to == service and method in methods:
            raise Away(service)
        return usual(self, identity, method, to, *rest, **more)

    monkeypatch.setattr(Services, "send", sent)


def picture() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (9, 9), "red").save(drawn, "JPEG")
    return drawn.getvalue()


def test_a_step_that_is_refused_comes_back_in_its_own_form_and_no_other(house: House) -> None:
    page = complained(house)
    client = house.browser(LI)
    send(client, page, f"{page}/steps/accept")

    refused = send(client, page, f"{page}/steps/no_case", reason=WORDS)
    assert refused.status_code == 404  # a chief's
    refused = send(client, page, f"{page}/steps/check", finding="")
    taken = send(client, page, f"{page}/steps/transfer", to="", reason=WORDS)

    text = taken.get_data(as_text=True)
    with_words = [action for action, form in forms_of(text).items() if WORDS in form]
    assert (refused.status_code, taken.status_code) == (422, 422)
    assert with_words == [f"{page}/steps/transfer"]
    assert text.count(WORDS) == 1
    assert 'id="e-to"' in forms_of(text)[f"{page}/steps/transfer"]
    assert len(re.findall(r'<details class="panel no-print" open>', text)) == 1


def test_while_a_service_is_away_everything_stays_under_the_same_key(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, client = drafted(house), house.browser(LI)
    token = token_of(client.get(page).get_data(as_text=True))
    away(monkeypatch, "inspection", "POST")

    answer = client.post(
        f"{page}/discard", data={"csrf_token": token, "once": "k-1", "reason": WORDS}
    )

    form = forms_of(answer.get_data(as_text=True))[f"{page}/discard"]
    assert answer.status_code == 503
    assert WORDS in form
    assert 'name="once" value="k-1"' in form


def test_when_not_even_the_page_can_be_had_the_words_can_be_sent_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, client = drafted(house), house.browser(LI)
    token = token_of(client.get(page).get_data(as_text=True))
    with monkeypatch.context() as meanwhile:
        away(meanwhile, "inspection", "GET", "POST")
        answer = client.post(f"{page}/discard", data={"csrf_token": token, "reason": WORDS})

    text = answer.get_data(as_text=True)
    form = forms_of(text)[f"{page}/discard"]
    again = client.post(
        f"{page}/discard", data=dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    )
    assert answer.status_code == 503
    assert "理由" in text
    assert again.status_code == 302
    assert WORDS in client.get(page).get_data(as_text=True)


def test_words_for_a_step_that_is_over_stand_by_themselves(house: House) -> None:
    page, first, second = drafted(house), house.browser(LI), house.browser(ZHAO)
    token = token_of(second.get(page).get_data(as_text=True))

    send(first, page, f"{page}/discard", reason="重复")
    late = second.post(f"{page}/discard", data={"csrf_token": token, "reason": WORDS})

    text = late.get_data(as_text=True)
    assert late.status_code == 422
    assert f"{page}/discard" not in forms_of(text)
    assert "data-written" in text
    assert WORDS in text


def test_photographs_that_were_kept_need_not_be_chosen_again(house: House) -> None:
    page, client = complained(house), house.browser(LI)
    send(client, page, f"{page}/steps/accept")

    refused = send(
        client,
        page,
        f"{page}/steps/check",
        finding="",
        files=(BytesIO(picture()), "a.jpg"),
    )
    form = forms_of(refused.get_data(as_text=True))[f"{page}/steps/check"]
    [kept] = re.findall(r'name="files-kept" value="([^"]+)"', form)
    forged = send(client, page, f"{page}/steps/check", finding="", **{"files-kept": "ab" * 32})
    taken = send(client, page, f"{page}/steps/check", finding=WORDS, **{"files-kept": kept})

    assert "已收到 1 个文件" in form
    assert "files-kept" not in forged.get_data(as_text=True)
    assert taken.status_code == 302
    assert re.search(
        rf"{page}/evidence/[0-9a-f]{{64}}", client.get(page).get_data(as_text=True)
    )


def test_nothing_is_decided_by_leaving_a_choice_alone(house: House) -> None:
    [(entry,)] = house.rows("credit", "SELECT id FROM bad_information LIMIT 1")
    page = f"/desk/credit/bad-information/{UUID(str(entry))}"
    centre = house.browser(CENTRE)
    send(centre, page, f"{page}/publication")
    unchosen = send(centre, page, f"{page}/requests", kind="", words=WORDS)
    made = send(centre, page, f"{page}/requests", kind="objection", words="日期有误")
    [(number,)] = house.rows("credit", "SELECT id FROM credit_request")
    asked = f"/desk/credit/requests/{UUID(str(number))}"

    undecided = send(centre, asked, f"{asked}/decision", accepted="", answer=WORDS)

    assert (unchosen.status_code, made.status_code) == (422, 302)
    assert WORDS in forms_of(unchosen.get_data(as_text=True))[f"{page}/requests"]
    form = forms_of(undecided.get_data(as_text=True))[f"{asked}/decision"]
    assert undecided.status_code == 422
    assert WORDS in form
    assert re.findall(r'<option value="([^"]*)"', form) == ["", "1", "0"]
    assert "selected" not in form
    assert house.rows("credit", "SELECT state FROM credit_request") == [("received",)]


def test_a_form_sent_before_with_other_words_is_told_in_plain_words(house: House) -> None:
    page, client = complained(house), house.browser(LI)
    send(client, page, f"{page}/steps/accept")

    for finding in ("第一次", WORDS):
        answer = send(client, page, f"{page}/steps/check", finding=finding, once="k-2")

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "这份表单已经提交过" in text
    assert "Idempotency-Key" not in text
    assert WORDS in text
    assert 'value="k-2"' not in text


@pytest.mark.parametrize(
    ("origin", "shown"), [("http://localhost", True), ("https://evil.example", False)]
)
def test_a_form_whose_secret_is_lost_keeps_its_words_if_it_is_ours(
    house: House, origin: str, shown: bool
) -> None:
    page, client = drafted(house), house.browser(LI)

    answer = client.post(
        f"{page}/discard",
        data={"csrf_token": "lost", "reason": WORDS},
        headers={"Origin": origin},
    )

    assert answer.status_code == 400
    assert (WORDS in answer.get_data(as_text=True)) is shown


def test_an_enterprise_keeps_its_words_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(object_id, firm)] = house.rows(
        "inspection",
        "SELECT object_id, enterprise_id FROM warning WHERE cleared_on IS NULL LIMIT 1",
    )
    client = house.someone("firm", Role.ENTERPRISE, enterprise_id=UUID(str(firm)))
    page = f"/my/objects/{UUID(str(object_id))}"
    away(monkeypatch, "inspection", "POST")

    answer = send(client, page, f"{page}/bookings", words=WORDS, wished_from="2030-01-07")

    form = forms_of(answer.get_data(as_text=True))[f"{page}/bookings"]
    assert answer.status_code == 503
    assert WORDS in form
    assert 'value="2030-01-07"' in form


def test_every_form_with_words_is_one_that_can_come_back() -> None:
    """A form that is written by hand in a template would come back empty."""
    by_hand = [
        path.name
        for path in TEMPLATES.rglob("*.html")
        if path.parent.name not in ("account", "macros", "layout")
        for form in re.findall(
            r'<form[^>]*method="post".*?</form>', path.read_text("utf-8"), re.S
        )
        if "forms." in form or "<textarea" in form or 'type="text"' in form
    ]
    assert by_hand == []


def test_no_two_fields_of_a_page_have_one_id(house: House) -> None:
    page = complained(house)
    client: FlaskClient = house.browser(ZHAO)
    send(client, page, f"{page}/steps/accept")

    text = client.get(page).get_data(as_text=True)

    ids = re.findall(r' id="(f-[^"]+)"', text)
    assert len(ids) > 5
    assert len(ids) == len(set(ids))
