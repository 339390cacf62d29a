"""Departments, calendars and imports in a real browser: no axe violation, no console error, no sideways scrolling."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from neike.org.actions import lines, national_days
from neike.org.choices import ImportState, Role
from neike.org.models import DepartmentLead, DirectoryImport, Placement, RoleGrant
from tests.make import org as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VARIANTS = [("en", "light", 1280), ("zh-hans", "dark", 360)]


@pytest.fixture
def boss():
    person = make.person("林主任")
    RoleGrant.objects.create(person=person, role=Role.ADMINISTRATOR, valid_from=make.EPOCH)
    return person


def addresses(boss):
    company = make.department("云岭科技")
    it = make.department("信息部", parent=company)
    make.department("服务台", parent=it)
    chen = make.person("陈思远", department=it)
    finance = make.department("财务部", parent=company)
    clerk = make.placement(make.person("李文博"), finance)
    Placement.objects.create(
        person=chen,
        position=clerk.position,
        department=finance,
        is_primary=False,
        valid_from=make.EPOCH,
    )
    lines.set_line(person=chen, manager=boss, on=make.EPOCH, by=None, now=make.NOW)
    DepartmentLead.objects.create(department=it, person=boss, valid_from=make.EPOCH)
    calendar = make.calendar(country="CN", is_default=True)
    national_days.load_national_days(calendar=calendar, years=[2026, 2027], by=None, now=make.NOW)
    held = DirectoryImport.objects.create(
        created_by=boss,
        created_at=make.NOW,
        file_name="people.csv",
        layout={"encoding": "utf-8", "delimiter": ",", "headers": ["工号", "姓名"]},
        state=ImportState.DONE,
        report={
            "rows": 2,
            "taken": 1,
            "unchanged": 0,
            "refused": 1,
            "counts": {"person_created": 1},
            "samples": {"person_created": ["陈思远 (1)"]},
            "notes": [[3, "employee_no", "", "This must not be empty.", True]],
        },
    )
    return {
        "departments": reverse("org:departments"),
        "department": reverse("org:department", args=[it.public_id]),
        "person": reverse("org:person", args=[chen.public_id]),
        "set_line": reverse("org:set_line", args=[chen.public_id]),
        "end_line": reverse("org:end_line", args=[chen.public_id, chen.reporting_lines.get().pk]),
        "change_position": reverse("org:change_position", args=[clerk.position.public_id]),
        "change_department": reverse("org:change_department", args=[it.public_id]),
        "calendars": reverse("org:calendars"),
        "calendar": reverse("org:calendar", args=[calendar.public_id]) + "?year=2027",
        "change_calendar": reverse("org:change_calendar", args=[calendar.public_id]),
        "imports": reverse("org:import"),
        "import": reverse("org:import_show", args=[held.public_id]),
    }


@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_pages_of_the_organisation_are_sound(open_page, boss, language, theme, width):
    for name, address in addresses(boss).items():
        page = open_page(address, person=boss, language=language, theme=theme, width=width)
        if folder := os.environ.get("NEIKE_SHOTS"):
            page.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        page.check()
        page.page.context.close()


@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_the_preview_of_a_line_is_sound(open_page, boss, language, theme, width):
    chen, li = make.person("陈思远"), make.person("李文博")
    lines.set_line(person=li, manager=boss, on=make.EPOCH, by=None, now=make.NOW)
    address = reverse("org:set_line", args=[chen.public_id])
    page = open_page(address, person=boss, language=language, theme=theme, width=width)

    page.page.fill("#id_manager", "李文博")
    page.page.keyboard.press("Enter")
    page.page.wait_for_selector("input[name=agreed]", state="attached")

    if folder := os.environ.get("NEIKE_SHOTS"):
        page.page.screenshot(path=f"{folder}/line-preview-{width}.png", full_page=True)
    page.check()


def test_the_tree_unfolds_by_keyboard(open_page, boss):
    page = open_page(addresses(boss)["departments"], person=boss, language="en").page
    summary = page.locator("summary", has_text="信息部")
    assert not page.get_by_text("服务台").is_visible()

    summary.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("服务台")).to_be_visible()
