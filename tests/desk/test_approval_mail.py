"""Who hears of approvals and tasks, the mailed link that only opens a page, and approvers who left."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions
from neike.desk.actions import timers
from neike.desk.choices import TicketState, Vote
from neike.desk.models import ApprovalLink, ApprovalVote, Clock, Ticket
from neike.kernel.mail.models import OutboundMail
from neike.kernel.notices.actions import keep_preferences
from neike.kernel.notices.models import Notice
from neike.org.choices import SubstitutionScope
from neike.org.models import Person, Substitution
from tests.make import desk as make
from tests.make.background import run_jobs, run_outbox
from tests.make.desk import at

pytestmark = pytest.mark.django_db
APPROVAL = {"key": "head", "kind": "approval", "approvers": [{"by": "manager"}]}
TASK = {"key": "desk", "kind": "task", "after": ["head"], "checklist": []}


@pytest.fixture
def it():
    return make.company(minutes={**make.TARGETS, "approval": 240}, steps=[APPROVAL, TASK])


def heard(now) -> dict[str, list[str]]:
    """Return the kinds of notices by name, oldest first, and forget them."""
    run_outbox(now)
    found: dict[str, list[str]] = {}
    for notice in Notice.objects.order_by("pk"):
        name = Person.objects.get(pk=notice.person_id).name
        found.setdefault(name, []).append(notice.kind.removeprefix("desk."))
    Notice.objects.all().delete()
    return found


def test_approver_requester_and_department_hear_in_turn(it):
    now = at("2 10:00")
    ticket = it.submit(now=now)
    assert heard(now) == {"Hu": ["approval_asked"]}

    actions.approve(approval=ticket.approvals.get(), by=it.hr_head, now=now)
    told = heard(now)
    assert told["Anna"] == ["approval_decided"]
    assert sorted(told["Ito"]) == ["leg_offered", "task_opened"]

    actions.assign_task(task=ticket.tasks.get(), by=it.it_head, to=it.ivan, now=now)
    assert heard(now) == {"Ivan": ["task_assigned"]}


def test_the_requester_hears_the_reason_of_a_refusal(it):
    now = at("2 10:00")
    it.anna.email, it.anna.language = "anna@example.org", "en"
    it.anna.save()
    ticket = it.submit(now=now)
    heard(now)

    actions.refuse(approval=ticket.approvals.get(), by=it.hr_head, why="No post free", now=now)
    run_outbox(now)
    run_jobs(now)

    notice = Notice.objects.get(person_id=it.anna.pk, kind="desk.ticket_rejected")
    assert "No post free" in str(notice.title)
    assert "The reason: No post free" in outbox.outbox[-1].body


def test_warnings_of_the_approvers_clock_go_to_the_approvers(it):
    ticket = it.submit(now=at("2 10:00"))
    heard(at("2 10:00"))
    clock = Clock.objects.get(ticket=ticket, metric="approval")

    timers.warn(clock_id=clock.pk, now=at("2 14:35"))  # 185 of 240 minutes: 77 %
    assert heard(at("2 14:35")) == {"Hu": ["clock_warned"]}
    timers.warn(clock_id=clock.pk, now=at("2 15:30"))
    assert heard(at("2 15:30")) == {"Hu": ["clock_warned"]}


def test_who_stands_in_is_asked_too(it):
    Substitution.objects.create(
        person=it.hr_head,
        substitute=it.ines,
        starts_at=at("1 00:00"),
        ends_at=at("8 00:00"),
        scope=SubstitutionScope.APPROVE,
    )

    it.submit(now=at("2 10:00"))

    assert heard(at("2 10:00")) == {"Hu": ["approval_asked"], "Ines": ["approval_asked"]}


def test_a_job_replaces_an_approver_who_left_and_tells_both_sides(it):
    ceo = make.org.person("Ceo", department=it.hr)
    make.lead(ceo, it.hr)
    ticket = it.submit(now=at("2 10:00"))
    heard(at("2 10:00"))
    Person.objects.filter(pk=it.hr_head.pk).update(left_on=at("3 10:00").date())
    it.hr_head.refresh_from_db()

    from neike.desk.jobs import look_for_approvers_who_left  # noqa: PLC0415

    look_for_approvers_who_left(now=at("2 11:00"))
    run_jobs(at("2 11:00"))
    assert ApprovalVote.objects.get().person == it.hr_head
    look_for_approvers_who_left(now=at("4 11:00"))
    run_jobs(at("4 11:00"))

    vote = ApprovalVote.objects.get(approval__ticket=ticket)
    told = heard(at("4 11:00"))
    assert vote.person != it.hr_head
    assert told[vote.person.name] == ["approval_asked"]
    assert told["Anna"] == ["approval_asked"]


# -- the mailed link ------------------------------------------------------------------------------------------


def mailed(it, *, language="en", **more):
    """Return a request and the path of the link in the approver's mail."""
    it.hr_head.email, it.hr_head.language = "hu@example.org", language
    it.hr_head.save()
    keep_preferences(person=it.hr_head, only_working_time=False, has_quiet_hours=False)
    ticket = it.submit(now=timezone.now() - timedelta(hours=1), **more)
    run_outbox(timezone.now())
    run_jobs(timezone.now())
    message = outbox.outbox[-1]
    assert message.to == ["Hu <hu@example.org>"]
    return ticket, re.search(r"/approvals/mailed/[\w-]+/", message.body)[0], message


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def opened(path, client=None):
    client = client or Client()
    return client, client.get(path, follow=True)


