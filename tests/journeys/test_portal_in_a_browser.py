"""The stories of the day in a real browser: what people do, from the first click to the last."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from services.chassis import clock
from services.chassis.settings import Settings
from services.command.one_process import OneProcess
from services.portal.model import Role
from services.registry.adapters import sample_of
from tests.services.portal_house import PASSWORD, House, make_city, send
from tests.support.browsing import DESKTOP, PHONE, a_browser, log_in, violations
from tests.support.parts import free_port_block

DONE_SECONDS = 60


class City(House):
    """A city whose pages can be opened at an address."""

    def __init__(self, platform: OneProcess) -> None:
        super().__init__(platform)
        self.base = platform.settings.portal_address


@contextmanager
def city(var: Path, profile: str) -> Iterator[City]:
    var.mkdir(parents=True)
    (var / "settings.env").write_text(f"BIANQUE_PROFILE={profile}\n", encoding="utf-8")
    make_city(var)
    settings = Settings.read({"BIANQUE_VAR": str(var), "BIANQUE_PORT": str(free_port_block())})
    with OneProcess(settings) as platform:
        platform.start()
        platform.serve()
        made = City(platform)
        made.user("li", Role.INSPECTOR, Role.CHIEF, divisions="610303")
        made.user("wang", Role.INSPECTOR, divisions="610303")
        made.user("centre", Role.COORDINATOR)
        made.user("clerk", Role.REGISTRAR)
        made.user("boss", Role.ADMINISTRATOR)
        yield made


@pytest.fixture(scope="module")
def baoji(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Where red is published at once."""
    with city(tmp_path_factory.mktemp("baoji") / "var", "baoji-2013") as made:
        yield made


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Where a person publishes."""
    with city(tmp_path_factory.mktemp("today") / "var", "cn-current") as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as made:
        yield made


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """A window in which somebody is logged in; what its console says ends the test."""
    contexts, said = [], []

    def window(
        of: City, name: str | None = None, *, phone: bool = False, axe: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP, locale="en-US", bypass_csp=axe
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "console",
            lambda m: (
                said.append(m.text)
                if m.type == "error" and "Failed to load" not in m.text
                else None
            ),
        )
        page.on(
            "request",
            lambda r: (
                said.append(f"outside: {r.url}")
                if not r.url.startswith((of.base, "data:", "blob:"))
                else None
            ),
        )
        if name:
            log_in(page, of.base, name, PASSWORD)
        return page

    yield window
    for context in contexts:
        context.close()
    assert said == []


def something_red(of: City, duty: str) -> tuple[str, str]:
    """An enterprise of the county, one of its units of which that duty is red."""
    [row] = of.rows(
        "inspection",
        "SELECT enterprise_id, object_id FROM warning WHERE division = '610303' "  # noqa: S608
        f"AND state = 'red' AND duty = '{duty}' LIMIT 1",
    )
    return str(UUID(str(row[0]))), str(UUID(str(row[1])))


def test_an_officer_turns_a_red_line_into_an_order_on_paper(
    baoji: City, opened: Opened
) -> None:
    page = opened(baoji, "li")

    page.click("text=预警清单")
    page.select_option("#q-colour", "red")
    page.click("form.filters button")
    assert "colour=red" in page.url
    page.check("input[name=pick] >> nth=0")
    page.click("text=拟制责令改正通知书")
    page.click("main button.btn-primary")
    page.click("main ul a >> nth=0")
    page.fill("#f-officers", "li,wang")
    page.click("text=下达 >> nth=-1")

    assert re.search(r"〔20\d\d〕", page.inner_text("h1"))
    page.click("text=制作通知书")
    with page.expect_download() as download:
        page.click("main ul li a >> nth=0")
    assert download.value.suggested_filename.endswith(".docx")
    page.emulate_media(media="print")
    assert not page.is_visible(".desk > nav")
    assert page.is_visible("h1")


def test_who_is_reminded_by_hand_reads_it_in_the_inbox(baoji: City, opened: Opened) -> None:
    baoji.forget_reminders()
    owner = make_owner(baoji, "reminded")
    page, firm = opened(baoji, "li"), opened(baoji, owner, phone=True)

    page.click("text=预警清单")
    page.select_option("#q-colour", "red")
    page.select_option("#q-kind", "instrument")
    page.click("form.filters button")
    page.check("input[name=pick] >> nth=0")
    page.check("input[name=pick] >> nth=1")
    reminded = page.locator("tr:has(input[name=pick]:checked) td.main a").all_inner_texts()
    page.click("text=提醒企业")
    assert page.inner_text("h1") == "将向 1 家企业提醒 2 项"
    subject, words = page.locator("main section.panel p:not(.soft)").all_inner_texts()
    assert reminded[0] in words
    page.click("text=发出 2 项提醒")
    assert "已提醒 2 项" in page.inner_text("main [role=status]")
    assert page.locator("td.main a").all_inner_texts() == reminded

    letters = firm.locator("main li a", has_text="本局提醒")
    wait_for(firm, f"{baoji.base}/my/messages", lambda: letters.count() == 2)
    letters.filter(has_text=subject).click()
    assert firm.inner_text("h1") == subject
    assert f"“{reminded[0]}”" in firm.inner_text("article")


def make_owner(of: City, name: str) -> str:
    """A user of the enterprise to which the county's red instruments belong."""
    rows = of.rows(
        "inspection",
        "SELECT DISTINCT enterprise_id FROM warning WHERE division = '610303' "
        "AND kind = 'instrument' AND state = 'red'",
    )
    [enterprise] = [UUID(str(row[0])) for row in rows]
    of.user(name, Role.ENTERPRISE, divisions="610303", enterprise_id=enterprise)
    return name


