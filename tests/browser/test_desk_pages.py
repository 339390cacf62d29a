"""The queue and the request page in a real browser: accessible, by keyboard, live, with and without scripts."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from neike.desk import actions
from neike.desk.choices import LegState, TicketState
from neike.desk.models import Leg, Message, Ticket
from tests.make import desk as make
from tests.make.busy import busy_desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/queue/"


@pytest.fixture
def busy():
    return busy_desk()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_request_page_is_accessible_and_quiet(open_page, busy, language, theme, width):
    it, legs = busy
    opened = open_page(
        legs[0].ticket.path, person=it.ivan, language=language, theme=theme, width=width
    )
    opened.page.evaluate(
        "document.querySelectorAll('#ticket details').forEach((d) => (d.open = true))"
    )

    opened.check()


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "dark", 360), ("zh-hans", "light", 1280)]
)
def test_the_queue_is_accessible_and_quiet(open_page, busy, language, theme, width):
    it, _legs = busy
    opened = open_page(QUEUE, person=it.ivan, language=language, theme=theme, width=width)

    opened.check()


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "light", 360), ("zh-hans", "dark", 1280)]
)
def test_the_requesters_view_and_the_printed_page_are_accessible(
    open_page, busy, language, theme, width
):
    it, legs = busy
    for path in (legs[0].ticket.path, f"{legs[0].ticket.path}print/"):
        open_page(path, person=it.anna, language=language, theme=theme, width=width).check()


def test_an_empty_queue_says_what_will_come(open_page):
    it = make.company()

    opened = open_page(QUEUE, person=it.ivan)

    opened.check()
    assert opened.page.get_by_text("it appears here with its promise").is_visible()


def test_the_queue_is_worked_by_keyboard(open_page, busy):
    it, legs = busy
    page = open_page(f"{QUEUE}?view=offered", person=it.ivan).page
    first, second = legs[3].ticket, legs[4].ticket

    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == first.title
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == second.title
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.locator("[data-pick]:checked").count() == 1
    assert page.get_by_text("1 selected").is_visible()
    with page.expect_navigation():
        page.keyboard.press("a")
    page.get_by_text("1 request accepted.").wait_for()
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith(second.path)
    assert make.fresh(legs[3]).assignee == it.ivan
    assert make.fresh(legs[4]).state == LegState.OFFERED


def test_the_first_loop_by_keyboard_alone(open_page):
    it = make.company()
    ticket = it.submit(now=timezone.now(), title="By keyboard")
    opened = open_page(ticket.path, person=it.ivan)
    page = opened.page

    page.get_by_role("button", name="Accept").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Accepted. The work is yours.").wait_for()
    page.get_by_role("button", name="Resolve").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Resolve")
    dialog.get_by_label("What is the result?").focus()
    page.keyboard.type("It stands on your desk.")
    dialog.get_by_role("button", name="Resolve").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Resolved. The requester is asked to confirm.").wait_for()

    assert not dialog.is_visible()
    assert Ticket.objects.get().state == TicketState.RESOLVED
    assert page.get_by_text("It stands on your desk.").is_visible()
    opened.check()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_handing_over_shows_the_promise_and_the_new_leg(open_page, busy, language):
    it, legs = busy
    page = open_page(legs[2].ticket.path, person=it.ivan, language=language).page

    page.locator("label.nk-mode:has(#mode-hand-over)").click()
    offer = page.locator("#hand-over-offer")
    value = str(it.fin_other.public_id)
    words = offer.locator(f"option[value='{value}']").inner_text()
    assert {"en": "delivers within 1 day", "zh-hans": "1 天内交付"}[language] in words
    offer.select_option(value)
    page.locator("#hand-over-ask").fill("Is there budget?")
    page.locator("[data-panel='hand-over'] button[type=submit]").click()
    page.locator(".nk-relay-leg").nth(1).wait_for()

    assert Leg.objects.get(ticket=legs[2].ticket, no=1).supplier == it.finance
    assert page.locator(".nk-relay-leg").count() == 2


def test_what_is_typed_survives_actions_and_news(open_page):
    it = make.company()
    ticket = it.submit(now=timezone.now())
    page = open_page(ticket.path, person=it.ivan).page

    page.locator("#reply-body").fill("half a sentence")
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("Accepted. The work is yours.").wait_for()
    assert page.locator("#reply-body").input_value() == "half a sentence"
    actions.post_message(ticket=ticket, by=it.anna, body="news from Anna", now=timezone.now())
    page.evaluate("htmx.trigger(document.querySelector('#ticket-live'), 'live-changed')")
    page.get_by_text("news from Anna").wait_for()

    assert page.locator("#reply-body").input_value() == "half a sentence"


def test_a_sent_reply_leaves_an_empty_box(open_page):
    it = make.company()
    ticket = it.submit(now=timezone.now())
    page = open_page(ticket.path, person=it.anna).page

    for text in ("first words", "second words"):
        page.locator("#reply-body").fill(text)
        page.get_by_role("button", name="Send").click()
        page.locator(".nk-said", has_text=text).wait_for()
        expect(page.locator("#reply-body")).to_have_value("")

    assert [message.body for message in Message.objects.order_by("pk")] == [
        "first words",
        "second words",
    ]


def test_somebody_faster_is_told_and_the_text_stays(open_page):
    it = make.company()
    leg = it.accepted(now=timezone.now())
    page = open_page(leg.ticket.path, person=it.ivan).page
    page.locator("label.nk-mode:has(#mode-ask)").click()
    page.locator("#ask-reason").fill("Which model?")
    actions.start_leg(leg=leg, by=it.ivan, version=leg.version, now=timezone.now())

    page.get_by_role("button", name="Ask", exact=True).click()

    page.get_by_role("alert").get_by_text("started working on it").wait_for()
    assert page.locator("#ask-reason").input_value() == "Which model?"
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_text("Asked. The clock pauses.").wait_for()


def test_a_dropped_picture_lands_in_the_text(open_page):
    it = make.company()
    ticket = it.submit(now=timezone.now())
    opened = open_page(ticket.path, person=it.anna)
    page = opened.page

    page.evaluate("""async () => {
        const canvas = Object.assign(document.createElement("canvas"), {width: 8, height: 8});
        canvas.getContext("2d").fillRect(0, 0, 8, 8);
        const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
        const data = new DataTransfer();
        data.items.add(new File([blob], "screen.png", {type: "image/png"}));
        document.querySelector("#reply-body").dispatchEvent(
            new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
    }""")
    expect(page.locator("#reply-body")).to_have_value(re.compile("attachment:"))
    page.get_by_role("button", name="Send").click()
    picture = page.locator(".nk-said img").first
    picture.wait_for()

    assert picture.get_attribute("src").startswith("/files/")
    assert opened.complaints == []


def test_planted_markup_runs_nothing(open_page):
    it = make.company()
    nasty = (
        "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
    )
    ticket = it.submit(now=timezone.now(), title=nasty)
    actions.post_message(
        ticket=ticket,
        by=it.anna,
        body=nasty + "<a hx-get='/x' hx-trigger='load'>",
        now=timezone.now(),
    )
    asked: list[str] = []
    opened = open_page(ticket.path, person=it.ivan)
    opened.page.on("request", lambda request: asked.append(request.url))
    opened.page.reload()
    opened.page.wait_for_load_state("networkidle")

    assert "hacked" not in opened.page.title().replace(nasty, "")
    assert not [url for url in asked if url.endswith("/x")]
    assert opened.complaints == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_everything_works_without_scripts(open_page, busy, language):
    it, legs = busy
    page = open_page(legs[2].ticket.path, person=it.ivan, language=language, scripts=False).page

    page.locator("label.nk-mode:has(#mode-note)").click()
    page.locator("#note-body").fill("without scripts")
    page.locator("[data-panel='note'] button[type=submit]:not([name=keep])").click()
    page.locator(".nk-said-internal", has_text="without scripts").wait_for()
    page.locator("#open-resolve").click()
    page.locator("#dialog-resolve button[type=submit]").click()

    assert Ticket.objects.get(pk=legs[2].ticket_id).state == TicketState.RESOLVED
