"""Choosing how one is told, the grouped list, muting, and escalation, in a real browser, in both languages."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from neike.desk import actions
from neike.desk.models import EscalationStep
from neike.kernel.notices.models import NoticeMute, NoticePreferences
from tests.make import background
from tests.make import desk as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def it():
    company = make.company()
    now = timezone.now()
    ticket = company.accepted(now=now).ticket
    for number in range(2):
        actions.post_message(ticket=ticket, by=company.ivan, body=f"{number}", now=now)
    background.run_outbox(now)
    company.ticket = ticket
    return company


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("zh-hans", "light", 360), ("en", "dark", 1280)]
)
def test_the_pages_are_accessible_and_quiet(open_page, it, language, theme, width):
    paths = [
        (reverse("notices:preferences"), it.anna),
        (reverse("notices:list"), it.anna),
        (reverse("notices:mute", args=["ticket", it.ticket.pk]), it.anna),
        (reverse("desk:escalation", args=[it.it.public_id]), it.it_head),
    ]
    for path, person in paths:
        opened = open_page(path, person=person, language=language, theme=theme, width=width)
        opened.page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        opened.check()


def test_the_preview_follows_what_one_chooses_and_is_kept_on_saving(open_page, it):
    page = open_page(reverse("notices:preferences"), person=it.anna, language="zh-hans").page

    preview = page.locator("#preview")
    expect(preview).to_contain_text("如果发生在 22:00")
    page.get_by_role("group", name="请您审批").get_by_label("邮件").select_option("off")
    expect(preview).to_contain_text("您不会收到")
    assert not NoticePreferences.objects.exists()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()

    assert NoticePreferences.objects.get().choices == {"desk.approval_asked": {"mail": "off"}}


def test_a_phone_user_reads_a_group_and_mutes_it(open_page, it):
    page = open_page(reverse("notices:list"), person=it.anna, language="en", width=360).page

    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("button", name="Mark as read")).to_have_count(0)
    page.get_by_role("link", name="Mute").first.click()
    page.get_by_role("button", name="Mute").click()
    expect(page.get_by_role("button", name="Hear of it again")).to_be_visible()

    assert NoticeMute.objects.get().person_id == it.anna.pk


def test_a_lead_adds_a_step_of_the_escalation(open_page, it):
    path = reverse("desk:escalation", args=[it.it.public_id])
    page = open_page(path, person=it.it_head, language="en").page

    page.get_by_label("Working hours after the promised time").fill("2")
    page.get_by_label("Tell", exact=True).select_option("lead_above")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("+2 h", exact=True)).to_be_visible()

    assert EscalationStep.objects.get().after_minutes == 120
