"""Who reads and does what (reliability_security 5)."""

from datetime import timedelta
from operator import attrgetter

import pytest
from django.core.exceptions import PermissionDenied

from neike.desk import actions, policies, queries
from neike.desk.choices import Visibility
from neike.desk.models import Ticket
from neike.org.choices import Role, SubstitutionScope
from neike.org.models import Absence, Person, RoleGrant, Substitution  # noqa: F401
from tests.make import desk as make
from tests.make import org
from tests.make.desk import at

pytestmark = pytest.mark.django_db
NOW = at("2 11:00")


def reads(person: Person, ticket: Ticket) -> bool:
    who = policies.standing(person, now=NOW)
    listed = queries.tickets_visible_to(who).filter(pk=ticket.pk).exists()
    assert bool(policies.may_read(who, ticket)) == listed
    return listed


def readers(it: make.Company, ticket: Ticket) -> set[str]:
    people = (it.anna, it.hr_head, it.ivan, it.ines, it.it_head, it.fang, it.fei, it.fin_head)
    return {person.name for person in people if reads(person, ticket)}


def test_a_request_is_read_by_its_two_sides_only():
    it = make.company()
    ticket = it.submit()
    assert readers(it, ticket) == {"Anna", "Hu", "Ivan", "Ines", "Ito"}
    colleague = org.person("Colleague", department=it.hr)
    assert not reads(colleague, ticket)


def test_a_hand_over_lets_the_asked_department_read():
    it = make.company()
    leg = it.accepted()
    actions.hand_over(leg=leg, by=it.ivan, to=it.finance, ask="?", version=leg.version, now=NOW)
    assert readers(it, leg.ticket) >= {"Fang", "Fei", "Fu"}


def test_a_confidential_request_is_read_by_those_named_on_it():
    it = make.company(confidential=True)
    ticket = it.submit()
    assert readers(it, ticket) == {"Anna", "Ito"}
    leg = ticket.legs.get()
    actions.accept_leg(leg=leg, by=it.ines, version=leg.version, now=NOW)
    assert readers(it, ticket) == {"Anna", "Ito", "Ines"}
    actions.add_participant(ticket=ticket, by=it.anna, person=it.hr_head, now=NOW)
    assert readers(it, ticket) == {"Anna", "Ito", "Ines", "Hu"}


def test_the_queue_shows_a_confidential_row_without_what_it_is_about():
    it = make.company(confidential=True)
    ticket = it.submit()
    open_one = actions.submit(service=it.it_other, by=it.anna, answers={}, now=NOW)
    who = policies.standing(it.ivan, now=NOW)
    shown = {row.ticket_id: row.redacted for row in queries.queue_for(who, it.it)}
    assert shown == {ticket.pk: True, open_one.pk: False}
    lead = policies.standing(it.it_head, now=NOW)
    assert not any(row.redacted for row in queries.queue_for(lead, it.it))
    outsider = policies.standing(it.anna, now=NOW)
    assert not queries.queue_for(outsider, it.it).exists()


def test_following_and_standing_in_open_a_request_and_close_it_again():
    it = make.company()
    leg = it.accepted()
    actions.add_participant(ticket=leg.ticket, by=it.anna, person=it.fei, now=NOW)
    assert reads(it.fei, leg.ticket)
    actions.remove_participant(ticket=leg.ticket, by=it.fei, person=it.fei, now=NOW)
    assert not reads(it.fei, leg.ticket)

    Substitution.objects.create(
        person=it.ivan,
        substitute=it.fang,
        scope=SubstitutionScope.WORK,
        starts_at=NOW - timedelta(days=1),
        ends_at=NOW + timedelta(days=1),
    )
    assert reads(it.fang, leg.ticket)
    leg = make.fresh(leg)
    actions.deliver_leg(leg=leg, by=it.fang, version=leg.version, now=NOW)


def test_an_agent_grant_serves_without_a_placement():
    it = make.company()
    ticket = it.submit()
    assert not reads(it.fei, ticket)
    RoleGrant.objects.create(person=it.fei, role=Role.AGENT, department=it.it, valid_from=org.EPOCH)
    assert reads(it.fei, ticket)


