"""The pages of ratings: each person sees and does what their policy says, and hostile input does nothing."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from neike.desk.models import Ticket
from neike.kernel.notices.models import Notice
from neike.kernel.outbox import deliver_pending
from neike.kernel.registries import LOOP_STEPS, MY_DAY, LoopPage
from neike.org import queries as org_queries
from neike.surveys import actions
from neike.surveys.models import Rating
from tests.make import desk, org, surveys
from tests.make.pages import without_what_is_new

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def company():
    return desk.company()


@pytest.fixture
def ticket(company):
    """A request of Anna's, resolved by Ivan an hour ago."""
    return surveys.resolved(company, now=timezone.now() - timedelta(hours=2))


def rate_url(ticket):
    return reverse("surveys:rate_ticket", args=[ticket.number])


def department_url(department, **query):
    url = reverse("surveys:ratings", args=[department.public_id])
    return url + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def page_of(client, ticket):
    return client.get(ticket.path).content.decode()


def test_the_requester_is_asked_on_the_page_of_the_request(client_for, company, ticket):
    page = page_of(client_for(company.anna), ticket)

    assert 'id="rating-panel"' in page
    assert page.count('name="score"') == 5
    assert "Confirm and send" in page


def test_rating_without_scripts_leads_back_to_the_request(client_for, company, ticket):
    client = client_for(company.anna)

    response = client.post(
        rate_url(ticket),
        {"score": "5", "good": ["speed"], "poor": ["result"], "comment": "Quick!"},
    )

    assert (response.status_code, response["Location"]) == (302, ticket.path)
    rating = Rating.objects.get()
    assert (rating.score, rating.reasons, rating.comment) == (5, ["speed"], "Quick!")
    assert Ticket.objects.get(pk=ticket.pk).state == "resolved"
    assert "your rating" in page_of(client, ticket)


def test_reasons_follow_the_score(client_for, company, ticket):
    client_for(company.anna).post(
        rate_url(ticket), {"score": "2", "good": ["speed"], "poor": ["result", "clarity"]}
    )

    assert Rating.objects.get().reasons == ["result", "clarity"]


def test_confirming_and_rating_is_one_step(client_for, company, ticket):
    response = client_for(company.anna).post(
        rate_url(ticket), {"score": "4", "confirm": "1", "version": ticket.version}
    )

    assert response.status_code == 302
    assert Rating.objects.get().score == 4
    assert Ticket.objects.get(pk=ticket.pk).state == "closed"


def test_if_it_cannot_be_confirmed_nothing_is_rated_either(client_for, company, ticket):
    response = client_for(company.anna).post(
        rate_url(ticket), {"score": "4", "confirm": "1", "version": ticket.version - 1}
    )

    assert response.status_code == 422
    assert not Rating.objects.exists()
    assert Ticket.objects.get(pk=ticket.pk).state == "resolved"


def test_with_scripts_the_panel_is_answered(client_for, company, ticket):
    response = client_for(company.anna).post(
        rate_url(ticket), {"score": "3"}, headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert page.lstrip().startswith('<section id="rating-panel"')
    assert "<html" not in page


def test_confirming_with_scripts_shows_the_request_anew(client_for, company, ticket):
    response = client_for(company.anna).post(
        rate_url(ticket),
        {"score": "3", "confirm": "1", "version": ticket.version},
        headers={"HX-Request": "true"},
    )

    assert response["HX-Redirect"] == ticket.path


def test_the_page_of_its_own_offers_the_form(client_for, company, ticket):
    response = client_for(company.anna).get(rate_url(ticket))

    assert response.status_code == 200
    assert response.content.decode().count('name="score"') == 5


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"score": "0"},
        {"score": "6"},
        {"score": "5; DROP TABLE"},
        {"score": "٣"},
        {"score": "4", "good": ["luck"]},
        {"score": "4", "comment": "x" * 2001},
        {"score": "4", "version": "9" * 30},
    ],
)
@pytest.mark.parametrize("scripts", [True, False])
def test_wrong_input_gives_the_form_again(client_for, company, ticket, wrong, scripts):
    headers = {"HX-Request": "true"} if scripts else {}

    response = client_for(company.anna).post(rate_url(ticket), wrong, headers=headers)

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Rating.objects.exists()


