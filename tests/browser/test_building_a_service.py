"""A service owner builds the new colleague kit from an empty form, in the pages, and publishes it."""

import pytest
from django.urls import reverse

from neike.catalog import exchange
from neike.catalog.choices import ServiceState
from neike.catalog.models import Service
from neike.org.choices import Role
from neike.org.models import Department, RoleGrant
from tests import make
from tests.make import catalog
from tests.make.org import EPOCH, NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(db):
    """Whoever may build services; HR, IT and administration exist."""
    for name in ("HR", "IT", "Admin"):
        make.department(name, calendar=catalog.any_calendar())
    person = make.person("李雷")
    RoleGrant.objects.create(person=person, role=Role.SERVICE_OWNER, valid_from=EPOCH)
    return person


@pytest.fixture
def kit(owner):
    """A draft without form and standard."""
    return catalog.draft_service(
        key="kit", name=catalog.text("New colleague kit", "新员工入职套件")
    )


TEXTS = {
    "en": ("Name", "Approve", "Laptop", "Seat"),
    "zh-hans": ("姓名", "审批", "电脑", "工位"),
}


def _settled(page):
    """Wait until htmx has drawn what was asked for."""
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 360)])
def test_the_kit_is_built_from_an_empty_form_and_published(open_page, owner, kit, language, width):
    suffix = "en" if language == "en" else "zh"
    name, approve, laptop, seat = TEXTS[language]
    page = open_page(
        reverse("catalog:form", args=["kit"]), person=owner, language=language, width=width
    ).page

    page.locator('button[value="add"]').click()
    page.locator(f'[name="fields-0-label_{suffix}"]').fill(name)
    page.locator("#form-preview").get_by_text(name).wait_for()
    page.locator('button[value="publish"]').click()
    said = "The form is in use" if language == "en" else "表单已启用"
    page.get_by_text(said).wait_for()
    kit.refresh_from_db()
    assert kit.form.fields[0]["label"][("en" if language == "en" else "zh-hans")] == name

    page.goto(reverse("catalog:plan", args=["kit"]))
    for number, (title, kind) in enumerate(((approve, "approval"), (laptop, "leg"), (seat, "leg"))):
        page.locator('button[value="add"]').click()
        page.locator(f'[name="plan-{number}-kind"]').wait_for(state="attached")
        _settled(page)
        if kind == "approval":
            page.locator(f'[name="plan-{number}-kind"]').select_option("approval")
            page.locator(f'[name="plan-{number}-manager"]').wait_for()
            page.locator(f'[name="plan-{number}-manager"]').check()
        else:
            page.locator(f'[name="plan-{number}-department"]').select_option(index=2)
        page.locator(f'[name="plan-{number}-title_{suffix}"]').fill(title)
    for number in (1, 2):
        page.locator(f'[name="plan-{number}-after"][value="step-1"]').check()
    page.locator('button[value="save"]').click()
    page.get_by_text("saved in the draft" if language == "en" else "方案已保存到草稿").wait_for()

    columns = page.locator("#plan-preview ol > li")
    assert columns.count() == 2
    assert columns.nth(1).get_by_text(seat).is_visible()

    page.goto(reverse("catalog:standard", args=["kit"]))
    page.locator('[name="target-first_response-any"]').fill("2h")
    page.locator('[name="target-end_to_end-any"]').fill("3d")
    page.locator('button[value="save"]').click()
    page.locator('button[commandfor="publish-standard"][command="show-modal"]').click()
    page.locator('#publish-standard button[value="publish"]').click()
    _settled(page)
    page.goto(reverse("catalog:edit", args=["kit"]))
    page.locator('button[value="publish"]').click()
    _settled(page)

    made = Service.objects.get(key="kit")
    assert made.state == ServiceState.PUBLISHED
    assert [step.kind for step in made.standard.steps.all()] == ["approval", "leg", "leg"]


PAGES = ("form", "plan", "versions", "preview")


@pytest.mark.parametrize("name", PAGES)
def test_the_builders_are_accessible_and_fit_a_phone(open_page, owner, name):
    keys = dict(zip(("hr", "it", "admin"), Department.objects.order_by("pk"), strict=False))
    exchange.load_seed(keys, calendar=catalog.any_calendar(), now=NOW)
    for language, theme, width in (("en", "light", 360), ("zh-hans", "dark", 1280)):
        opened = open_page(
            reverse(f"catalog:{name}", args=["hr-new-colleague-kit"]),
            person=owner,
            language=language,
            theme=theme,
            width=width,
        )

        opened.check()


@pytest.mark.parametrize("name", ["recurring", "recurring_new"])
def test_recurring_requests_are_accessible_and_fit_a_phone(open_page, owner, name):
    department = make.department("Asking", calendar=catalog.any_calendar())
    asking = make.person("Han", department=department)
    service = catalog.service()
    args = [service.key] if name == "recurring_new" else []
    for language, width in (("en", 360), ("zh-hans", 1280)):
        open_page(
            reverse(f"desk:{name}", args=args), person=asking, language=language, width=width
        ).check()