def wait_for(page: Page, address: str, there: Callable[[], bool]) -> None:
    """The page of the address, as soon as it shows what must arrive by an event."""
    deadline = time.monotonic() + DONE_SECONDS
    page.goto(address)
    while not there():
        assert time.monotonic() < deadline, page.inner_text("main")
        time.sleep(0.3)
        page.reload()


def plan_visit(li: Page, of: City, enterprise: str, unit: str) -> None:
    """Two officers, one unit."""
    li.goto(f"{of.base}/desk/visits/new?enterprise_id={enterprise}")
    li.select_option("#f-purpose", "special")
    li.fill("#f-certificate1", "陕A001")
    li.fill("#f-account2", "wang")
    li.fill("#f-name2", "王")
    li.fill("#f-certificate2", "陕A002")
    for box in li.locator("input[name=object]").all():
        box.set_checked(box.get_attribute("value") == unit)
    li.click("main form button.btn-primary")


def fill_record(li: Page, unit: str, duty: str) -> None:
    """Everything conforms, and a certificate was seen."""
    for conforms in li.locator("input[type=radio][value=conforms]").all():
        conforms.check()
    li.select_option("#r-0", f"{unit} {duty}")
    li.fill("#d-0", clock.today().isoformat())
    li.fill("#s-0", (clock.today() + timedelta(days=365)).isoformat())
    li.fill("#b-0", "市特种设备检验所")
    li.fill("#c-0", "检2026-1")
    li.select_option("#f-outcome", "passed")
    li.fill("#f-summary", "现场核对检验报告,符合。")


def test_a_visit_on_a_phone_clears_what_was_red(
    baoji: City, opened: Opened, tmp_path: Path
) -> None:
    duty = "inspection"
    enterprise, unit = something_red(baoji, duty)
    photograph = tmp_path / "label.jpg"
    Image.new("RGB", (640, 480), "grey").save(photograph)
    li, wang = opened(baoji, "li", phone=True), opened(baoji, "wang", phone=True)

    plan_visit(li, baoji, enterprise, unit)
    visit = li.url
    fill_record(li, unit, duty)
    li.reload()
    assert li.input_value("#f-summary") == "现场核对检验报告,符合。", "the draft was not kept"
    li.set_input_files("input[name=files-0]", photograph)
    li.click("text=保存记录")
    assert li.locator("main img").count() >= 1
    li.click("text=我已核对，签字")
    li.click("summary:has-text('企业代表签字')")
    li.fill("#f-name", "赵代表")
    li.click("form[action$=representative] button")
    wang.goto(visit)
    wang.click("text=我已核对，签字")
    li.goto(visit)
    li.click("form[action$=conclusion] button")
    assert li.locator("[role=alert]").count() == 0, li.inner_text("[role=alert]")

    li.goto(f"{baoji.base}/desk/objects/{unit}")
    duty_now = li.inner_text("section.panel:has(h3:has-text('定期检验')) h3")
    assert duty_now.startswith("绿"), li.inner_text("main")


