"""Roles can cover one service: the organisation's roles page knows what the catalogue offers."""

import pytest
from django.urls import reverse

from neike.org.choices import Role
from neike.org.models import RoleGrant
from neike.org.standing import holds_role
from tests import make
from tests.make import catalog
from tests.make.org import EPOCH, NOW

pytestmark = pytest.mark.django_db
URL = "org:roles"


def _choices(page) -> list[str]:
    fields = page.context["form"].fields
    return [name for _key, name in fields["service"].choices][1:] if "service" in fields else []


@pytest.mark.parametrize("role", [Role.SERVICE_OWNER, Role.AGENT])
def test_an_administrator_gives_a_role_for_one_service(client_for, role):
    service, other = catalog.draft_service(), catalog.draft_service()
    person, client = make.person(), client_for(make.administrator(language="en"))
    page = client.get(reverse(URL))

    client.post(
        reverse("org:grant_role"),
        {
            "person": person.employee_no,
            "role": role.value,
            "service": str(service.public_id),
            "valid_from": EPOCH.isoformat(),
            "reason": "knows it best",
        },
    )

    assert _choices(page) == sorted([str(service.name), str(other.name)])
    today = NOW.date()
    assert holds_role(person, role, on=today, service=service.public_id)
    assert not holds_role(person, role, on=today, service=other.public_id)
    assert str(service.name) in client.get(reverse(URL)).content.decode()


def test_a_service_owner_is_offered_only_the_own_services(client_for):
    own, _other = catalog.draft_service(), catalog.draft_service()
    person = make.person(language="en")
    make.grant(person, Role.SERVICE_OWNER, service_public_id=own.public_id)

    page = client_for(person).get(reverse(URL))

    assert _choices(page) == [str(own.name)]


@pytest.mark.parametrize("length", [1, 3])
def test_the_roles_page_costs_the_same_at_any_length(client_for, django_assert_num_queries, length):
    client = client_for(make.administrator())
    for _ in range(length):
        service = catalog.draft_service()
        make.grant(make.person(), Role.AGENT, service_public_id=service.public_id)
    client.get(reverse(URL))

    with django_assert_num_queries(11):
        client.get(reverse(URL))

    assert RoleGrant.objects.filter(role=Role.AGENT).count() == length
