"""From two foreign files to signed agreements, all in one installation and all in the browser.

A directory and an organogram are imported; five relations are confirmed from both sides; a need is stated, guessed
and compared; a customer nobody knew is found in the work done and becomes a relation; an agreement is signed.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Page

from neike.desk import terms
from neike.desk.bulk import TicketScript, write_tickets
from neike.desk.choices import Channel
from neike.insights import actions as insights_actions
from neike.kernel import installation
from neike.org import queries as org_queries
from neike.org.models import Department, Person
from neike.relations.choices import RelationState
from neike.relations.models import Agreement, NeedGuess, ServiceRelation
from tests.browser.conftest import OpenPage, Window
from tests.make import insights, org

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [("en", 1280), ("zh-hans", 360)]
# code: what the directory calls the department, and its head and two members
HOUSE = {
    "en": {
        "it": ("Information Technology", ["Ingrid Tarn", "Ivo Tull", "Ines Tove"]),
        "hr": ("Human Resources", ["Hanna Reed", "Hugo Rook", "Hilda Rush"]),
        "fin": ("Finance", ["Freya Nash", "Felix Noll", "Flora Nye"]),
        "law": ("Legal", ["Lena Gale", "Luis Gant", "Lotte Gill"]),
        "sales": ("Sales", ["Sven Ales", "Sonia Abel", "Silas Avon"]),
        "quay": ("Quay Office", ["Nora Vale"]),
    },
    "zh-hans": {
        "it": ("信息技术部", ["唐英", "童毅", "汤怡"]),
        "hr": ("人力资源部", ["任红", "阮鸿", "饶慧"]),
        "fin": ("财务部", ["方宁", "费娜", "冯诺"]),
        "law": ("法务部", ["葛兰", "甘露", "高朗"]),
        "sales": ("销售部", ["艾山", "安生", "敖森"]),
        "quay": ("码头办公室", ["范若"]),
    },
}
CUSTOMERS = ("hr", "fin", "law", "sales", "quay")
NEED = {
    "en": "We close the books on the third working day, so the figures must be there.",
    "zh-hans": "每月第三个工作日要结账，数据得在那之前给我们。",
}


def _line(name: str, value: str) -> str:
    """Write a value of a directory: in base64 where it is not ASCII, and folded after twenty characters."""
    if not value.isascii():
        value, name = base64.b64encode(value.encode()).decode(), f"{name}:"
    text = f"{name}: {value}"
    return "\n ".join(text[at : at + 20] for at in range(0, len(text), 20))


def directory(house) -> str:
    """Return the people of the house as a directory export, each with their head as manager."""
    entries = [
        "version: 1\n",
        "dn: ou=People,dc=example,dc=org\nobjectClass: organizationalUnit\nou: People\n",
    ]
    for code, (department, people) in house.items():
        if code == "quay":
            continue
        for number, name in enumerate(people):
            head = f"uid={code}0, ou=People, dc=example, dc=org"
            entries.append(
                "\n".join(
                    [
                        _line("dn", f"uid={code}{number},ou=People,dc=example,dc=org"),
                        "objectClass: inetOrgPerson",
                        f"uid: {code}{number}",
                        _line("cn", name),
                        _line("ou", department),
                        "ou: People",
                        *([_line("manager", head)] if number else []),
                        "",
                    ]
                )
            )
    return "\n".join(entries)


def organogram(house) -> str:
    """Return an organogram with a head post, a vacant one and a group of posts without names."""
    unit, [head] = house["quay"]
    return (
        "Post Unique Reference,Name,Job Title,Parent Department,Organisation,Unit,Reports to Senior Post,FTE\n"
        f"Q1,{head},Harbour master,Tide Board,Harbour Agency,{unit},XX,1\n"
        f"Q2,Vacant,Pilot,Tide Board,Harbour Agency,{unit},Q1,1\n"
        f"Q3,N/D,Clerk,Tide Board,Harbour Agency,{unit},Q1,2.5\n"
    )


@dataclass
class Walk:
    """People at their browsers, in one language and width; one window each."""

    open_window: Callable[..., Window]
    language: str
    width: int
    windows: dict[Person, Window] = field(default_factory=dict)

    def say(self, text: str, context: str = "", **values: object) -> str:
        """Return what the product says in the language of the walk."""
        with translation.override(self.language):
            return (pgettext(context, text) if context else gettext(text)) % values

    def at(self, person: Person, path: str) -> OpenPage:
        """Let somebody open an address."""
        if person not in self.windows:
            self.windows[person] = self.open_window(
                person=person, language=self.language, width=self.width
            )
        return self.windows[person].open(path)

    def press(self, page: Page, text: str, context: str = "", role: str = "button") -> None:
        """Press the first button (or link) that is called so."""
        page.locator("main").get_by_role(role, name=self.say(text, context)).first.click()  # type: ignore[arg-type]


@pytest.fixture(params=LOOKS, ids=["desktop-en", "phone-zh"])
def walk(request, open_window, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media")},
        },
    }
    org.calendar(is_default=True)
    language, width = request.param
    return Walk(open_window, language, width)


def test_from_two_files_to_confirmed_relations_needs_and_a_signed_agreement(walk, tmp_path):
    house = HOUSE[walk.language]
    import_in_the_browser(walk, house, tmp_path)
    places, heads = found(house)
    work_done(places, house)

    confirm_five(walk, places, heads)
    relation = ServiceRelation.objects.get(customer_department=places["fin"])
    state_guess_and_compare(walk, relation, house, heads)
    find_the_hidden_customer(walk, house, heads)
    agree(walk, relation, heads)


def import_in_the_browser(walk: Walk, house, folder: Path) -> None:
    boss = org.administrator()
    for name, text in {"people.ldif": directory(house), "posts.csv": organogram(house)}.items():
        file = folder / name
        file.write_text(text, "utf-8")
        opened = walk.at(boss, reverse("org:import"))
        opened.page.set_input_files("input[type=file]", file)
        for step in ("Send and look", "Preview"):
            walk.press(opened.page, step)
            opened.settle()
        assert house["it" if "ldif" in name else "quay"][0] in opened.page.inner_text("main")
        walk.press(opened.page, "Apply")
        opened.settle()
        opened.check()


def found(house) -> tuple[dict[str, Department], dict[str, Person]]:
    """Return the departments and their heads, as the import made them."""
    zone = installation.current().zone_info
    chart = org_queries.chart(on=timezone.now().astimezone(zone).date())
    ids = {str(each.name): each.id for each in chart}
    places = {code: Department.objects.get(pk=ids[name]) for code, (name, _people) in house.items()}
    heads = {code: Person.objects.get(name=people[0]) for code, (_name, people) in house.items()}
    return places, heads


def work_done(places: dict[str, Department], house) -> None:
    """Let the desk have served: IT served Finance, and Human Resources served Sales without anybody saying so."""
    now = timezone.now()
    for provider, customer, requests in (("it", "fin", 12), ("hr", "sales", 6)):
        service = insights.promising(places[provider], **insights.PROMISED)
        scripts = []
        agents, askers = (
            cycle(Person.objects.filter(name__in=house[code][1]).order_by("pk"))
            for code in (provider, customer)
        )
        for number in range(requests):
            moment: datetime = now - timedelta(hours=2, minutes=-number)
            script = TicketScript(
                terms.terms_of([service.standard_id]),
                at=moment,
                title=f"{provider} {number}",
                service_id=service.pk,
                form_id=service.form_id,
                standard_id=service.standard_id,
                supplier_id=places[provider].pk,
                customer_id=places[customer].pk,
                requester_id=next(askers).pk,
                priority="3",
                channel=Channel.IMPORT,
            )
            script.accept(moment + timedelta(minutes=10), 0, by_id=next(agents).pk)
            scripts.append(script)
        for part in write_tickets(scripts, now=now):
            insights_actions.take_in([ticket.pk for ticket in part.tickets])
    insights_actions.observe(now=now)


def confirm_five(walk: Walk, places, heads) -> None:
    """The head of IT names five customers; each of their heads says in one tap that it is so."""
    for customer in CUSTOMERS:
        opened = walk.at(heads["it"], reverse("relations:new"))
        page = opened.page
        page.locator("[name=provider]").select_option(str(places["it"].public_id))
        page.locator("[name=customer]").select_option(str(places[customer].public_id))
        page.locator("label:has([name=kind][value=support])").click()
        page.locator("label:has([name=closeness][value='2'])").click()
        walk.press(page, "State it")
        page.locator("#relation").wait_for()
        page.close()
    for customer in CUSTOMERS:
        opened = walk.at(heads[customer], reverse("relations:mine"))
        opened.page.locator("[data-confirm-relation]").click()
        opened.page.get_by_text(walk.say("Nothing waits for your answer here.")).wait_for()
        assert walk.say("confirmed by both sides", "relation") in opened.page.inner_text("main")
        assert opened.complaints == []
        opened.page.close()

    states = ServiceRelation.objects.values_list("state", flat=True)
    assert list(states) == [RelationState.CONFIRMED] * 5


def state_guess_and_compare(walk: Walk, relation: ServiceRelation, house, heads) -> None:
    """Finance says what it needs and how well; somebody of IT guesses before seeing it, and both see both gaps."""
    words = NEED[walk.language]
    opened = walk.at(heads["fin"], relation.path)
    walk.press(opened.page, "State a need", role="link")
    opened.settle()
    opened.page.locator("textarea").fill(words)
    opened.page.locator("label:has([name=dimension][value=timeliness])").click()
    choose(opened.page, "importance", 5)
    choose(opened.page, "expected", 5)
    walk.press(opened.page, "State this need")
    opened.page.get_by_text(words).wait_for()

    serving = Person.objects.get(name=house["it"][1][1])
    opened = walk.at(serving, relation.path)
    assert words in opened.page.inner_text("main")
    hidden = walk.say("How well it must be stays hidden until you have guessed.")
    assert hidden in opened.page.inner_text("main")
    assert walk.say("Must be") not in opened.page.inner_text("#needs")
    opened.page.locator("a[href$='/guess/']").click()
    choose(opened.page, "expected", 3)
    choose(opened.page, "importance", 4)
    walk.press(opened.page, "Guess and see")
    opened.page.locator("#gaps .guessed").first.or_(
        opened.page.get_by_text("−2.0")
    ).first.wait_for()
    opened.settle()
    opened.check()
    assert "−2.0" in opened.page.inner_text("main")  # 3 guessed, 5 expected
    assert walk.say("Must be") in opened.page.inner_text("main")
    assert NeedGuess.objects.get().expected == 3


def choose(page: Page, name: str, step: int) -> None:
    page.locator(f"label:has(input[name={name}][value='{step}'])").click()


def find_the_hidden_customer(walk: Walk, house, heads) -> None:
    """The head of Human Resources finds whom they serve unknowingly and proposes it; both heads agree."""
    opened = walk.at(heads["hr"], reverse("insights:map_compare"))
    shown = opened.page.inner_text("#hidden")
    assert all(house[code][0] in shown for code in ("hr", "sales"))
    opened.check()
    opened.page.locator("#hidden form button").click()
    waits = opened.page.get_by_role("link", name=walk.say("proposed, waits for both sides"))
    waits.wait_for()
    waits.click()
    opened.page.locator("#relation").wait_for()
    path = opened.page.url

    for head, side in (("hr", "provider"), ("sales", "customer")):
        opened = walk.at(heads[head], path)
        opened.page.locator(f"[data-confirm-side={side}]").click()
        opened.page.locator(f"[data-confirm-side={side}]").wait_for(state="detached")
        opened.settle()
    opened.check()
    assert walk.say("confirmed by both sides", "relation") in opened.page.inner_text("main")

    opened = walk.at(heads["sales"], reverse("insights:map_compare"))
    none = walk.say("None: whoever asks for much is known as a customer.")
    assert none in opened.page.inner_text("#hidden")


def agree(walk: Walk, relation: ServiceRelation, heads) -> None:
    """IT proposes its published standard to Finance; it is in force when both heads have signed."""
    opened = walk.at(heads["it"], relation.path)
    walk.press(opened.page, "Propose an agreement", role="link")
    opened.page.locator("[name=service]").first.check()
    walk.press(opened.page, "Propose to both sides")
    opened.page.locator("#signatures").wait_for()
    path = opened.page.url

    for head in ("it", "fin"):
        opened = walk.at(heads[head], path)
        opened.page.locator("#signatures summary").click()
        walk.press(opened.page, "Yes, sign")
        opened.page.locator("#signatures summary").wait_for(state="detached")
        opened.settle()
    opened.check()

    assert walk.say("in force", "agreement") in opened.page.inner_text("main")
    assert all(heads[head].name in opened.page.inner_text("#signatures") for head in ("it", "fin"))
    assert Agreement.objects.get().relation == relation
