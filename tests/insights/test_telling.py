"""No number of any page or list, and no difference of numbers, tells the work of a pair of few people."""

from itertools import product

import pytest
from django.db.models import Count
from django.urls import reverse

from neike.desk.choices import ReturnReason
from neike.desk.models import Segment
from neike.insights import queries
from neike.insights.models import LegFlow, Outcome
from neike.insights.queries.boards import PAUSES
from neike.insights.queries.flows import PARTIES
from neike.insights.queries.lists import (
    ENDED,
    OF_LEGS,
    OF_OUTCOMES,
    OPEN,
    PAUSED,
    RETURNED,
    SETTLED,
)
from neike.insights.queries.spans import in_period
from neike.org import queries as org_queries
from tests.make import towns as make
from tests.make.insights import NOW

pytestmark = pytest.mark.django_db
STRONG = {(0, 1): 6, (1, 0): 4, (2, 0): 5}
WEAK = {(0, 2): 5, (1, 2): 3, (3, 1): 4, (2, 2): 3}
PERIODS = ("2026-Q1", "2025-Q4", "2026", "2026-M03")


@pytest.fixture
def town():
    """Strong pairs, weak ones, and a strong pair whose quarter before was weak."""
    made = make.town()
    for (supplier, customer), legs in STRONG.items():
        made.work(supplier, customer, legs, few=False)
    for (supplier, customer), legs in WEAK.items():
        made.work(supplier, customer, legs, few=True)
    made.work(0, 1, 4, few=True, since=make.Q4)
    made.write()
    return made


def strong_cells(town):
    """Return {(supplier, customer): quarters} worked out from how the town was made."""
    return {
        (town.departments[supplier].pk, town.departments[customer].pk): {"2026-Q1"}
        for supplier, customer in STRONG
    }


def every_list(town):
    """Yield every list an address can ask for: what, of whom, for whom, when; and those of a board."""
    ends = [None, *(each.pk for each in town.departments)]
    lists = [{"what": what} for what in (*OF_LEGS, *OF_OUTCOMES) if what != PAUSED]
    lists += [{"what": PAUSED, "party": party.value} for party in PAUSES]
    for asked, supplier, customer, key in product(lists, ends, ends, PERIODS):
        yield queries.Wanted(
            **asked,
            period=org_queries.period_from_key(key),
            supplier_id=supplier,
            customer_id=customer,
        )
    for asked, customer, key in product(narrowed(town), ends, PERIODS[:2]):
        period = org_queries.period_from_key(key)
        yield queries.Wanted(**asked, period=period, customer_id=customer)


def narrowed(town):
    """Return what a board narrows its lists by."""
    places = [each.pk for each in town.departments]
    within = [frozenset(places), frozenset(places[:2]), frozenset(places[2:])]
    lists = [{"what": SETTLED, "party": party.value} for party in PARTIES]
    lists += [{"what": RETURNED, "reason": reason} for reason in ReturnReason.values]
    lists += [
        {"what": what, "service_id": each.pk} for what in OF_OUTCOMES for each in town.services
    ]
    lists += [{"what": OPEN, "person_id": pk} for pk in (0, *(one.pk for one in town.people[0]))]
    board = [{"what": what} for what in (*OF_LEGS, *OF_OUTCOMES) if what != PAUSED]
    board += [{"what": PAUSED, "party": party.value} for party in PAUSES]
    return lists + [{**asked, "within": scope} for asked, scope in product(board, within)]