def test_a_comment_is_shown_as_typed(client_for, company, ticket):
    hostile = "<script>alert(1)</script>{{ 7 }}=cmd"
    client_for(company.anna).post(rate_url(ticket), {"score": "1", "comment": hostile})

    page = page_of(client_for(company.ivan), ticket)

    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}=cmd" in page
    assert "<script>alert(1)" not in page


def test_who_may_rate_and_who_gets_which_answer(client_for, company, ticket):
    follower = org.person("Follower", department=company.finance)
    ticket.participants.create(person=follower, added_by=company.anna, added_at=timezone.now())
    people = {
        "requester": company.anna,
        "agent who worked": company.ivan,
        "other agent": company.ines,
        "lead": company.it_head,
        "requester's lead": company.hr_head,
        "follower": follower,
        "colleague": org.person("Colleague", department=company.hr),
        "outsider": org.person("Outsider"),
        "administrator": org.administrator("Admin"),
    }

    statuses = {
        role: client_for(person).post(rate_url(ticket), {"score": "5"}).status_code
        for role, person in people.items()
    }

    assert statuses == {
        "requester": 302,
        "agent who worked": 403,
        "other agent": 403,
        "lead": 403,
        "requester's lead": 403,
        "follower": 403,
        "colleague": 404,
        "outsider": 404,
        "administrator": 404,
    }
    assert Client().post(rate_url(ticket), {"score": "5"}).status_code == 302
    assert Rating.objects.count() == 1


def test_who_reads_the_rating_on_the_page_of_the_request(client_for, company, ticket):
    actions.rate_ticket(
        ticket=ticket, by=company.anna, score=2, comment="Sloppy work", now=timezone.now()
    )
    follower = org.person("Follower", department=company.finance)
    ticket.participants.create(person=follower, added_by=company.anna, added_at=timezone.now())

    reads = {
        person.name: "Sloppy work" in page_of(client_for(person), ticket)
        for person in (
            company.anna,
            company.ivan,
            company.ines,
            company.it_head,
            company.hr_head,
            follower,
        )
    }

    assert reads == {
        "Anna": True,
        "Ivan": True,
        "Ines": True,
        "Ito": True,
        "Hu": False,
        "Follower": False,
    }


def test_the_sending_department_is_asked_for_a_leg(client_for, company):
    leg = surveys.confirmed_leg(company, now=timezone.now() - timedelta(hours=2))
    url = reverse("surveys:rate_leg", args=[leg.ticket.number, leg.no])
    client = client_for(company.ivan)
    assert "How good was what Finance delivered?" in page_of(client, leg.ticket)

    assert client.post(url, {"score": "2", "poor": ["clarity"]}).status_code == 302

    rating = Rating.objects.get()
    assert (rating.leg, rating.supplier, rating.reasons) == (leg, company.finance, ["clarity"])
    assert client_for(company.fang).post(url, {"score": "5"}).status_code == 403
    assert client_for(company.anna).post(url, {"score": "5"}).status_code == 403
    assert "2 · poor" in page_of(client_for(company.fang), leg.ticket)
    assert 'id="rating-panel"' not in page_of(client_for(company.anna), leg.ticket)


def test_there_is_no_rating_of_a_leg_that_is_not_there(client_for, company, ticket):
    for no in (1, 99_999_999_999):
        url = f"/requests/{ticket}/legs/{no}/rating/"
        assert client_for(company.anna).post(url, {"score": "5"}).status_code == 404


def test_nobody_is_asked_while_work_goes_on(client_for, company):
    ticket = company.accepted(now=timezone.now() - timedelta(hours=2)).ticket

    assert 'id="rating-panel"' not in page_of(client_for(company.anna), ticket)
    assert client_for(company.anna).get(rate_url(ticket)).status_code == 404


