"""Make the pictures of the README from the running demo.

    python3 dev.py screenshots

They are taken from a fresh demo company, so that they show what a newcomer will see.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import browsers

ROOT = Path.cwd()
IMAGES = ROOT / "docs" / "images"
PORT = "8791"
ADDRESS = f"http://localhost:{PORT}"
AGENT = "YL0102"
"""The colleague of Human Resources, whose requests travel on to IT and Administration."""


def wait_until_ready(seconds: int = 300) -> None:
    """Return when the demo answers.

    Raises:
        TimeoutError: it does not in time.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{ADDRESS}/health/ready", timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(1)
    raise TimeoutError("the demo did not start")


def take(browser: Browser, language: str, theme: str) -> None:
    """Save the request page, the queue and the loop page in one language."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 860},
        locale="zh-CN" if language == "zh" else "en-GB",
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{ADDRESS}/account/login/")
    page.locator(f'button[value="{AGENT}"]').click()
    page.wait_for_load_state("networkidle")
    page.context.add_cookies(
        [
            {
                "name": "neike_language",
                "value": "zh-hans" if language == "zh" else "en",
                "url": ADDRESS,
            }
        ]
    )
    page.goto(f"{ADDRESS}/queue/?view=all")
    page.screenshot(path=IMAGES / f"queue-{language}.png")
    links = [link.get_attribute("href") or "" for link in page.locator("a[data-open]").all()]
    page.goto(ADDRESS + max(links, key=lambda link: _legs(page, link)))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"request-{language}.png")
    context.close()


def _legs(page: Page, link: str) -> int:
    """Return how many legs a request has, so that the picture shows a hand-over."""
    return page.request.get(ADDRESS + link).text().count("nk-relay-leg")


def main() -> int:
    """Start the demo, take the pictures, stop it."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PORT": PORT, "NEIKE_DATA": str(ROOT / "var" / "screenshots")}
    demo = subprocess.Popen(
        [sys.executable, "-m", "neike.config.cli", "demo"],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until_ready()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=browsers.find(), args=browsers.ARGUMENTS
            )
            take(browser, "en", "light")
            take(browser, "zh", "light")
            browser.close()
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(30)
    return 0


if __name__ == "__main__":
    sys.exit(main())
