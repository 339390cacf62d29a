"""Rules and the giving out of work in a real browser: accessible, narrow and wide, the main path by hand."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from neike.desk.models import AssignmentPolicy, Rule, Skill
from neike.kernel.texts import LocalizedText
from tests.make import background
from tests.make import desk as make
from tests.make import rules as make_rules

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def it():
    company = make.company()
    AssignmentPolicy.objects.create(department=company.it, mode="load")
    Skill.objects.create(department=company.it, name=LocalizedText.of(zh="网络", en="Network"))
    return company


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "light", 360), ("zh-hans", "dark", 1280)]
)
def test_the_pages_are_accessible_and_quiet(open_page, it, language, theme, width):
    rule = make_rules.rule(it.it_head, it.it)
    it.submit(now=timezone.now())
    background.run_outbox(timezone.now())
    paths = [
        reverse("desk:rules"),
        reverse("desk:rule_new"),
        reverse("desk:rule", args=[rule.public_id]),
        reverse("desk:rule_trial", args=[rule.public_id]),
        reverse("desk:rule_log"),
        reverse("desk:assignment", args=[it.it.public_id]),
    ]
    for path in paths:
        opened = open_page(path, person=it.it_head, language=language, theme=theme, width=width)
        opened.page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        opened.check()


def test_a_lead_builds_a_rule_tries_it_and_switches_it_on(open_page, it):
    ticket = it.submit(now=timezone.now(), priority="1")
    page = open_page(reverse("desk:rules"), person=it.it_head, language="en").page

    page.get_by_role("link", name="New rule").first.click()
    page.get_by_label("Name (Chinese)").fill("紧急先看")
    page.get_by_label("Name (English)").fill("Urgent first")
    page.get_by_label("This happens").select_option("submitted")
    page.get_by_role("group", name="Priority").get_by_role("checkbox").first.check()
    page.get_by_label("Notify").select_option("lead")
    page.get_by_role("button", name="Show it as a sentence").click()
    expect(page.get_by_text("notify the lead.")).to_be_visible()
    expect(page.get_by_text("通知负责人。")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Try it on the last 90 days").click()
    expect(page.get_by_text("It would have fired on 1 of 1 requests.")).to_be_visible()
    expect(page.get_by_role("link", name=str(ticket)).first).to_be_visible()
    page.get_by_role("link", name="Back to the rule").click()
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("button", name="Switch off")).to_be_visible()

    assert Rule.objects.get().active
