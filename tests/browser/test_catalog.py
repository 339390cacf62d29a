"""The catalogue in a real browser: read by everybody, written by owners, with and without scripts."""

import pytest
from django.urls import reverse

from neike.catalog import actions, exchange
from neike.org.choices import Role
from neike.org.models import RoleGrant
from tests import make
from tests.make.org import EPOCH, NOW, calendar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seeded(db):
    """IT, HR and administration with what they ship with; who owns all services."""
    departments = {key: make.department(key.upper()) for key in ("it", "hr", "admin")}
    hours = calendar(is_default=True)
    exchange.load_seed(departments, calendar=hours, now=NOW)
    actions.ensure_catch_alls(list(departments.values()), calendar=hours, now=NOW)
    owner = make.person("李雷")
    RoleGrant.objects.create(person=owner, role=Role.SERVICE_OWNER, valid_from=EPOCH)
    return owner


PAGES = {
    "browse": lambda: reverse("catalog:browse"),
    "service": lambda: reverse("catalog:service", args=["hr-onboarding"]),
    "manage": lambda: reverse("catalog:manage"),
    "edit": lambda: reverse("catalog:edit", args=["hr-onboarding"]),
    "form": lambda: reverse("catalog:form", args=["hr-onboarding"]),
    "standard": lambda: reverse("catalog:standard", args=["hr-onboarding"]),
}
EVERY_WAY = [
    (language, theme, width)
    for language in ("en", "zh-hans")
    for theme in ("light", "dark")
    for width in (360, 1280)
]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_quiet_and_fits_a_phone(open_page, seeded, name):
    ways = EVERY_WAY if name in ("service", "standard") else [EVERY_WAY[0], EVERY_WAY[-1]]
    for language, theme, width in ways:
        opened = open_page(
            PAGES[name](), person=seeded, language=language, theme=theme, width=width
        )

        opened.check()


def test_searching_narrows_the_list_while_one_types(open_page, seeded):
    page = open_page(reverse("catalog:browse"), person=seeded).page

    page.locator("#catalog-q").fill("laptop")
    page.get_by_text("services fit").or_(page.get_by_text("service fits")).wait_for()

    assert page.get_by_role("link", name="New laptop").is_visible()
    assert page.get_by_role("link", name="Password reset").count() == 0


def test_a_keyboard_reaches_a_service_from_the_search(open_page, seeded):
    page = open_page(reverse("catalog:browse") + "?q=laptop", person=seeded).page

    page.locator("#catalog-q").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/catalog/services/**")

    assert page.get_by_role("heading", level=1).is_visible()


def _form_page(open_page, owner, **how):
    return open_page(reverse("catalog:form", args=["hr-onboarding"]), person=owner, **how).page


def test_a_field_shows_when_its_condition_holds(open_page, seeded):
    page = _form_page(open_page, seeded)
    model = page.locator("[data-show-if]").first

    model.wait_for(state="hidden")
    page.get_by_label("Laptop", exact=True).check()

    assert model.is_visible()


def test_without_scripts_all_fields_show(open_page, seeded):
    page = _form_page(open_page, seeded, scripts=False)

    assert page.locator("[data-show-if]").first.is_visible()


def test_an_owner_moves_a_field_and_sees_the_preview_follow(open_page, seeded):
    page = _form_page(open_page, seeded)
    first = page.locator("#form-editor h2").first
    before = first.inner_text()

    page.get_by_role("button", name="Move down").first.click()
    page.wait_for_function(
        "(text) => document.querySelector('#form-editor h2').innerText !== text", arg=before
    )

    assert page.locator("#form-editor h2").nth(1).inner_text() == before


def test_an_owner_promises_more_and_everybody_reads_what_changed(open_page, seeded):
    page = open_page(reverse("catalog:standard", args=["it-password-reset"]), person=seeded).page

    page.get_by_label("resolution, end to end, every priority").fill("45m")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("button", name="Publish this promise").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("is in force for requests").wait_for()
    page.goto(reverse("catalog:service", args=["it-password-reset"]))

    assert page.get_by_text("Version 2").is_visible()
    assert page.get_by_text("1 h → 45 min").is_visible()


def test_a_person_is_suggested_while_one_types(open_page, seeded):
    wanted = make.person("Han Meimei")
    page = _form_page(open_page, seeded)

    page.get_by_label("Mentor").press_sequentially("meimei")
    page.locator("datalist option").first.wait_for(state="attached")

    assert page.locator("datalist option").first.get_attribute("value") == (
        f"Han Meimei ({wanted.employee_no})"
    )


def test_a_reader_sees_promises_and_no_door_to_the_owners_pages(open_page, seeded):
    stranger = make.person("Reader", department=make.department())
    page = open_page(reverse("catalog:browse"), person=stranger).page

    assert page.get_by_role("link", name="My services").count() == 0
    assert page.get_by_text("first answer within 15 min, done within 1 h").first.is_visible()
