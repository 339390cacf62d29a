"""What the observed map says on the pages of relations, and what it keeps to itself."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from neike.insights.models import Observation, ObservedEdge
from neike.kernel import installation
from neike.kernel.registries import RELATION_FIGURES, RelationSeen
from neike.org import queries as org_queries
from tests.make import department, maps, person
from tests.make import relations as make
from tests.make.org import NOW

pytestmark = pytest.mark.django_db
LABEL = "Work seen in two quarters"
QUIET = "some, by too few people to say how much"
PAPER = "none: so far it stands on paper only"


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def ends():
    maps.counted()
    return make.two_ends()


def said(*relations, by=None):
    """Return what is told of each relation, in order."""
    seen = [RelationSeen(each, "provider") for each in relations]
    found = RELATION_FIGURES.get("insights.compared").facts(by, seen, NOW)
    return [[(str(fact.label), fact.value) for fact in found.get(one.pk, [])] for one in relations]


def test_an_agreed_relation_tells_the_work_seen(ends):
    maps.seen(ends.provider, ends.customer, 12, before=8, people_before=(4, 4))
    assert said(make.confirmed(ends)) == [[(LABEL, "20 hand-overs")]]


def test_an_agreed_relation_without_work_stands_on_paper(ends):
    assert said(make.confirmed(ends)) == [[(LABEL, PAPER)]]


@pytest.mark.parametrize("people", [(2, 9), (9, 2)])
def test_of_work_by_too_few_people_no_number_is_told(ends, people):
    maps.seen(ends.provider, ends.customer, 40, people=people)
    assert said(make.confirmed(ends)) == [[(LABEL, QUIET)]]


def test_of_a_mere_proposal_work_by_too_few_people_is_not_told_at_all(ends):
    maps.seen(ends.provider, ends.customer, 40, people=(2, 9))
    assert said(make.proposed(ends)) == [[]]


def test_a_proposal_from_what_was_seen_tells_how_much(ends):
    maps.seen(ends.provider, ends.customer, 40)
    expected = "40 hand-overs, though nobody has agreed yet"
    assert said(make.proposed(ends)) == [[(LABEL, expected)]]


def test_nothing_is_called_paper_before_everything_was_counted(ends):
    Observation.objects.all().delete()
    assert said(make.confirmed(ends)) == [[]]


def test_relations_between_persons_are_not_on_the_map(ends):
    assert said(make.between_people()) == [[]]


@pytest.mark.parametrize("length", [1, 3])
def test_it_costs_the_same_for_many_relations(ends, length, django_assert_num_queries):
    relations = [make.confirmed(make.two_ends()) for _ in range(length)]
    said(*relations)  # this process has read the edges once
    with installation.remembered(), django_assert_num_queries(5):
        said(*relations)


def test_everybody_reads_it_on_the_pages_of_relation_and_department(client_for, ends):
    now = timezone.now()
    relation = make.confirmed(ends, now=now)
    start = org_queries.current_quarter(now).start
    for quarters in (1, 2):
        ObservedEdge.objects.create(
            quarter_start=start,
            quarters=quarters,
            supplier=ends.provider,
            customer=ends.customer,
            legs=31,
            tickets=31,
            supplier_people=5,
            customer_people=5,
            handovers=0,
        )
    client = client_for(person(department=department()))

    for url in (
        relation.path,
        reverse("relations:department", args=[ends.provider.public_id]),
        reverse("relations:department", args=[ends.customer.public_id]),
    ):
        page = client.get(url).content.decode()
        assert "31 hand-overs" in page
        assert "Open with us" not in page
