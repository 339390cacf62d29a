"""The API of ratings obeys the same rules as the pages and takes nothing that is not a rating."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from neike.org import queries as org_queries
from neike.surveys import actions
from neike.surveys.models import Rating
from tests.make import desk, org, surveys

pytestmark = pytest.mark.django_db
ABSENT = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def company():
    return desk.company()


@pytest.fixture
def ticket(company):
    return surveys.resolved(company, now=timezone.now() - timedelta(hours=2))


def put(client, ticket, body, leg=None):
    path = f"/api/v1/requests/{ticket}/{'' if leg is None else f'legs/{leg}/'}rating"
    return client.put(path, body, content_type="application/json")


def test_the_requester_rates_and_reads_it_back(client_for, company, ticket):
    response = put(
        client_for(company.anna), ticket, {"score": 5, "reasons": ["speed"], "comment": "Quick"}
    )

    assert response.status_code == 200
    found = response.json()
    rating = Rating.objects.get()
    assert found == {
        "id": str(rating.public_id),
        "request": str(ticket),
        "leg": None,
        "supplier": str(company.it.public_id),
        "customer": str(company.hr.public_id),
        "rater": "Anna",
        "is_own": True,
        "score": 5,
        "reasons": ["speed"],
        "comment": "Quick",
        "rated_at": found["rated_at"],
        "changed_at": None,
        "version": 1,
    }


def test_the_sending_department_rates_a_leg(client_for, company):
    leg = surveys.confirmed_leg(company, now=timezone.now() - timedelta(hours=2))

    found = put(client_for(company.ivan), leg.ticket, {"score": 2}, leg=leg.no).json()

    assert (found["leg"], found["supplier"]) == (1, str(company.finance.public_id))


def test_who_may_rate_over_the_api(client_for, company, ticket):
    answers = {
        person.name: put(client_for(person), ticket, {"score": 5})
        for person in (
            company.ivan,
            company.ines,
            company.it_head,
            company.hr_head,
            company.fang,
            org.administrator("Admin"),
        )
    }

    assert {name: (found.status_code, found.json()["code"]) for name, found in answers.items()} == {
        "Ivan": (403, "not_requester"),
        "Ines": (403, "not_requester"),
        "Ito": (403, "not_requester"),
        "Hu": (403, "not_requester"),
        "Fang": (404, "not_found"),
        "Admin": (404, "not_found"),
    }
    assert put(Client(), ticket, {"score": 5}).status_code == 401
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"score": 0},
        {"score": 6},
        {"score": "5"},
        {"score": 4.5},
        {"score": True},
        {"score": None},
        {"score": 4, "reasons": ["luck"]},
        {"score": 4, "reasons": "speed"},
        {"score": 4, "reasons": ["speed"] * 6},
        {"score": 4, "comment": "x" * 2001},
        {"score": 4, "comment": None},
        {"score": 4, "rater": 1},
        [],
        "5",
    ],
)
def test_what_is_no_rating_is_refused(client_for, company, ticket, body):
    response = put(client_for(company.anna), ticket, body)

    assert response.status_code == 422
    assert not Rating.objects.exists()


def test_broken_json_is_refused(client_for, company, ticket):
    path = f"/api/v1/requests/{ticket}/rating"

    response = client_for(company.anna).put(path, "{score:", content_type="application/json")

    assert response.status_code == 400


@pytest.mark.parametrize("path", ["requests/R-0/rating", f"requests/R-{2**70}/rating"])
def test_requests_that_cannot_be_are_refused(client_for, company, path):
    response = client_for(company.anna).put(
        f"/api/v1/{path}", {"score": 5}, content_type="application/json"
    )

    assert response.status_code in {404, 422}


def test_a_rating_that_stands_is_a_conflict(client_for, company, ticket):
    now = timezone.now()
    actions.rate_ticket(ticket=ticket, by=company.anna, score=5, now=now)
    Rating.objects.update(rated_at=now - timedelta(days=8))

    assert put(client_for(company.anna), ticket, {"score": 1}).status_code == 409


def listed(client, department, **query):
    return client.get(f"/api/v1/departments/{department.public_id}/ratings", query)


def summary(client, department, **query):
    return client.get(f"/api/v1/departments/{department.public_id}/ratings/summary", query)


@pytest.fixture
def rated(company):
    at = timezone.now() - timedelta(days=60)
    five = [surveys.rating(company, score=score, at=at) for score in (5, 4, 3, 2, 1)]
    return [*five, surveys.rating(company, score=1, customer=company.finance, at=at)]


@pytest.fixture
def period(rated):
    return org_queries.quarter_of(org_queries.organisation_day(rated[0].rated_at)).key


def test_names_are_for_the_departments_people(client_for, company, rated, period):
    counts = {
        person.name: len(listed(client_for(person), company.it, period=period).json()["ratings"])
        for person in (company.ines, company.it_head, company.fang, org.administrator("Admin"))
    }

    assert counts == {"Ines": 6, "Ito": 6, "Fang": 0, "Admin": 0}
    own = listed(client_for(rated[0].rater), company.it, period=period).json()["ratings"]
    assert [(row["rater"], row["is_own"]) for row in own] == [(rated[0].rater.name, True)]


def test_everybody_gets_the_published_numbers(client_for, company, rated, period):
    found = summary(client_for(company.fang), company.it, period=period).json()

    # 1 to 5 once each: mean 3, sd 1.5811, t(4) = 2.7764: 3 ± 1.9632
    figures = {"n": 5, "raters": 5, "mean": 3.0, "low": 1.0, "high": 5.0, "satisfied": "40%"}
    assert found == {
        "period": period,
        "by_name": False,
        "together": figures,
        "by_customer": [{"customer": str(company.hr.public_id), **figures}],
        "counts": None,
    }


def test_the_departments_people_get_all_of_it(client_for, company, rated, period):
    found = summary(client_for(company.ines), company.it, period=period).json()

    assert found["by_name"]
    assert found["counts"] == [2, 1, 1, 1, 1]
    assert [part["n"] for part in found["by_customer"]] == [5, 1]


def test_too_few_none_and_not_yet_are_the_same_bytes(client_for, company, rated, period):
    client = client_for(org.person("Outsider"))
    Rating.objects.filter(pk__in=[rated[0].pk, rated[5].pk]).delete()
    surveys.rating(company, at=timezone.now() - timedelta(hours=3))

    few = summary(client, company.it, period=period)
    none = summary(client, company.finance, period=period)

    assert few.json()["together"] is None
    assert few.content == none.content


@pytest.mark.parametrize(
    "query", [{"period": "2026-Q7"}, {"period": "9999"}, {"period": "x" * 500}]
)
def test_periods_that_are_none_are_absent(client_for, company, query):
    client = client_for(company.ines)

    assert summary(client, company.it, **query).status_code == 404
    assert listed(client, company.it, **query).status_code == 404


def test_departments_that_are_none_are_absent(client_for, company):
    client = client_for(company.ines)

    assert client.get(f"/api/v1/departments/{ABSENT}/ratings").status_code == 404
    assert client.get("/api/v1/departments/1/ratings").status_code == 422


def test_the_list_goes_on_by_key(client_for, company, rated, period, monkeypatch):
    monkeypatch.setattr("neike.surveys.api._PAGE", 4)
    client = client_for(company.ines)

    first = listed(client, company.it, period=period).json()
    second = listed(client, company.it, period=period, after=first["next"]).json()

    ids = {row["id"] for page in (first, second) for row in page["ratings"]}
    assert ids == {str(rating.public_id) for rating in rated}
    assert second["next"] is None


def test_rating_too_often_is_refused(client_for, company, ticket, monkeypatch):
    client = client_for(company.anna)
    now = timezone.now()  # all within one minute, however slow the machine
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    statuses = {put(client, ticket, {"score": 4}).status_code for _each in range(61)}

    assert statuses == {200, 429}
