"""Several at once, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from neike.desk import actions, projections
from neike.desk.choices import EventKind
from neike.desk.models import Ticket
from tests.make import desk as make
from tests.make.desk import at

pytestmark = pytest.mark.django_db(transaction=True)
NOW = at("2 11:00")


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Run the deeds in threads that begin together; return results or exceptions in order."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        start.wait()
        try:
            return deed()
        except (actions.DeskError, PermissionDenied) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.fixture
def it():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads cannot share SQLite's database in memory; the same runs on PostgreSQL")
    return make.company()


def test_two_who_accept_at_once_leave_one_acceptance(it):
    leg = it.submit(now=at("2 10:00")).legs.get()

    results = at_once(
        *(
            lambda by=by: actions.accept_leg(leg=leg, by=by, version=leg.version, now=NOW)
            for by in (it.ivan, it.ines)
        )
    )

    lost = [result for result in results if isinstance(result, actions.LegChangedError)]
    assert len(lost) == 1
    assert make.kinds(leg.ticket).count(EventKind.LEG_ACCEPTED) == 1


def test_a_double_click_at_once_makes_one_request(it):
    results = at_once(*(lambda: it.submit(client_key="same") for _ in range(3)))
    assert len({ticket.pk for ticket in results}) == 1  # type: ignore[attr-defined]
    assert Ticket.objects.count() == 1


def test_requests_made_at_once_have_numbers_of_their_own(it):
    results = at_once(*(it.submit for _ in range(4)))
    assert len({ticket.number for ticket in results}) == 4  # type: ignore[attr-defined]


def test_words_written_at_once_are_all_in_the_log(it):
    ticket = it.submit(now=at("2 10:00"))
    at_once(
        *(
            lambda word=word: actions.post_message(
                ticket=ticket, by=it.anna, body=f"word {word}", now=NOW
            )
            for word in range(5)
        )
    )
    assert make.kinds(ticket).count(EventKind.MESSAGE_POSTED) == 5
    assert projections.differences(Ticket.objects.get(pk=ticket.pk)) == []