@pytest.fixture
def rated(company):
    """Five ratings of HR and one of Finance, of two months ago."""
    at = timezone.now() - timedelta(days=60)
    five = [surveys.rating(company, score=s, at=at, comment=f"Said {s}") for s in (5, 4, 3, 2, 1)]
    return [*five, surveys.rating(company, score=1, customer=company.finance, at=at)]


def period_of(rating):
    return org_queries.quarter_of(org_queries.organisation_day(rating.rated_at)).key


def test_a_departments_people_read_its_ratings_others_what_is_published(client_for, company, rated):
    url = department_url(company.it, period=period_of(rated[0]))

    pages = {
        person.name: client_for(person).get(url).content.decode()
        for person in (
            company.ines,
            company.it_head,
            company.anna,
            company.fang,
            org.administrator("Admin"),
            org.person("Outsider"),
        )
    }

    names = {rating.rater.name for rating in rated}
    assert {who: all(name in page for name in names) for who, page in pages.items()} == {
        "Ines": True,
        "Ito": True,
        "Anna": False,
        "Fang": False,
        "Admin": False,
        "Outsider": False,
    }
    for who in ("Anna", "Fang", "Admin", "Outsider"):
        assert not any(name in pages[who] for name in names)
        assert "Said" not in pages[who]
        assert "3.0" in pages[who]
        assert not re.search(r"<th scope=\"row\">Finance</th>", pages[who])


def test_too_few_and_none_look_alike(client_for, company, rated):
    Rating.objects.filter(pk__in=[each.pk for each in rated[:2]]).delete()
    client = client_for(org.person("Outsider"))
    period = period_of(rated[0])

    few = client.get(department_url(company.it, period=period)).content.decode()
    none = client.get(department_url(company.finance, period=period)).content.decode()

    assert "Too few to show" in few

    def plain(page, department):
        page = without_what_is_new(page).replace(str(department.public_id), "ID")
        return re.sub(r"IT|Finance", "", page)

    assert plain(few, company.it) == plain(none, company.finance)


def test_what_others_get_does_not_depend_on_filters(client_for, company, rated):
    client = client_for(company.fang)
    url = department_url(company.it, period=period_of(rated[0]))

    for extra in ("&score=1", f"&service={company.service.public_id}", "&after=abc"):
        assert client.get(url + extra).context["shown"]["results"].summary.n == 5


def test_the_list_is_filtered(client_for, company, rated):
    client = client_for(company.ines)
    url = department_url(company.it, period=period_of(rated[0]))

    def scores(extra):
        rows = client.get(url + extra).context["rows"]
        return sorted(row["rating"].score for row in rows)

    assert scores("") == [1, 1, 2, 3, 4, 5]
    assert scores("&score=1") == [1, 1]
    assert scores("&score=7") == [1, 1, 2, 3, 4, 5]
    assert scores(f"&service={company.it_other.public_id}") == []
    assert scores("&score=5&service=nonsense") == [5]


@pytest.mark.parametrize("period", ["2026-Q9", "x", "0000", "9999", "٢٠٢٦", "2026-Q1'--"])
def test_periods_that_are_none_are_absent(client_for, company, period):
    client = client_for(company.ines)

    assert client.get(department_url(company.it), {"period": period}).status_code == 404


def test_unknown_departments_are_absent(client_for, company):
    url = reverse("surveys:ratings", args=["00000000-0000-7000-8000-000000000000"])

    assert client_for(company.ines).get(url).status_code == 404


@pytest.mark.parametrize("after", ["", "abc", "AAAA", "x" * 5000])
def test_a_broken_place_in_the_list_begins_at_the_front(client_for, company, rated, after):
    response = client_for(company.ines).get(
        department_url(company.it), {"period": period_of(rated[0]), "after": after}
    )

    assert len(response.context["rows"]) == 6


