"""Rating a request or a leg: who may, what holds, what follows."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from neike.desk import actions as desk_actions
from neike.desk import policies as desk_policies
from neike.desk.choices import Visibility
from neike.desk.models import Leg, Ticket
from neike.kernel.audit.models import AuditEntry, AuditValue
from neike.kernel.outbox.models import OutboxEvent
from neike.org.choices import Role
from neike.org.models import Placement
from neike.surveys import actions, policies
from neike.surveys.models import Rating
from tests.make import desk, org, surveys

pytestmark = pytest.mark.django_db
LATER = surveys.RESOLVED_AT + timedelta(hours=1)


@pytest.fixture
def company():
    return desk.company()


def reason_for_ticket(person, ticket, now=LATER):
    return policies.may_rate_ticket(desk_policies.standing(person, now=now), ticket).reason


def reason_for_leg(person, leg, now=LATER):
    return policies.may_rate_leg(desk_policies.standing(person, now=now), leg).reason


def test_only_the_requester_rates_a_request(company):
    ticket = surveys.resolved(company)
    colleague = org.person("Colleague", department=company.hr)
    outsider = org.person("Outsider")

    assert {
        person.name: reason_for_ticket(person, ticket)
        for person in (
            company.anna,
            company.ivan,
            company.ines,
            company.it_head,
            company.hr_head,
            colleague,
            outsider,
            org.administrator("Admin"),
        )
    } == {
        "Anna": "",
        "Ivan": "not_requester",
        "Ines": "not_requester",
        "Ito": "not_requester",
        "Hu": "not_requester",
        "Colleague": "not_requester",
        "Outsider": "not_requester",
        "Admin": "not_requester",
    }


def test_who_only_typed_the_request_does_not_rate_it(company):
    ticket = surveys.resolved(company, by=company.ines, requester=company.anna)

    assert reason_for_ticket(company.ines, ticket) == "not_requester"
    assert reason_for_ticket(company.anna, ticket) == ""


def test_nothing_is_rated_before_it_is_resolved(company):
    ticket = company.accepted().ticket

    assert reason_for_ticket(company.anna, ticket) == "not_resolved"


def test_a_withdrawn_request_is_not_rated(company):
    ticket = company.submit()
    desk_actions.cancel(
        ticket=ticket, by=company.anna, why="", version=ticket.version, now=desk.MONDAY
    )

    assert reason_for_ticket(company.anna, Ticket.objects.get(pk=ticket.pk)) == "not_resolved"


def own_request(company, do):
    """Let Ines of IT ask her own department, let her `do` something with the leg, and let Ivan resolve it."""
    ticket = company.submit(by=company.ines)
    leg = do(ticket.legs.get())
    if leg.state == "offered":
        leg = desk_actions.accept_leg(
            leg=leg, by=company.ivan, version=leg.version, now=desk.at("2 11:30")
        )
    elif leg.assignee_id != company.ivan.pk:
        leg = desk_actions.assign_leg(
            leg=leg,
            by=company.it_head,
            to=company.ivan,
            version=leg.version,
            now=desk.at("2 11:30"),
        )
    return desk_actions.resolve(
        ticket=ticket,
        by=company.ivan,
        version=Ticket.objects.get(pk=ticket.pk).version,
        now=surveys.RESOLVED_AT,
    )


def test_a_request_to_ones_own_department_is_rated_if_others_did_it(company):
    ticket = own_request(company, lambda leg: leg)

    assert reason_for_ticket(company.ines, ticket) == ""


@pytest.mark.parametrize("what", ["accepted", "was_assigned", "took_it_for_all", "wrote"])
def test_who_worked_on_it_does_not_rate_it_even_if_others_finished(company, what):
    ines = company.ines

    def do(leg: Leg) -> Leg:
        if what == "accepted":
            return desk_actions.accept_leg(
                leg=leg, by=ines, version=leg.version, now=desk.at("2 11:00")
            )
        if what == "took_it_for_all":
            return desk_actions.accept_leg(
                leg=leg, by=ines, version=leg.version, now=desk.at("2 11:00"), take=False
            )
        if what == "was_assigned":
            return desk_actions.assign_leg(
                leg=leg, by=company.it_head, to=ines, version=leg.version, now=desk.at("2 11:00")
            )
        desk_actions.post_message(
            ticket=leg.ticket,
            by=ines,
            body="Try the other port.",
            visibility=Visibility.INTERNAL,
            now=desk.at("2 11:00"),
        )
        return desk.fresh(leg)

    ticket = own_request(company, do)

    assert reason_for_ticket(ines, ticket) == "own_work"


def test_the_sending_department_rates_a_leg(company):
    leg = surveys.confirmed_leg(company)
    both = org.person("Both", department=company.it)
    org.grant(both, Role.AGENT, department=company.finance)

    assert {
        person.name: reason_for_leg(person, leg)
        for person in (
            company.ivan,
            company.ines,
            company.it_head,
            company.fang,
            company.fei,
            company.fin_head,
            company.anna,
            both,
            org.person("Outsider"),
            org.administrator("Admin"),
        )
    } == {
        "Ivan": "",
        "Ines": "not_involved",
        "Ito": "not_involved",
        "Fang": "not_customer",
        "Fei": "not_customer",
        "Fu": "not_customer",
        "Anna": "not_customer",
        "Both": "not_involved",
        "Outsider": "not_customer",
        "Admin": "not_customer",
    }


def test_who_confirmed_the_leg_rates_it_too(company):
    first = company.accepted()
    leg = desk_actions.hand_over(
        leg=first,
        by=company.ivan,
        to=company.finance,
        ask="Budget?",
        version=first.version,
        now=desk.at("2 10:15"),
    )
    leg = desk_actions.accept_leg(
        leg=leg, by=company.fang, version=leg.version, now=desk.at("2 10:30")
    )
    leg = desk_actions.deliver_leg(
        leg=leg, by=company.fang, version=leg.version, now=desk.at("2 11:00")
    )
    assert reason_for_leg(company.ivan, leg) == "not_confirmed"
    leg = desk_actions.confirm_leg(
        leg=leg, by=company.ines, version=leg.version, now=desk.at("2 11:30")
    )

    assert reason_for_leg(company.ines, leg) == ""
    assert reason_for_leg(company.ivan, leg) == ""


def test_who_sent_the_leg_back_for_rework_still_rates_it(company):
    first = company.accepted()
    leg = desk_actions.hand_over(
        leg=first,
        by=company.ivan,
        to=company.finance,
        ask="Budget?",
        version=first.version,
        now=desk.at("2 10:15"),
    )
    minute = 20
    for action, by, more in (
        (desk_actions.accept_leg, company.fang, {}),
        (desk_actions.deliver_leg, company.fang, {}),
        (desk_actions.rework_leg, company.ivan, {"why": "Wrong year"}),
        (desk_actions.deliver_leg, company.fang, {}),
        (desk_actions.confirm_leg, company.ivan, {}),
    ):
        leg = action(leg=leg, by=by, version=leg.version, now=desk.at(f"2 10:{minute}"), **more)
        minute += 5

    assert reason_for_leg(company.ivan, leg) == ""


def test_the_leading_leg_is_rated_with_the_request(company):
    ticket = surveys.resolved(company)

    assert reason_for_leg(company.hr_head, ticket.legs.get()) == "not_handed_over"


def test_who_moved_into_the_sending_department_after_working_on_the_leg_does_not_rate_it(company):
    leg = surveys.confirmed_leg(company)
    Placement.objects.filter(person=company.fang).delete()
    org.placement(company.fang, company.it)

    assert reason_for_leg(company.fang, leg) == "own_work"


def test_rating_a_request_stores_who_was_rated_by_whom(company):
    ticket = surveys.resolved(company)

    rating = actions.rate_ticket(
        ticket=ticket,
        by=company.anna,
        score=5,
        reasons=["result", "speed"],
        comment="  Thank you!\x00 ",
        now=LATER,
    )

    rating.refresh_from_db()
    assert (rating.rater, rating.supplier, rating.customer) == (
        company.anna,
        company.it,
        company.hr,
    )
    assert (rating.score, rating.reasons, rating.comment) == (5, ["speed", "result"], "Thank you!")
    assert (rating.rated_at, rating.changed_at, rating.version) == (LATER, None, 1)


def test_a_transferred_request_rates_who_led_it_to_the_end(company):
    first = company.accepted()
    leg = desk_actions.hand_over(
        leg=first,
        by=company.ivan,
        to=company.finance,
        mode="transfer",
        ask="Yours",
        version=first.version,
        now=desk.at("2 10:15"),
    )
    leg = desk_actions.accept_leg(
        leg=leg, by=company.fang, version=leg.version, now=desk.at("2 10:30")
    )
    desk_actions.deliver_leg(leg=leg, by=company.fang, version=leg.version, now=desk.at("2 11:00"))

    rating = actions.rate_ticket(ticket=leg.ticket, by=company.anna, score=3, now=LATER)

    assert rating.supplier == company.finance


def test_rating_a_leg_stores_the_pair_of_departments(company):
    leg = surveys.confirmed_leg(company)

    rating = actions.rate_leg(leg=leg, by=company.ivan, score=2, reasons=["clarity"], now=LATER)

    assert (rating.leg, rating.supplier, rating.customer) == (leg, company.finance, company.it)


@pytest.mark.parametrize("score", [0, 6, -1, 3.5, True, "5", None])
def test_a_score_is_a_whole_number_from_one_to_five(company, score):
    ticket = surveys.resolved(company)

    with pytest.raises(actions.WrongScoreError):
        actions.rate_ticket(ticket=ticket, by=company.anna, score=score, now=LATER)


def test_unknown_reasons_and_endless_comments_are_refused(company):
    ticket = surveys.resolved(company)

    with pytest.raises(actions.UnknownReasonError):
        actions.rate_ticket(ticket=ticket, by=company.anna, score=4, reasons=["luck"], now=LATER)
    with pytest.raises(actions.CommentTooLongError):
        actions.rate_ticket(ticket=ticket, by=company.anna, score=4, comment="x" * 2001, now=LATER)
    assert not Rating.objects.exists()


def test_refused_people_leave_nothing_behind(company):
    ticket = surveys.resolved(company)
    before = OutboxEvent.objects.count()

    with pytest.raises(PermissionDenied, match="not_requester"):
        actions.rate_ticket(ticket=ticket, by=company.ivan, score=5, now=LATER)

    assert not Rating.objects.exists()
    assert OutboxEvent.objects.count() == before


def test_one_may_change_ones_mind_for_seven_days(company):
    ticket = surveys.resolved(company)
    first = actions.rate_ticket(ticket=ticket, by=company.anna, score=5, now=LATER)
    last_moment = LATER + timedelta(days=7)

    changed = actions.rate_ticket(ticket=ticket, by=company.anna, score=2, now=last_moment)

    assert changed.pk == first.pk
    assert (changed.score, changed.version, changed.rated_at, changed.changed_at) == (
        2,
        2,
        LATER,
        last_moment,
    )
    with pytest.raises(actions.RatingFixedError):
        actions.rate_ticket(
            ticket=ticket, by=company.anna, score=5, now=last_moment + timedelta(seconds=1)
        )


def test_saying_the_same_again_changes_nothing(company):
    ticket = surveys.resolved(company)
    actions.rate_ticket(ticket=ticket, by=company.anna, score=5, now=LATER)
    events, entries = OutboxEvent.objects.count(), AuditEntry.objects.count()

    again = actions.rate_ticket(
        ticket=ticket, by=company.anna, score=5, now=LATER + timedelta(days=60)
    )

    assert again.version == 1
    assert (OutboxEvent.objects.count(), AuditEntry.objects.count()) == (events, entries)


def test_a_request_can_be_rated_for_thirty_days(company):
    ticket = surveys.resolved(company)
    too_late = surveys.RESOLVED_AT + timedelta(days=30, seconds=1)

    with pytest.raises(actions.RatingTooLateError):
        actions.rate_ticket(ticket=ticket, by=company.anna, score=5, now=too_late)


def test_the_database_holds_one_rating_per_request_and_per_leg(company):
    leg = surveys.confirmed_leg(company)
    common = {
        "ticket": leg.ticket,
        "rater": company.ivan,
        "supplier": company.finance,
        "customer": company.it,
        "score": 3,
        "rated_at": LATER,
    }
    Rating.objects.create(**common)
    Rating.objects.create(**common, leg=leg)

    for again in ({}, {"leg": leg}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rating.objects.create(**common, **again)


@pytest.mark.parametrize(
    "wrong", [{"score": 0}, {"score": 6}, {"changed_at": LATER - timedelta(1)}]
)
def test_the_database_refuses_what_is_no_rating(company, wrong):
    rating = surveys.rating(company, at=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(**wrong)


def test_the_record_says_that_one_rated_never_what(company):
    ticket = surveys.resolved(company)
    actions.rate_ticket(ticket=ticket, by=company.anna, score=1, comment="Rude", now=LATER)
    rating = actions.rate_ticket(ticket=ticket, by=company.anna, score=2, comment="Rude", now=LATER)

    entries = AuditEntry.objects.filter(subject_id=str(rating.public_id)).order_by("pk")
    assert [(entry.action, entry.parsed["changes"]) for entry in entries] == [
        ("surveys.rated", [["said", None, ["score", "reasons", "comment"]], ["version", None, 1]]),
        ("surveys.rating_changed", [["said", None, ["score"]], ["version", 1, 2]]),
    ]
    assert not AuditValue.objects.filter(value__contains="Rude").exists()


def test_rating_is_announced_without_what_was_said(company):
    leg = surveys.confirmed_leg(company)
    rating = actions.rate_leg(leg=leg, by=company.ivan, score=2, comment="Slow", now=LATER)

    event = OutboxEvent.objects.get(name="surveys.leg_rated.v1")
    assert event.aggregate == f"ticket:{leg.ticket_id}"
    assert event.payload == {
        "rating_id": rating.pk,
        "ticket_id": leg.ticket_id,
        "leg_id": leg.pk,
        "version": 1,
        "at": LATER.isoformat(),
        "by_id": company.ivan.pk,
    }
