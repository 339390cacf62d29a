"""The loop page: everybody sees its numbers, in both languages, whatever there is to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neike.desk.models import Ticket
from neike.kernel.registries import LOOP_STEPS
from tests.make import insights as make
from tests.make import org
from tests.make.desk import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db):
    return make.history()


def loop_of(department, period="2026-Q1"):
    return f"{reverse('portal:loop', args=[department.public_id])}?period={period}"


def in_language(client, language, url):
    client.cookies["neike_language"] = language
    return client.get(url)


def test_who_works_there_sees_all_numbers_and_a_customer_their_own(house, client_for):
    for person, share in ((house.it_head, "75%"), (house.ines, "75%"), (house.sam, "50%")):
        page = client_for(person).get(loop_of(house.it))

        assert [step["figure"] for step in page.context["ring"]][3] == share
        assert share in page.text
    # work by one or two people, of which Fang's department is no end
    page = client_for(house.fang).get(loop_of(house.it))
    assert [step["figure"] for step in page.context["ring"]][3] == "–"


def test_no_request_is_named_on_the_page(house, client_for):
    page = client_for(house.it_head).get(loop_of(house.it))

    titles = Ticket.objects.values_list("title", flat=True)
    assert not [title for title in titles if title in page.text]
    assert "/requests/R-" not in page.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Whom it serves", "small sample", "a working day is 7 h 30 min", "95% interval"]),
        ("zh-hans", ["为谁服务", "样本较小", "一个工作日为 7 小时 30 分", "95% 区间"]),
    ],
)
def test_the_page_speaks_both_languages(house, client_for, language, words):
    page = in_language(client_for(house.anna), language, loop_of(house.it))

    for word in words:
        assert word in page.text


def test_steps_are_those_registered_in_their_order(house, client_for):
    page = client_for(house.anna).get(loop_of(house.it))

    registered = [step.key for step in LOOP_STEPS]
    shown = [step.step.key for step in page.context["steps"]]
    assert shown == [key for key in registered if key in shown]
    assert {"insights.customers", "insights.promises", "insights.kept", "insights.waits"} <= set(
        shown
    )


def test_a_concern_leads_to_its_list(house, client_for):
    page = client_for(house.anna).get(loop_of(house.it))
    kept = next(step for step in page.context["steps"] if step.step.key == "insights.kept")

    assert kept.state == "current"  # the request of March the sixth is long overdue
    assert "what=overdue" in kept.shown.action.url
    assert client_for(house.it_head).get(kept.shown.action.url).context["total"] == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_department_without_anything_says_what_to_do(client_for, language):
    empty = org.department("Quiet", calendar=org.calendar())
    page = in_language(client_for(org.person(department=empty)), language, loop_of(empty))

    assert page.status_code == 200
    words = {"en": "Publish a service", "zh-hans": "发布带有标准的服务"}
    assert words[language] in page.text


@pytest.mark.parametrize("path", ["00000000-0000-0000-0000-000000000000/", "?period=2026-Q9"])
def test_what_does_not_exist_is_not_found(house, client_for, path):
    assert client_for(house.anna).get(f"{reverse('portal:loops')}{path}").status_code == 404


def test_without_a_period_the_last_one_with_requests_is_shown(house, client_for):
    page = client_for(house.anna).get(reverse("portal:loops"))

    assert page.context["period"].key == "2026-Q1"
    assert [each.key for each in page.context["periods"]] == ["2026-Q1"]


def test_the_overview_lists_departments_that_serve_first(house, client_for):
    rows = client_for(house.ines).get(f"{reverse('portal:loops')}?period=2026-Q1").context["rows"]

    names = [str(row["department"].name) for row in rows]
    assert set(names[:2]) == {"IT", "Finance"}
    assert {"HR", "Sales", "Company"} == set(names[2:])


def test_an_empty_organisation_has_an_overview(client_for):
    page = client_for(org.person()).get(reverse("portal:loops"))

    assert page.status_code == 200
    assert page.context["is_empty"]


@pytest.mark.parametrize("page", ["loops", "loop"])
def test_a_page_costs_the_same_with_one_customer_and_with_three(client_for, page):
    house = make.house()
    client = client_for(house.anna)
    url = loop_of(house.it) if page == "loop" else f"{reverse('portal:loops')}?period=2026-Q1"
    more = [(house.sam, house.sales), (house.fang, house.finance)]
    costs = []
    for customers in ([(house.anna, house.hr), (house.ines, house.it)], more):
        for person, department in customers:
            script = house.ask(at("3 09:00"), person, department)
            script.accept(at("3 09:30"), 0, by_id=house.ivan.pk)
            script.deliver(at("3 11:00"), 0, by_id=house.ivan.pk)
        house.write()
        client.get(url)  # reads the organisation
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        costs.append(len(queries))

    assert costs[0] == costs[1]
