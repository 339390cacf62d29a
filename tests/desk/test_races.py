"""Several at once, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from neike.desk import actions, checks, projections
from neike.desk.choices import EventKind, LinkKind
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


def _in_approval(it, people, quorum="all"):
    step = {
        "key": "head",
        "kind": "approval",
        "quorum": quorum,
        "approvers": [{"by": "person", "person": str(each.public_id)} for each in people],
    }
    service = make.service(it.it, calendar=it.calendar, steps=[step])
    return it.submit(service=service, now=at("2 10:00"))


def test_two_approvers_who_decide_at_once_leave_one_outcome(it):
    ticket = _in_approval(it, [it.hr_head, it.fin_head])
    approval = ticket.approvals.get()

    at_once(
        lambda: actions.approve(approval=approval, by=it.hr_head, now=NOW),
        lambda: actions.approve(approval=approval, by=it.fin_head, now=NOW),
    )

    kinds = make.kinds(ticket)
    assert kinds.count(EventKind.APPROVAL_GIVEN) == 2
    assert kinds.count(EventKind.LEG_RELEASED) == 1
    assert Ticket.objects.get(pk=ticket.pk).state == "submitted"


def test_an_approval_and_a_refusal_at_once_end_the_request_or_let_it_go_on_never_both(it):
    ticket = _in_approval(it, [it.hr_head, it.fin_head], quorum="any")
    approval = ticket.approvals.get()

    results = at_once(
        lambda: actions.approve(approval=approval, by=it.hr_head, now=NOW),
        lambda: actions.refuse(approval=approval, by=it.fin_head, why="No", now=NOW),
    )

    kinds = make.kinds(ticket)
    assert kinds.count(EventKind.LEG_RELEASED) == 1
    assert EventKind.REJECTED not in kinds
    refused = [each for each in results if isinstance(each, actions.NotPossibleError)]
    assert len(refused) == 1 - kinds.count(EventKind.APPROVAL_REFUSED)


def test_one_approver_who_clicks_twice_at_once_decides_once(it):
    ticket = _in_approval(it, [it.hr_head])
    approval = ticket.approvals.get()

    results = at_once(
        *(lambda: actions.approve(approval=approval, by=it.hr_head, now=NOW) for _ in range(3))
    )

    assert sum(isinstance(each, actions.NotPossibleError) for each in results) == 2
    assert make.kinds(ticket).count(EventKind.APPROVAL_GIVEN) == 1


def test_two_who_resolve_at_once_resolve_once(it):
    leg = it.accepted(now=at("2 10:00"))
    ticket = Ticket.objects.get(pk=leg.ticket_id)

    results = at_once(
        *(
            lambda by=by: actions.resolve(ticket=ticket, by=by, version=ticket.version, now=NOW)
            for by in (it.ivan, it.it_head)
        )
    )

    assert sum(isinstance(each, actions.DeskError) for each in results) == 1
    assert make.kinds(ticket).count(EventKind.RESOLVED) == 1


def _two_accepted(it):
    made = [it.accepted(now=at("2 10:00")).ticket for _ in range(2)]
    return [Ticket.objects.get(pk=each.pk) for each in made]


def test_two_requests_merged_into_each_other_at_once_are_merged_one_way(it):
    one, other = _two_accepted(it)

    def merge(ticket, into, by):
        return actions.merge(ticket=ticket, into=into, by=by, version=ticket.version, now=NOW)

    results = at_once(lambda: merge(one, other, it.ivan), lambda: merge(other, one, it.ines))

    assert sum(isinstance(each, actions.DeskError) for each in results) == 1
    states = sorted(Ticket.objects.get(pk=each.pk).state for each in (one, other))
    assert states == ["in_progress", "merged"]
    for each in (one, other):
        assert projections.differences(Ticket.objects.get(pk=each.pk)) == []
    assert checks.links_are_mirrored(NOW) == []


def test_two_requests_made_parts_of_each_other_at_once_are_so_one_way(it):
    one, other = _two_accepted(it)

    def join(ticket, whole, by):
        return actions.link(ticket=ticket, other=whole, kind=LinkKind.CHILD_OF, by=by, now=NOW)

    results = at_once(lambda: join(one, other, it.ivan), lambda: join(other, one, it.ines))

    assert sum(isinstance(each, actions.DeskError) for each in results) == 1
    assert one.links.count() == other.links.count() == 1
    assert checks.links_are_mirrored(NOW) == []


def test_a_merge_and_a_resolution_at_once_leave_one_end(it):
    one, other = _two_accepted(it)

    results = at_once(
        lambda: actions.merge(ticket=one, into=other, by=it.ivan, version=one.version, now=NOW),
        lambda: actions.resolve(ticket=one, by=it.it_head, version=one.version, now=NOW),
    )

    assert sum(isinstance(each, actions.DeskError) for each in results) == 1
    assert Ticket.objects.get(pk=one.pk).state in ("merged", "resolved")
    assert projections.differences(Ticket.objects.get(pk=one.pk)) == []
