"""The promise of the map: from a log made by a known graph, exactly what is missing and what is too much is found."""

from datetime import timedelta
from itertools import cycle

import pytest
from django.urls import reverse

from neike.insights import actions
from neike.insights.choices import MapState
from neike.relations import actions as relation_actions
from neike.relations.choices import RelationKind
from tests.make import insights as make
from tests.make import org, relations
from tests.make.desk import at

pytestmark = pytest.mark.django_db
GRAPH = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0), (0, 2), (2, 4), (4, 0)]
"""Who serves whom among six departments; each relation carries six requests by and for three people."""
FEW = (5, 1)
"""One more edge with as much work, all done by one person."""
REQUESTS = 6


@pytest.fixture
def house():
    root = org.department("House", calendar=org.calendar(is_default=True))
    places = [
        org.department(name, parent=root)
        for name in ("Amber", "Birch", "Cedar", "Dune", "Elm", "Fjord")
    ]
    people = [[org.person(department=place) for _ in range(3)] for place in places]
    services = [make.promising(place, **make.PROMISED) for place in places]
    write(
        make.House(*places[:4], *[people[0][0]] * 6, services[0], services[0]),
        places,
        people,
        services,
    )
    return places, relations.lead(root)


def write(book, places, people, services):
    """Store the requests of the graph."""
    moment = at("2 09:00")
    for provider, customer in [*GRAPH, FEW]:
        agents = cycle(people[provider][:1] if (provider, customer) == FEW else people[provider])
        askers = cycle(people[customer])
        for _ in range(REQUESTS):
            moment += timedelta(minutes=1)
            service = book.service = services[provider]
            script = book.ask(
                moment,
                next(askers),
                places[customer],
                service_id=service.pk,
                form_id=service.form_id,
                standard_id=service.standard_id,
                supplier_id=places[provider].pk,
            )
            script.accept(moment + timedelta(minutes=10), 0, by_id=next(agents).pk)
    book.write()


def found(client, places):
    """Return {state: pairs} of the map, by number of department."""
    number = {place.pk: index for index, place in enumerate(places)}
    page = client.get(reverse("insights:map_compare", query={"period": "2026-Q1"}))
    compared = page.context["found"]
    states = {
        MapState.HIDDEN: compared.hidden,
        MapState.PAPER: compared.paper,
        MapState.ALIGNED: compared.aligned,
    }
    return compared, {
        state: {(number[one.provider], number[one.customer]) for one in edges}
        for state, edges in states.items()
    }


def test_two_relations_left_out_and_one_too_many_are_exactly_what_is_found(house, client_for):
    places, head = house
    left_out, unused = {(0, 2), (3, 4)}, (3, 1)
    for provider, customer in [*(set(GRAPH) - left_out), unused]:
        relation_actions.declare(
            provider=places[provider],
            customer=places[customer],
            kind=RelationKind.SUPPORT,
            by=head,
            now=make.NOW,
        )
    client = client_for(head)

    actions.observe(now=make.NOW)
    compared, states = found(client, places)

    assert states == {
        MapState.HIDDEN: left_out,
        MapState.PAPER: {unused},
        MapState.ALIGNED: set(GRAPH) - left_out,
    }
    # 7 of 9 relations carry 42 of the 54 requests that may be shown; 7 of 8 declared ones have work
    assert (compared.declared_volume, compared.volume) == (42, 54)
    assert compared.coverage == pytest.approx(7 / 9)
    assert compared.precision == pytest.approx(7 / 8)

    actions.observe(now=make.NOW)  # once more changes nothing
    assert found(client, places) == (compared, states)


def test_what_is_proposed_from_the_page_stands_before_both_heads(house, client_for):
    places, head = house
    for pair in GRAPH[1:]:
        relation_actions.declare(
            provider=places[pair[0]],
            customer=places[pair[1]],
            kind=RelationKind.SUPPORT,
            by=head,
            now=make.NOW,
        )
    actions.observe(now=make.NOW)
    client = client_for(head)
    address = reverse("insights:map_propose", query={"period": "2026-Q1"})
    ends = {"provider": str(places[0].public_id), "customer": str(places[1].public_id)}

    client.post(address, ends)

    page = client.get(reverse("insights:map_compare", query={"period": "2026-Q1"}))
    hidden = page.context["parts"][0]["rows"]
    assert [(row["provider"], row["customer"]) for row in hidden] == [("Amber", "Birch")]
    assert hidden[0]["waiting"]
    assert not hidden[0]["may_propose"]