def strong_rows(town, wanted):
    """Count the rows of a list in strong quarters, pair by pair, without the code under test."""
    kind, day = (Outcome, "day") if wanted.what in OF_OUTCOMES else (LegFlow, "offered_day")
    if wanted.what == SETTLED:
        day = "settled_day"
    quarter = org_queries.period_from_key("2026-Q1")
    rows = kind.objects.filter(in_period(quarter, day))
    if wanted.what not in ("open", "overdue"):
        rows = rows.filter(in_period(wanted.period, day))
    if wanted.what == "returned":
        rows = rows.filter(returned=True)
    if wanted.what in ("kept", "missed"):
        rows = rows.filter(kept=wanted.what == "kept")
    if wanted.what in ("open", "overdue"):
        rows = rows.filter(settled_day=None)
    rows = as_a_board_narrows(rows, wanted)
    counted = rows.values_list("supplier_id", "customer_id").annotate(n=Count("pk")).order_by()
    return sum(
        n
        for supplier, customer, n in counted
        if (supplier, customer) in strong_cells(town)
        and (wanted.within is None or supplier in wanted.within)
        and wanted.supplier_id in (None, supplier)
        and wanted.customer_id in (None, customer)
    )


def as_a_board_narrows(rows, wanted):
    """Narrow rows by what a board alone asks for."""
    if wanted.what == SETTLED and wanted.party:
        rows = rows.filter(**{f"{wanted.party}_seconds__gt": 0})
    if wanted.what == PAUSED:
        rows = rows.filter(leg__in=Segment.objects.filter(waiting_on=wanted.party).values("leg"))
    if wanted.reason:
        rows = rows.filter(leg__return_reason=wanted.reason)
    if wanted.service_id:
        rows = rows.filter(service=wanted.service_id)
    if wanted.person_id is not None:
        rows = rows.filter(leg__assignee=wanted.person_id or None)
    return rows


def test_every_list_a_stranger_can_ask_for_counts_strong_quarters_alone(town):
    """A sum of strong quarters, whichever: so no two lists differ by anything else."""
    told = queries.told_to(town.guest, now=NOW)

    for wanted in every_list(town):
        assert queries.total(wanted, told, now=NOW) == strong_rows(town, wanted), wanted


def test_a_stranger_narrows_nothing_as_a_board_does(town, client_for):
    """Lists of a board are for who leads; what narrows the others goes unheard, whether it exists or not."""
    client, url = client_for(town.guest), reverse("insights:list")
    place, worker = town.departments[0], town.people[0][0]
    asked = {"supplier": place.public_id, "period": "2026-Q1"}

    for what in (*OF_LEGS, *OF_OUTCOMES):
        within = {**asked, "what": what, "within": place.public_id}
        assert client.get(url, within).status_code == 404
    for what in (SETTLED, PAUSED):
        assert client.get(url, {**asked, "what": what, "party": "requester"}).status_code == 404
    for what, more in product(
        (ENDED, "kept", "missed", RETURNED, OPEN),
        (
            {"service": town.services[0].key},
            {"service": "no-such"},
            {"reason": ReturnReason.WRONG_DEPARTMENT.value},
            {"person": worker.public_id},
        ),
    ):
        plain = client.get(url, {**asked, "what": what}).context
        page = client.get(url, {**asked, "what": what, **more}).context
        assert (page["total"], page["about"]) == (plain["total"], plain["about"])


def test_who_leads_everything_is_told_everything(town):
    told = queries.told_to(town.head, now=NOW)

    for wanted in every_list(town):
        assert queries.total(wanted, told, now=NOW) == queries.total(
            wanted, queries.EVERYTHING, now=NOW
        )


def test_somebody_of_one_end_is_told_that_pair_and_what_strangers_are_told(town):
    """Worker of place 2, to whom (0, 2) and (1, 2) are their own, but not (3, 1)."""
    told = queries.told_to(town.people[2][0], now=NOW)
    quarter = org_queries.period_from_key("2026-Q1")
    places = [each.pk for each in town.departments]

    found = queries.flow_matrix(places, quarter, told)

    own = {pair: legs for pair, legs in WEAK.items() if 2 in pair}
    assert found == {
        (places[supplier], places[customer]): legs
        for (supplier, customer), legs in {**STRONG, **own}.items()
    }


