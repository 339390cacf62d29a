"""A standard is tested on the past in a real browser, and quality checks are done there."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.catalog import actions as catalog_actions
from neike.desk.actions import quality
from neike.desk.models import QualityPlan
from neike.desk.queries.quality import path_of
from neike.org.choices import Role
from tests.make import catalog, org
from tests.make import desk as make_desk
from tests.make import insights as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAYS = [("en", "light", 1280), ("zh-hans", "dark", 360)]
CRITERIA = [
    {"zh-hans": "能开机", "en": "It starts"},
    {"zh-hans": "已登记", "en": "It is registered"},
]


@pytest.fixture
def drafted(db):
    """Return who owns a service with a draft, and the draft; the past holds forty requests."""
    house = make.house()
    owner = org.person("Olga", department=house.it)
    org.grant(owner, Role.SERVICE_OWNER, department=house.it)
    begin = timezone.now() - timedelta(days=20)
    for number in range(40):
        at = begin + timedelta(hours=number)
        script = house.ask(at, house.anna, house.hr)
        script.accept(at + timedelta(minutes=5), 0, by_id=house.ivan.pk)
        script.message(at + timedelta(minutes=6), by_id=house.ivan.pk, serving=True)
        script.deliver(at + timedelta(minutes=30), 0, by_id=house.ivan.pk)
    house.write()
    draft = catalog_actions.draft_standard(
        service=house.service,
        content=catalog.content(
            targets=catalog_actions.minutes(
                {"first_response": {"": 60}, "end_to_end": {"": 60}, "leg_delivery": {"": 20}}
            )
        ),
        by=None,
        now=timezone.now(),
    )
    return owner, draft


def test_an_owner_tests_a_draft_before_promising_it(open_page, drafted):
    owner, draft = drafted
    page = open_page(
        reverse("catalog:standard", args=[draft.service.key]), person=owner, language="en"
    ).page

    page.get_by_role("link", name="Test on the past").click()
    page.get_by_role("button", name="Test on the past").click()
    page.get_by_text("and even the lower end reaches the promised 90%").first.wait_for()

    assert page.get_by_text("How the share moves with the target").first.is_visible()
    page.get_by_role("link", name="first response").first.click()
    page.get_by_text("first response, every priority").first.wait_for()


def test_the_report_is_accessible_quiet_and_fits_a_phone(open_page, drafted):
    owner, draft = drafted
    address = reverse("insights:back_test", args=[draft.public_id])
    open_page(address, person=owner).page.locator("main form button[type=submit]").first.click()

    for language, theme, width in WAYS:
        for each in (address, reverse("catalog:standard", args=[draft.service.key])):
            open_page(each, person=owner, language=language, theme=theme, width=width).check()


@pytest.fixture
def checked(db):
    """Return a company with one quality check that waits for its head."""
    company = make_desk.company(criteria=CRITERIA)
    leg = company.accepted()
    make_desk.actions.resolve(
        ticket=leg.ticket,
        by=company.ivan,
        version=leg.ticket.version,
        now=make_desk.at("2 11:00"),
    )
    plan = QualityPlan.objects.create(service=company.service, number=3, since=date(2026, 3, 1))
    draw = quality.draw_month(plan=plan, month=date(2026, 3, 1), now=timezone.now())
    return company, draw.checks.get()


def test_a_head_fills_a_sheet_with_the_keyboard(open_page, checked):
    company, check = checked
    page = open_page(reverse("desk:quality"), person=company.it_head, language="en").page

    page.get_by_role("link", name="Laptop").click()
    for place in range(2):
        page.locator(f"[name=verdict-{place}]").first.focus()
        page.keyboard.press("Space")
    page.locator("[name=note-0]").fill("It does")
    page.get_by_role("button", name="Keep what I found").press("Enter")
    page.get_by_text("Thank you. What you found is kept.").wait_for()

    check.refresh_from_db()
    assert check.passed is True


def test_pages_of_quality_checks_are_accessible_and_fit_a_phone(open_page, checked):
    company, check = checked
    org.grant(company.it_head, Role.SERVICE_OWNER, department=company.it)
    for language, theme, width in WAYS:
        for address in (
            reverse("desk:quality"),
            path_of(check),
            reverse("desk:quality_plan", args=[company.service.key]),
        ):
            open_page(
                address, person=company.it_head, language=language, theme=theme, width=width
            ).check()
