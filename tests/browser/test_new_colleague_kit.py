"""The new colleague kit, from an empty form to its delivery, as the people of a company live it.

A service owner builds it in the editors, tests its standard on the past and publishes it; an employee orders it on a
phone; the manager approves; three departments deliver it with the keyboard alone; the lead sees what came out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Locator, Page

from neike.catalog import actions as catalog_actions
from neike.catalog.models import Service
from neike.desk.choices import LegState, TaskState, TicketState
from neike.desk.models import Ticket
from neike.org.choices import Role
from neike.org.models import Department, Person
from tests.browser.conftest import OpenPage, Window
from tests.browser.keys import Keys
from tests.make import org
from tests.make.desk import lead

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KIT = "new-colleague-kit"
# whose language and width: the owner's, and the employee's
LOOKS = [(("en", 1280), ("zh-hans", 360)), (("zh-hans", 1280), ("en", 360))]
TEXTS = {
    "en": {
        "kit": "New colleague kit",
        "name": "Name of the new colleague",
        "place": "Place of work",
        "approve": "Approval by the manager",
        "laptop": "Account and laptop",
        "seat": "Seat and badge",
        "papers": "Papers",
        "newcomer": "Rosa Lind",
        "office": "Office",
    },
    "zh-hans": {
        "kit": "新同事套件",
        "name": "新同事姓名",
        "place": "办公方式",
        "approve": "上级审批",
        "laptop": "账号与电脑",
        "seat": "工位与门禁",
        "papers": "入职材料",
        "newcomer": "罗莎",
        "office": "公司",
    },
}
CHOICES = "office | 公司 | Office\nhome | 居家 | Home"
POINTS = "合同 | Contract\n手册 | Handbook"


@dataclass
class House:
    """HR offers the kit, IT and administration take part, research asks; each has a head."""

    departments: dict[str, Department]
    owner: Person
    hua: Person
    ivan: Person
    ada: Person
    hr_head: Person
    manager: Person
    rui: Person


@pytest.fixture
def house(db) -> House:
    calendar = org.calendar(is_default=True)
    departments = {
        name: org.department(name, calendar=calendar) for name in ("HR", "IT", "Admin", "Research")
    }
    people = {
        name: org.person(name, department=departments[at])
        for name, at in (
            ("owner", "HR"),
            ("hua", "HR"),
            ("hr_head", "HR"),
            ("ivan", "IT"),
            ("ada", "Admin"),
            ("manager", "Research"),
            ("rui", "Research"),
        )
    }
    catalog_actions.ensure_catch_alls(
        list(departments.values()), calendar=calendar, now=timezone.now()
    )
    lead(people["hr_head"], departments["HR"])
    lead(people["manager"], departments["Research"])
    org.grant(people["owner"], Role.SERVICE_OWNER, department=departments["HR"])
    return House(departments, **people)


@dataclass
class Walk:
    """People at their browsers: one window each, all of a side in one language and width."""

    open_window: Callable[..., Window]
    language: str
    width: int
    windows: dict[Person, Window] = field(default_factory=dict)

    def say(self, text: str, context: str = "", **values: object) -> str:
        """Return what the product says in the language of this side."""
        with translation.override(self.language):
            return (pgettext(context, text) if context else gettext(text)) % values

    def texts(self, name: str) -> str:
        """Return one of the owner's own words in this language."""
        return TEXTS[self.language][name]

    def at(self, person: Person, path: str) -> OpenPage:
        """Let somebody open an address."""
        if person not in self.windows:
            self.windows[person] = self.open_window(
                person=person, language=self.language, width=self.width
            )
        return self.windows[person].open(path)


@pytest.fixture(params=LOOKS, ids=["owner-en-phone-zh", "owner-zh-phone-en"])
def sides(request, open_window) -> tuple[Walk, Walk]:
    (language, width), (other, narrow) = request.param
    return Walk(open_window, language, width), Walk(open_window, other, narrow)


def test_the_kit_from_an_empty_form_to_its_delivery(sides, house):
    desk, phone = sides

    build(desk, house)
    try_and_publish(desk, house)
    ticket = order(phone, house)
    approve(phone, house, ticket)
    deliver(desk, house, ticket)
    confirm(phone, house, ticket)
    see(desk, house, ticket)


