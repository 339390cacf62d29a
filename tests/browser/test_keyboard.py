"""Each page type by keyboard alone: one gets in, sees where one is, gets everywhere and out again, and does the job."""

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.catalog.models import Service
from neike.desk import actions
from neike.desk.choices import OPEN_TICKET_STATES
from neike.desk.models import Leg, Message, Ticket
from neike.kernel.installation.models import Installation
from neike.org.models import BusinessCalendar, Department, Person
from neike.relations.models import Need, ServiceRelation
from tests.browser import company
from tests.browser.keys import Keys
from tests.make.asking import answers_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMPLOYEE, AGENT, ADMINISTRATOR = "YL0101", "YL0103", "YL0107"
IT_HEAD, HR_HEAD = "YL0105", "YL0106"


@pytest.fixture
def demo(settings, transactional_db):
    settings.DEMO = True
    company.load()


def _person(number):
    return Person.objects.get(employee_no=number)


def _department():
    return Department.objects.get(code="IT")


def _own_ticket():
    own = Ticket.objects.filter(requester=_person(EMPLOYEE), state__in=OPEN_TICKET_STATES)
    return own.order_by("number").first()


def _other():
    return Service.objects.get(department=_department(), is_catch_all=True)


def _relation():
    """Return IT's relation to Human Resources."""
    ends = {"provider_department__code": "IT", "customer_department__code": "HR"}
    return ServiceRelation.objects.filter(**ends, state="confirmed").first()


def _calendar():
    return BusinessCalendar.objects.get(is_default=True)


# page type: whose page, its address, the control its job begins with
TYPES = {
    "home": (EMPLOYEE, lambda: reverse("portal:home"), "#home-q"),
    "mine": (EMPLOYEE, lambda: reverse("desk:mine") + "?tab=open", ".nk-own a"),
    "new": (EMPLOYEE, lambda: reverse("desk:new", args=[_other().key]), "#asking [type=submit]"),
    "ticket": (EMPLOYEE, lambda: _own_ticket().path, "#reply-body"),
    "queue": (AGENT, lambda: reverse("desk:queue"), "[data-open]"),
    "loop": (
        EMPLOYEE,
        lambda: reverse("portal:loop", args=[_department().public_id]),
        "#main a[href*='/loop/']",
    ),
    "departments": (EMPLOYEE, lambda: reverse("org:departments"), "#main summary"),
    "calendar": (
        ADMINISTRATOR,
        lambda: reverse("org:calendar", args=[_calendar().public_id]),
        "#main a[href$='dates/']",
    ),
    "map": (IT_HEAD, lambda: reverse("insights:map"), "#map-focus"),
    "matrix": (IT_HEAD, lambda: reverse("insights:map_matrix"), "#main table a"),
    "compare": (IT_HEAD, lambda: reverse("insights:map_compare"), "#main details > summary"),
    "relation": (IT_HEAD, lambda: _relation().path, "#relation details > summary"),
    "need": (HR_HEAD, lambda: f"{_relation().path}needs/new/", "#main textarea"),
    "settings": (ADMINISTRATOR, lambda: reverse("installation:settings"), "#main [type=submit]"),
}


@pytest.fixture
def at(open_page, demo):
    """Open a page type as the person it is for; return their keys."""

    def open_(name, **window):
        number, address, _control = TYPES[name]
        return Keys(open_page(address(), person=_person(number), **window).page)

    return open_


@pytest.mark.parametrize("name", TYPES)
def test_the_whole_page_is_walked_and_the_focus_is_always_seen(at, name):
    keys = at(name)

    stops = keys.walk()

    assert [stop["html"] for stop in stops if not stop["seen"]] == []
    assert "#main" in stops[0]["html"]  # the way past the menu comes first
    control = TYPES[name][2]
    assert keys.page.evaluate(
        "(wanted) => [...window.stopsSeen.keys()].some((stop) => stop.matches(wanted))", control
    )


@pytest.mark.parametrize("name", TYPES)
def test_one_gets_past_the_menu_back_again_and_out_of_menus(at, name):
    keys = at(name)

    keys.press("Tab", "Tab", "Shift+Tab")
    assert keys.is_on("a[href='#main']")
    keys.press("Enter")
    assert keys.is_on("#main")
    keys.press("Tab")
    assert keys.page.evaluate("document.activeElement.closest('main') !== null")
    keys.tab_to("header summary", key="Shift+Tab")
    keys.press("Enter")
    assert keys.page.evaluate("document.activeElement.parentElement.open")
    keys.press("ArrowDown", "Escape")

    assert keys.is_on("header summary")
    assert not keys.page.evaluate("document.activeElement.parentElement.open")


def test_home_leads_to_the_form_of_the_chosen_department(at):
    keys = at("home")

    keys.tab_to("#else-department")
    keys.page.keyboard.type("Leg")  # a list of choices is walked by the first letters
    chosen = keys.page.locator("#else-department").input_value()
    keys.tab_to("form:has(#else-department) [type=submit]")
    with keys.page.expect_navigation():
        keys.press("Enter")

    assert Service.objects.get(key=chosen).department.code == "LEG"
    assert keys.page.url.endswith(reverse("desk:new", args=[chosen]))


def test_home_finds_while_typing(at):
    keys = at("home")

    keys.tab_to("#home-q")
    keys.page.keyboard.type("VPN")
    keys.page.locator("#suggestions a").first.wait_for()
    keys.tab_to("#suggestions a")
    with keys.page.expect_navigation():
        keys.press("Enter")

    assert keys.page.locator("#home-q").count() == 0


