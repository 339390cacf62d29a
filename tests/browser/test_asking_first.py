"""Pages that ask before something grave happens, under the organisation's own name, in a real browser."""

import pytest
from django.urls import reverse

from neike.kernel.installation.models import Installation
from neike.kernel.texts import LocalizedText
from neike.org.actions import erasures
from tests import make
from tests.make import desk
from tests.make.desk import at
from tests.make.org import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VARIANTS = [("zh-hans", "light", 1280), ("en", "dark", 360)]


@pytest.fixture
def administrator(db):
    Installation.objects.create(
        name=LocalizedText.of(
            zh="云岭科技内部客户服务中心", en="The internal customer service of Yunling Tech"
        ),
        support_contact="help@example.com",
    )
    return make.administrator("王小明")


@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_erasing_a_person_has_no_fault(open_page, administrator, language, theme, width):
    person = make.person("李四")
    erasures.propose_erasure(person=person, reason="asked for it", by=make.administrator(), now=NOW)
    path = reverse("org:erase_person", args=[person.public_id])

    opened = open_page(path, person=administrator, language=language, theme=theme, width=width)

    opened.check()
    assert opened.page.locator("footer a").get_attribute("href") == "mailto:help@example.com"


def test_a_change_of_hours_asks_and_is_agreed_to(open_page, administrator):
    it = desk.company(minutes={"end_to_end": 300})
    it.accepted(now=at("5 16:00"))
    path = reverse("org:set_calendar_dates", args=[it.calendar.public_id])
    opened = open_page(path, person=administrator, language="en", width=360)
    page = opened.page
    page.get_by_label("date", exact=False).first.fill("2026-03-06")
    page.get_by_label("kind").select_option("closed")
    page.get_by_role("button", name="Save").click()

    page.get_by_text("1 open request gets another due time.").wait_for()
    opened.check()
    page.get_by_role("button", name="Save with these effects").click()
    page.get_by_text("Saved.").wait_for()

    assert it.calendar.exceptions.count() == 1