def numbers_shown(client, town, key):
    """Return all that the pages of the loop tell of a period, but what the reader's own list holds."""
    found = {}
    page = client.get(f"{reverse('portal:loops')}?period={key}")
    found["overview"] = [(row["department"].id, row["serving"]) for row in page.context["rows"]]
    matrix = page.context["matrix"]
    found["company"] = matrix.as_json() if matrix else None
    for each in town.departments:
        page = client.get(f"{reverse('portal:loop', args=[each.public_id])}?period={key}")
        for step in page.context["steps"]:
            if step.step.key.startswith("insights."):
                shown = step.context
                found[each.pk, step.step.key] = (
                    step.shown.headline,
                    [(row["name"], row["flow"], row["url"]) for row in shown.get("rows", ())]
                    if step.step.key == "insights.customers"
                    else None,
                    [
                        (row["label"], row["found"], row["missed"])
                        for row in shown.get("metrics", ())
                    ]
                    if step.step.key == "insights.kept"
                    else None,
                    shown.get("by_customer"),
                    shown.get("compared"),
                    shown.get("open"),
                    shown.get("waited"),
                    shown.get("pairs"),
                    [
                        chart.as_json()
                        for name in ("chart", "matrix", "trend", "spread")
                        if (chart := shown.get(name))
                    ],
                )
    return found


def test_more_work_by_few_people_changes_nothing_a_stranger_is_shown(town, client_for):
    client, told = client_for(town.guest), queries.told_to(town.guest, now=NOW)

    def everything():
        pages = [numbers_shown(client, town, key) for key in ("2026-Q1", "2026-M03", "2026")]
        return pages, [queries.total(wanted, told, now=NOW) for wanted in every_list(town)]

    before = everything()
    for supplier, customer in WEAK:
        town.work(supplier, customer, 2, few=True)
    town.work(0, 1, 3, few=True, since=make.Q4)
    town.work(3, 0, 3, few=True)  # a pair that had no work
    town.write()

    assert everything() == before


@pytest.mark.parametrize("who", ["guest", "worker", "head"])
def test_every_number_is_that_of_its_list(town, client_for, who):
    person = {"guest": town.guest, "worker": town.people[2][0], "head": town.head}[who]
    client = client_for(person)
    checked = 0
    for each in town.departments:
        url = f"{reverse('portal:loop', args=[each.public_id])}?period=2026-Q1"
        steps = {step.step.key: step.context for step in client.get(url).context["steps"]}
        numbers = [(row["url"], row["flow"].legs) for row in steps["insights.customers"]["rows"]]
        if numbers:
            customers = steps["insights.customers"]
            numbers.append((customers["all_url"], customers["legs"]))
        kept = steps["insights.kept"]
        numbers += [(row["url"], row["found"].kept.n) for row in kept["metrics"]]
        numbers += [(row["missed_url"], row["missed"]) for row in kept["metrics"]]
        numbers += [(row["url"], row["found"].kept.n) for row in kept.get("by_customer", ())]
        numbers += [(kept["open_url"], kept["open"].legs)]
        waits = steps.get("insights.waits", {"pairs": []})
        numbers += [(row["url"], row["pair"].legs) for row in waits["pairs"]]
        for link, number in numbers:
            page = client.get(link)
            assert page.context["total"] == number, link
            assert len(page.context["rows"]) <= number
            checked += 1
    assert checked > 10


def test_the_overview_adds_up_to_what_the_lists_say(town, client_for):
    client = client_for(town.guest)
    for row in client.get(f"{reverse('portal:loops')}?period=2026-Q1").context["rows"]:
        if row["serving"]:
            assert client.get(row["asked_url"]).context["total"] == row["serving"].legs
            assert client.get(row["open_url"]).context["total"] == row["serving"].open.legs
            if row["kept_url"]:
                assert client.get(row["kept_url"]).context["total"] == row["serving"].kept.n


def test_of_a_pair_of_few_people_a_stranger_finds_an_empty_list(town, client_for):
    values = {
        "what": ENDED,
        "supplier": town.departments[3].public_id,
        "customer": town.departments[1].public_id,
        "period": "2026-Q1",
    }
    url = reverse("insights:list", query=values)

    assert client_for(town.guest).get(url).context["total"] == 0
    assert client_for(town.people[3][0]).get(url).context["total"] > 0