def test_an_own_request_is_opened(at):
    keys = at("mine")

    keys.tab_to(".nk-own a")
    with keys.page.expect_navigation():
        keys.press("Enter")

    assert keys.page.locator("#ticket").count() == 1


def test_a_request_is_sent(at):
    keys = at("new")
    before = Ticket.objects.count()

    keys.tab_to("#asking textarea")
    keys.page.keyboard.type("The door of room 5 does not close.")
    keys.tab_to("#asking [type=submit]")
    keys.press("Enter")
    keys.page.wait_for_url("**sent=1")

    assert Ticket.objects.count() == before + 1


def test_a_request_is_answered(at):
    keys = at("ticket")

    keys.tab_to("#reply-body")
    keys.page.keyboard.type("It is urgent now.")
    keys.tab_to("[data-panel='reply'] [type=submit]")
    keys.press("Enter")
    keys.page.locator(".nk-said", has_text="It is urgent now.").wait_for()

    assert Message.objects.filter(ticket=_own_ticket(), body="It is urgent now.").count() == 1


def test_a_dialog_of_the_request_is_left_by_escape_and_gives_the_focus_back(at):
    keys = at("ticket")

    keys.tab_to("[command='show-modal']")
    opener = keys.page.evaluate("document.activeElement.id")
    keys.press("Enter")
    assert keys.page.locator("dialog[open]").count() == 1
    keys.press("Tab")
    assert keys.page.evaluate("document.activeElement.closest('dialog[open]') !== null")
    keys.press("Escape")

    assert keys.page.locator("dialog[open]").count() == 0
    assert keys.is_on(f"#{opener}")


def test_a_row_of_the_queue_is_opened_and_the_work_accepted(at):
    keys = at("queue")
    ticket = actions.submit(
        service=_other(),
        by=_person(EMPLOYEE),
        answers=answers_for(_other()),
        title="Key of room 5",
        now=timezone.now(),
    )
    keys.page.goto(reverse("desk:queue") + "?view=offered")

    keys.tab_to(f"[data-open][href='{ticket.path}']")
    with keys.page.expect_navigation():
        keys.press("Enter")
    keys.tab_to("form[hx-post*='accept'] button")
    keys.press("Enter")
    keys.page.get_by_text("Accepted. The work is yours.").wait_for()

    assert Leg.objects.get(ticket=ticket).assignee == _person(AGENT)


def test_a_node_of_the_tree_is_closed_and_opened(at):
    keys = at("departments")

    keys.tab_to("#main details[open] > summary")
    keys.press("Enter")
    assert not keys.page.evaluate("document.activeElement.parentElement.open")
    keys.press("Space")

    assert keys.page.evaluate("document.activeElement.parentElement.open")


def test_the_loop_page_leads_to_the_list_behind_a_number(at):
    keys = at("loop")
    before = keys.page.url

    keys.tab_to("#main a[href*='/list']")
    with keys.page.expect_navigation():
        keys.press("Enter")

    assert keys.page.url != before


def test_a_day_of_the_calendar_is_set(at):
    keys = at("calendar")
    keys.tab_to("#main a[href$='dates/']")
    with keys.page.expect_navigation():
        keys.press("Enter")

    keys.tab_to("#main input[type=date]")
    keys.page.keyboard.type("12312026")
    keys.tab_to("#main [type=submit]")
    keys.press("Enter")
    keys.page.get_by_role("button", name="Save with these effects").or_(
        keys.page.get_by_text("Saved.")
    ).first.wait_for()
    if keys.page.get_by_text("Saved.").count() == 0:
        keys.tab_to("#main [name=agreed], #main [type=submit]")
        keys.press("Enter")
        keys.page.get_by_text("Saved.").wait_for()

    assert _calendar().exceptions.filter(date="2026-12-31").exists()


def test_a_department_is_chosen_on_the_map_and_its_chain_opened(at):
    keys = at("map")

    keys.tab_to("#map-focus")
    keys.page.keyboard.type("Leg")
    keys.tab_to(".nk-map-controls [type=submit]")
    with keys.page.expect_navigation():
        keys.press("Enter")

    assert f"focus={Department.objects.get(code='LEG').public_id}" in keys.page.url


def test_the_formulas_of_the_comparison_are_opened(at):
    keys = at("compare")

    keys.tab_to("#main details > summary")
    keys.press("Enter")

    assert keys.page.evaluate("document.activeElement.parentElement.open")


def test_a_relation_is_contested_with_ones_own_words(at):
    keys = at("relation")

    keys.tab_to("#relation details > summary")
    keys.press("Enter")
    keys.tab_to("input[name=reason]")
    keys.page.keyboard.type("They have a desk of their own now")
    keys.press("Enter")
    keys.page.get_by_text("They have a desk of their own now").first.wait_for()

    assert _relation() is None  # no longer confirmed


def test_a_need_is_stated(at):
    keys = at("need")
    before = Need.objects.count()

    keys.tab_to("#main textarea")
    keys.page.keyboard.type("Answer us within the day")
    for step in ("dimension", "importance", "expected"):
        keys.tab_to(f"input[name={step}]")
        keys.press("Space")
    keys.press("Enter")
    keys.page.get_by_text("Answer us within the day").first.wait_for()

    assert Need.objects.count() == before + 1


def test_settings_are_saved(at):
    keys = at("settings")

    keys.tab_to("#main input[name=support_contact]")
    keys.press("Control+a")
    keys.page.keyboard.type("Extension 8888")
    keys.tab_to("#main [type=submit]")
    with keys.page.expect_navigation():
        keys.press("Enter")

    assert Installation.objects.get().support_contact == "Extension 8888"
