"""The pages of rules and of giving out work: for whom they are, what they do, what they cost."""

import pytest
from django.urls import reverse

from neike.desk import actions
from neike.desk.models import AssignmentPolicy, Capacity, Rule, RuleFiring, Skill
from neike.org.models import Person
from tests.make import background, org
from tests.make import desk as make
from tests.make import rules as make_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return make.company()


def filled(**more):
    return {
        "name_zh": "先看库存",
        "name_en": "Stock first",
        "trigger": "submitted",
        "join": "all",
        "order": "10",
        "note": "Look at the stock first.",
        **more,
    }


def test_a_lead_builds_a_rule_looks_at_it_saves_it_and_switches_it_on(client_for, it):
    client = client_for(it.it_head)
    scope = str(it.it.public_id)
    given = filled(scope=scope, priorities=["1"], services=[str(it.service.public_id)])

    look = client.post(reverse("desk:rule_new"), given | {"preview": "1"})
    assert look.status_code == 200
    assert "Look at the stock first." in look.content.decode()
    assert not Rule.objects.exists()

    client.post(reverse("desk:rule_new"), given)
    rule = Rule.objects.get()
    assert (rule.department, rule.active) == (it.it, False)
    client.post(reverse("desk:rule_switch", args=[rule.public_id]), {"on": "1"})
    rule.refresh_from_db()
    assert rule.active


def test_what_a_form_says_comes_back_when_it_is_changed(client_for, it):
    does = (
        {"do": "assign", "person": str(it.ines.public_id)},
        {"do": "message", "text": "Hello"},
        {"do": "task", "title": "Check", "checklist": ["One", "Two"]},
        {"do": "notify", "whom": "lead"},
    )
    rule = make_rules.rule(it.it_head, it.it, *does)
    client = client_for(it.it_head)
    form = client.get(reverse("desk:rule_edit", args=[rule.public_id])).context["form"]
    given = {key: value for key, value in form.initial.items() if value is not None}

    client.post(reverse("desk:rule_edit", args=[rule.public_id]), given)

    rule.refresh_from_db()
    assert rule.current.number == 1
    assert rule.current.actions == list(does)


def test_half_filled_parts_are_asked_for(client_for, it):
    given = filled(scope=str(it.it.public_id), trigger="quiet", hand_over=str(it.hr.public_id))
    response = client_for(it.it_head).post(reverse("desk:rule_new"), given)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"amount", "hand_over_text"}


def test_others_neither_see_nor_make_rules(client_for, it):
    rule = make_rules.rule(it.it_head, it.it)
    anna = client_for(it.anna)
    assert anna.get(reverse("desk:rule", args=[rule.public_id])).status_code == 404
    assert anna.get(reverse("desk:rule_new")).status_code == 403
    ivan = client_for(it.ivan)
    assert ivan.get(reverse("desk:rule", args=[rule.public_id])).status_code == 200
    assert ivan.get(reverse("desk:rule_edit", args=[rule.public_id])).status_code == 403
    assert ivan.post(reverse("desk:rule_switch", args=[rule.public_id])).status_code == 403


def test_the_log_and_the_trial_show_what_a_rule_did_and_would_do(client_for, it):
    rule = make_rules.rule(it.it_head, it.it)
    ticket = it.submit()
    background.run_outbox(make.MONDAY)
    client = client_for(it.it_head)

    log = client.get(reverse("desk:rule_log"), {"request": str(ticket), "outcome": "done"})
    assert [line["firing"] for line in log.context["lines"]] == list(RuleFiring.objects.all())
    assert not client.get(reverse("desk:rule_log"), {"rule": "x"}).context["lines"]
    trial = client.get(reverse("desk:rule_trial", args=[rule.public_id]))
    assert trial.status_code == 200


def test_a_rule_that_can_set_itself_off_is_warned_of(client_for, it):
    admin = org.administrator(language="en")
    given = filled(
        trigger="offered", note="", hand_over=str(it.finance.public_id), hand_over_text="Budget?"
    )
    response = client_for(admin).post(reverse("desk:rule_new"), given | {"scope": ""}, follow=True)
    assert "set itself off" in response.content.decode()


def test_the_request_page_names_the_rule_and_why_somebody_was_chosen(client_for, it):
    AssignmentPolicy.objects.create(department=it.it, mode="load", within_hours=False)
    make_rules.rule(it.it_head, it.it, name="Stock first")
    ticket = it.submit()
    background.run_outbox(make.MONDAY)
    it.it_head.language = "en"
    it.it_head.save()
    page = client_for(it.it_head).get(ticket.path).content.decode()
    assert "By the rule “Stock first”" in page
    assert "has the most room: 0 of 8 taken" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_and_the_log_cost_the_same_at_any_length(
    client_for, it, count, django_assert_max_num_queries
):
    for _each in range(count):
        make_rules.rule(it.it_head, it.it)
    it.submit()
    background.run_outbox(make.MONDAY)
    client = client_for(it.it_head)
    for page in ("desk:rules", "desk:rule_log"):
        with django_assert_max_num_queries(24):
            assert client.get(reverse(page)).status_code == 200


def test_a_lead_decides_how_work_is_given_out(client_for, it):
    client = client_for(it.it_head)
    url = reverse("desk:assignment", args=[it.it.public_id])
    given = {"mode": "load", "usual_capacity": "5", "unassigned_minutes": "30"}
    assert client.post(url, given).status_code == 302
    assert AssignmentPolicy.objects.get().mode == "load"

    named = {"name_zh": "网络", "name_en": "Network", "services": [str(it.service.public_id)]}
    client.post(reverse("desk:assignment_skill", args=[it.it.public_id]), named)
    skill = Skill.objects.get()
    member = reverse("desk:assignment_member", args=[it.it.public_id, it.ivan.public_id])
    client.post(member, {"maximum": "3", "skills": [str(skill.public_id)]})
    row = Capacity.objects.get(person=it.ivan)
    assert (row.maximum, list(row.skills.all())) == (3, [skill])

    page = client.get(url)
    assert page.status_code == 200
    assert isinstance(page.context["next_person"], Person) or page.context["next_at"]
    gone = reverse("desk:assignment_skill_gone", args=[it.it.public_id, skill.public_id])
    client.post(gone)
    assert not Skill.objects.exists()


def test_the_page_of_giving_out_work_is_the_leads_alone(client_for, it):
    url = reverse("desk:assignment", args=[it.it.public_id])
    for person in (it.ivan, it.anna, it.fin_head):
        assert client_for(person).get(url).status_code == 404


def test_accepting_a_leg_one_was_named_for_keeps_it(it):
    leg = it.submit().legs.get()
    taken = actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=make.MONDAY)
    assert taken.assignee == it.ivan
