"""Pictures of the main pages for the documentation: python -m tests.support.screens docs/screens.

A small demonstration city, at a desk's and at a phone's width, in Chinese and in English.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from playwright.sync_api import Browser

from services.chassis.settings import Settings
from services.command.one_process import OneProcess
from services.portal.model import Role
from tests.services.portal_house import PASSWORD, House, make_city
from tests.support.browsing import DESKTOP, PHONE, a_browser, log_in
from tests.support.parts import free_port_block

SIZES = {"desk": DESKTOP, "phone": PHONE}
LANGUAGES = ("zh", "en")


def pages_of(house: House) -> dict[str, tuple[str | None, str]]:
    """Name of the picture: who looks, at what."""
    [firm] = house.rows(
        "inspection",
        "SELECT enterprise_id FROM warning WHERE division = '610303' "
        "GROUP BY enterprise_id ORDER BY count(*) DESC LIMIT 1",
    )
    enterprise = UUID(str(firm[0]))
    house.user("firm", Role.ENTERPRISE, divisions="610303", enterprise_id=enterprise)
    return {
        "public": (None, "/"),
        "record": (None, f"/enterprises/{enterprise}"),
        "points": ("chief", "/desk/"),
        "worklist": ("county", "/desk/warnings/?colour=red"),
        "file": ("county", f"/desk/enterprises/{enterprise}"),
        "analysis": ("chief", "/desk/analysis/"),
        "own": ("firm", "/my/"),
    }


def draw(house: House, browser: Browser, folder: Path) -> None:
    """Every page at every size in every language."""
    base = house.platform.settings.portal_address
    pages = pages_of(house)
    for language in LANGUAGES:
        for size, viewport in SIZES.items():
            for name, (who, path) in pages.items():
                context = browser.new_context(viewport=viewport)
                context.add_cookies(
                    [{"name": "bianque_language", "value": language, "url": base}]
                )
                page = context.new_page()
                if who:
                    log_in(page, base, who, PASSWORD)
                page.goto(f"{base}{path}")
                page.wait_for_load_state("networkidle")
                page.screenshot(path=folder / f"{name}-{size}-{language}.png")
                context.close()


def main(folder: Path) -> None:
    """Write the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        var = Path(scratch) / "var"
        make_city(var)
        settings = Settings.read(
            {"BIANQUE_VAR": str(var), "BIANQUE_PORT": str(free_port_block())}
        )
        with OneProcess(settings) as platform, a_browser() as browser:
            platform.serve()
            house = House(platform)
            house.user("chief", Role.INSPECTOR, Role.CHIEF)
            house.user("county", Role.INSPECTOR, Role.CHIEF, divisions="610303")
            draw(house, browser, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
