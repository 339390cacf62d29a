"""A promise that runs out: who is told at 75 and 100 percent and after, each once, and by whose hours."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from neike.desk import actions
from neike.desk.actions import escalation, timers
from neike.desk.jobs import look_for_escalations
from neike.desk.models import EscalationStep, PromiseTold
from neike.kernel.notices.models import Notice
from neike.org.models import Person, Substitution
from tests.desk.test_notice_mails import at_once
from tests.make import desk as make
from tests.make import org
from tests.make.background import run_background, run_outbox
from tests.make.desk import at

pytestmark = pytest.mark.django_db
DUE = at("3 10:30")


@pytest.fixture
def it():
    company = make.company(minutes={"leg_delivery": 480})
    boss = org.person("Boss", department=company.it)
    parent = company.it.versions.get().parent
    make.lead(boss, parent)
    company.boss = boss
    return company


def step(it, hours: float, whom: str, **more) -> EscalationStep:
    return escalation.add_step(
        department=it.it,
        by=it.it_head,
        after_minutes=round(hours * 60),
        whom=whom,
        now=at("2 09:00"),
        **more,
    )


def missed(it):
    """Return a clock that is due on Tuesday at 10:30 and of whose miss everybody was told."""
    leg = it.accepted(now=at("2 10:00"))
    clock = make.clock(leg.ticket, "leg_delivery", leg=0)
    assert clock.due_at == DUE
    assert timers.warn(clock_id=clock.pk, now=DUE)
    run_outbox(DUE)
    Notice.objects.all().delete()
    return clock


def heard(now) -> list[tuple[str, str]]:
    run_outbox(now)
    found = [
        (Person.objects.get(pk=each.person_id).name, each.because.texts["en"])
        for each in Notice.objects.filter(kind="desk.clock_escalated").order_by("pk")
    ]
    Notice.objects.all().delete()
    return found


def test_at_75_percent_the_whole_desk_hears_of_what_nobody_has_taken():
    it = make.company(minutes={"acceptance": 60})
    clock = it.submit(now=at("2 10:00")).clocks.get()
    run_outbox(at("2 10:00"))
    Notice.objects.all().delete()

    assert timers.warn(clock_id=clock.pk, now=at("2 10:45"))
    run_outbox(at("2 10:45"))

    names = {Person.objects.get(pk=each.person_id).name for each in Notice.objects.all()}
    assert names == {"Ivan", "Ines", "Ito"}
    (told,) = PromiseTold.objects.all()
    assert (told.mark, {why for _pk, why in told.people}) == ("75", {"desk"})


def test_further_steps_are_told_once_each_by_the_working_time_of_the_promise(it):
    step(it, 1, "lead")
    step(it, 2, "lead_above")
    step(it, 8, "person", person=it.ines)
    clock = missed(it)

    assert escalation.escalate(clock_id=clock.pk, now=at("3 11:29")) == 0
    assert escalation.escalate(clock_id=clock.pk, now=at("3 11:30")) == 1
    assert heard(at("3 11:30")) == [("Ito", "You lead the department; it is late by 1 h.")]
    assert escalation.escalate(clock_id=clock.pk, now=at("3 11:35")) == 0
    assert escalation.escalate(clock_id=clock.pk, now=at("3 14:30")) == 1
    assert heard(at("3 14:30")) == [("Boss", "You lead the department above; it is late by 2 h.")]
    assert escalation.escalate(clock_id=clock.pk, now=at("4 12:00")) == 1
    assert heard(at("4 12:00")) == [("Ines", "The department named you for what is late by 8 h.")]


def test_the_job_finds_what_is_due_and_nothing_else(it):
    step(it, 1, "lead")
    clock = missed(it)

    look_for_escalations(now=at("3 11:25"))
    run_background(at("3 11:25"))
    assert PromiseTold.objects.filter(clock=clock).count() == 1
    for minute in (30, 35, 40):
        look_for_escalations(now=at(f"3 11:{minute}"))
        run_background(at(f"3 11:{minute}"))

    marks = PromiseTold.objects.filter(clock=clock).order_by("pk").values_list("mark", flat=True)
    assert list(marks) == ["100", "60:lead:"]
    assert Notice.objects.filter(kind="desk.clock_escalated").count() == 1


def test_a_promise_kept_meanwhile_is_not_passed_up(it):
    step(it, 1, "lead")
    clock = missed(it)
    leg = make.fresh(clock.leg)
    actions.resolve(ticket=leg.ticket, by=it.ivan, version=leg.ticket.version, now=at("3 11:00"))

    assert escalation.escalate(clock_id=clock.pk, now=at("3 17:00")) == 0


def test_a_services_own_steps_replace_those_of_the_department(it):
    step(it, 1, "lead")
    step(it, 2, "desk", service=it.service)
    clock = missed(it)

    assert escalation.escalate(clock_id=clock.pk, now=at("3 11:30")) == 0
    assert escalation.escalate(clock_id=clock.pk, now=at("3 14:30")) == 1
    assert {name for name, _why in heard(at("3 14:30"))} >= {"Ivan", "Ines"}


def test_who_stands_in_for_the_assignee_can_be_a_step(it):
    step(it, 1, "substitute")
    Substitution.objects.create(
        person=it.ivan, substitute=it.ines, starts_at=at("3 00:00"), ends_at=at("9 00:00")
    )
    clock = missed(it)

    assert escalation.escalate(clock_id=clock.pk, now=at("3 11:30")) == 1
    assert [name for name, _why in heard(at("3 11:30"))] == ["Ines"]


def test_the_request_page_says_to_those_who_serve_who_was_told_and_why(it, client_for):
    step(it, 1, "lead")
    clock = missed(it)
    escalation.escalate(clock_id=clock.pk, now=at("3 11:30"))
    run_outbox(at("3 11:30"))

    served = client_for(it.ivan).get(clock.ticket.path).content.decode()
    asked = client_for(it.anna).get(clock.ticket.path).content.decode()

    assert "desk.told" in [
        panel["key"] for panel in client_for(it.ivan).get(clock.ticket.path).context["panels"]
    ]
    assert "Ito" in served
    assert "desk.told" not in [
        panel["key"] for panel in client_for(it.anna).get(clock.ticket.path).context["panels"]
    ]
    assert asked


def test_only_leads_set_the_steps_of_their_department(it, client_for):
    path = reverse("desk:escalation", args=[it.it.public_id])

    assert client_for(it.ivan).get(path).status_code == 404
    assert client_for(it.fin_head).get(path).status_code == 404
    with pytest.raises(PermissionDenied):
        escalation.add_step(
            department=it.it, by=it.fin_head, after_minutes=60, whom="lead", now=DUE
        )
    lead = client_for(it.it_head)
    assert lead.get(path).status_code == 200
    added = lead.post(path, {"hours": "1.5", "whom": "lead", "person": ""})
    assert added.status_code == 302
    (made,) = EscalationStep.objects.all()
    assert (made.after_minutes, made.whom) == (90, "lead")
    removed = reverse("desk:escalation_step_gone", args=[it.it.public_id, made.public_id])
    assert client_for(it.ivan).post(removed).status_code == 404
    lead.post(removed)
    assert not EscalationStep.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"hours": "0", "whom": "lead"},
        {"hours": "999", "whom": "lead"},
        {"hours": "x", "whom": "lead"},
        {"hours": "1", "whom": "everybody"},
        {"hours": "1", "whom": "person", "person": ""},
        {"hours": "1", "whom": "person", "person": "not-a-person"},
    ],
)
def test_nonsense_is_refused_and_nothing_is_stored(it, client_for, typed):
    path = reverse("desk:escalation", args=[it.it.public_id])

    assert client_for(it.it_head).post(path, typed).status_code == 422
    assert not EscalationStep.objects.exists()


def test_the_same_step_twice_is_refused(it):
    step(it, 1, "lead")

    with pytest.raises(actions.NotPossibleError):
        step(it, 1, "lead")


@pytest.mark.django_db(transaction=True)
def test_two_workers_pass_a_promise_up_once():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads cannot share SQLite's database in memory; the same runs on PostgreSQL")
    company = make.company(minutes={"leg_delivery": 480})
    step(company, 1, "lead")
    clock = missed(company)

    done = at_once(
        *(lambda: escalation.escalate(clock_id=clock.pk, now=at("3 11:30")) for _worker in range(3))
    )

    assert sorted(done) == [0, 0, 1]
