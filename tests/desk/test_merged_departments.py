"""What a merged department offered and owed: its services move, its requests stay within reach and are worked on."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from neike.catalog import actions as catalog_actions
from neike.catalog import queries as catalog_queries
from neike.catalog.models import FormerProvider, Service
from neike.desk import actions
from neike.desk.choices import LegState
from neike.desk.display.offers import offers
from neike.desk.models import Leg
from neike.kernel.outbox import deliver_pending
from neike.org import queries as org_queries
from neike.org.actions import succession
from tests.make import desk as make
from tests.make import org

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 1)
BEFORE = datetime(2026, 3, 31, 2, tzinfo=UTC)
AFTER = datetime(2026, 4, 2, 2, tzinfo=UTC)


def merge(company, *, now=make.MONDAY):
    succession.merge_departments(
        predecessors=[company.it], successor=company.finance, on=APRIL, by=None, now=now
    )


def deliver(now):
    while deliver_pending(now):
        pass


def test_services_move_on_the_day_of_the_merge_and_not_before():
    it = make.company()
    merge(it)

    deliver(BEFORE)
    catalog_actions.follow_merges(now=BEFORE)
    assert Service.objects.get(pk=it.service.pk).department == it.it
    assert [catalog_actions.follow_merges(now=AFTER) for _twice in range(2)] == [1, 0]

    moved = Service.objects.get(pk=it.service.pk)
    assert moved.department == it.finance
    assert Service.objects.get(pk=it.it_other.pk).department == it.it
    former = FormerProvider.objects.get()
    assert (former.service, former.department, former.until) == (moved, it.it, APRIL)
    days = [date(2026, 3, 31), APRIL]
    found = [catalog_queries.providers_on([moved], on=day)[moved.pk] for day in days]
    assert found == [it.it.pk, it.finance.pk]


def test_a_merge_of_today_moves_the_services_by_itself():
    it = make.company()
    merge(it, now=AFTER)

    deliver(AFTER)

    assert Service.objects.get(pk=it.service.pk).department == it.finance
    tile = {
        each.department.id: each
        for each in catalog_queries.tiles(it.anna, org_queries.organisation_day(AFTER))
    }
    assert it.it.pk not in tile
    assert it.service in tile[it.finance.pk].services


def test_services_of_merges_in_a_row_end_with_the_last_successor():
    it = make.company()
    merge(it)
    succession.merge_departments(
        predecessors=[it.finance], successor=it.hr, on=date(2026, 4, 2), by=None, now=make.MONDAY
    )

    catalog_actions.follow_merges(now=AFTER)

    assert Service.objects.get(pk=it.service.pk).department == it.hr


def test_open_requests_of_a_merged_department_are_worked_by_the_successors_people(client_for):
    it = make.company()
    ticket = it.submit(title="Left behind")
    merge(it)
    deliver(AFTER)
    catalog_actions.follow_merges(now=AFTER)
    leg = ticket.legs.get()

    accepted = actions.accept_leg(leg=leg, by=it.fang, version=leg.version, now=AFTER)

    assert accepted.state == LegState.ACCEPTED
    assert accepted.assignee == it.fang
    # The past stays with who owed it: numbers of the quarter before the merge name the former department.
    assert Leg.objects.get(pk=leg.pk).supplier == it.it
    fresh = it.submit(title="Asked after", now=AFTER)
    assert fresh.supplier == it.finance


def test_the_queue_of_a_merged_department_is_on_the_pages_of_the_successors_people(client_for):
    it = make.company()
    ticket = it.submit(title="Left behind")
    succession.merge_departments(
        predecessors=[it.it], successor=it.finance, on=date(2026, 3, 2), by=None, now=make.MONDAY
    )

    home = client_for(it.fang).get(reverse("portal:home")).content.decode()
    queue = (
        client_for(it.fang)
        .get(reverse("desk:queue"), {"department": str(it.it.public_id)})
        .content.decode()
    )

    assert "Left behind" in home
    assert "Left behind" in queue
    assert client_for(it.fang).get(ticket.path).status_code == 200


def test_a_hand_over_offers_only_departments_in_which_somebody_works():
    it = make.company()
    empty = org.department("Empty", parent=it.hr)
    make.service(empty, calendar=it.calendar)
    chart = org_queries.chart(on=date(2026, 3, 2))

    found = {each.department_id for each in offers(chart, priority="3", without=it.it.pk)}

    assert found == {it.hr.pk, it.finance.pk}


def test_a_preview_names_what_moves_with_a_merge_and_what_leaves_with_a_closing(client_for):
    it = make.company()
    boss = org.administrator("Boss")
    client = client_for(boss)
    client.cookies["neike_language"] = "en"
    today = org_queries.organisation_day(datetime.now(UTC)).isoformat()
    form = {
        "predecessors": [it.it.code],
        "into": it.finance.code,
        "day": today,
    }

    html = client.post(
        reverse("org:merge_departments"), form, headers={"accept-language": "en"}
    ).content.decode()

    assert "1 service goes on in the successor" in html
    assert str(it.service.name.texts["en"]) in html
