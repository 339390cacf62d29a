"""Importing a spreadsheet and a directory in a real browser: phone and desk, both languages."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from neike.org.choices import Role
from neike.org.models import Person, ReportingLine, RoleGrant
from tests.make import org as make
from tests.org.test_importing_files import LDIF, sheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "en": {
        "send": "Send and look",
        "preview": "Preview",
        "apply": "Apply",
    },
    "zh-hans": {"send": "上传并查看", "preview": "预览", "apply": "执行导入"},
}
WAYS = [("en", "light", 360), ("zh-hans", "dark", 360), ("en", "dark", 1280), ("zh-hans", "light", 1280)]  # fmt: skip
PEOPLE = [
    ["工号", "姓名", "部门", "岗位", "主管工号"],
    ["1", "王总", "云岭/总部", "总经理", None],
    ["2", "李娜", "云岭/信息部", "部门经理", "1"],
    ["3", "陈思远", None, "工程师", "2"],
    ["4", "Ann Lee", "云岭/信息部", "工程师", "5"],
    ["5", "Bo Li", "云岭/信息部", "工程师", "4"],
    ["", "无名", "云岭", "", ""],
]


@pytest.fixture
def boss():
    person = make.person("林主任")
    RoleGrant.objects.create(person=person, role=Role.ADMINISTRATOR, valid_from=make.EPOCH)
    return person


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media")},
        },
    }


def shoot(opened, name):
    if folder := os.environ.get("NEIKE_SHOTS"):
        opened.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def button(page, words):
    return page.locator("main").get_by_role("button", name=words, exact=True)


@pytest.mark.parametrize(("language", "theme", "width"), WAYS)
def test_a_spreadsheet_and_a_directory_are_sent_looked_at_and_applied(
    open_page, boss, tmp_path, language, theme, width
):
    words = WORDS[language]
    table, directory = tmp_path / "人员.xlsx", tmp_path / "directory.ldif"
    table.write_bytes(
        sheet(PEOPLE, merge=["C3:C4"], more=[("Old", [["Employee no", "Name"], ["9", "Nobody"]])])
    )
    directory.write_text(LDIF)
    way = f"{language}-{width}"

    for name, files in {"one": [table], "two": [table, directory]}.items():
        page = send(open_page, boss, files, words, (language, theme, width))
        shoot(page, f"import-columns-{name}-{way}")
        page.check()
        button(page.page, words["preview"]).click()
        page.settle()
        shoot(page, f"import-preview-{name}-{way}")
        page.check()
        assert "C3:C4" in page.page.content()
        button(page.page, words["apply"]).click()
        page.settle()
        shoot(page, f"import-done-{name}-{way}")
        page.check()
        page.page.context.close()

    taken = Person.objects.exclude(imported_from="").values_list("employee_no", flat=True)
    assert set(taken) == {"1", "2", "3", "4", "5", "ada", "grace", "grace2"}
    assert ReportingLine.objects.count() == 4


def send(open_page, boss, files: list[Path], words, look):
    language, theme, width = look
    page = open_page(
        reverse("org:import"), person=boss, language=language, theme=theme, width=width
    )
    page.page.set_input_files("input[type=file]", files)
    shoot(page, f"import-start-{language}-{width}")
    page.check()
    button(page.page, words["send"]).click()
    page.settle()
    return page