def test_what_is_published_is_found_answered_and_withdrawn(today: City, opened: Opened) -> None:
    [row] = today.rows("credit", "SELECT id, enterprise_id FROM bad_information LIMIT 1")
    entry, enterprise = str(UUID(str(row[0]))), UUID(str(row[1]))
    today.user("firm", Role.ENTERPRISE, divisions="610300", enterprise_id=enterprise)
    centre, citizen, firm = opened(today, "centre"), opened(today), opened(today, "firm")
    assert citizen.goto(f"{today.base}/items/{entry}").status == 410  # type: ignore[union-attr]

    centre.goto(f"{today.base}/desk/credit/bad-information/{entry}")
    centre.click("form[action$=publication] button")
    citizen.goto(f"{today.base}/items/{entry}")
    assert "到期未完成" in citizen.inner_text("main")
    firm.goto(f"{today.base}/my/credit/bad-information/{entry}")
    firm.fill("#f-words >> nth=0", "已预约检验,下周完成。")
    firm.click("text=提交说明")
    citizen.reload()
    assert "已预约检验" in citizen.inner_text("main")
    centre.reload()
    centre.click("summary:has-text('撤销')")
    centre.fill("#f-reason", "检验机构上传有误,设备在有效期内。")
    centre.click("form[action$=withdrawal] button")

    gone = citizen.goto(f"{today.base}/items/{entry}")
    assert gone is not None
    assert gone.status == 410
    assert "已经撤下" in citizen.inner_text("h1")


def test_wrong_rows_come_back_as_a_workbook_and_go_in_when_corrected(
    baoji: City, opened: Opened, tmp_path: Path
) -> None:
    with sample_of("special", "elevators").open(encoding="gb18030", newline="") as file:
        rows = list(csv.reader(file))
    at = next(n for n, name in enumerate(rows[0]) if "日期" in name)
    good, rows[1][at] = rows[1][at], "二〇二六年某日"
    broken = tmp_path / "broken.csv"
    with broken.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    page = opened(baoji, "clerk")

    hand_in(page, baoji, broken, "dry")
    assert "错误" in page.inner_text("main")
    with page.expect_download() as download:
        page.click("text=下载错误行工作簿")
    back = tmp_path / "back.xlsx"
    download.value.save_as(back)
    corrected = tmp_path / "corrected.xlsx"
    put_right(back, corrected, wrong="二〇二六年某日", right=good)
    hand_in(page, baoji, corrected, "import")

    counts = page.inner_text(".counts")
    assert re.search(r"错误\s*0", counts), counts
    assert not re.search(r"行\s*0", counts), counts


def hand_in(page: Page, of: City, file: Path, how: str) -> None:
    page.goto(f"{of.base}/desk/imports/")
    page.set_input_files("#f-file", file)
    page.select_option("#f-mapping", "special/elevators")
    page.select_option("#f-how", how)
    page.click("main form button.btn-primary")
    wait_for(page, page.url, lambda: page.locator(".counts").count() > 0)


def put_right(given: Path, corrected: Path, *, wrong: str, right: str) -> None:
    sheet = CalamineWorkbook.from_path(given).get_sheet_by_index(0).to_python()
    book = Workbook(corrected)
    page = book.add_worksheet()
    for line, row in enumerate(sheet):
        for column, value in enumerate(row):
            page.write_string(line, column, right if str(value) == wrong else str(value))
    book.close()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    ("who", "path"),
    [
        (None, "/"),
        (None, "/login"),
        (None, "/about"),
        (None, "/lists/bad-information"),
        (None, "/search?q=公司"),
        (None, "/v"),
        (None, "/complaint"),
        ("li", "/desk/"),
        ("li", "/desk/warnings/?colour=red"),
        ("li", "/desk/analysis/"),
        ("li", "/desk/visits/"),
        ("li", "/desk/visits/plan"),
        ("li", "/desk/bookings/"),
        ("li", "/desk/orders/"),
        ("li", "/desk/cases/"),
        ("li", "/desk/complaints/"),
        ("li", "/desk/complaints/new"),
        ("li", "/desk/directives/"),
        ("li", "/desk/messages/sent"),
        ("centre", "/desk/credit/"),
        ("centre", "/desk/credit/records"),
        ("centre", "/desk/credit/requests"),
        ("boss", "/desk/people/"),
        ("boss", "/desk/system/policy"),
        ("clerk", "/desk/imports/"),
    ],
)
def test_nobody_is_shut_out(
    baoji: City, opened: Opened, who: str | None, path: str, phone: bool
) -> None:
    page = opened(baoji, who, phone=phone, axe=True)

    page.goto(f"{baoji.base}{path}")
    page.wait_for_load_state("load")

    assert violations(page) == []
    assert fits(page)


