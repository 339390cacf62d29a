"""The board of a lead: its numbers, the list behind each, and who sees it.

The history is that of `tests.make.insights`, whose numbers `test_queries.py` works out by hand; here one more request
is returned by Finance, and one more lies open with Ines.
"""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neike.catalog.choices import TargetMetric
from neike.desk import policies
from neike.desk.choices import ReturnReason, WaitingOn
from neike.engines.shares import wilson
from neike.insights.queries import EVERYTHING, boards
from neike.org import queries as org_queries
from neike.org.models import DepartmentLead
from tests.make import insights as make
from tests.make import org
from tests.make.desk import at

pytestmark = pytest.mark.django_db
MINUTE = 60
BOARD = "/board/"


@pytest.fixture
def house(db):
    house = make.history()
    sent_back = house.ask(at("6 09:10"), house.anna, house.hr, title="To Finance")
    sent_back.accept(at("6 09:20"), 0, by_id=house.ines.pk)
    leg = sent_back.hand_over(
        at("6 09:30"),
        0,
        by_id=house.ines.pk,
        to_id=house.finance.pk,
        service_id=house.budget.pk,
        standard_id=house.budget.standard_id,
    )
    sent_back.return_leg(
        at("6 09:40"), leg, by_id=house.fang.pk, reason=ReturnReason.WRONG_DEPARTMENT
    )
    house.write()
    root = org_queries.chart(on=at("9 09:00").date()).roots()[0]
    house.boss = org.person("Bao")
    DepartmentLead.objects.create(department_id=root, person=house.boss, valid_from=org.EPOCH)
    return house


@pytest.fixture
def quarter(db):
    return org_queries.period_from_key("2026-Q1")


def read(client, **asked):
    return client.get(BOARD, {"period": "2026-Q1", **asked})


def test_shares_are_those_of_the_clocks_by_metric_service_and_customer(house, quarter):
    scope = {house.it.pk}

    metrics = boards.kept_by_metric(scope, quarter, EVERYTHING)
    # the sixth request was accepted after ten minutes: one more kept acceptance
    assert {metric: (one.now.hits, one.now.n) for metric, one in metrics.items()} == {
        TargetMetric.ACCEPTANCE: (4, 5),
        TargetMetric.FIRST_RESPONSE: (2, 4),
        TargetMetric.LEG_DELIVERY: (3, 4),
        TargetMetric.END_TO_END: (3, 4),
    }
    services = boards.kept_by_service(scope, "leg_delivery", quarter, EVERYTHING)
    assert services == {house.service.pk: boards.KeptBeside(wilson(3, 4), None)}
    customers = boards.kept_by_customer(scope, "leg_delivery", quarter, EVERYTHING)
    assert {pk: one.now for pk, one in customers.items()} == {
        house.hr.pk: wilson(2, 2),
        house.sales.pk: wilson(1, 2),
    }


def test_a_comparator_is_the_period_before_or_said_to_be_missing():
    few, many, worse = wilson(2, 2), wilson(98, 100), wilson(50, 100)

    assert boards.KeptBeside(many, None).verdict == "none"
    assert boards.KeptBeside(many, few).verdict == "same"
    assert boards.KeptBeside(many, worse).verdict == "more"
    assert boards.KeptBeside(worse, many).verdict == "fewer"


def test_waits_reasons_and_pairs_are_counted(house, quarter):
    scope = {house.it.pk, house.finance.pk}
    split = boards.wait_split(scope, quarter, EVERYTHING)

    assert split.seconds[WaitingOn.REQUESTER] == 60 * MINUTE
    assert split.legs[WaitingOn.REQUESTER] == 1
    assert split.legs[WaitingOn.OTHER_LEG] == 1
    assert split.settled == 6  # four of IT, one delivered and one returned by Finance
    assert boards.return_reasons(scope, quarter, EVERYTHING) == {ReturnReason.WRONG_DEPARTMENT: 1}
    assert boards.pause_reasons(scope, quarter, EVERYTHING) == {WaitingOn.REQUESTER: 1}
    found = boards.pairs(scope, quarter, EVERYTHING)
    assert [(one.supplier_id, one.customer_id, one.legs, one.returned) for one in found] == [
        (house.it.pk, house.hr.pk, 4, 0),
        (house.it.pk, house.sales.pk, 2, 0),
        (house.finance.pk, house.it.pk, 2, 1),
    ]


