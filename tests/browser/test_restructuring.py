"""A merge and a split from the first click to the saved result, in a real browser, both languages, both widths."""

import os

import pytest
from django.urls import reverse

from neike.org.models import Department, DepartmentLead
from tests.make import org as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VARIANTS = [("en", "light", 1280), ("zh-hans", "dark", 360)]
WORDS = {
    "en": {"preview": "Show what would change", "save": "Save with these effects"},
    "zh-hans": {"preview": "预览变化", "save": "确认影响并保存"},
}


@pytest.fixture
def boss():
    return make.administrator("林主任")


@pytest.fixture
def company(boss):
    top = make.department("云岭科技")
    it, data = (make.department(name, parent=top) for name in ("信息部", "数据部"))
    make.department("服务台", parent=it)
    for name in ("陈思远", "李文静"):
        make.person(name, department=it)
    make.person("王强", department=data)
    DepartmentLead.objects.create(department=it, person=boss, valid_from=make.EPOCH)
    return it, data


def shoot(page, name):
    if folder := os.environ.get("NEIKE_SHOTS"):
        page.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_two_departments_are_merged(open_page, boss, company, language, theme, width):
    it, data = company
    opened = open_page(
        reverse("org:department", args=[it.public_id]),
        person=boss,
        language=language,
        theme=theme,
        width=width,
    )
    page, words = opened.page, WORDS[language]
    opened.check()
    page.locator(f'a[href^="{reverse("org:merge_departments")}"]').click()
    opened.settle()
    opened.check()
    assert page.locator(f'input[value="{it.code}"]').is_checked()
    page.locator(f'input[value="{data.code}"]').check()
    page.locator("[name=code]").fill("DIGITAL")
    page.locator("[name=name_zh]").fill("数字化部")
    page.locator("[name=name_en]").fill("Digital")
    page.locator("[name=lead]").fill("王强")
    shoot(opened, f"merge-form-{width}")
    page.get_by_role("button", name=words["preview"]).click()
    opened.settle()
    opened.check()
    shoot(opened, f"merge-preview-{width}")
    assert not Department.objects.filter(code="DIGITAL").exists()

    page.get_by_role("button", name=words["save"]).click()
    opened.settle()

    opened.check()
    shoot(opened, f"merge-done-{width}")
    made = Department.objects.get(code="DIGITAL")
    assert page.url.endswith(reverse("org:department", args=[made.public_id]))
    assert page.get_by_role("link", name="信息部").first.is_visible()
    page.goto(reverse("org:department", args=[it.public_id]))
    opened.settle()
    opened.check()
    shoot(opened, f"merge-gone-{width}")


@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_a_department_is_split(open_page, boss, company, language, theme, width):
    it, _data = company
    opened = open_page(
        reverse("org:split_department", args=[it.public_id]),
        person=boss,
        language=language,
        theme=theme,
        width=width,
    )
    page, words = opened.page, WORDS[language]
    opened.check()
    page.locator("[name=into_A]").select_option(it.code)
    page.locator("[name=code_B]").fill("OPS")
    page.locator("[name=zh_B]").fill("运维部")
    page.locator("[name=lead_B]").fill("李文静")
    page.get_by_label("李文静").select_option("B")
    page.get_by_role("button", name=words["preview"]).click()
    opened.settle()
    opened.complaints.clear()  # the browser says that the answer was 422
    opened.check()
    shoot(opened, f"split-refused-{width}")
    assert "陈思远" in page.get_by_role("alert").inner_text()
    page.locator("[name=rest]").select_option("A")
    page.get_by_role("button", name=words["preview"]).click()
    opened.settle()
    opened.check()
    shoot(opened, f"split-preview-{width}")

    page.get_by_role("button", name=words["save"]).click()
    opened.settle()

    opened.check()
    shoot(opened, f"split-done-{width}")
    made = Department.objects.get(code="OPS")
    assert made.placements.get().person.name == "李文静"
    assert it.placements.filter(valid_to=None).get().person.name == "陈思远"
