"""A real browser, a signed-in page in any language, theme and width, and the accessibility checker.

def test_x(open_page, live_server):
    page = open_page("/desk/queue", person=agent, language="en", theme="dark", width=360)
    page.check()                      # axe, console errors, sideways scrolling
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)

from tests import browsers

AXE = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
IDLE = """() => document.fonts.ready.then(() => new Promise((done) =>
    requestAnimationFrame(() => requestIdleCallback(() => done(), {timeout: 500}))))"""


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
    """A page in the browser, what it said on the console and what it still waits for."""

    page: Page
    scripts: bool = True
    complaints: list[str] = field(default_factory=list)
    pending: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)
        self.page.on("requestfinished", self._answered)
        self.page.on("requestfailed", self._answered)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        self.pending.add(request)

    def _answered(self, request: Request) -> None:
        self.pending.discard(request)

    def settle(self) -> None:
        """Wait until the page has loaded, fetches nothing and has nothing left to do or draw, twice running:
        what a fetched script fetches shows in the second round.

        The browser's own "network idle" asks for half a second of silence each time.
        """
        self.page.wait_for_load_state("load")
        if not self.scripts:
            return
        quiet, until = 0, time.monotonic() + 10
        while quiet < 2:
            assert time.monotonic() < until, f"{self.page.url} waits for {self.pending}"
            self.page.evaluate(IDLE)
            quiet = 0 if self.pending else quiet + 1

    def violations(self) -> list[str]:
        """Return what axe finds, one line per rule with the first elements."""
        # Evaluated by the debugger, which the page's content security policy does not bind.
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
        found = self.page.evaluate(
            "(options) => axe.run(document, options).then((result) => result.violations)",
            {"runOnly": RULES, "resultTypes": ["violations"]},
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


@dataclass
class Window:
    """Somebody's browser window: a language, theme and width, signed in once for any number of pages."""

    context: BrowserContext
    scripts: bool = True

    def open(self, path: str) -> OpenPage:
        """Open an address on a page of its own and wait until nothing more happens there."""
        opened = OpenPage(self.context.new_page(), self.scripts)
        opened.page.goto(path)
        opened.settle()
        return opened


@pytest.fixture
def open_window(chromium: Browser, live_server) -> Iterator[Callable[..., Window]]:
    """Open a window onto the running product as a person (or nobody)."""
    contexts: list[BrowserContext] = []

    def open_(
        *, person=None, language="en", theme="light", width=1280, height=800, scripts=True
    ) -> Window:
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
        return Window(context, scripts)

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(open_window) -> Callable[..., OpenPage]:
    """Open an address in a new window; takes what `open_window` takes."""

    def open_(path: str, **window) -> OpenPage:
        return open_window(**window).open(path)

    return open_