def test_what_is_open_stands_oldest_first_and_people_by_name(house):
    who = policies.standing(house.it_head, now=make.NOW)
    found = boards.at_this_moment(who, {house.it.pk}, now=make.NOW)

    assert (found.open, found.unassigned) == (2, 1)
    assert [leg.ticket.submitted_at for leg in found.oldest] == [at("6 09:00"), at("6 09:10")]
    assert [(each.name, each.open, each.waiting) for each in found.loads] == [("Ines", 1, 0)]
    script = house.ask(at("6 11:00"), house.anna, house.hr)
    script.accept(at("6 11:10"), 0, by_id=house.it_head.pk)
    more = [house.ask(at("6 11:20"), house.anna, house.hr) for _number in range(2)]
    for each in more:
        each.accept(at("6 11:30"), 0, by_id=house.ivan.pk)
    house.write()
    found = boards.at_this_moment(who, {house.it.pk}, now=make.NOW)
    assert [each.name for each in found.loads] == ["Ines", "Ito", "Ivan"]


def test_a_confidential_request_of_a_department_below_shows_no_title(house, client_for):
    house.ask(at("6 08:00"), house.anna, house.hr, title="Secret matter", confidential=True)
    house.write()

    page = read(client_for(house.boss))
    assert "Secret matter" not in page.text
    assert [each["leg"].redacted for each in page.context["oldest"]].count(True) == 1
    assert "Secret matter" in read(client_for(house.it_head)).text


def numbers(context):
    """Yield (number, address) of everything a board shows."""
    found = context["found"]
    yield found.open, context["open_url"]
    yield found.overdue, context["overdue_url"]
    yield found.unassigned, context["nobody_url"]
    for each in context["loads"]:
        yield each["load"].open, each["url"]
    for key in ("metrics", "by_service", "by_customer"):
        for row in context[key]:
            share = row["found"].now
            yield share.n, row["url"]
            yield share.n - share.hits, row["missed_url"]
    yield context["waited"].settled, context["settled_url"]
    for row in context["parties"]:
        yield row["legs"], row["url"]
    for row in context["pairs"]:
        yield row["pair"].legs, row["url"]
        yield row["pair"].returned, row["returned_url"]
    for row in (*context["returned"], *context["paused"]):
        yield row["count"], row["url"]
    yield context["asked"], context["asked_url"]


@pytest.mark.parametrize("reader", ["it_head", "boss"])
def test_every_number_opens_a_list_of_that_many(house, client_for, reader, monkeypatch):
    client = client_for(getattr(house, reader))
    context = read(client).context
    told = list(numbers(context))

    kinds = {parse_qs(urlsplit(url).query)["what"][0] for _number, url in told}
    assert kinds >= {"open", "overdue", "ended", "missed", "settled", "asked", "returned"}
    for number, url in told:
        listed = client.get(url)
        assert listed.status_code == 200, url
        assert listed.context["total"] == number, url
        if reader == "it_head":  # who heads the department may open all of it
            assert len(listed.context["rows"]) == number, url


def test_every_number_of_the_page_is_a_link_to_its_list(house, client_for):
    page = read(client_for(house.boss))
    hrefs = {each.replace("&amp;", "&") for each in re.findall(r'href="([^"]+)"', page.text)}

    for number, url in numbers(page.context):
        if number:
            assert url in hrefs, url