def test_the_mail_speaks_the_readers_language_and_its_token_is_kept_as_a_hash_only(it):
    ticket, path, message = mailed(it, language="zh-hans")

    token = path.split("/")[3]
    link = ApprovalLink.objects.get()
    assert link.token_hash == sha256(token.encode()).hexdigest()
    assert (link.person, link.approval) == (it.hr_head, ticket.approvals.get())
    assert len(token) >= 43
    assert not any(token in str(each.context) for each in OutboundMail.objects.all())
    assert "审批" in message.subject


def test_opening_the_link_exchanges_the_token_and_changes_nothing(it):
    ticket, path, _message = mailed(it)
    client = Client()

    for _ in range(3):  # a mail scanner may follow it again and again
        first = client.get(path)
        client.head(path)
    page = client.get(first["Location"])

    token = path.split("/")[3]
    assert first.status_code == 302
    assert token not in first["Location"]
    assert first["Referrer-Policy"] == "no-referrer"
    cookie = first.cookies["neike_approval"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True,
        "Lax",
        first["Location"],
    )
    assert page.status_code == 200
    assert token not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert fresh(ticket).state == TicketState.IN_APPROVAL
    assert ApprovalVote.objects.get().vote == Vote.OPEN


def test_the_buttons_of_the_page_decide_once_and_the_link_is_over(it):
    ticket, path, _message = mailed(it)
    client, page = opened(path)
    here = page.redirect_chain[-1][0]

    assert client.post(here, {"verb": "burn", "version": 0}).status_code == 422
    assert client.post(here, {"verb": "refuse", "version": 0, "reason": ""}).status_code == 422
    asked = client.post(here, {"verb": "ask", "version": 0, "question": "For whom?"})
    done = client.post(here, {"verb": "approve", "version": 0, "note": "Fine"})
    again = Client().get(path, follow=True)

    assert (asked.status_code, done.status_code) == (200, 200)
    assert fresh(ticket).state == TicketState.SUBMITTED
    vote = ApprovalVote.objects.get()
    assert (vote.vote, vote.decided_by) == (Vote.YES, it.hr_head)
    assert again.status_code == 410
    assert "has been decided" in again.content.decode()


def test_a_post_without_the_forms_token_is_refused(it):
    ticket, path, _message = mailed(it)
    client = Client(enforce_csrf_checks=True)
    _client, page = opened(path, client)

    refused = client.post(page.redirect_chain[-1][0], {"verb": "approve", "version": 0})

    assert refused.status_code == 400  # how the product answers a form without its token
    assert fresh(ticket).state == TicketState.IN_APPROVAL


def test_the_link_opens_one_approval_only_and_dies_with_time_and_withdrawal(it):
    ticket, path, _message = mailed(it)
    other = it.submit(now=timezone.now())
    client, _page = opened(path)
    elsewhere = reverse("desk:approval_by_mail", args=[other.approvals.get().public_id])

    assert client.get(elsewhere).status_code == 410
    assert client.post(elsewhere, {"verb": "approve", "version": 0}).status_code == 410
    ApprovalLink.objects.update(expires_at=timezone.now())
    assert Client().get(path).status_code == 410
    ApprovalLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    actions.cancel(ticket=ticket, by=it.anna, version=ticket.version, now=timezone.now())
    assert Client().get(path, follow=True).status_code == 410
    assert Client().get("/approvals/mailed/nonsense/").status_code == 410