def build(walk: Walk, house: House) -> None:
    """Make the service, its form and its plan, all from nothing."""
    opened = walk.at(house.owner, reverse("catalog:manage"))
    page = opened.page
    follow(opened, page.get_by_role("link", name=walk.say("New service")).first)
    page.locator("[name=department]").select_option(str(house.departments["HR"].public_id))
    page.locator("[name=key]").fill(KIT)
    page.locator("[name=name_zh]").fill(TEXTS["zh-hans"]["kit"])
    page.locator("[name=name_en]").fill(TEXTS["en"]["kit"])
    follow(opened, page.get_by_role("button", name=walk.say("Create the draft")))
    follow(opened, page.get_by_role("link", name=walk.say("Request form")))
    build_form(opened)
    follow(opened, page.get_by_role("link", name=walk.say("Plan"), exact=True))
    build_plan(opened, house)
    columns = page.locator("#plan-preview ol > li")
    assert columns.count() == 2
    assert columns.nth(1).get_by_text(walk.texts("seat")).is_visible()


def follow(opened: OpenPage, control: Locator) -> None:
    """Press what leads to another page, and wait until it is there."""
    with opened.page.expect_navigation():
        control.click()
    opened.settle()


def press(opened: OpenPage, what: str) -> None:
    """Press a button of an editor and wait for what it draws."""
    opened.page.locator(f"#main button[name=do][value={what}]").last.click()
    opened.settle()


def two(page: Page, row: str, name: str) -> None:
    """Fill in a text in both languages."""
    for language, suffix in (("en", "en"), ("zh-hans", "zh")):
        page.locator(f"[name={row}_{suffix}]").fill(TEXTS[language][name])


def build_form(opened: OpenPage) -> None:
    """Ask for a name and a place of work."""
    page = opened.page
    press(opened, "add")
    two(page, "fields-0-label", "name")
    page.locator("[name=fields-0-required]").check()
    press(opened, "add")
    two(page, "fields-1-label", "place")
    page.locator("[name=fields-1-type]").select_option("choice")
    page.locator("[name=fields-1-choices]").wait_for()
    opened.settle()
    page.locator("[name=fields-1-choices]").fill(CHOICES)
    page.locator("[name=fields-1-required]").check()
    follow(opened, page.locator("#main button[name=do][value=publish]"))
    opened.check()


def build_plan(opened: OpenPage, house: House) -> None:
    """After one approval IT, administration and HR's papers begin side by side."""
    page = opened.page
    steps = (("approve", "approval", ""), ("laptop", "leg", "IT"), ("seat", "leg", "Admin"))
    for number, (name, kind, department) in enumerate((*steps, ("papers", "task", ""))):
        press(opened, "add")
        if kind != "leg":
            page.locator(f"[name=plan-{number}-kind]").select_option(kind)
            page.locator(
                f"[name=plan-{number}-{'manager' if kind == 'approval' else 'checklist'}]"
            ).wait_for()
            opened.settle()
        two(page, f"plan-{number}-title", name)
        if department:
            wanted = str(house.departments[department].public_id)
            page.locator(f"[name=plan-{number}-department]").select_option(wanted)
    page.locator("[name=plan-0-manager]").check()
    page.locator("[name=plan-3-checklist]").fill(POINTS)
    press(opened, "preview")
    for number in (1, 2, 3):
        page.locator(f'[name=plan-{number}-after][value="step-1"]').check()
    follow(opened, page.locator("#main button[name=do][value=save]"))
    opened.check()


def try_and_publish(walk: Walk, house: House) -> None:
    """Promise times, ask the past about them, publish promise and service."""
    opened = walk.at(house.owner, reverse("catalog:standard", args=[KIT]))
    page = opened.page
    targets = {"first_response": "2h", "end_to_end": "3d", "leg_delivery": "2d", "approval": "1d"}
    for metric, time in targets.items():
        page.locator(f"[name=target-{metric}-any]").fill(time)
    follow(opened, page.locator("button[name=do][value=save]"))
    follow(opened, page.get_by_role("link", name=walk.say("Test on the past")))
    page.get_by_role("button", name=walk.say("Test on the past")).click()
    page.get_by_text(walk.say("no history"), exact=True).first.wait_for()
    opened.check()
    follow(opened, page.get_by_role("link", name=walk.say("To the standard")))
    page.locator("button[commandfor=publish-standard][command=show-modal]").click()
    opened.check()
    follow(opened, page.locator("#publish-standard button[value=publish]"))
    page.goto(reverse("catalog:edit", args=[KIT]))
    follow(opened, page.locator("button[value=publish]"))
    opened.check()