def test_a_list_of_pauses_says_the_reasons_and_a_list_of_waits_the_time(house, client_for):
    client = client_for(house.it_head)
    context = read(client).context

    assert "Which one?" in client.get(context["paused"][0]["url"]).text
    waited = next(row for row in context["parties"] if row["legs"] and row["seconds"] == 3600)
    assert client.get(waited["url"]).context["rows"][0]["note"]


def test_only_leads_have_a_board_and_only_of_what_they_lead(house, client_for):
    finance = str(house.finance.public_id)

    assert read(client_for(house.ivan)).status_code == 404
    assert read(client_for(house.anna)).status_code == 404
    assert read(client_for(house.it_head)).status_code == 200
    assert read(client_for(house.it_head), department=finance).status_code == 404
    assert (
        read(client_for(house.boss), department=finance).context["department"].id
        == house.finance.pk
    )
    assert read(client_for(house.boss)).context["found"].open == 2
    assert BOARD in client_for(house.it_head).get(reverse("portal:home")).text
    assert f'href="{BOARD}"' not in client_for(house.ivan).get(reverse("portal:home")).text


@pytest.mark.parametrize("what", ["open", "settled", "paused", "ended"])
def test_lists_of_a_board_are_absent_for_others(house, client_for, what):
    url = reverse("insights:list")
    asked = {"what": what, "period": "2026-Q1", "party": "requester"}
    within = {"within": str(house.it.public_id)}

    assert client_for(house.it_head).get(url, {**asked, **within}).status_code == 200
    for person in (house.ivan, house.anna, house.fang):
        assert client_for(person).get(url, {**asked, **within}).status_code == 404
    if what in {"settled", "paused"}:
        assert client_for(house.it_head).get(url, asked).status_code == 404


def test_what_somebody_has_in_hand_is_told_to_their_lead_only(house, client_for):
    url = reverse("insights:list")
    asked = {"what": "open", "supplier": str(house.it.public_id), "period": "2026-Q1"}
    named = {**asked, "person": str(house.ines.public_id)}

    everything = client_for(house.ivan).get(url, asked).context["total"]
    assert client_for(house.ivan).get(url, named).context["total"] == everything


@pytest.mark.parametrize(
    "more",
    [
        {"what": "paused", "party": "nobody"},
        {"what": "paused"},
        {"what": "settled", "party": "speed"},
        {"what": "returned", "reason": "bored"},
        {"what": "ended", "service": "no-such"},
        {"what": "open", "person": "x"},
        {"what": "open", "person": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_nonsense_in_an_address_is_absent(house, client_for, more):
    asked = {"period": "2026-Q1", "within": str(house.it.public_id), **more}
    assert client_for(house.it_head).get(reverse("insights:list"), asked).status_code == 404


def test_what_is_so_now_is_a_part_of_its_own_that_follows_the_queues(house, client_for):
    client = client_for(house.it_head)
    part = client.get(BOARD, {"period": "2026-Q1"}, headers={"HX-Request": "true"})

    assert part.text.count("<html") == 0
    assert f'data-live="queue:{house.it.pk}"' in part.text


def test_a_board_costs_the_same_with_more_customers_services_and_people(house, client_for):
    client = client_for(house.it_head)

    def cost():
        read(client)
        with CaptureQueriesContext(connection) as seen:
            assert read(client).status_code == 200
        return len(seen)

    before = cost()
    for name in ("Legal", "Ops"):
        department = org.department(name, parent=None)
        person = org.person(f"{name} one", department=department)
        script = house.ask(at("6 10:00"), person, department)
        script.accept(at("6 10:05"), 0, by_id=house.ivan.pk)
        open_one = house.ask(at("6 10:10"), person, department)
        open_one.accept(at("6 10:15"), 0, by_id=person.pk)
        script.deliver(at("6 10:20"), 0, by_id=house.ivan.pk)
    house.write()
    assert cost() == before
