"""The queue of a department: views, filters, pages, redaction, costs, and doing one thing to many."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.catalog.choices import Priority
from neike.desk import actions
from neike.desk.choices import LegState, WaitingOn
from neike.desk.models import Leg
from neike.desk.views import queue as views
from tests.make import desk as make

pytestmark = pytest.mark.django_db
QUEUE = "/queue/"


@pytest.fixture
def it():
    return make.company()


@pytest.fixture
def see(client_for):
    def see_(person, **query):
        client = client_for(person)
        client.cookies["neike_language"] = "en"
        return client.get(QUEUE, query)

    return see_


def ago(hours=2):
    return timezone.now() - timedelta(hours=hours)


def offered(it, title="Laptop", **more):
    return it.submit(now=ago(), title=title, **more).legs.get()


def accepted(it, title="Laptop", by=None, **more):
    leg = offered(it, title, **more)
    return actions.accept_leg(leg=leg, by=by or it.ivan, version=leg.version, now=ago(1))


def titles(response):
    return re.findall(r"data-open>([^<]+)</a>", response.content.decode())


def counts(response):
    return {
        tab["href"].split("view=")[1].split("&")[0]: tab["count"]
        for tab in response.context["tabs"]
    }


def test_views_show_and_count_what_they_say(it, see):
    offered(it, "new")
    mine = accepted(it, "mine")
    accepted(it, "hers", by=it.ines)
    waits = accepted(it, "waits")
    actions.wait_leg(
        leg=waits, by=it.ivan, waiting_on=WaitingOn.THIRD_PARTY, reason_given="x",
        follow_up_at=timezone.now() + timedelta(days=1), version=waits.version, now=timezone.now(),
    )  # fmt: skip
    done = accepted(it, "done")
    ticket = done.ticket
    ticket.refresh_from_db()
    actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=timezone.now())
    Leg.objects.filter(pk=mine.pk).update(next_due_at=ago(3))

    found = {view: sorted(titles(see(it.ivan, view=view))) for view in (
        "open", "mine", "offered", "overdue", "waiting", "done")}  # fmt: skip

    assert found["open"] == ["hers", "mine", "new", "waits"]
    assert found["mine"] == ["mine", "waits"]
    assert found["offered"] == ["new"]
    assert "mine" in found["overdue"]
    assert found["waiting"] == ["waits"]
    assert found["done"] == ["done"]
    shown = counts(see(it.ivan))
    assert {k: shown[k] for k in ("open", "mine", "offered", "waiting", "done")} == {
        "open": 4, "mine": 2, "offered": 1, "waiting": 1, "done": 1}  # fmt: skip


def test_another_departments_queue_is_not_shown(it, see):
    offered(it, "canary")

    response = see(it.fang, department="all")

    assert "canary" not in response.content.decode()
    public = str(see(it.ivan).context["tabs"] and it.it.public_id)
    assert "canary" not in see(it.fang, department=public).content.decode()


def test_filters_take_several_values(it, see):
    for code, title in ((Priority.URGENT, "u"), (Priority.HIGH, "h"), (Priority.LOW, "l")):
        offered(it, title, priority=code)
    accepted(it, "i")

    assert sorted(titles(see(it.ivan, priority=["1", "4"]))) == ["l", "u"]
    assert titles(see(it.ivan, assignee=str(it.ivan.public_id))) == ["i"]
    assert sorted(titles(see(it.ivan, assignee=["nobody", str(it.ivan.public_id)]))) == [
        "h", "i", "l", "u"]  # fmt: skip
    assert titles(see(it.ivan, state="accepted")) == ["i"]
    assert titles(see(it.ivan, customer=str(it.finance.public_id))) == []
    assert titles(see(it.ivan, q="U")) == ["u"]


@pytest.mark.parametrize(
    "query",
    [
        {"view": "nonsense"}, {"after": "nonsense"}, {"after": "MjAyNnw"}, {"service": "x"},
        {"q": "\x00"}, {"q": "R-99999999999999999999"}, {"department": "'"}, {"assignee": "1"},
    ],
)  # fmt: skip
def test_nonsense_in_the_address_does_no_harm(it, see, query):
    offered(it)

    assert see(it.ivan, **query).status_code == 200


def test_pages_follow_one_another_without_gap_or_repeat(it, see, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    made = [offered(it, f"t{n}").ticket.title for n in range(5)]
    Leg.objects.filter(ticket__title="t4").update(next_due_at=None)

    seen, response = [], see(it.ivan)
    while True:
        seen += titles(response)
        following = response.context["next"]
        if not following:
            break
        response = response.client.get(QUEUE + following)

    assert sorted(seen) == sorted(made)
    assert seen[-1] == "t4"


@pytest.mark.parametrize("length", [1, 3, 50])
def test_the_queue_costs_the_same_at_any_length(it, client_for, django_assert_num_queries, length):
    for _ in range(length):
        accepted(it)
    client = client_for(it.ivan)
    client.get(QUEUE)  # the first visit stores the session

    with django_assert_num_queries(QUERIES):
        response = client.get(QUEUE)

    assert response.context["shown"] == length


QUERIES = 19


def test_a_confidential_request_of_others_shows_only_that_it_is_there(see, client_for):
    it = make.company(confidential=True)
    leg = accepted(it, "canary-title", by=it.ines)
    it.anna.name = "canary-name"
    it.anna.save()

    page = see(it.ivan).content.decode()

    assert "Confidential request" in page
    assert f"R-{leg.ticket.number}" in page
    assert "canary" not in page
    assert leg.ticket.path not in page
    for query in (
        {"q": "canary"},
        {"customer": str(it.hr.public_id)},
        {"service": str(it.service.public_id)},
    ):
        assert see(it.ivan, **query).context["shown"] == 0
    assert titles(see(it.ines)) == ["canary-title"]


def test_markup_in_titles_and_names_stays_text(it, see):
    it.anna.name = '"><img src=x onerror=alert(1)>'
    it.anna.save()
    offered(it, "<script>alert(2)</script>")

    page = see(it.ivan).content.decode()

    assert "<script>alert(2)" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(2)" in page


def test_several_are_accepted_at_once_and_refusals_are_told(it, client_for):
    first, second = offered(it, "a"), offered(it, "b")
    stale = accepted(it, "c", by=it.ines)
    picks = [f"{leg.pk}-{leg.version}" for leg in (first, second, stale)]
    client = client_for(it.ivan)
    client.cookies["neike_language"] = "en"

    response = client.post(
        reverse("desk:queue_bulk") + "?view=offered",
        {"leg": picks, "action": "accept"},
        follow=True,
    )

    assert response.redirect_chain == [(f"{QUEUE}?view=offered", 302)]
    page = response.content.decode()
    assert "2 requests accepted." in page
    assert f"{stale.ticket}: " in page
    assert {make.fresh(leg).assignee for leg in (first, second)} == {it.ivan}
    assert make.fresh(stale).assignee == it.ines


def test_several_are_assigned_at_once(it, client_for):
    legs = [accepted(it, "a"), accepted(it, "b")]
    picks = [f"{leg.pk}-{leg.version}" for leg in legs]

    client_for(it.ivan).post(
        reverse("desk:queue_bulk"),
        {"leg": picks, "action": "assign", "to": str(it.ines.public_id)},
    )

    assert {make.fresh(leg).assignee for leg in legs} == {it.ines}


def test_legs_of_others_are_left_alone_in_bulk(it, client_for):
    leg = offered(it)

    client_for(it.fang).post(
        reverse("desk:queue_bulk"),
        {"leg": [f"{leg.pk}-{leg.version}", "x", "1-", "-1"], "action": "accept"},
    )

    assert make.fresh(leg).state == LegState.OFFERED


def test_the_menu_tells_how_much_waits(it, see):
    offered(it)

    links = [link for group in see(it.ivan).context["shell"].sidebar for link in group.links]

    assert [(link.count, link.current) for link in links if link.key == "desk.queue"] == [
        (1, "page")
    ]
