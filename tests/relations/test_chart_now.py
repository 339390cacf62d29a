"""Having the chart followed now: one's own at once, everybody's by a job whose result comes as a notice."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from neike.kernel.notices.models import Notice
from neike.org.choices import Role
from neike.relations.models import ServiceRelation
from tests.make import department, org, person
from tests.make import relations as make
from tests.make.background import run_jobs

pytestmark = pytest.mark.django_db
MINE, WHOLE = reverse("relations:follow_chart"), reverse("relations:follow_whole_chart")


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def team():
    """A head with two people."""
    where = department()
    head = make.lead(where)
    return head, person(department=where), person(department=where)


def text(response):
    return response.content.decode()


def test_a_head_has_their_own_proposed_and_hears_how_many(client_for, team):
    head, *_members = team
    client = client_for(head)
    assert "Propose mine now" in text(client.get(reverse("relations:mine")))

    first, second = (client.post(MINE, follow=True) for _ in range(2))

    assert "4 relations proposed from the organisation chart" in text(first)
    assert "Confirm all 2" in text(first)
    assert "Nothing new" in text(second)
    assert ServiceRelation.objects.count() == 4


def test_everybodys_is_for_officers(client_for, team):
    head, *_members = team
    client = client_for(head)

    assert WHOLE not in text(client.get(reverse("relations:mine")))
    assert client.post(WHOLE).status_code == 403


@pytest.mark.parametrize("role", [Role.QUALITY_OFFICER, Role.ADMINISTRATOR])
@pytest.mark.django_db(transaction=True)
def test_an_officer_has_everybodys_proposed_and_gets_a_notice(client_for, team, role):
    officer = person()
    org.grant(officer, role)
    client = client_for(officer)
    assert WHOLE in text(client.get(reverse("relations:mine")))

    answer = client.post(WHOLE, follow=True)
    run_jobs(timezone.now())

    assert "You get a notice when it is done" in text(answer)
    assert ServiceRelation.objects.count() == 4
    assert "4 relations" in str(Notice.objects.get(person=officer).title)


def test_an_officer_of_one_department_is_none_of_all(client_for, team):
    officer = person()
    org.grant(officer, Role.QUALITY_OFFICER, department=department())
    assert client_for(officer).post(WHOLE).status_code == 403
