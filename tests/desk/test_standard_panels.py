"""Who publishes a standard is told what becomes of open requests; the page says who has signed and what was kept."""

from datetime import UTC

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neike.catalog import actions as catalog_actions
from neike.catalog.actions import minutes
from neike.desk.models import Clock
from neike.desk.queries.standards import OpenUnder, open_under
from neike.insights.queries import EVERYTHING
from neike.insights.queries.attained import attained
from neike.org.choices import Role
from neike.org.queries import current_quarter
from tests.make import catalog, org
from tests.make import desk as make
from tests.make import insights as make_insights
from tests.make import relations as make_relations

pytestmark = pytest.mark.django_db

NOON = make.at("2 12:00")


@pytest.fixture
def company(db):
    return make.company()


def drafted(company, **targets):
    """Return a draft of the company's service on its calendar; promised minutes."""
    content = catalog.content(
        calendar=company.calendar,
        targets=minutes({metric: {"": one} for metric, one in targets.items()}),
    )
    return catalog_actions.draft_standard(
        service=company.service, content=content, by=None, now=NOON
    )


def test_open_requests_keep_their_standard_and_one_sees_how_they_would_stand(company):
    company.submit(now=make.at("2 09:00"))  # three hours by noon
    company.submit(now=make.at("2 11:30"))
    due = list(Clock.objects.values_list("pk", "due_at"))
    draft = drafted(company, first_response=60, end_to_end=120)

    found = open_under(draft, now=NOON)
    catalog_actions.publish_standard(standard=draft, by=None, now=NOON)

    assert found == OpenUnder(open=2, late=0, would_be_late=1, is_part=False)
    assert list(Clock.objects.values_list("pk", "due_at")) == due


def test_counting_costs_the_same_for_one_and_three(company):
    draft = drafted(company, first_response=60, end_to_end=120)
    open_under(draft, now=NOON)  # the calendar is prepared once
    costs = []
    for more in (1, 2):
        for _each in range(more):
            company.submit()
        with CaptureQueriesContext(connection) as found:
            open_under(draft, now=NOON)
        costs.append(len(found))

    assert costs[0] == costs[1]


def test_the_owner_reads_it_before_publishing(company, client_for, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON.astimezone(UTC))
    company.submit(now=make.at("2 09:00"))
    drafted(company, first_response=60, end_to_end=120)
    owner = org.person("Olga", department=company.it)
    org.grant(owner, Role.SERVICE_OWNER, department=company.it)
    client = client_for(owner)
    client.cookies["neike_language"] = "en"

    page = client.get(reverse("catalog:standard", args=[company.service.key])).text

    assert "1 open request keeps the version it was made under." in page
    assert "Under this version it would be 1." in page


def test_the_service_page_shows_what_was_kept_by_quarter(db):
    house = make_insights.history()
    quarter = current_quarter(make_insights.NOW)

    found = attained(house.service, ["end_to_end"], [quarter, quarter.previous()], EVERYTHING)

    share = found["end_to_end"][0]
    assert share is not None
    assert (share.hits, share.n) == (3, 4)
    assert found["end_to_end"][1] is None


def test_signatures_show_to_the_two_sides_only(client_for):
    ends = make_relations.two_ends()
    agreement = make_relations.signed(ends)
    address = reverse("catalog:service", args=[agreement.service.key])

    assert agreement.path in client_for(ends.provider_lead).get(address).text
    assert agreement.path in client_for(ends.customer_lead).get(address).text
    assert agreement.path not in client_for(org.person("Sven")).get(address).text
