"""Rating in a real browser: two taps, by mouse and by keyboard, in both languages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from neike.surveys.models import Rating
from tests.make import desk, org, surveys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = [("en", "light", 1280), ("zh-hans", "dark", 360)]
SEND = {"en": "Only send", "zh-hans": "只提交评价"}
SATISFIED = {"en": "good", "zh-hans": "满意"}
OWN = {"en": "your rating", "zh-hans": "你的评价"}


@pytest.fixture
def company():
    return desk.company()


@pytest.fixture
def ticket(company):
    return surveys.resolved(company, now=timezone.now() - timedelta(hours=2))


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_two_taps_rate_a_request(open_page, company, ticket, language, theme, width):
    opened = open_page(
        ticket.path, person=company.anna, language=language, theme=theme, width=width
    )
    panel = opened.page.locator("#rating-panel")
    opened.check()

    panel.get_by_text(SATISFIED[language], exact=True).click()
    chips = panel.locator(".nk-rate-good .nk-chip")
    assert chips.first.is_visible()
    assert not panel.locator(".nk-rate-poor .nk-chip").first.is_visible()
    chips.first.click()
    opened.check()
    panel.get_by_role("button", name=SEND[language]).click()
    opened.page.locator("#rating-panel").get_by_text(OWN[language]).wait_for()

    opened.check()
    rating = Rating.objects.get()
    assert (rating.score, rating.reasons) == (4, ["speed"])


def test_a_rating_needs_only_the_keyboard(open_page, company, ticket):
    opened = open_page(ticket.path, person=company.anna)
    first = opened.page.locator("#rating-panel input[name=score]").first

    first.focus()
    opened.page.keyboard.press("Space")
    for _step in range(1):
        opened.page.keyboard.press("ArrowRight")
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("Space")
    opened.page.keyboard.press("Enter")
    opened.page.get_by_text("Confirmed", exact=False).or_(
        opened.page.get_by_text("your rating")
    ).first.wait_for()

    rating = Rating.objects.get()
    assert (rating.score, rating.reasons) == (2, ["speed"])


def test_confirming_and_rating_is_one_step(open_page, company, ticket):
    opened = open_page(ticket.path, person=company.anna)
    panel = opened.page.locator("#rating-panel")

    panel.get_by_text("very good").click()
    panel.get_by_role("button", name="Confirm and send").click()
    opened.page.locator("#rating-panel").get_by_text("your rating").wait_for()

    ticket.refresh_from_db()
    assert (ticket.state, Rating.objects.get().score) == ("closed", 5)


def test_without_scripts_it_works_as_well(open_page, company, ticket):
    opened = open_page(ticket.path, person=company.anna, scripts=False)
    panel = opened.page.locator("#rating-panel")

    panel.get_by_text("poor", exact=True).click()
    assert panel.locator(".nk-rate-poor .nk-chip").first.is_visible()
    panel.get_by_role("button", name="Only send").click()

    opened.page.locator("#rating-panel").get_by_text("your rating").wait_for()
    assert Rating.objects.get().score == 2


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_the_ratings_pages_are_sound(open_page, company, language, theme, width):
    at = timezone.now() - timedelta(hours=3)
    for score in (5, 5, 4, 4, 4, 3, 2, 1, 5, 4):
        surveys.rating(
            company, score=score, at=at, reasons=["speed", "result"], comment="A word " * 20
        )
    paths = ["/ratings/", f"/ratings/{company.it.public_id}/"]
    for person, path in (
        (company.ines, paths[0]),
        (company.ines, paths[1]),
        (org.person("Outsider"), paths[1]),
    ):
        open_page(path, person=person, language=language, theme=theme, width=width).check()
