"""The settings and the audit record in a real browser: readable for everybody, by keyboard, in both languages."""

import pytest
from playwright.sync_api import expect

from neike.kernel import audit
from neike.kernel.installation.models import Installation
from neike.kernel.policies import set_role_provider
from tests import make
from tests.make.org import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VARIANTS = [("zh-hans", "light", 1280), ("en", "dark", 360)]


@pytest.fixture
def administrator():
    """Somebody with every role, and two things they did."""
    before = set_role_provider(lambda _person, _role: True)
    person = make.person("王小明")
    settings = Installation.objects.create()
    audit.record(
        action="installation.changed",
        subject=settings,
        by=person,
        before={"zone": "UTC"},
        after={"zone": "Asia/Shanghai"},
        reason="搬家",
        now=NOW,
    )
    yield person
    set_role_provider(before)


@pytest.mark.parametrize("path", ["/settings/", "/audit/", "/audit/?action=nothing"])
@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_the_pages_have_no_fault(open_page, administrator, path, language, theme, width):
    page = open_page(path, person=administrator, language=language, theme=theme, width=width)

    page.check()


def test_settings_are_changed_by_keyboard_and_the_change_shows(open_page, administrator):
    opened = open_page("/settings/", person=administrator, language="en")
    page = opened.page
    page.get_by_label("Where people get help").focus()
    page.keyboard.type("Extension 8888")
    page.keyboard.press("Enter")

    expect(page.locator(".nk-timeline")).to_contain_text("Extension 8888")
    assert page.get_by_label("Where people get help").input_value() == "Extension 8888"
    opened.check()
