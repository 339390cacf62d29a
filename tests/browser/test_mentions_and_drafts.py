"""Mentioning by keyboard, unsent words that stay, hiding until later: in both languages, on a phone and on a desk."""

import pytest
from django.utils import timezone

from neike.desk import actions
from neike.desk.models import Mention, Message, OwnSheet
from tests.make import desk as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "dark", 360), ("zh-hans", "light", 1280)]
)


@pytest.fixture
def it():
    return make.company()


@pytest.fixture
def ticket(it):
    return it.accepted(now=timezone.now()).ticket


@LOOKS
def test_a_colleague_is_mentioned_by_keyboard_alone(it, ticket, open_page, language, theme, width):
    opened = open_page(ticket.path, person=it.ivan, language=language, theme=theme, width=width)
    page = opened.page

    page.keyboard.press("n")
    page.locator("#note-body:focus").wait_for()
    page.keyboard.type("Please look, @in")
    page.locator("#note-people [role=option]").first.wait_for()
    opened.check()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    active = page.locator("#note-body").get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    assert page.locator("#note-people").is_hidden()
    page.keyboard.type("thanks")
    assert page.locator("#note-body").input_value() == (
        f"Please look, @Ines({it.ines.employee_no}) thanks"
    )
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="@Ines").wait_for()
    opened.check()

    assert Mention.objects.get().person == it.ines
    assert f"@{{{it.ines.public_id}}}" in Message.objects.get().body
    assert page.locator("#note-body").input_value() == ""


def test_escape_closes_the_list_and_leaves_what_is_typed(it, ticket, open_page):
    page = open_page(ticket.path, person=it.ivan).page
    page.keyboard.press("r")
    page.locator("#reply-body:focus").wait_for()
    page.keyboard.type("@an")
    page.locator("#reply-people [role=option]").first.wait_for()

    page.keyboard.press("Escape")
    page.keyboard.press("Enter")

    assert page.locator("#reply-people").is_hidden()
    assert page.locator("#reply-body").input_value() == "@an\n"


def test_whom_a_note_cannot_mention_is_said_while_one_writes_and_nothing_is_lost(
    it, ticket, open_page
):
    page = open_page(ticket.path, person=it.ivan).page
    page.keyboard.press("n")
    page.locator("#note-body:focus").wait_for()

    page.keyboard.type(f"ask @{it.anna.employee_no}")
    page.keyboard.press("Escape")
    page.get_by_text("Anna may not read internal notes here.").first.wait_for()
    page.keyboard.press("Control+Enter")
    page.locator("[data-form-errors]").wait_for()

    assert page.locator("#note-body").input_value() == f"ask @{it.anna.employee_no}"
    assert not Message.objects.exists()


@LOOKS
def test_words_survive_a_reload_and_are_gone_once_they_are_sent(
    it, ticket, open_page, language, theme, width
):
    look = {"person": it.ivan, "language": language, "theme": theme, "width": width}
    page = open_page(ticket.path, **look).page
    page.keyboard.press("r")
    page.locator("#reply-body:focus").wait_for()
    with page.expect_response("**/draft/"):
        page.keyboard.type("Half a sentence")
    page.reload()

    assert page.locator("#reply-body").input_value() == "Half a sentence"
    other = open_page(ticket.path, **look)  # another device
    other.check()
    assert other.page.locator("#reply-body").input_value() == "Half a sentence"
    page.locator("#reply-body").focus()
    page.keyboard.press("End")
    page.keyboard.type(", and its end.")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Half a sentence, and its end.").first.wait_for()

    assert page.locator("#reply-body").input_value() == ""
    page.reload()
    assert page.locator("#reply-body").input_value() == ""
    assert not OwnSheet.objects.exists()


def test_a_page_that_is_left_at_once_has_kept_the_last_word(it, ticket, open_page):
    page = open_page(ticket.path, person=it.ivan).page
    page.keyboard.press("r")
    page.locator("#reply-body:focus").wait_for()
    page.keyboard.type("last word")
    page.goto("about:blank")
    for _look in range(50):
        if OwnSheet.objects.exists():
            break
        page.wait_for_timeout(100)

    assert OwnSheet.objects.get().reply == "last word"


def test_a_draft_is_discarded(it, ticket, open_page):
    actions.keep_words(
        ticket=ticket, by=it.ivan, visibility="public", body="not wanted", now=timezone.now()
    )
    page = open_page(ticket.path, person=it.ivan).page

    page.get_by_role("button", name="Discard the draft").click()
    page.get_by_text("The draft is discarded.").first.wait_for()

    assert page.locator("#reply-body").input_value() == ""
    assert not OwnSheet.objects.exists()


def test_without_scripts_a_number_mentions_and_a_draft_is_kept(it, ticket, open_page):
    page = open_page(ticket.path, person=it.ivan, scripts=False).page
    reply = page.locator('[data-panel="reply"]')

    reply.locator("textarea").fill(f"for later @{it.ines.employee_no}")
    reply.get_by_role("button", name="Keep as a draft").click()
    assert reply.locator("textarea").input_value() == f"for later @{it.ines.employee_no}"
    reply.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="@Ines").wait_for()

    assert Mention.objects.get().person == it.ines


@LOOKS
def test_a_request_is_hidden_and_comes_back(it, ticket, open_page, language, theme, width):
    look = {"person": it.ivan, "language": language, "theme": theme, "width": width}
    opened = open_page(ticket.path, **look)
    page = opened.page
    page.keyboard.press("s")
    page.locator("[data-snooze] button:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#own form[action$='/snooze/end/']").wait_for()
    opened.check()

    queue = open_page("/queue/", **look)
    assert queue.page.locator("[data-row]").count() == 0
    hidden = open_page("/queue/?view=snoozed", **look)
    assert hidden.page.locator("[data-row]").count() == 1
    hidden.check()
    kept = open_page("/requests/for-me/", **look)
    kept.check()
    kept.page.locator("form[action$='/snooze/end/'] button").click()
    kept.settle()
    assert open_page("/queue/", **look).page.locator("[data-row]").count() == 1


def test_many_are_hidden_by_keyboard_and_brought_back_by_undo(it, ticket, open_page):
    page = open_page("/queue/", person=it.ivan).page

    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("s")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("1 done, 0 refused").wait_for()
    assert page.locator("[data-row]").count() == 0
    page.keyboard.press("z")
    page.get_by_text("Undone.").first.wait_for()

    assert not OwnSheet.objects.exists()
