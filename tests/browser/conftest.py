"""A real browser, a signed-in page in any language, theme and width, and the accessibility checker.

def test_x(open_page, live_server):
    page = open_page("/desk/queue", person=agent, language="en", theme="dark", width=360)
    page.check()                      # axe, console errors, sideways scrolling
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import browsers

AXE = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; skips with the command to run when there is none."""
    path = browsers.find()
    if path is None:
        if os.environ.get("NEIKE_REQUIRE_BROWSER") == "1":
            pytest.fail(browsers.HOW_TO_INSTALL)
        pytest.skip(browsers.HOW_TO_INSTALL)
    # Playwright keeps an event loop running in this thread; Django would refuse its database there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=browsers.ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class OpenPage:
    """A page in the browser and what it said on the console."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """Return what axe finds, one line per rule with the first elements."""
        # Evaluated by the debugger, which the page's content security policy does not bind.
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
        found = self.page.evaluate(
            "(rules) => axe.run(document, {runOnly: rules}).then((result) => result.violations)",
            RULES,
        )
        return [
            f"{rule['id']}: {[node['html'][:150] for node in rule['nodes'][:3]]}" for rule in found
        ]

    def scrolls_sideways(self) -> bool:
        """Tell whether the page is wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def check(self) -> None:
        """Fail on an accessibility violation, a console message or sideways scrolling."""
        assert self.violations() == []
        assert self.complaints == []
        assert not self.scrolls_sideways()


@pytest.fixture
def open_page(chromium: Browser, live_server) -> Iterator[Callable[..., OpenPage]]:
    """Open an address of the running product as a person (or nobody)."""
    contexts: list[BrowserContext] = []

    def open_(
        path, *, person=None, language="en", theme="light", width=1280, height=800, scripts=True
    ) -> OpenPage:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            locale="en-GB" if language == "en" else "zh-CN",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language, "neike_theme": theme}
        if person is not None:
            client = Client()
            client.force_login(person)
            name = settings.SESSION_COOKIE_NAME
            cookies[name] = client.cookies[name].value
        context.add_cookies(
            [{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()]
        )
        opened = OpenPage(context.new_page())
        opened.page.on(
            "console",
            lambda message: (
                opened.complaints.append(message.text)
                if message.type in {"error", "warning"}
                else None
            ),
        )
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.goto(path)
        opened.page.wait_for_load_state("networkidle")
        return opened

    yield open_
    for context in contexts:
        context.close()
