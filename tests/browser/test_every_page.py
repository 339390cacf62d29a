"""Every page of the product, found by walking its addresses, on a small demo company.

Each page is looked at in two of the language x theme x width variants, the page types in all eight.
"""

import re
from functools import cache

import pytest
from django.test import Client

from neike.catalog.models import Service
from neike.desk.choices import OPEN_TICKET_STATES
from neike.desk.models import Article, Macro, Rule, SavedView, Ticket
from neike.kernel.policies.checks import all_routes
from neike.org.models import BusinessCalendar, Department, Person
from tests.browser import company as demo_company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMPLOYEE, AGENT, ADMINISTRATOR, AUDITOR = "YL0101", "YL0103", "YL0107", "YL0108"
READERS = (EMPLOYEE, AGENT, ADMINISTRATOR, AUDITOR)
VARIANTS = [("zh-hans", "dark", 360), ("en", "light", 1280)]
OTHER_VARIANTS = [
    ("zh-hans", "dark", 1280),
    ("zh-hans", "light", 360),
    ("zh-hans", "light", 1280),
    ("en", "dark", 360),
    ("en", "dark", 1280),
    ("en", "light", 360),
]
# one of each kind: start, list, form with conditions, conversation, queue, figures, tree, year grid, settings
TYPES = (
    "portal:home",
    "desk:mine",
    "desk:new",
    "desk:ticket",
    "desk:queue",
    "portal:loop",
    "org:departments",
    "org:calendar",
    "installation:settings",
)
PARTS = 3  # so that the work spreads over the processors
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
NOT_PAGES = re.compile(r"^(api/|health/|files/|static/|account/2fa/webauthn/)")


@pytest.fixture
def company(settings, transactional_db):
    settings.DEMO = True
    if demo_company.load():
        _readers.cache_clear()
        _pages.cache_clear()


@cache
def _readers() -> dict[str, Person]:
    return {person.employee_no: person for person in Person.objects.filter(employee_no__in=READERS)}


def _address(pattern: str) -> str:
    """Fill the parameters of an address with objects of the demo company."""
    department = Department.objects.get(code="IT")
    open_ticket = Ticket.objects.filter(
        requester=_readers()[EMPLOYEE], state__in=OPEN_TICKET_STATES
    ).first()
    public = {
        "assignment": department.public_id,
        "departments": department.public_id,
        "loop": department.public_id,
        "ratings": department.public_id,
        "calendars": BusinessCalendar.objects.get(is_default=True).public_id,
        "people": _readers()[EMPLOYEE].public_id,
    }
    if pattern.startswith("knowledge/<slug:key>"):
        pattern = pattern.replace(
            "<slug:key>", Article.objects.filter(department=department).first().key
        )
    kinds = {"rules": Rule, "queue/views": SavedView, "queue/macros": Macro}
    for start, kind in kinds.items():
        if pattern.startswith(f"{start}/<"):
            row = kind.objects.filter(department=department).first()
            pattern = pattern.replace("<uuid:public_id>", str(row.public_id), 1)
    values = {
        "public_id": public.get(
            pattern.split("/", maxsplit=1)[0], "019ab3c2-0000-7000-8000-000000000000"
        ),
        "key": Service.objects.filter(department=department).first().key,
        "number": open_ticket.number,
        "no": 0,
        "code": department.code,
        "pk": 1,
        "year": 2026,
        "revision": 1,
    }
    filled = PARAMETER.sub(lambda found: str(values.get(found[1], "x")), pattern)
    return "/" + filled.replace("^", "").replace("$", "").replace("\\Z", "")


@cache
def _pages() -> list[tuple[str, str, Person]]:
    """Return (route name, address, reader) of every address that answers somebody with a page.

    As long as the company is put back as it was, it is asked once.
    """
    found = []
    clients = {number: Client() for number in READERS}
    for number, client in clients.items():
        client.force_login(_readers()[number])
    for route in all_routes():
        if NOT_PAGES.match(route.pattern) or "(?P" in route.pattern:
            continue
        address = _address(route.pattern)
        reader = next((no for no in READERS if _is_page(clients[no].get(address))), None)
        if reader:
            found.append((route.name, address, _readers()[reader]))
    return found


def _is_page(response) -> bool:
    if response.streaming:
        b"".join(response.streaming_content)  # a file is closed at its end
        return False
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return response.status_code == 200 and is_html and b"<html" in response.content


def _check(open_window, pages, variant):
    """Return the faults of each page, looked at in one window per reader."""
    language, theme, width = variant
    windows, found = {}, {}
    for name, address, person in pages:
        if person not in windows:
            windows[person] = open_window(
                person=person, language=language, theme=theme, width=width
            )
        page = windows[person].open(address)
        faults = page.violations() + page.complaints
        if page.scrolls_sideways():
            faults.append("scrolls sideways")
        if faults:
            found[f"{name} {address}"] = faults
        page.page.close()
    return found


def test_the_walk_finds_every_page_and_every_type(company):
    names = [name for name, _address, _person in _pages()]

    assert len(names) > 40
    assert set(TYPES) <= set(names)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_page_is_accessible_and_silent(open_window, company, variant, part):
    assert _check(open_window, _pages()[part::PARTS], variant) == {}


@pytest.mark.parametrize("variant", OTHER_VARIANTS)
def test_every_page_type_is_accessible_in_the_other_six_variants(open_window, company, variant):
    assert _check(open_window, [page for page in _pages() if page[0] in TYPES], variant) == {}
