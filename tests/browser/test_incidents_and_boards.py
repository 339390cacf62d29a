"""Incidents and boards in a real browser: the banner, the tap, the tidings, the boards, and the approver's cards."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions
from neike.desk.actions import department_notices, incidents
from neike.desk.choices import NoticeKind, TicketState
from neike.desk.models import IncidentLink, Ticket
from neike.insights.actions import catch_up
from neike.kernel.texts import LocalizedText
from tests.make import desk as make
from tests.make import notices as told
from tests.make import org

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [
    ("en", "light", 1280),
    ("zh-hans", "dark", 360),
    ("en", "dark", 360),
    ("zh-hans", "light", 1280),
]
WORDS = {
    "en": ("Network down on floor three", "I am affected too", "Resolve together", "Resolve all"),
    "zh-hans": ("三楼断网", "我也受影响", "统一完成", "全部完成"),
}


@pytest.fixture
def it():
    it = make.company()
    it.start = timezone.now() - timedelta(minutes=30)
    it.incident = told.published(
        it.it,
        by=it.ivan,
        now=it.start,
        title=LocalizedText.of(zh="三楼断网", en="Network down on floor three"),
        services=(it.service,),
    )
    return it


def test_an_incident_is_lived_through_from_the_banner_to_the_resolution(it, open_page):
    title, tap, _resolve, _all = WORDS["en"]
    asking = open_page(reverse("desk:new", args=[it.service.key]), person=it.anna)
    asking.page.get_by_role("button", name=tap).click()
    asking.page.wait_for_url("**/requests/R-*/")
    assert asking.page.get_by_role("link", name=title).first.is_visible()
    asking.check()
    home = open_page("/", person=it.anna).page
    assert home.get_by_role("button", name=tap).count() == 0
    home.get_by_text("We know that you are affected:").wait_for()

    desk = open_page(it.incident.path, person=it.ivan)
    desk.page.get_by_label("Update (English)").fill("The switch is being replaced.")
    desk.page.get_by_role("button", name="Publish the update").click()
    desk.page.get_by_text("The switch is being replaced.").wait_for()
    desk.page.get_by_text("Resolve together").click()
    desk.page.locator("#resolve-text").fill("The network works again.")
    desk.page.get_by_role("button", name="Resolve all").click()
    desk.page.wait_for_url("**/queue/bulk/**")
    desk.page.get_by_text("1 of 1").wait_for()
    desk.check()

    assert Ticket.objects.get().state == TicketState.RESOLVED
    assert IncidentLink.objects.get().notice == it.incident


def test_the_banner_is_there_while_the_incident_lasts(it, open_page):
    page = open_page("/", person=it.anna).page
    page.get_by_text("Network down on floor three").wait_for()

    department_notices.end_notice(
        notice=it.incident,
        text=LocalizedText(),
        version=it.incident.version,
        by=it.ivan,
        now=timezone.now(),
    )
    page.reload()
    page.get_by_role("heading", level=1).wait_for()
    assert page.get_by_text("Network down on floor three").count() == 0


def test_a_department_announces_an_outage_by_keyboard(it, open_page):
    page = open_page(reverse("desk:notice_new", args=["outage"]), person=it.ivan).page
    page.locator("#id_title_en").focus()
    page.keyboard.type("Mail is upgraded")
    tomorrow = timezone.now() + timedelta(days=1)
    page.locator("#id_starts_at").fill(f"{tomorrow:%Y-%m-%dT20:00}")
    page.locator("#id_ends_at").fill(f"{tomorrow:%Y-%m-%dT23:00}")
    button = page.get_by_role("button", name="Publish")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/department-notices/*/")
    page.get_by_text("Mail is upgraded").first.wait_for()
    assert "changes no clock" in page.content()


def _busy(it):
    """Fill the desk: work of all kinds, links, and something that waits for approval."""
    now = timezone.now()
    soon = now + timedelta(hours=5)
    told.published(
        it.it, by=it.ivan, now=now, kind=NoticeKind.OUTAGE, starts_at=soon,
        ends_at=soon + timedelta(hours=1),
        title=LocalizedText.of(zh="今晚升级", en="Upgrade tonight"),
    )  # fmt: skip
    told.draft(it.it, by=it.ivan, now=now)
    for number in range(3):
        leg = it.accepted(now=now - timedelta(minutes=20), title=f"Laptop {number}")
        incidents.link_incident(ticket=leg.ticket, notice=it.incident, by=it.ivan, now=now)
    done = it.accepted(now=now - timedelta(minutes=10))
    actions.deliver_leg(leg=done, by=it.ivan, version=done.version, now=now)
    it.submit(now=now, title="A long subject that does not end before the edge of a small phone")
    for _number in range(6):
        person = org.person("Pan", department=it.finance)
        incidents.affected(notice=it.incident, by=person, now=now)
    leg = it.accepted(now=now, title="Needs a yes")
    actions.ask_approval(
        leg=leg,
        by=it.ivan,
        approvers=[it.it_head],
        question="May we?",
        version=leg.version,
        now=now,
    )
    catch_up()


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_every_page_is_accessible_and_quiet(it, open_page, language, theme, width):
    _busy(it)
    look = {"language": language, "theme": theme, "width": width}
    title, tap, _resolve, _all = WORDS[language]

    for person, paths in (
        (
            it.it_head,
            (
                reverse("desk:department_notices"),
                it.incident.path,
                reverse("desk:notice_edit", args=[it.incident.public_id]),
                reverse("desk:my_board"),
                reverse("insights:board"),
                reverse("desk:approvals"),
                Ticket.objects.filter(title="Laptop 0").get().path,
            ),
        ),
        (
            it.hr_head,
            (
                "/",
                reverse("catalog:service", args=[it.service.key]),
                reverse("desk:new", args=[it.service.key]),
                it.incident.path,
            ),
        ),
    ):
        for path in paths:
            open_page(path, person=person, **look).check()
    page = open_page("/", person=it.hr_head, **look).page
    assert page.get_by_text(title).first.is_visible()
    assert page.get_by_role("button", name=tap).is_visible()
