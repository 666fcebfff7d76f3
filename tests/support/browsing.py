"""A real browser for the pages: the distribution's Chromium, that asks nobody outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
DESKTOP = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium without a window."""
    found = next(place for place in PLACES if Path(place).exists())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


def log_in(page: Page, base: str, name: str, password: str) -> None:
    """As a person does."""
    page.goto(f"{base}/login")
    page.fill("#f-name", name)
    page.fill("#f-password", password)
    page.click("form[action='/login'] button")


def violations(page: Page) -> list[str]:
    """What axe finds wrong, by rule, with the place. The page's context bypasses its CSP."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
