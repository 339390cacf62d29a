"""Every action of the request page through its address: what it does, and how it refuses."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions
from neike.desk.choices import LegState, TicketState, Visibility, WaitingOn
from neike.desk.models import Ticket
from tests.make import desk as make
from tests.make import org

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return make.company()


@pytest.fixture
def post(client_for):
    """Post to an action of a request or leg; `version` is the present one unless given."""

    def post_(person, name, ticket, leg=None, *, htmx=False, **data):
        version = (make.fresh(leg) if leg else fresh(ticket)).version
        args = [ticket.number] if leg is None else [ticket.number, leg.no]
        client = client_for(person)
        client.cookies["neike_language"] = "en"
        headers = {"HX-Request": "true"} if htmx else {}
        return client.post(
            reverse(f"desk:{name}", args=args), {"version": version, **data}, headers=headers
        )

    return post_


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def later(hours=24):
    return f"{timezone.localtime(timezone.now() + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


def submitted(it, **more):
    return it.submit(now=timezone.now() - timedelta(hours=2), **more)


def accepted(it):
    ticket = submitted(it)
    leg = ticket.legs.get()
    return actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=timezone.now())


def handed(it, *, done=False):
    leg = accepted(it)
    asked = actions.hand_over(
        leg=leg, by=it.ivan, to=it.finance, ask="Budget?", version=leg.version, now=timezone.now()
    )
    if done:
        asked = actions.accept_leg(leg=asked, by=it.fang, version=asked.version, now=timezone.now())
        asked = actions.deliver_leg(
            leg=asked, by=it.fang, version=asked.version, now=timezone.now()
        )
    return make.fresh(leg), make.fresh(asked)


def resolved(it):
    leg = accepted(it)
    ticket = fresh(leg.ticket)
    return actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=timezone.now())


def test_accepting_takes_the_work_and_leads_back_to_the_request(it, post):
    leg = submitted(it).legs.get()

    response = post(it.ivan, "leg_accept", leg.ticket, leg)

    assert (response.status_code, response.url) == (302, leg.ticket.path)
    assert (make.fresh(leg).state, make.fresh(leg).assignee) == (LegState.ACCEPTED, it.ivan)


def test_the_browser_script_gets_the_changed_part_with_a_toast(it, post):
    leg = submitted(it).legs.get()

    response = post(it.ivan, "leg_accept", leg.ticket, leg, htmx=True)

    page = response.content.decode()
    assert response.status_code == 200
    assert page.lstrip().startswith('<div id="ticket"')
    assert "Accepted. The work is yours." in page
    assert "<html" not in page


def test_assigning_gives_it_to_a_colleague(it, post):
    leg = accepted(it)

    post(it.ivan, "leg_assign", leg.ticket, leg, to=str(it.ines.public_id))

    assert make.fresh(leg).assignee == it.ines


def test_somebody_of_another_department_cannot_be_chosen(it, post):
    leg = accepted(it)

    response = post(it.ivan, "leg_assign", leg.ticket, leg, to=str(it.fang.public_id))

    assert response.status_code == 422
    assert make.fresh(leg).assignee == it.ivan


def test_starting_shows_that_somebody_works(it, post):
    leg = accepted(it)

    post(it.ivan, "leg_start", leg.ticket, leg)

    assert make.fresh(leg).state == LegState.WORKING


def test_asking_waits_for_the_requester_and_going_on_ends_it(it, post):
    leg = accepted(it)

    post(it.ivan, "leg_ask", leg.ticket, leg, reason="Which model?", follow_up_at=later())
    assert make.fresh(leg).waiting_on == WaitingOn.REQUESTER
    assert fresh(leg.ticket).state == TicketState.WAITING

    post(it.ivan, "leg_resume", leg.ticket, leg)
    assert make.fresh(leg).state == LegState.WORKING


def test_the_requesters_reply_ends_the_wait(it, post):
    leg = accepted(it)
    post(it.ivan, "leg_ask", leg.ticket, leg, reason="Which model?", follow_up_at=later())

    post(it.anna, "reply", leg.ticket, body="The small one.", client_key="k1")

    assert make.fresh(leg).waiting_on == WaitingOn.SUPPLIER


def test_waiting_for_an_outside_supplier_needs_a_date_in_the_future(it, post):
    leg = accepted(it)

    late = post(it.ivan, "leg_wait", leg.ticket, leg, reason="Parts", follow_up_at=later(-5))
    assert late.status_code == 422
    assert "in the future" in late.content.decode()

    post(it.ivan, "leg_wait", leg.ticket, leg, reason="Parts", follow_up_at=later())
    assert make.fresh(leg).waiting_on == WaitingOn.THIRD_PARTY


@pytest.mark.parametrize("mode", ["relay", "transfer", "parallel"])
def test_handing_over_opens_a_leg_with_the_promise_of_the_service(it, post, mode):
    leg = accepted(it)

    response = post(
        it.ivan,
        "leg_hand_over",
        leg.ticket,
        leg,
        offer=str(it.fin_other.public_id),
        mode=mode,
        ask="Is there budget?",
    )

    assert response.status_code == 302, response.content.decode()
    new = leg.ticket.legs.get(no=1)
    assert (new.supplier, new.service, new.mode) == (it.finance, it.fin_other, mode)
    assert new.ask == "Is there budget?"


def test_the_promise_is_shown_before_handing_over(it, client_for):
    leg = accepted(it)
    client = client_for(it.ivan)
    client.cookies["neike_language"] = "en"

    page = client.get(leg.ticket.path).content.decode()

    assert "accepts within 1 h, delivers within 1 day" in page


def test_returning_needs_a_reason_of_the_list(it, post):
    leg, asked = handed(it)

    assert post(it.fang, "leg_return", leg.ticket, asked, why="nonsense").status_code == 422
    post(it.fang, "leg_return", leg.ticket, asked, why="missing_information", note="Cost centre?")

    assert make.fresh(asked).state == LegState.RETURNED
    assert make.fresh(leg).state == LegState.WORKING


def test_delivering_and_confirming_a_leg(it, post):
    leg, asked = handed(it)
    post(it.fang, "leg_accept", leg.ticket, asked)

    post(it.fang, "leg_deliver", leg.ticket, asked, note="Approved.")
    assert make.fresh(asked).state == LegState.DELIVERED
    post(it.ivan, "leg_confirm", leg.ticket, asked)

    assert make.fresh(asked).state == LegState.CONFIRMED


def test_sending_back_for_rework_needs_a_reason(it, post):
    leg, asked = handed(it, done=True)

    assert post(it.ivan, "leg_rework", leg.ticket, asked, reason=" ").status_code == 422
    post(it.ivan, "leg_rework", leg.ticket, asked, reason="The sum is missing.")

    assert make.fresh(asked).state == LegState.REWORK


def test_taking_back_what_was_handed_over(it, post):
    leg, asked = handed(it)

    post(it.ivan, "leg_withdraw", leg.ticket, asked, reason="Found it myself.")

    assert make.fresh(asked).state == LegState.CANCELLED


def test_resolving_confirming_and_too_late_to_confirm_again(it, post):
    ticket = accepted(it).ticket

    post(it.ivan, "resolve", ticket, note="Here it is.")
    assert fresh(ticket).state == TicketState.RESOLVED
    post(it.anna, "confirm", ticket)
    assert fresh(ticket).state == TicketState.CLOSED

    again = post(it.anna, "confirm", ticket)
    assert again.status_code == 422


def test_resolving_while_another_department_works_is_refused_in_words(it, post):
    leg, _asked = handed(it)

    response = post(it.ivan, "resolve", leg.ticket, note="Done")

    assert response.status_code == 422
    assert "has not delivered yet" in response.content.decode()


def test_reopening_posts_the_reason(it, post):
    ticket = resolved(it)

    post(it.anna, "reopen", ticket, reason="It broke again.")

    assert fresh(ticket).state == TicketState.IN_PROGRESS
    assert ticket.messages.last().body == "It broke again."


def test_withdrawing(it, post):
    ticket = submitted(it)

    post(it.anna, "cancel", ticket, reason="")

    assert fresh(ticket).state == TicketState.CANCELLED


def test_changing_the_priority(it, post):
    ticket = accepted(it).ticket

    post(it.ivan, "priority", ticket, priority="1", reason="The plant stands still.")

    assert fresh(ticket).priority == "1"


def test_an_internal_note_is_for_those_who_serve(it, post, client_for):
    ticket = accepted(it).ticket

    post(it.ivan, "note", ticket, body="canary-note", client_key="k2")

    assert ticket.messages.get().visibility == Visibility.INTERNAL
    assert "canary-note" in client_for(it.ivan).get(ticket.path).content.decode()
    for address in (ticket.path, f"{ticket.path}print/", f"{ticket.path}live/"):
        assert "canary-note" not in client_for(it.anna).get(address).content.decode()
    assert post(it.anna, "note", ticket, body="x", client_key="k3").status_code == 403


def test_letting_somebody_follow_and_not(it, post, client_for):
    ticket = accepted(it).ticket
    guest = org.person("Gina", department=it.finance)

    assert client_for(guest).get(ticket.path).status_code == 404
    post(it.anna, "follow", ticket, who=guest.employee_no)
    assert client_for(guest).get(ticket.path).status_code == 200
    address = reverse("desk:unfollow", args=[ticket.number, guest.public_id])
    assert client_for(guest).post(address).url == reverse("desk:queue")

    assert client_for(guest).get(ticket.path).status_code == 404
    assert post(it.anna, "follow", ticket, who="nobody").status_code == 422


def test_a_stale_save_is_refused_with_what_changed_and_keeps_what_was_typed(it, post):
    leg = accepted(it)
    seen = make.fresh(leg).version
    actions.start_leg(leg=leg, by=it.ivan, version=seen, now=timezone.now())

    response = post(it.ines, "leg_assign", leg.ticket, leg, version=seen, to="")
    handed_over = post(
        it.ivan,
        "leg_ask",
        leg.ticket,
        leg,
        version=seen,
        reason="my typed question",
        follow_up_at=later(),
        htmx=True,
    )

    page = handed_over.content.decode()
    assert (response.status_code, handed_over.status_code) == (409, 409)
    assert "started working on it" in page
    assert "my typed question" in page
    assert f'name="version" value="{make.fresh(leg).version}" id="ask-version"' in page
    assert make.fresh(leg).waiting_on == WaitingOn.SUPPLIER


def test_who_resolves_second_gets_their_words_back(it, post):
    leg = accepted(it)
    seen = fresh(leg.ticket).version
    actions.resolve(ticket=leg.ticket, by=it.it_head, version=seen, now=timezone.now())

    response = post(
        it.ivan, "resolve", leg.ticket, version=seen, note="It stands on your desk.", htmx=True
    )

    assert response.status_code == 409
    assert "It stands on your desk." in response.content.decode()
    assert response.context["typed"] == ["It stands on your desk."]


def test_what_changed_internally_is_not_told_to_the_requester(it, post):
    ticket = submitted(it)
    seen = fresh(ticket).version
    actions.post_message(
        ticket=ticket, by=it.ivan, body="canary", visibility=Visibility.INTERNAL, now=timezone.now()
    )

    response = post(it.anna, "cancel", ticket, version=seen, reason="")

    page = response.content.decode()
    assert response.status_code == 409
    assert "canary" not in page
    assert "internal note" not in page


@pytest.mark.parametrize("version", ["", "-1", "abc", "99999999999999999999"])
def test_a_version_that_is_none_is_refused(it, post, version):
    leg = submitted(it).legs.get()

    assert post(it.ivan, "leg_accept", leg.ticket, leg, version=version).status_code == 422


def test_an_action_of_others_is_forbidden_and_changes_nothing(it, post):
    leg = submitted(it).legs.get()

    assert post(it.anna, "leg_accept", leg.ticket, leg).status_code == 403
    assert make.fresh(leg).state == LegState.OFFERED


def test_sending_twice_makes_one_message(it, post):
    ticket = submitted(it)

    for _ in range(2):
        post(it.anna, "reply", ticket, body="Hello", client_key="same")

    assert ticket.messages.count() == 1


def test_what_is_hidden_answers_like_what_is_absent(it, client_for):
    ticket = submitted(it)
    absent = ticket.number + 500
    client = client_for(it.fang)
    for name in ("ticket", "ticket_print", "ticket_live"):
        hidden = client.get(reverse(f"desk:{name}", args=[ticket.number]))
        none = client.get(reverse(f"desk:{name}", args=[absent]))
        assert (hidden.status_code, none.status_code) == (404, 404)
        assert normal(hidden) == normal(none)
    for name in ("reply", "note", "resolve", "confirm", "reopen", "cancel", "priority", "follow"):
        hidden = client.post(reverse(f"desk:{name}", args=[ticket.number]))
        none = client.post(reverse(f"desk:{name}", args=[absent]))
        assert (hidden.status_code, none.status_code) == (404, 404)
    assert client.post(reverse("desk:leg_accept", args=[ticket.number, 0])).status_code == 404


def normal(response):
    """The body without what differs at every answer: the address and the token."""
    text = response.content.decode()
    return re.sub(r"R-\d+|[A-Za-z0-9]{64}|nonce-[\w-]+", "", text)


def test_a_leg_that_is_not_there_is_absent(it, client_for):
    ticket = submitted(it)

    response = client_for(it.ivan).post(reverse("desk:leg_accept", args=[ticket.number, 7]))

    assert response.status_code == 404


def test_live_says_nothing_while_nothing_changed(it, client_for):
    ticket = submitted(it)
    address = reverse("desk:ticket_live", args=[ticket.number])

    unchanged = client_for(it.ivan).get(address, {"version": fresh(ticket).version})
    changed = client_for(it.ivan).get(address, {"version": 1}, headers={"HX-Request": "true"})

    assert (unchanged.status_code, unchanged.content) == (204, b"")
    assert changed.content.decode().lstrip().startswith('<div id="ticket"')


NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)><b hx-get='/x'>&\"'"


def test_markup_in_words_of_people_stays_text(it, post, client_for):
    it.anna.name = it.ivan.name = "Eve <img src=x onerror=alert(3)>"
    it.anna.save()
    it.ivan.save()
    ticket = submitted(it, title=NASTY)
    leg = ticket.legs.get()
    post(it.ivan, "leg_accept", ticket, leg)
    post(it.anna, "reply", ticket, body=NASTY + "\n\n[a](javascript:alert(4))", client_key="n")
    post(
        it.ivan, "leg_hand_over", ticket, leg,
        offer=str(it.fin_other.public_id), mode="relay", ask=NASTY,
    )  # fmt: skip
    for person in (it.ivan, it.fang):
        client = client_for(person)
        for address in (ticket.path, f"{ticket.path}print/", reverse("desk:queue")):
            page = client.get(address).content.decode().lower()
            for planted in ("<script>alert", "<img src=x", "<b hx-get", 'href="javascript'):
                assert planted not in page, (address, planted)


def test_every_button_shown_works(it, client_for):
    """Whatever the page offers to anybody, the action accepts."""
    leg, _asked = handed(it, done=True)
    for person in (it.anna, it.ivan, it.ines, it.it_head, it.fang, it.fin_head):
        context = client_for(person).get(leg.ticket.path).context
        shown = [*context["ticket_moves"]]
        shown += [move for _name, each in context["leg_moves"] for move in each.moves]
        for move in shown:
            data = {"version": move.version, "reason": "r", "note": "", "why": "wrong_department"}
            data |= {"priority": "1", "to": ""}
            with undone():
                response = client_for(person).post(move.url, data)
                assert response.status_code == 302, (person, move.key, response.status_code)


@contextmanager
def undone():
    """Undo what happens inside, so that each button meets the same request."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
