"""Open pages follow what happens elsewhere, over one connection, and never touch what somebody is writing."""

import re
import time

import pytest
from django.conf import settings
from playwright.sync_api import expect

PATIENCE = 20_000

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(house):
    return house.open()


@pytest.fixture
def sign_in(chromium, house, server):
    """Open a browser window of a person on the running server."""
    contexts = []

    def open_(name, *, language="en", without_worker=False):
        address = f"http://localhost:{server.port}"
        context = chromium.new_context(base_url=address, reduced_motion="reduce")
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if without_worker:
            context.add_init_script("delete window.SharedWorker")
        cookies = {
            settings.SESSION_COOKIE_NAME: house.order("session", name),
            settings.LANGUAGE_COOKIE_NAME: language,
        }
        context.add_cookies([{"name": k, "value": v, "url": address} for k, v in cookies.items()])
        return context

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def open_as(sign_in):
    """Open a page and wait until its line stands."""

    def open_(name, path, **how):
        page = sign_in(name, **how).new_page()
        return visit(page, path)

    return open_


def visit(page, path):
    heard = []
    page.on("console", lambda m: heard.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.heard = heard
    page.goto(path)
    expect(page.locator("#live[data-live-on=yes]")).to_be_attached(timeout=PATIENCE)
    return page


def test_a_new_request_appears_in_the_queue_without_reloading(house, open_as):
    page = open_as("ivan", "/queue/")
    page.evaluate("window.stays = true")
    tab = page.locator(".nk-tab").first.locator(".nk-count")
    before = int(tab.inner_text())

    ticket = house.order("submit", "Broken screen")

    row = page.locator("[data-row]", has_text="Broken screen")
    expect(row).to_contain_text(ticket["number"], timeout=PATIENCE)
    expect(tab).to_have_text(str(before + 1))
    expect(page.locator("#count-desk-queue")).to_contain_text(re.compile(r"\d"))
    house.order("accept", ticket["pk"], "ines")
    expect(row).to_contain_text("Ines", timeout=PATIENCE)
    assert page.evaluate("window.stays")
    assert page.heard == []


def test_what_is_written_focused_and_opened_survives_news(house, open_as):
    ticket = house.order("submit")
    house.order("accept", ticket["pk"], "ivan")
    page = open_as("ivan", ticket["path"])
    box = page.locator("#reply-body")
    box.click()
    box.press_sequentially("half a sentence")
    box.evaluate("(area) => area.setSelectionRange(2, 6)")

    house.order("post", ticket["pk"], "anna", "news from Anna")
    page.get_by_text("news from Anna").wait_for()

    assert box.input_value() == "half a sentence"
    assert box.evaluate("(a) => [document.activeElement === a, a.selectionStart, a.selectionEnd]") == [
        True, 2, 6,
    ]  # fmt: skip
    expect(page.locator("#live-news")).to_contain_text("The request has changed.")
    assert page.heard == []


def test_what_is_written_is_still_there_when_the_request_ends_meanwhile(house, open_as):
    ticket = house.order("submit")
    page = open_as("ivan", ticket["path"])
    page.locator("#reply-body").fill("too late?")

    house.order("cancel", ticket["pk"], "anna")
    page.get_by_text("withdrew").first.wait_for()

    assert page.locator("#reply-body").input_value() == "too late?"


def test_the_bell_and_my_day_follow(house, open_as):
    ticket = house.order("submit")
    page = open_as("ivan", "/")
    waiting = page.locator("#waiting-live")

    other = house.order("submit", "Printer on fire")

    expect(waiting).to_contain_text("Printer on fire", timeout=PATIENCE)
    house.order("notify", "ivan", ticket["path"])
    expect(page.locator("#count-notices")).to_be_visible(timeout=PATIENCE)
    assert other["pk"]
    assert page.heard == []


def test_seven_tabs_share_one_connection(house, server, sign_in):
    context = sign_in("ivan")
    paths = [house.order("submit")["path"] for _ in range(3)]
    pages = [
        visit(context.new_page(), path)
        for path in (*paths, "/queue/", "/requests/", "/", "/queue/?view=mine")
    ]
    time.sleep(1)

    assert server.streams() == 1

    for page in pages[:3]:
        page.bring_to_front()
        assert page.evaluate("document.visibilityState") == "visible"
    assert [page.heard for page in pages] == [[]] * 7


def test_without_shared_workers_one_of_the_pages_holds_the_connection(house, server, sign_in):
    context = sign_in("ines", without_worker=True)
    ticket = house.order("submit")
    before = server.streams()
    first = visit(context.new_page(), "/queue/")
    second = visit(context.new_page(), ticket["path"])

    house.order("post", ticket["pk"], "anna", "heard by the second page")
    second.get_by_text("heard by the second page").wait_for()
    assert server.streams() == before + 1
    first.close()
    house.order("post", ticket["pk"], "anna", "and after the first is gone")
    second.get_by_text("and after the first is gone").wait_for()

    assert second.heard == []


def test_two_agents_see_one_another_and_a_requester_sees_nobody(house, open_as):
    ticket = house.order("submit")
    ivan = open_as("ivan", ticket["path"])
    ines = open_as("ines", ticket["path"])
    anna = open_as("anna", ticket["path"])

    expect(ivan.locator("#presence")).to_contain_text("Ines is here", timeout=PATIENCE)
    expect(ines.locator("#presence")).to_contain_text("Ivan is here", timeout=PATIENCE)
    ines.locator("#reply-body").press_sequentially("Hello")
    expect(ivan.locator("#presence")).to_contain_text("Ines is writing", timeout=PATIENCE)
    ines.close()
    expect(ivan.locator("#presence")).not_to_contain_text("Ines", timeout=PATIENCE)

    assert anna.locator("#presence").count() == 0
    assert "Ivan is" not in anna.content()
    assert ivan.heard == []


def test_a_page_says_when_it_is_cut_off_and_recovers(open_as):
    page = open_as("anna", "/requests/", without_worker=True)
    sign = page.locator("#live-state")
    assert not sign.is_visible()

    page.context.route("**/live/?*", lambda route: route.abort())
    page.reload()
    expect(sign).to_be_visible(timeout=PATIENCE)
    page.context.unroute("**/live/?*")
    expect(sign).to_be_hidden(timeout=2 * PATIENCE)