def order(walk: Walk, house: House) -> Ticket:
    """Find the kit by its name on a phone and ask for it."""
    opened = walk.at(house.rui, "/")
    page = opened.page
    page.locator("#home-q").fill(walk.texts("kit")[:3])
    follow(opened, page.locator(f"#suggestions a[href*='{KIT}']"))
    opened.check()
    page.get_by_label(walk.texts("name")).fill(walk.texts("newcomer"))
    page.get_by_label(walk.texts("office"), exact=True).check()
    page.get_by_role("button", name=walk.say("Send the request")).click()
    page.wait_for_url("**sent=1")
    opened.settle()
    opened.check()
    assert house.manager.name in page.inner_text("main")
    return Ticket.objects.get(requester=house.rui)


def approve(walk: Walk, house: House, ticket: Ticket) -> None:
    """The manager finds it on the first page and agrees."""
    opened = walk.at(house.manager, "/")
    page = opened.page
    follow(opened, page.locator("main").get_by_text(ticket.title).first)
    page.goto(reverse("desk:approvals"))
    opened.check()
    page.get_by_role("button", name=walk.say("Approve"), exact=True).click()
    page.get_by_text(walk.say("Nothing waits for your approval")).wait_for()
    opened.check()

    states = {leg.supplier.code: leg.state for leg in ticket.legs.select_related("supplier")}
    assert list(states.values()) == [LegState.OFFERED] * 3


def deliver(walk: Walk, house: House, ticket: Ticket) -> None:
    """IT, administration and HR work with the keyboard alone, from their queues."""
    for person in (house.ivan, house.ada):
        keys = taken(walk, person, ticket)
        keys.press("d")
        keys.page.locator("dialog[open]").wait_for()
        keys.press("Control+Enter")
        keys.page.locator("dialog[open]").wait_for(state="detached")
    keys = taken(walk, house.hua, ticket)
    for place in range(2):
        keys.tab_to(f"#tick-0-{place}")
        keys.press("Space")
        keys.page.locator(f"#tick-0-{place}[aria-checked=true]").wait_for()
    press_all(keys, "form[id^='do-done-task'] button, [id^='open-done-task']")
    press_all(keys, "form[id^='do-confirm'] button")
    keys.page.evaluate("document.activeElement.blur()")
    keys.press("d")
    keys.page.locator("dialog[open]").wait_for()
    keys.press("Control+Enter")
    keys.page.get_by_text(walk.say("Resolved. The requester is asked to confirm.")).first.wait_for()
    ticket.refresh_from_db()
    assert ticket.state == TicketState.RESOLVED
    assert ticket.tasks.get().state == TaskState.DONE


def taken(walk: Walk, person: Person, ticket: Ticket) -> Keys:
    """Accept the row one is offered and open it; nothing but keys."""
    opened = walk.at(person, reverse("desk:queue") + "?view=offered")
    keys = Keys(opened.page)
    keys.press("j")
    with keys.page.expect_navigation():
        keys.press("a")
    opened.settle()
    keys.page.goto(reverse("desk:queue") + "?view=mine")
    opened.settle()
    keys.press("j")
    with keys.page.expect_navigation():
        keys.press("Enter")
    opened.settle()
    assert ticket.path in keys.page.url
    opened.check()
    return keys


def press_all(keys: Keys, selector: str) -> None:
    """Walk to every button of a kind and press it, until none is left."""
    while keys.page.locator(selector).count():
        before = keys.page.locator(selector).count()
        keys.tab_to(selector)
        keys.press("Enter")
        keys.page.wait_for_function(
            "([wanted, count]) => document.querySelectorAll(wanted).length < count",
            arg=[selector, before],
        )


def confirm(walk: Walk, house: House, ticket: Ticket) -> None:
    """On the phone the employee sees what was done and is content."""
    opened = walk.at(house.rui, ticket.path)
    opened.check()
    opened.page.locator(
        "form[id='do-confirm-ticket'] button, [id^='do-confirm'] button"
    ).first.click()
    opened.settle()
    ticket.refresh_from_db()
    assert ticket.state == TicketState.CLOSED


def see(walk: Walk, house: House, ticket: Ticket) -> None:
    """The lead finds the outcome in the queue and on the department's page; the owner tests again."""
    opened = walk.at(house.hr_head, reverse("desk:queue") + "?view=done")
    assert opened.page.get_by_role("link", name=ticket.title).first.is_visible()
    loop = reverse("portal:loop", args=[house.departments["HR"].public_id])
    opened = walk.at(house.hr_head, loop)
    opened.check()
    standard = Service.objects.get(key=KIT).standard
    opened = walk.at(house.owner, reverse("insights:back_test", args=[standard.public_id]))
    opened.page.locator("main form button[type=submit]").first.click()
    opened.page.get_by_text(walk.say("small sample")).first.wait_for()
    assert timezone.now() - ticket.submitted_at < timedelta(minutes=5)