def test_a_link_serves_nobody_who_is_signed_in_as_somebody_else_or_has_left(it, client_for):
    ticket, path, _message = mailed(it)

    wrong = client_for(it.anna).get(path, follow=True)
    Person.objects.filter(pk=it.hr_head.pk).update(can_sign_in=False)
    left = Client().get(path, follow=True)

    assert (wrong.status_code, left.status_code) == (410, 410)
    assert fresh(ticket).state == TicketState.IN_APPROVAL


def test_a_confidential_request_shows_and_decides_nothing_without_sign_in(it, client_for):
    it.service.confidential = True
    it.service.save()
    ticket, path, message = mailed(it, title="Salary of Wang")
    client, page = opened(path)
    here = page.redirect_chain[-1][0]

    assert "Salary" not in message.body + message.subject + page.content.decode()
    assert client.post(here, {"verb": "approve", "version": 0}).status_code == 422
    assert fresh(ticket).state == TicketState.IN_APPROVAL
    signed_in, page = opened(path, client_for(it.hr_head))
    assert "Salary of Wang" in page.content.decode()
    assert signed_in.post(here, {"verb": "approve", "version": 0}).status_code == 200
    assert fresh(ticket).state == TicketState.SUBMITTED


def test_guessing_links_is_limited():
    client = Client()
    answers = {client.get(f"/approvals/mailed/guess{n}/").status_code for n in range(65)}
    assert answers == {410, 429}


def test_a_mail_about_a_decision_made_meanwhile_is_not_sent(it):
    it.hr_head.email = "hu@example.org"
    it.hr_head.save()
    ticket = it.submit(now=at("2 10:00"))
    run_outbox(at("2 10:00"))
    actions.approve(approval=ticket.approvals.get(), by=it.hr_head, now=at("2 10:05"))

    run_jobs(at("2 10:10"))

    assert not ApprovalLink.objects.exists()
    assert [m for m in outbox.outbox if m.to == ["Hu <hu@example.org>"]] == []


# -- programs, counts and copies ------------------------------------------------------------------------------


def test_programs_list_and_decide(it, client_for):
    ticket = it.submit(now=timezone.now())
    client = client_for(it.hr_head)

    waiting = client.get("/api/v1/approvals").json()["items"]
    path = f"/api/v1/requests/{ticket.public_id}"
    done = client.post(f"{path}/approvals/0/approve", {}, "application/json")
    again = client.post(f"{path}/approvals/0/approve", {}, "application/json")

    assert [each["request"] for each in waiting] == [str(ticket.public_id)]
    assert done.json()["state"] == "submitted"
    assert (again.status_code, again.json()["code"]) == (422, "not_possible")
    agent = client_for(it.ivan)
    steps = agent.get(f"{path}/steps").json()
    assert [each["state"] for each in steps["tasks"]] == ["open"]
    finished = agent.post(f"{path}/tasks/0/done", {}, "application/json")
    assert finished.status_code == 200
    stranger = client_for(it.fang)
    assert stranger.get(f"{path}/steps").status_code == 404


def test_the_form_says_before_sending_who_approves(it, client_for):
    page = client_for(it.anna).get(reverse("desk:new", args=[it.service.key]))
    head = client_for(it.hr_head).get(reverse("desk:new", args=[it.service.key]))

    assert [(each.who) for each in page.context["plan"]][:1] == ["Hu"]
    assert "Hu" not in head.context["plan"][0].who


def test_a_rejected_request_is_copied_into_a_new_form(it, client_for):
    ticket = it.submit(now=at("2 10:00"), title="A big screen")
    actions.refuse(approval=ticket.approvals.get(), by=it.hr_head, why="No", now=at("2 11:00"))
    anna = client_for(it.anna)

    link = anna.get(ticket.path).context["copy_url"]
    page = anna.get(link)

    assert page.context["head"]["title"].value() == "A big screen"
    assert client_for(it.fang).get(link).context["head"]["title"].value() != "A big screen"
    done = anna.get(reverse("desk:mine") + "?tab=done").context["rows"]
    assert [row.ticket.pk for row in done] == [ticket.pk]
