"""Approvals and tasks through their pages: who sees which button, what it does, how it refuses."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions
from neike.desk.choices import ApprovalState, TaskState, TicketState
from neike.desk.models import ChecklistTemplate, Leg, Ticket
from neike.kernel.texts import LocalizedText
from neike.org.choices import SubstitutionScope
from neike.org.models import Person, Substitution
from tests.make import desk as make

pytestmark = pytest.mark.django_db
APPROVAL = {"key": "head", "kind": "approval", "approvers": [{"by": "manager"}]}
TASK = {
    "key": "desk",
    "kind": "task",
    "after": ["head"],
    "checklist": [{"source": "en", "en": "Chair"}, {"source": "en", "en": "Screen"}],
}


@pytest.fixture
def it():
    return make.company(minutes={**make.TARGETS, "approval": 240}, steps=[APPROVAL, TASK])


@pytest.fixture
def page(client_for):
    def page_(person, address, *, htmx=False, **data):
        client = client_for(person)
        client.cookies["neike_language"] = "en"
        headers = {"HX-Request": "true"} if htmx else {}
        if not data:
            return client.get(address, headers=headers)
        return client.post(address, data, headers=headers)

    return page_


def asked(it, **more):
    return it.submit(now=timezone.now() - timedelta(hours=2), **more)


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def address(name, ticket, *more):
    return reverse(f"desk:{name}", args=[ticket.number, *more])


def test_the_page_shows_who_is_asked_and_only_they_have_the_buttons(it, page):
    ticket = asked(it)

    own = page(it.anna, ticket.path).content.decode()
    theirs = page(it.hr_head, ticket.path).content.decode()

    assert "Hu" in own
    assert "The plan" in own
    assert address("approval_approve", ticket, 0) not in own
    assert address("approval_approve", ticket, 0) in theirs
    assert address("approval_refuse", ticket, 0) in theirs
    assert address("approval_ask", ticket, 0) in theirs
    # Who serves has nothing to resume while others decide.
    assert address("leg_resume", ticket, 0) not in page(it.it_head, ticket.path).content.decode()


def test_an_approver_approves_rejects_and_asks_on_the_page(it, page):
    one, other, third = asked(it), asked(it), asked(it)
    version = {"version": one.version}

    page(it.hr_head, address("approval_approve", one, 0), note="Fine", **version)
    nothing = page(it.hr_head, address("approval_refuse", other, 0), reason=" ", **version)
    page(it.hr_head, address("approval_refuse", other, 0), reason="No post free", **version)
    page(it.hr_head, address("approval_ask", third, 0), question="For whom?", **version)

    assert fresh(one).state == TicketState.SUBMITTED
    assert nothing.status_code == 422
    assert fresh(other).state == TicketState.REJECTED
    assert fresh(third).state == TicketState.IN_APPROVAL
    assert third.messages.get().body == "For whom?"


def test_a_stranger_is_refused_and_learns_nothing(it, page):
    ticket = asked(it)

    assert page(it.fang, address("approval_approve", ticket, 0), version=1).status_code == 404
    assert page(it.anna, address("approval_approve", ticket, 0), version=1).status_code == 403
    assert fresh(ticket).state == TicketState.IN_APPROVAL
    assert page(it.hr_head, address("approval_approve", ticket, 9), version=1).status_code == 404


def approved(it):
    ticket = asked(it)
    actions.approve(approval=ticket.approvals.get(), by=it.hr_head, now=timezone.now())
    return fresh(ticket)


def test_a_checklist_is_ticked_and_the_task_finished(it, page):
    ticket = approved(it)
    task = ticket.tasks.get()

    shown = page(it.ivan, ticket.path).content.decode()
    assert 'role="checkbox"' in shown
    early = page(it.ivan, address("task_done", ticket, 0), version=0)
    for item in ("0", "1"):
        done = page(
            it.ivan, address("task_tick", ticket, 0), htmx=True, version=0, item=item, done="1"
        )
        assert done.status_code == 200
    wrong = page(it.ivan, address("task_tick", ticket, 0), version=0, item="7", done="1")
    page(it.ivan, address("task_take", ticket, 0), version=0)
    page(it.ivan, address("task_done", ticket, 0), version=0)

    task.refresh_from_db()
    assert (early.status_code, wrong.status_code) == (422, 422)
    assert (task.state, task.assignee) == (TaskState.DONE, it.ivan)
    page(it.ivan, address("task_reopen", ticket, 0), version=0)
    page(it.ivan, address("task_drop", ticket, 0), version=0, reason="Not needed")
    task.refresh_from_db()
    assert task.state == TaskState.DROPPED


def test_a_task_is_given_to_a_colleague_but_not_to_a_stranger(it, page):
    ticket = approved(it)
    give = address("task_assign", ticket, 0)

    page(it.ivan, give, version=0, to=it.ines.employee_no)
    refused = page(it.ivan, give, version=0, to=it.fang.employee_no)

    assert ticket.tasks.get().assignee == it.ines
    assert refused.status_code == 422


def accepted(it):
    ticket = approved(it)
    leg = ticket.legs.get(is_lead=True)
    return actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=timezone.now())


def test_a_task_is_added_with_the_checklist_of_the_department(it, page):
    leg = accepted(it)
    kept = ChecklistTemplate.objects.create(
        department=it.it,
        title=LocalizedText.of(en="Handing out"),
        items=[LocalizedText.of(zh="签字", en="Signature").as_json()],
    )

    page(
        it.ivan,
        address("leg_add_task", leg.ticket, leg.no),
        version=leg.version,
        title="Hand it out",
        template=str(kept.public_id),
        points="Bag\n\nMouse\n",
    )

    task = leg.ticket.tasks.get(no=1)
    texts = [LocalizedText.from_json(item["text"]).in_language("en") for item in task.items]
    assert texts == ["Signature", "Bag", "Mouse"]


def test_somebody_is_asked_by_hand_and_the_leg_waits(it, page):
    leg = accepted(it)
    where = address("leg_ask_approval", leg.ticket, leg.no)
    given = {"version": leg.version, "question": "Abroad?", "quorum": "any"}

    own = page(it.ivan, where, approver1=it.anna.employee_no, **given)
    it.fei.can_sign_in = False
    it.fei.save()
    gone = page(it.ivan, where, approver1=it.fei.employee_no, **given)
    page(
        it.ivan, where, approver1=it.it_head.employee_no, approver2=it.fin_head.employee_no, **given
    )

    assert (own.status_code, gone.status_code) == (422, 422)
    approval = leg.ticket.approvals.get(no=1)
    assert (approval.needed, approval.votes.count()) == (1, 2)
    assert Leg.objects.get(pk=leg.pk).waiting_on == "approver"
    page(it.ivan, address("approval_withdraw", leg.ticket, 1), version=0)
    approval.refresh_from_db()
    assert approval.state == ApprovalState.WITHDRAWN


def test_a_step_is_left_out_with_a_reason(it, page):
    ticket = approved(it)
    where = address("skip_step", ticket, "desk")

    assert where in page(it.ivan, ticket.path).content.decode()
    page(it.ivan, where, version=ticket.version, reason="Has one")

    assert ticket.tasks.get().state == TaskState.DROPPED
    assert "left out" in page(it.ivan, ticket.path).content.decode()


def test_the_cards_show_what_waits_for_oneself_and_for_whom_one_stands_in(it, page):
    ticket = asked(it)
    Substitution.objects.create(
        person=it.hr_head,
        substitute=it.ines,
        starts_at=timezone.now() - timedelta(days=1),
        ends_at=timezone.now() + timedelta(days=1),
        scope=SubstitutionScope.APPROVE,
    )

    own = page(it.hr_head, reverse("desk:approvals")).context["cards"]
    stand_in = page(it.ines, reverse("desk:approvals"))
    nobody = page(it.fang, reverse("desk:approvals"))

    assert [card.approval.ticket for card in own] == [ticket]
    assert own[0].for_others == []
    assert stand_in.context["cards"][0].for_others == ["Hu"]
    assert "for Hu" in stand_in.content.decode()
    assert nobody.context["cards"] == []
    assert "Nothing waits for your approval" in nobody.content.decode()


def test_the_cards_cost_the_same_at_any_length(it, client_for):
    client, costs = client_for(it.hr_head), []
    for length in (1, 3):
        while len(_cards(client)) < length:
            asked(it)
        with CaptureQueriesContext(connection) as counted:
            assert len(_cards(client)) == length
        costs.append(len(counted))

    assert costs[0] == costs[1]


def _cards(client):
    return client.get(reverse("desk:approvals")).context["cards"]


def test_decisions_from_the_cards_answer_with_the_cards(it, page):
    one, other = asked(it), asked(it)

    def decide(ticket, verb, **data):
        approval = ticket.approvals.get()
        where = reverse("desk:approver_decide", args=[approval.public_id, verb])
        return page(it.hr_head, where, htmx=True, version=0, **data)

    empty = decide(one, "refuse", reason="")
    refused = decide(one, "refuse", reason="Too dear")
    approved_ = decide(other, "approve")
    again = decide(other, "approve")

    assert empty.status_code == 422
    assert (refused.status_code, approved_.status_code) == (200, 200)
    assert (fresh(one).state, fresh(other).state) == (TicketState.REJECTED, TicketState.SUBMITTED)
    assert again.status_code == 422
    decided = page(it.hr_head, reverse("desk:approvals") + "?tab=decided")
    assert [each["ticket"].pk for each in decided.context["decided"]] == [other.pk, one.pk]
    strange = reverse("desk:approver_decide", args=[one.approvals.get().public_id, "burn"])
    assert page(it.hr_head, strange, version=0).status_code == 404


def test_leads_keep_checklists_and_others_do_not(it, page):
    where = reverse("desk:checklists")
    given = {
        "department": str(it.it.public_id),
        "title_zh": "新人",
        "title_en": "Newcomer",
        "items_zh": "电脑\n账号",
        "items_en": "Computer\nAccount",
    }

    assert page(it.ivan, where, **given).status_code == 403
    uneven = page(it.it_head, where, **{**given, "items_en": "Computer"})
    made = page(it.it_head, where, **given)

    assert (uneven.status_code, made.status_code) == (422, 302)
    kept = ChecklistTemplate.objects.get()
    edit = reverse("desk:checklist", args=[kept.public_id])
    assert page(it.ivan, edit).status_code == 404
    assert page(it.ivan, where).status_code == 200
    stale = page(it.it_head, edit, **{**given, "version": 7})
    page(it.it_head, edit, **{**given, "title_en": "New colleague", "version": 1})
    kept.refresh_from_db()
    assert stale.status_code == 409
    assert (kept.title.in_language("en"), len(kept.items)) == ("New colleague", 2)
    page(it.it_head, reverse("desk:checklist_retire", args=[kept.public_id]), x="1")
    kept.refresh_from_db()
    assert kept.retired_at is not None


def test_the_word_for_a_person_without_access_is_theirs():
    company = make.company()
    leg = company.accepted()
    Person.objects.filter(pk=company.fin_head.pk).update(can_sign_in=False)

    with pytest.raises(actions.ApproverGoneError, match="Fu"):
        actions.ask_approval(
            leg=leg,
            by=company.ivan,
            approvers=[Person.objects.get(pk=company.fin_head.pk)],
            question="?",
            version=leg.version,
            now=make.MONDAY,
        )
