"""A newcomer's first request in a real browser: both languages, phone and desk, keyboard, without scripts."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.desk.models import Ticket, TicketDraft
from tests.make import asking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "en": {
        "laptop": "laptop",
        "send": "Send the request",
        "thanks": "Thank you",
        "saved": "Draft saved",
    },
    "zh-hans": {"laptop": "电脑", "send": "提交请求", "thanks": "谢谢", "saved": "草稿已于"},
}
WAYS = [
    ("en", "light", 1280),
    ("zh-hans", "dark", 1280),
    ("en", "dark", 360),
    ("zh-hans", "light", 360),
]


@pytest.fixture
def company(db):
    """Departments with the services that ship; Anna has asked for things, Mei is new."""
    now = timezone.now()
    made = asking.seeded(now=now)
    asking.busy(made, now=now)
    return made


def fill(page):
    """Fill in the form for a new laptop."""
    page.locator(
        "input[type=radio][name='form-situation'], input[type=radio][name^='form-']"
    ).first.check()
    for name in {
        each.get_attribute("name")
        for each in page.locator("input[type=radio][name^='form-']").all()
    }:
        page.locator(f"input[name='{name}']").first.check()
    for box in page.locator("input[type=text][name^='form-']").all():
        if box.is_visible():
            box.fill("梅兰" if box.get_attribute("list") else "Mouse")


@pytest.mark.parametrize(("language", "theme", "width"), WAYS)
def test_a_newcomer_finds_asks_and_is_told_what_happens_next(
    open_page, company, language, theme, width
):
    words = WORDS[language]
    opened = open_page("/", person=company.mei, language=language, theme=theme, width=width)
    page = opened.page
    opened.check()

    page.locator("#home-q").fill(words["laptop"])
    suggestion = page.locator("#suggestions a[href*='it-new-laptop']")
    suggestion.wait_for()
    opened.check()
    suggestion.click()
    page.locator(".nk-ask-promise").wait_for()
    opened.check()

    fill(page)
    page.get_by_text(words["saved"]).wait_for()
    assert TicketDraft.objects.get().person == company.mei
    page.get_by_role("button", name=words["send"]).click()
    page.get_by_text(words["thanks"]).wait_for()
    opened.check()

    ticket = Ticket.objects.get(requester=company.mei)
    assert page.url.endswith(f"{ticket.path}?sent=1")
    page.goto(reverse("desk:mine"))
    assert page.get_by_role("link", name=ticket.title).is_visible()
    opened.check()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_request_is_made_by_keyboard_alone_with_and_without_scripts(open_page, company, scripts):
    key = company.other("it").key
    page = open_page(reverse("desk:new", args=[key]), person=company.mei, scripts=scripts).page

    page.locator("textarea, input[type=text]").first.focus()
    page.keyboard.type("It does not start.")
    for _step in range(30):
        if page.evaluate("document.activeElement.name") == "priority":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    for _step in range(10):
        page.keyboard.press("Tab")
        if "Send" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("sent=1"))

    ticket = Ticket.objects.get(requester=company.mei)
    assert ticket.priority == "2"
    assert "It does not start." in ticket.answers.values()


def test_the_promise_follows_the_chosen_priority(open_page, company):
    page = open_page(reverse("desk:new", args=["it-new-laptop"]), person=company.mei).page
    box = page.locator(".nk-ask-promise")
    before = box.inner_text()

    page.locator("#priority-1").check()

    assert box.inner_text() != before


def test_search_works_without_scripts(open_page, company):
    page = open_page("/", person=company.anna, scripts=False).page

    page.locator("#home-q").fill("VPN")
    page.keyboard.press("Enter")

    page.get_by_role("link", name=re.compile("VPN 无法连接")).wait_for()


@pytest.mark.parametrize("name", ["home", "mine", "search", "nothing"])
def test_every_page_is_accessible_quiet_and_fits_a_phone(open_page, company, name):
    path = {
        "home": "/",
        "mine": reverse("desk:mine") + "?tab=open",
        "search": reverse("portal:search") + "?q=打不开",
        "nothing": reverse("portal:search") + "?q=zzzz",
    }[name]
    for language, theme, width in WAYS:
        open_page(path, person=company.anna, language=language, theme=theme, width=width).check()
