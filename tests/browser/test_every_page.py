"""Every page of the product, found by walking its addresses, on a small demo company.

Each page is looked at in two of the language x theme x width variants, the page types in all eight.
"""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from neike.catalog.models import Service
from neike.desk.choices import OPEN_TICKET_STATES
from neike.desk.models import Ticket
from neike.kernel.policies.checks import all_routes
from neike.org.models import BusinessCalendar, Department, Person
from neike.portal import demo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
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
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
NOT_PAGES = re.compile(r"^(api/|health/|files/|static/|account/2fa/webauthn/)")


@pytest.fixture
def company(settings):
    settings.DEMO = True
    demo.load(today=NOW.date(), now=NOW, progress=lambda _line: None, scale=0.02)
    return {person.employee_no: person for person in Person.objects.filter(employee_no__in=READERS)}


def _address(pattern: str, company) -> str:
    """Fill the parameters of an address with objects of the demo company."""
    department = Department.objects.get(code="IT")
    open_ticket = Ticket.objects.filter(
        requester=company[EMPLOYEE], state__in=OPEN_TICKET_STATES
    ).first()
    public = {
        "departments": department.public_id,
        "loop": department.public_id,
        "ratings": department.public_id,
        "calendars": BusinessCalendar.objects.get(is_default=True).public_id,
        "people": company[EMPLOYEE].public_id,
    }
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


def _pages(company):
    """Yield (route name, address, reader) of every address that answers somebody with a page."""
    clients = {}
    for number in READERS:
        clients[number] = Client()
        clients[number].force_login(company[number])
    for route in all_routes():
        if NOT_PAGES.match(route.pattern) or "(?P" in route.pattern:
            continue
        address = _address(route.pattern, company)
        for number, client in clients.items():
            response = client.get(address)
            is_page = response.headers.get("Content-Type", "").startswith("text/html")
            if response.status_code == 200 and is_page and b"<html" in response.content:
                yield route.name, address, company[number]
                break


def _check(open_page, pages, language, theme, width):
    found = {}
    for name, address, person in pages:
        page = open_page(address, person=person, language=language, theme=theme, width=width)
        faults = page.violations() + page.complaints
        if page.scrolls_sideways():
            faults.append("scrolls sideways")
        if faults:
            found[f"{name} {address}"] = faults
        page.page.context.close()
    return found


@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_every_page_is_accessible_and_silent(open_page, company, language, theme, width):
    pages = list(_pages(company))

    assert len(pages) > 40
    assert _check(open_page, pages, language, theme, width) == {}


def test_every_page_type_is_accessible_in_the_other_six_variants(open_page, company):
    pages = [page for page in _pages(company) if page[0] in TYPES]
    found = {
        variant: faults
        for variant in OTHER_VARIANTS
        if (faults := _check(open_page, pages, *variant))
    }

    assert {name for name, _address, _person in pages} == set(TYPES)
    assert found == {}