@pytest.fixture(scope="module")
def begun(baoji: City) -> dict[str, tuple[str | None, str]]:
    """Who looks where, once somebody complained and an enterprise booked an inspection."""
    duty = "verification"
    enterprise, unit = something_red(baoji, duty)
    owner = make_owner(baoji, "booked")
    day = clock.today().isoformat()
    wish = {"duty": duty, "wished_from": day, "wished_until": day, "words": "周三最好"}
    own = f"/my/objects/{unit}"
    booked = send(baoji.browser(owner), own, f"{own}/bookings", **wish)
    assert booked.status_code == 302, booked.get_data(as_text=True)
    told = {"kind": "lead", "target": "路口的商店", "division": "610303", "words": "过期食品"}
    answer = send(baoji.visitor(), "/complaint", "/complaint", **told)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    [(complaint, number)] = baoji.rows(
        "inspection",
        "SELECT complaint_id, number FROM complaint LIMIT 1",
    )
    return {
        "receipt of a complaint": (None, f"/complaint/{number}"),
        "complaint": ("li", f"/desk/complaints/{UUID(str(complaint))}"),
        "bookings": ("li", "/desk/bookings/?state=requested"),
        "own booking": (owner, own),
        "own first page": (owner, "/my/"),
        "own messages": (owner, "/my/messages"),
        "file": ("li", f"/desk/enterprises/{enterprise}"),
    }


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "name",
    [
        "receipt of a complaint",
        "complaint",
        "bookings",
        "own booking",
        "own first page",
        "own messages",
        "file",
    ],
)
def test_nobody_is_shut_out_of_what_has_begun(
    baoji: City,
    begun: dict[str, tuple[str | None, str]],
    opened: Opened,
    name: str,
    phone: bool,
) -> None:
    who, path = begun[name]
    page = opened(baoji, who, phone=phone, axe=True)

    page.goto(f"{baoji.base}{path}")
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")

    assert violations(page) == []
    assert fits(page)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_nobody_is_shut_out_of_the_preview_of_reminders(
    baoji: City, opened: Opened, phone: bool
) -> None:
    baoji.forget_reminders()
    page = opened(baoji, "li", phone=phone, axe=True)

    page.goto(f"{baoji.base}/desk/warnings/?colour=red")
    page.click("text=提醒本条件下的全部")

    assert page.locator("table.list tbody tr").count() > 1
    assert violations(page) == []
    assert fits(page)


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    assert page.viewport_size
    return width <= page.viewport_size["width"]


def test_everything_is_there_without_a_script(baoji: City, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()

    log_in(page, baoji.base, "li", PASSWORD)
    page.goto(f"{baoji.base}/desk/warnings/")
    page.select_option("#q-kind", "equipment")
    page.click("form.filters button")

    assert "kind=equipment" in page.url
    assert page.locator("table.list tbody tr").count() > 0
    context.close()


def test_a_complaint_is_handed_in_on_a_phone_without_a_script(
    baoji: City, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()

    page.goto(baoji.base)
    page.click("main a[href='/complaint']")
    page.select_option("#f-kind", "lead")
    page.fill("#f-target", "路口的商店")
    page.select_option("#f-division", "610303")
    page.fill("#f-words", "卖过期食品")
    page.click("main form[method=post] button.btn-primary")
    number, code = page.locator("dd.code").all_inner_texts()
    page.goto(f"{baoji.base}/complaint/{number}")
    page.fill("#f-code", code.lower())
    page.click("main form[method=post] button")

    assert "已收到" in page.inner_text("main")
    assert "路口的商店" in page.inner_text("main")
    assert code not in page.url
    context.close()


def test_in_english_nothing_stays_chinese_in_the_menu(baoji: City, opened: Opened) -> None:
    page = opened(baoji, "li")

    page.click("text=English")

    assert page.url.endswith("/desk/")
    assert not re.search(r"[\u4e00-\u9fff]", page.inner_text(".desk > nav"))
    assert page.locator("html").get_attribute("lang") == "en"