def test_internal_words_stay_with_those_who_serve():
    it = make.company()
    ticket = it.accepted().ticket
    actions.post_message(ticket=ticket, by=it.ivan, body="For you", now=NOW)
    actions.post_message(
        ticket=ticket, by=it.ivan, body="For us", visibility=Visibility.INTERNAL, now=NOW
    )
    requester, server, outsider = (
        policies.standing(person, now=NOW) for person in (it.anna, it.ines, it.fei)
    )
    bodies = [
        [message.body for message in queries.messages_visible_to(who, ticket)]
        for who in (requester, server, outsider)
    ]
    assert bodies == [["For you"], ["For you", "For us"], []]
    seen = [event.kind for event in queries.history(requester, ticket)]
    assert seen.count("message_posted") == 1
    assert not queries.history(outsider, ticket).exists()
    with pytest.raises(PermissionDenied):
        actions.post_message(
            ticket=ticket, by=it.anna, body="?", visibility=Visibility.INTERNAL, now=NOW
        )


REFUSED = {
    "accept": ("anna", "fang"),
    "deliver": ("anna", "ines", "fang"),
    "hand_over": ("anna", "ines", "fang"),
    "resolve": ("anna", "ines", "fang"),
    "confirm": ("ivan", "it_head", "hr_head", "fang"),
    "change_priority": ("anna", "fang"),
    "cancel": ("ivan", "it_head", "hr_head", "fang"),
    "post": ("fang", "hr_head"),
    "add_participant": ("fang", "hr_head"),
}


@pytest.mark.parametrize(
    ("deed", "name"), [(deed, name) for deed, names in REFUSED.items() for name in names]
)
def test_what_is_not_theirs_is_refused_and_leaves_no_trace(deed, name):
    it = make.company()
    leg = it.submit().legs.get() if deed == "accept" else make.fresh(it.accepted())
    ticket, by = leg.ticket, getattr(it, name)
    if deed == "confirm":
        ticket = actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=NOW)
    before = make.kinds(ticket)
    common = {"by": by, "now": NOW}
    deeds = {
        "accept": lambda: actions.accept_leg(leg=leg, version=leg.version, **common),
        "deliver": lambda: actions.deliver_leg(leg=leg, version=leg.version, **common),
        "hand_over": lambda: actions.hand_over(
            leg=leg, to=it.finance, ask="?", version=leg.version, **common
        ),
        "resolve": lambda: actions.resolve(ticket=ticket, version=ticket.version, **common),
        "confirm": lambda: actions.confirm(ticket=ticket, version=ticket.version, **common),
        "change_priority": lambda: actions.change_priority(
            ticket=ticket, priority="1", why="!", version=ticket.version, **common
        ),
        "cancel": lambda: actions.cancel(ticket=ticket, why="!", version=ticket.version, **common),
        "post": lambda: actions.post_message(ticket=ticket, body="!", **common),
        "add_participant": lambda: actions.add_participant(ticket=ticket, person=it.fei, **common),
    }
    with pytest.raises(PermissionDenied):
        deeds[deed]()
    assert make.kinds(ticket) == before


def test_a_standing_costs_the_same_for_everybody(django_assert_max_num_queries):
    """The first of a process also reads what is kept until it changes; here that was read before."""
    it = make.company()
    everything = attrgetter("acting_for", "serves", "leads", "heads", "owns")
    everything(policies.standing(it.it_head, now=NOW))
    for person in (it.anna, it.it_head):
        with django_assert_max_num_queries(8):
            assert any(everything(policies.standing(person, now=NOW)))


def test_ones_own_work_is_known_without_looking_further(django_assert_num_queries):
    it = make.company()
    leg = it.accepted()
    with django_assert_num_queries(0):
        assert policies.may_work(policies.standing(it.ivan, now=NOW), leg)
        asker = policies.standing(it.anna, now=NOW)
        assert policies.may_post(asker, leg.ticket, Visibility.PUBLIC)
