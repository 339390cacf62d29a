"""Start for real: the demo goes, the administrator and the settings stay."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from neike.catalog.models import Service
from neike.desk.models import Ticket, TicketEvent
from neike.kernel import audit, search
from neike.kernel.audit.models import AuditEntry
from neike.kernel.installation.models import Installation
from neike.kernel.safety import guards_lifted, missing_safety_objects
from neike.org.choices import Role
from neike.org.models import BusinessCalendar, Department, Person, RoleGrant
from neike.portal import demo as portal_demo
from tests import make
from tests.make import asking

pytestmark = pytest.mark.django_db
PASSWORD = "truly-our-own-2026"


@pytest.fixture
def demo(settings):
    """A demo with an administrator, and something of everything."""
    settings.DEMO = True
    now = timezone.now()
    company = asking.seeded(now=now)
    asking.busy(company, now=now)
    admin = make.administrator("演示管理员")
    Installation.objects.update_or_create(pk=1, defaults={"support_contact": "ext. 8888"})
    audit.record(
        action="installation.changed", subject=Installation(pk=1), by=company.anna, now=now
    )
    return admin


def typed(**more):
    return {
        "name": "王小明",
        "employee_no": "A1",
        "email": "ming@example.com",
        "password": PASSWORD,
        "phrase": "start",
        **more,
    }


def test_everything_of_the_demo_goes_and_the_administrator_stays(client_for, demo):
    calendars = BusinessCalendar.objects.count()
    client = client_for(demo)

    response = client.post(reverse("portal:start"), typed())

    left = Person.objects.get()
    assert response.status_code == 200
    assert "neike serve" in response.content.decode()
    assert (left.pk, left.name, left.employee_no) == (demo.pk, "王小明", "A1")
    assert left.check_password(PASSWORD)
    assert [each.role for each in RoleGrant.objects.all()] == [Role.ADMINISTRATOR]
    for model in (Ticket, TicketEvent, Service, Department, search.models.SearchEntry):
        assert model.objects.count() == 0
    assert BusinessCalendar.objects.count() == calendars
    assert Installation.objects.get().support_contact == "ext. 8888"
    assert not client.get("/").wsgi_request.user.is_authenticated


def test_the_new_record_begins_with_it_and_the_guards_stand_again(client_for, demo):
    client_for(demo).post(reverse("portal:start"), typed())

    assert AuditEntry.objects.order_by("pk").first().action == "portal.started_for_real"
    assert missing_safety_objects() == []


def test_the_emptied_installation_works(client_for, demo):
    client_for(demo).post(reverse("portal:start"), typed())
    admin = Person.objects.get()

    client = client_for(admin)

    for name in ("portal:home", "desk:mine", "catalog:browse", "org:departments", "portal:loops"):
        assert client.get(reverse(name)).status_code == 200


def test_the_demo_command_keeps_its_hands_off_a_real_installation(client_for, demo):
    before = portal_demo.was_started_for_real()
    client_for(demo).post(reverse("portal:start"), typed())

    assert not before
    with pytest.raises(CommandError, match="started for real"):
        call_command("demo", "--reset", "--no-serve")
    assert Person.objects.get().employee_no == "A1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"phrase": "yes"},
        {"phrase": ""},
        {"password": "123"},
        {"email": "no"},
        {"employee_no": "a@b"},
        {"name": "  "},
        {"employee_no": "\x00"},
    ],
)
def test_a_mistake_changes_nothing(client_for, demo, wrong):
    tickets, people = Ticket.objects.count(), Person.objects.count()

    response = client_for(demo).post(reverse("portal:start"), typed(**wrong))

    assert response.status_code == 422
    assert (Ticket.objects.count(), Person.objects.count()) == (tickets, people)
    assert missing_safety_objects() == []


def test_nobody_else_and_no_other_installation_has_this_door(client_for, demo, settings):
    anna = Person.objects.get(name="安娜")
    refused = [client_for(anna).get(reverse("portal:start"))]
    settings.DEMO = False

    refused.append(client_for(demo).post(reverse("portal:start"), typed()))

    assert [each.status_code for each in refused] == [403, 403]
    assert Ticket.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_guards_are_lifted_in_a_transaction_only():
    with pytest.raises(RuntimeError), guards_lifted():
        pass
