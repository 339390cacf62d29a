"""Merging and splitting in a real browser: both languages, phone and desktop, by mouse and by keyboard."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from neike.desk import actions
from neike.desk.choices import LinkKind
from neike.desk.models import Ticket
from tests.make import background
from tests.make import desk as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "en": {
        "more": "More",
        "merge": "Merge into another request",
        "which": "Which request?",
        "merged": "This request was merged",
        "undo": "Undo the merging",
        "undone": "Undone. The request goes on as before.",
        "split": "Split off, or add a part",
        "service": "Service",
        "subject": "Subject",
        "part": "The new request is a part of this one",
        "make": "Make the new request",
        "related": "Related requests",
    },
    "zh-hans": {
        "more": "更多",
        "merge": "并入另一个请求",
        "which": "哪个请求？",
        "merged": "本请求已合并",
        "undo": "撤销合并",
        "undone": "已撤销，请求恢复原样继续办理。",
        "split": "拆分或新建子请求",
        "service": "服务",
        "subject": "主题",
        "part": "新请求是本请求的子请求",
        "make": "新建这个请求",
        "related": "关联请求",
    },
}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_duplicates_are_merged_and_one_thing_is_split_off(open_page, language, width):
    it, words = make.company(), WORDS[language]
    now = timezone.now()
    first = it.accepted(now=now, title="VPN drops").ticket
    second = it.accepted(now=now, title="No VPN").ticket
    actions.post_message(ticket=first, by=it.anna, body="And a new chair", now=now)
    background.run_outbox(now)
    opened = open_page(second.path, person=it.ivan, language=language, width=width)
    page = opened.page

    _menu(page, words["more"], words["merge"])
    dialog = page.get_by_role("dialog", name=words["merge"])
    which = dialog.get_by_label(words["which"])
    which.press_sequentially("VPN dro")
    expect(dialog.locator("datalist option").first).to_have_attribute("value", f"{first} VPN drops")
    which.fill(f"{first} VPN drops")
    opened.check()
    dialog.get_by_role("button", name=words["merge"]).click()
    page.get_by_text(words["merged"]).wait_for()
    opened.settle()
    opened.check()
    assert Ticket.objects.get(pk=second.pk).state == "merged"
    page.get_by_role("button", name=words["undo"]).click()
    page.get_by_role("button", name=words["undo"]).wait_for(state="detached")
    page.get_by_text(words["undone"]).first.wait_for()
    assert Ticket.objects.get(pk=second.pk).state == "in_progress"

    page.goto(first.path)
    opened.settle()
    _menu(page, words["more"], words["split"])
    page.get_by_label(re.compile("And a new chair")).check()
    page.get_by_label(words["service"]).select_option(str(it.it_other.public_id))
    page.get_by_label(words["subject"]).fill("Chair")
    page.get_by_label(words["part"]).check()
    opened.settle()
    opened.check()
    with page.expect_navigation():
        page.get_by_role("button", name=words["make"]).click()
    opened.settle()
    expect(page.get_by_text("And a new chair")).to_be_visible()
    expect(page.get_by_role("heading", name=words["related"])).to_be_visible()
    opened.check()
    made = Ticket.objects.get(title="Chair")
    assert {link.kind for link in made.links.all()} == {LinkKind.CHILD_OF, LinkKind.SPLIT_FROM}


def _menu(page, menu: str, entry: str) -> None:
    page.locator("#main summary", has_text=menu).first.click()
    page.locator(".nk-menu-panel").get_by_text(entry).click()


def test_what_one_was_writing_is_sent_to_the_request_it_was_merged_into(open_page):
    it = make.company()
    now = timezone.now()
    first, second = (it.accepted(now=now, title=title).ticket for title in ("One", "Two"))
    opened = open_page(second.path, person=it.anna)
    page = opened.page
    page.locator("#reply-body").fill("It is still broken")
    actions.merge(
        ticket=second, into=first, by=it.ivan, version=Ticket.objects.get(pk=second.pk).version,
        now=timezone.now(),
    )  # fmt: skip

    page.locator("[data-panel=reply]").get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Your text, not sent")).to_be_visible()
    opened.complaints.clear()  # the browser tells of every answer 422
    with page.expect_navigation():
        page.get_by_role("button", name=f"Send to {first} instead").click()

    expect(page.locator(".nk-said").get_by_text("It is still broken")).to_be_visible()
    assert page.url.endswith(first.path)


def test_a_request_is_related_from_the_command_palette_without_the_mouse(open_page):
    it = make.company()
    now = timezone.now()
    first, second = (it.accepted(now=now, title=title).ticket for title in ("One", "Two"))
    page = open_page(first.path, person=it.ivan).page

    page.keyboard.press("Control+k")
    page.locator(".nk-palette button").first.wait_for()
    page.keyboard.type("relate")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Relate to another request")
    dialog.wait_for()
    dialog.get_by_label("Which request?").focus()
    page.keyboard.type(str(second))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Related requests")).to_be_visible()
    assert first.links.get().other == second
