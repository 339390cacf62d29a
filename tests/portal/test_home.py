"""Home: what waits, what can be asked, what was asked; the first steps of a newcomer."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions
from neike.portal.models import Welcome
from neike.surveys.models import Rating
from tests.make import desk as make
from tests.make import org

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(client_for):
    """Open home as a person, in English."""

    def open_as(person):
        client = client_for(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client.get(reverse("portal:home"))

    return open_as


def states(response):
    return [step["state"] for step in response.context["steps"]]


def test_a_newcomer_sees_the_first_steps_until_all_are_done(home):
    it = make.company()
    seen = [states(home(it.anna))]
    ticket = it.submit()
    seen.append(states(home(it.anna)))

    leg = ticket.legs.get()
    actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=make.MONDAY)
    seen.append(states(home(it.anna)))
    Rating.objects.create(
        ticket=ticket,
        rater=it.anna,
        supplier=it.it,
        customer=it.hr,
        score=5,
        rated_at=timezone.now(),
    )
    seen.append(states(home(it.anna)))

    assert seen == [
        ["current", "todo", "todo"],
        ["done", "current", "todo"],
        ["done", "done", "current"],
        [],
    ]


def test_the_first_steps_stay_away_once_put_away(home, client_for):
    it = make.company()

    for _twice in range(2):
        assert client_for(it.anna).post(reverse("portal:dismiss_welcome")).status_code == 302

    assert states(home(it.anna)) == []
    assert states(home(it.fang)) != []
    assert Welcome.objects.count() == 1


def test_what_waits_for_a_person_comes_first_and_only_theirs(home):
    it = make.company()
    it.submit(title="To accept")

    served, asking, other = (home(each) for each in (it.ivan, it.anna, it.fang))

    assert [item.title for each in served.context["waiting"] for item in each.items] == [
        "To accept"
    ]
    assert asking.context["waiting"] == []
    assert "Nothing waits for you." in asking.content.decode()
    assert "To accept" not in other.content.decode()


def test_departments_show_their_services_and_something_else_is_always_there(home, client_for):
    it = make.company()

    response = home(it.anna)

    tiles = response.context["tiles"]
    assert [str(each["department"].name) for each in tiles] == ["IT"]  # finance names nothing
    assert [str(name) for name, _key in response.context["others"]] == ["IT", "Finance"]
    onward = client_for(it.anna).get(reverse("portal:something_else"), {"service": it.it_other.key})
    assert onward["Location"] == reverse("desk:new", args=[it.it_other.key])
    for key in ("", "none", "\x00"):
        answer = client_for(it.anna).get(reverse("portal:something_else"), {"service": key})
        assert answer.status_code == 404


def test_a_department_in_which_nobody_works_is_not_offered_for_something_else(home):
    it = make.company()
    root = org.department("The whole company", calendar=it.calendar)
    make.lead(it.it_head, root)  # leads it from elsewhere
    make.service(root, calendar=it.calendar, catch_all=True)
    desk = org.department("Service desk", calendar=it.calendar)
    make.service(desk, calendar=it.calendar, catch_all=True)
    org.person("Left", department=desk, left_on=org.EPOCH)

    before = [str(name) for name, _key in home(it.anna).context["others"]]
    org.person("Nora", department=desk)
    after = [str(name) for name, _key in home(it.anna).context["others"]]

    assert before == ["IT", "Finance"]
    assert sorted(after) == ["Finance", "IT", "Service desk"]


def test_own_requests_show_the_next_step(home):
    it = make.company()
    it.submit(title="Mine")

    rows = home(it.anna).context["rows"]

    assert [(row.ticket.title, row.step.words) for row in rows] == [("Mine", "IT takes it on")]


def test_home_costs_the_same_at_any_length(home):
    it = make.company()
    it.accepted()
    counts = []
    for _length in (1, 3):
        home(it.anna)  # calendars are kept once read
        with CaptureQueriesContext(connection) as caught:
            home(it.anna)
        counts.append(len(caught))
        it.accepted()
        it.accepted()

    assert counts[0] == counts[1]
    assert counts[0] < 62


def test_an_installation_without_anything_says_what_will_be_here(home):

    response = home(org.person("Solo"))

    assert response.status_code == 200
    assert "Nothing is offered yet" in response.content.decode()
