"""Services are offered, edited, published and retired by those who may, and by nobody else."""

import pytest
from django.core.exceptions import PermissionDenied

from neike.catalog import actions, policies, queries
from neike.catalog.actions import (
    FormRefusedError,
    NotReadyError,
    ServiceChangedError,
    ServiceRefusedError,
    TakenError,
)
from neike.catalog.choices import ServiceState
from neike.catalog.models import Service
from neike.org.choices import Role
from neike.org.models import RoleGrant
from tests import make
from tests.make import catalog
from tests.make.org import EPOCH, NOW, calendar

pytestmark = pytest.mark.django_db
ON = NOW.date()


def test_a_service_is_published_with_a_name_a_form_and_a_standard():
    service = catalog.service()

    service.refresh_from_db()
    assert service.state == ServiceState.PUBLISHED


def test_a_service_that_lacks_form_and_standard_is_not_published_and_says_so():
    service = catalog.draft_service()

    with pytest.raises(NotReadyError) as refused:
        actions.publish_service(service=service, by=None, now=NOW)

    assert len(refused.value.messages) == 2
    service.refresh_from_db()
    assert service.state == ServiceState.DRAFT


def test_a_key_that_is_taken_is_refused():
    catalog.draft_service(key="it-laptop")

    with pytest.raises(TakenError, match="it-laptop"):
        catalog.draft_service(key="it-laptop")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": catalog.text("")}, "name"),
        ({"name": catalog.text("x" * 121)}, "120"),
        ({"icon": "no-such-icon"}, "no-such-icon"),
        ({"keywords": ["x"] * 41}, "40"),
        ({"keywords": ["x" * 61]}, "short words"),
        ({"audience": {"departments": ["not-an-id"]}}, "does not exist"),
        ({"audience": {"departments": ["00000000-0000-0000-0000-000000000000"]}}, "does not exist"),
        ({"audience": {"departments": []}}, "audience"),
        ({"audience": {"people": [1]}}, "audience"),
    ],
)
def test_fields_that_make_no_service_are_refused_and_nothing_is_stored(fields, words):
    with pytest.raises(ServiceRefusedError, match=words):
        catalog.draft_service(**fields)

    assert not Service.objects.exists()


@pytest.mark.parametrize("key", ["", "X", "a b", "../x", "a" * 65, "1st"])
def test_a_key_that_is_no_plain_word_is_refused(key):
    with pytest.raises(ServiceRefusedError, match="key"):
        actions.create_service(
            department=make.department(), key=key, by=None, now=NOW, name=catalog.text("x")
        )


def test_a_stale_save_is_refused():
    service = catalog.draft_service()
    actions.update_service(service=service, by=None, now=NOW, version=0, order=5)

    with pytest.raises(ServiceChangedError):
        actions.update_service(service=service, by=None, now=NOW, version=0, order=6)


def test_publishing_the_same_form_again_keeps_the_version():
    service = catalog.draft_service()
    first = actions.publish_form(service=service, fields=catalog.FORM, by=None, now=NOW)

    again = actions.publish_form(service=service, fields=catalog.FORM, by=None, now=NOW)

    assert again == first


def test_a_form_that_cannot_work_is_refused_naming_the_field():
    with pytest.raises(FormRefusedError, match="colour"):
        actions.publish_form(
            service=catalog.draft_service(),
            fields=[{"key": "colour", "type": "rainbow", "label": {"en": "x"}}],
            by=None,
            now=NOW,
        )


def test_a_retired_service_is_no_longer_offered():
    service = catalog.service()
    person = make.person()

    actions.retire_service(service=service, by=None, now=NOW)

    assert not queries.services_visible_to(person, ON).exists()


def test_every_department_gets_one_catch_all_that_promises_something():
    department = make.department()

    made = actions.ensure_catch_all(department, calendar=calendar(), now=NOW)
    again = actions.ensure_catch_all(department, calendar=calendar(), now=NOW)

    assert made == again
    assert made.state == ServiceState.PUBLISHED
    promised = queries.promise(queries.standard_for(department), "3")
    assert set(promised) == {
        "acceptance",
        "first_response",
        "next_response",
        "leg_delivery",
        "end_to_end",
        "approval",
    }


def test_the_catch_all_cannot_be_retired():
    made = actions.ensure_catch_all(make.department(), calendar=calendar(), now=NOW)

    with pytest.raises(ServiceRefusedError):
        actions.retire_service(service=made, by=None, now=NOW)


def _grant(person, role, **scope):
    RoleGrant.objects.create(person=person, role=role, valid_from=EPOCH, **scope)
    return person


@pytest.fixture
def house():
    """A department with a team below it, beside another department; the team offers a service."""
    top = make.department()
    team = make.department(parent=top)
    return top, team, make.department(), catalog.draft_service(team)


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("nobody", False),
        ("member", False),
        ("agent", False),
        ("lead role", False),
        ("owner", True),
        ("SO of the service", True),
        ("SO of another service", False),
        ("SO of the team", True),
        ("SO of the department above", True),
        ("SO of another department", False),
        ("SO of everything", True),
        ("administrator", True),
        ("auditor", False),
        ("SO of the team until yesterday", False),
    ],
)
def test_who_may_edit_a_service_and_sees_it_in_the_list(house, who, allowed):
    top, team, other, service = house
    person = make.person(department=team if who == "member" else None)
    grants = {
        "agent": (Role.AGENT, {"department": team}),
        "lead role": (Role.LEAD, {"department": team}),
        "SO of the service": (Role.SERVICE_OWNER, {"service_public_id": service.public_id}),
        "SO of another service": (
            Role.SERVICE_OWNER,
            {"service_public_id": catalog.draft_service().public_id},
        ),
        "SO of the team": (Role.SERVICE_OWNER, {"department": team}),
        "SO of the department above": (Role.SERVICE_OWNER, {"department": top}),
        "SO of another department": (Role.SERVICE_OWNER, {"department": other}),
        "SO of everything": (Role.SERVICE_OWNER, {}),
        "administrator": (Role.ADMINISTRATOR, {}),
        "auditor": (Role.AUDITOR, {}),
        "SO of the team until yesterday": (
            Role.SERVICE_OWNER,
            {"department": team, "valid_to": ON},
        ),
    }
    if who in grants:
        role, scope = grants[who]
        _grant(person, role, **scope)
    if who == "owner":
        service = actions.update_service(service=service, by=None, now=NOW, owner=person)

    assert bool(policies.may_edit(person, service, on=ON)) is allowed
    assert queries.services_editable_by(person, ON).filter(pk=service.pk).exists() is allowed
    if not allowed:
        with pytest.raises(PermissionDenied):
            actions.update_service(service=service, by=person, now=NOW, order=1)


def test_only_owners_of_the_department_add_services_to_it():
    department = make.department()
    owner = _grant(make.person(), Role.SERVICE_OWNER, department=department)

    made = actions.create_service(
        department=department, key="ours", by=owner, now=NOW, name=catalog.text("Ours")
    )

    assert made.state == ServiceState.DRAFT
    with pytest.raises(PermissionDenied):
        actions.create_service(
            department=make.department(), key="theirs", by=owner, now=NOW, name=catalog.text("x")
        )
