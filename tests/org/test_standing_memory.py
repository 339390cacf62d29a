"""Roles are read once per request, on the organisation's day, and never remembered beyond it."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neike.catalog.policies import manages_services
from neike.kernel.policies import holds_role
from neike.org import policies, standing
from neike.org.actions import posts, roles
from neike.org.actions.roles import Term
from neike.org.choices import LeadKind, Role
from neike.org.middleware import rights
from neike.org.policies.roles import may_open_roles
from tests import make
from tests.make.org import NOW

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
EARLY_IN_SHANGHAI = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # 07:30 on 3 March in Shanghai
SIGN_IN = 2  # the session and the person
SETTINGS = 1
STAMPS = 1  # that roles, places and the chart have not changed
BELL = 1
QUEUE = 1  # what waits in the queue of the departments one serves
NO_QUEUE = 0
PROPOSALS = 1
APPROVALS = 1  # whether one, or whom one stands in for, was ever asked to approve


def _employee():
    return make.person(department=make.department())


def _agent():
    department = make.department()
    person = make.person(department=department)
    make.grant(person, Role.AGENT, department=department)
    return person


def _lead():
    department = make.department()
    person = make.person(department=department)
    posts.set_lead(
        department=department,
        person=person,
        kind=LeadKind.LEAD,
        valid_from=TODAY,
        valid_to=None,
        by=None,
        now=NOW,
    )
    return person


@pytest.mark.parametrize(
    ("who", "more"),
    [
        (_employee, QUEUE),
        (_agent, QUEUE),
        (_lead, QUEUE),
        (make.administrator, NO_QUEUE + PROPOSALS),
    ],
)
def test_a_page_with_its_menu_costs_a_handful_of_queries_whoever_reads_it(
    client_for, django_assert_num_queries, who, more
):
    client = client_for(who())
    client.get(reverse("ui:style"))

    with django_assert_num_queries(SIGN_IN + SETTINGS + STAMPS + BELL + APPROVALS + more):
        response = client.get(reverse("ui:style"))

    assert response.status_code == 200


def test_within_a_request_roles_are_read_once_and_afterwards_again(django_assert_num_queries):
    person, seen = make.person(), []
    make.grant(person, Role.AUDITOR)  # a stamp that no other test has kept anything under

    def view(_request: object) -> HttpResponse:
        seen.append(holds_role(person, "SA"))
        make.grant(person, Role.ADMINISTRATOR)  # another process
        seen.append(holds_role(person, "SA"))
        return HttpResponse()

    with CaptureQueriesContext(connection) as asked:
        rights(view)(RequestFactory().get("/"))
    seen.append(holds_role(person, "SA"))

    assert seen == [False, False, True]
    assert sum("org_departmentlead" in each["sql"] for each in asked.captured_queries) == 1


def test_what_a_request_changes_it_sees_at_once():
    administrator, person = make.administrator(), make.person()
    department = make.department()

    with standing.remembered():
        assert not standing.holds_role(person, Role.AGENT, department, on=TODAY)
        grant = roles.grant_role(
            asked=policies.Asked(person, Role.AGENT, department),
            term=Term(TODAY, None, "helps"),
            by=administrator,
            now=NOW,
        )
        assert standing.holds_role(person, Role.AGENT, department, on=TODAY)
        roles.revoke_role(grant=grant, reason="done", by=administrator, now=NOW)
        assert not standing.holds_role(person, Role.AGENT, department, on=TODAY)
        lead = posts.set_lead(
            department=department,
            person=person,
            kind=LeadKind.LEAD,
            valid_from=TODAY,
            valid_to=None,
            by=administrator,
            now=NOW,
        )
        assert standing.leads(person, department, on=TODAY)
        posts.end_lead(lead=lead, on=TODAY, by=administrator, now=NOW)
        assert not standing.leads(person, department, on=TODAY)


def test_whoever_holds_nothing_costs_two_queries_however_often_one_asks(django_assert_num_queries):
    person, departments = make.person(), [make.department() for _ in range(3)]

    with django_assert_num_queries(2), standing.remembered():  # the stamp, and the roles
        for department in departments:
            assert not standing.holds_role(person, Role.LEAD, department, on=TODAY)
            assert not standing.leads(person, department, on=TODAY)


@pytest.fixture
def early(monkeypatch):
    """The clock the doors read stands at half past seven in Shanghai: still yesterday in UTC."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: EARLY_IN_SHANGHAI)


def test_a_role_given_before_eight_in_shanghai_holds_at_once(early):
    person = make.person()
    today = policies.day_of(EARLY_IN_SHANGHAI)
    make.grant(person, Role.SERVICE_OWNER, department=make.department(), valid_from=today)

    assert today == date(2026, 3, 3)
    assert holds_role(person, Role.SERVICE_OWNER)
    assert may_open_roles(person)
    assert manages_services(person)


def test_a_role_ends_at_midnight_of_the_organisation(early):
    person = make.person()
    make.grant(person, Role.SERVICE_OWNER, valid_to=date(2026, 3, 3))

    assert not holds_role(person, Role.SERVICE_OWNER)
    assert not manages_services(person)


def test_who_leaves_today_cannot_sign_in_from_midnight_of_the_organisation(early):
    gone, last_day = make.person(left_on=date(2026, 3, 3)), make.person(left_on=date(2026, 3, 4))

    assert (gone.is_active, last_day.is_active) == (False, True)