def test_the_list_goes_on_by_key(client_for, company, rated, monkeypatch):
    monkeypatch.setattr("neike.surveys.views.ratings._PAGE", 4)
    client = client_for(company.ines)
    first = client.get(department_url(company.it, period=period_of(rated[0])))

    second = client.get(
        reverse("surveys:ratings", args=[company.it.public_id]) + first.context["next"]
    )

    ids = [row["rating"].pk for page in (first, second) for row in page.context["rows"]]
    assert sorted(ids) == sorted(rating.pk for rating in rated)
    assert second.context["next"] == ""


def queries_of(client, url, count):
    with count() as captured:
        client.get(url)
    return len(captured)


def test_pages_cost_the_same_at_any_length(client_for, company, django_assert_max_num_queries):
    at = timezone.now() - timedelta(hours=3)
    surveys.rating(company, at=at)
    clients = [client_for(person) for person in (company.ines, company.fang)]
    url = department_url(company.it)

    def costs():
        found = []
        for client in clients:
            client.get(url)
            with django_assert_max_num_queries(60) as captured:
                client.get(url)
            found.append(len(captured))
        return found

    one = costs()
    surveys.rating(company, at=at)
    surveys.rating(company, at=at, customer=company.finance)

    assert costs() == one


def test_ones_departments_come_first(client_for, company):
    response = client_for(company.ines).get(reverse("surveys:home"))

    assert [each.id for each in response.context["own"]] == [company.it.pk]


def loop_page(person, company, period):
    now = timezone.now()
    organisation = org_queries.chart(on=org_queries.organisation_day(now))
    return LoopPage(
        person=person,
        department=organisation.get(company.it.pk),
        organisation=organisation,
        period=period,
        now=now,
    )


def test_the_loop_shows_what_customers_said(client_for, company, rated):
    period = org_queries.quarter_of(org_queries.organisation_day(rated[0].rated_at))
    show = LOOP_STEPS.get("surveys.ratings").show

    own = show(loop_page(company.ines, company, period))
    others = show(loop_page(company.fang, company, period))
    nothing = show(loop_page(company.fang, company, period.year_before()))

    assert own.headline == "2.7 of 5"
    assert own.context["shown"]["results"].summary.n == 6
    assert others.headline == "3.0 of 5"
    assert others.context["shown"]["results"].summary.n == 5
    assert (nothing.headline, nothing.running) == ("–", False)


def test_my_day_names_what_waits_for_a_rating(company, ticket):
    source = MY_DAY.get("surveys.to_rate")
    now = timezone.now()

    items = source.items(company.anna, now)
    assert [item.title for item in items] == [f"{ticket} Laptop"]
    assert items[0].url == f"{ticket.path}#rating-panel"

    actions.rate_ticket(ticket=ticket, by=company.anna, score=4, now=now)
    assert source.items(company.anna, now) == []


def notices(kind="surveys.ticket_rated"):
    rows = Notice.objects.filter(kind=kind).order_by("person__name")
    return [(row.person.name, row.title.in_language("en")) for row in rows]


def test_those_who_served_hear_of_the_rating_by_name(company, ticket):
    now = timezone.now()
    actions.rate_ticket(ticket=ticket, by=company.anna, score=4, now=now)
    deliver_pending(now=now)

    expected = f"Anna rated 4 of 5: {ticket} Laptop"
    assert notices() == [("Ito", expected), ("Ivan", expected)]

    actions.rate_ticket(ticket=ticket, by=company.anna, score=5, now=now)
    deliver_pending(now=now)

    assert ("Ivan", f"Anna changed a rating to 5 of 5: {ticket} Laptop") in notices()


def test_the_title_of_a_confidential_request_is_not_told(company):
    company.service.confidential = True
    company.service.save()
    ticket = surveys.resolved(company, now=timezone.now() - timedelta(hours=2))
    actions.rate_ticket(ticket=ticket, by=company.anna, score=4, now=timezone.now())
    deliver_pending(now=timezone.now())

    assert notices() == [
        ("Ito", f"Anna rated 4 of 5: {ticket}"),
        ("Ivan", f"Anna rated 4 of 5: {ticket}"),
    ]
