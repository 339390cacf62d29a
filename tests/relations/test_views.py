"""The pages of relations: who sees and does what, what a stale page is told, and that lists cost the same at any length."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from neike.kernel.registries import LOOP_STEPS, LoopPage
from neike.org import queries as org_queries
from neike.org.choices import Role
from neike.relations import actions
from neike.relations.choices import RelationKind, RelationState
from neike.relations.models import RelationNote, ServiceRelation
from neike.relations.views.mine import IN_FULL
from tests.make import org
from tests.make import relations as make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def ends():
    return make.two_ends()


def say(client, what, relation, side="provider", *, htmx=True, **data):
    url = reverse(f"relations:{what}", args=[relation.public_id])
    sent = {"version": relation.version, "side": side} | data
    return client.post(url, sent, headers=HTMX if htmx else {})


def text(response):
    return response.content.decode()


def proposed(ends, **fields):
    return make.proposed(ends, now=NOW, **fields)


def test_a_manager_sees_customers_in_their_three_directions(client_for, ends):
    lead = ends.provider_lead
    team, boss = ends.provider_member, org.person(department=org.department())
    proposed(ends)
    make.between_people(lead, team, kind=RelationKind.TEAM, now=NOW)
    make.between_people(lead, boss, kind=RelationKind.BOSS, now=NOW)

    response = client_for(lead).get(reverse("relations:mine"))

    groups = {
        group.key: [row.other.name for row in group.rows] for group in response.context["groups"]
    }
    customer = org_queries.chart(on=org_queries.organisation_day(NOW)).name(ends.customer.pk)
    assert groups == {"team": [team.name], "boss": [boss.name], "departments": [customer]}
    assert response.context["waiting"] == 3


def test_a_long_group_shows_the_first_and_keeps_the_rest_one_tap_away(client_for, ends):
    lead = ends.provider_lead
    for _ in range(IN_FULL + 2):
        make.between_people(lead, org.person(), kind=RelationKind.TEAM, now=NOW)

    response = client_for(lead).get(reverse("relations:mine"))

    team = next(group for group in response.context["groups"] if group.key == "team")
    assert [len(team.first_rows), len(team.more_rows)] == [IN_FULL, 2]
    assert "Show 2 more" in text(response)
    assert f'href="#relation-{team.first_rows[0].relation.pk}"' in response.content.decode()


def test_an_employee_sees_the_departments_customers_without_being_asked(client_for, ends):
    proposed(ends)

    response = client_for(ends.provider_member).get(reverse("relations:mine"))

    [group] = response.context["groups"]
    assert [row.asks for row in group.rows] == [False]
    assert "data-confirm-relation" not in text(response)


def test_the_served_find_the_relation_among_those_who_serve_them(client_for, ends):
    proposed(ends)

    response = client_for(ends.customer_lead).get(reverse("relations:mine"))

    assert [row.asks for row in response.context["providers"].rows] == [True]
    assert [row.relation for group in response.context["groups"] for row in group.rows] == []


def test_somebody_without_relations_is_told_what_to_do_next(client_for):
    response = client_for(org.person()).get(reverse("relations:mine"))

    assert "Nobody is named as your customer yet" in text(response)
    assert reverse("relations:new") in text(response)


@pytest.mark.parametrize("length", [1, 3])
def test_my_page_costs_the_same_at_any_length(client_for, django_assert_num_queries, length):
    ends = make.two_ends()
    for _each in range(length):
        other = make.two_ends()
        relation = make.confirmed(
            make.Ends(
                **{**vars(ends), "customer": other.customer, "customer_lead": other.customer_lead}
            ),
            now=NOW,
        )
        make.between_people(ends.provider_lead, org.person(), kind=RelationKind.TEAM, now=NOW)
        actions.state_need(
            relation=relation,
            by=other.customer_lead,
            dimension="quality",
            content=actions.NeedContent(statement="Right the first time", importance=4, expected=4),
            now=NOW,
        )
        actions.write_note(relation=relation, by=ends.provider_lead, text="Call them", now=NOW)
    client = client_for(ends.provider_lead)
    client.get(reverse("relations:mine"))

    with django_assert_num_queries(21):
        client.get(reverse("relations:mine"))


def test_one_tap_confirms_and_answers_with_the_row(client_for, ends):
    relation = proposed(ends)

    response = say(client_for(ends.provider_lead), "confirm", relation, place="row")

    relation.refresh_from_db()
    assert (response.status_code, relation.state) == (200, RelationState.DECLARED)
    assert f'id="relation-{relation.pk}"' in text(response)
    assert "data-confirm-relation" not in text(response)


def test_without_scripts_one_returns_to_the_row(client_for, ends):
    relation = proposed(ends)

    response = say(client_for(ends.provider_lead), "confirm", relation, place="row", htmx=False)

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('relations:mine')}#relation-{relation.pk}"


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("place", ["row", "page"])
def test_a_stale_page_is_told_what_changed_and_nothing_is_saved(client_for, ends, place, htmx):
    relation = proposed(ends)
    actions.confirm(relation=relation, by=ends.customer_lead, version=relation.version, now=NOW)

    response = say(client_for(ends.provider_lead), "confirm", relation, place=place, htmx=htmx)

    customer = org_queries.chart(on=org_queries.organisation_day(NOW)).name(ends.customer.pk)
    relation.refresh_from_db()
    assert response.status_code == 409
    assert f"{customer} confirmed" in text(response)
    assert relation.provider_confirmed_on is None


def test_a_proposal_is_turned_down_with_a_quick_reason_in_the_readers_language(client_for, ends):
    relation = proposed(ends)

    say(client_for(ends.provider_lead), "refuse", relation, quick="never")

    relation.refresh_from_db()
    assert (relation.state, relation.ended_reason) == ("ended", "We do not work together")
    client = client_for(ends.customer_lead)
    client.cookies["neike_language"] = "zh-hans"
    with translation.override("zh-hans"):
        page = text(client.get(relation.path, headers={"Accept-Language": "zh-CN"}))
    assert "没有业务往来" in page


def test_what_somebody_stated_is_contested_and_needs_a_reason(client_for, ends):
    relation = make.declared(ends, now=NOW)
    client = client_for(ends.customer_lead)

    without = say(client, "refuse", relation, "customer", reason="  ")
    said = say(client, "refuse", relation, "customer", reason="We never asked")

    relation.refresh_from_db()
    assert (without.status_code, said.status_code) == (422, 200)
    assert relation.state == RelationState.CONTESTED
    assert "We never asked" in text(said)


def test_reasons_and_names_stay_with_the_people_of_the_two_ends(client_for, ends):
    relation = make.contested(ends, now=NOW)

    page = text(client_for(org.person("Outsider", department=org.department())).get(relation.path))

    assert "contested" in page
    assert "We never asked" not in page
    assert ends.customer_lead.name not in page


def test_an_end_may_be_announced_and_is_shown(client_for, ends):
    relation = make.confirmed(ends, now=NOW)
    day = org_queries.organisation_day(NOW) + timedelta(days=30)

    response = say(
        client_for(ends.provider_lead), "end", relation, on=day.isoformat(), quick="over"
    )

    relation.refresh_from_db()
    assert (relation.state, relation.valid_to) == (RelationState.CONFIRMED, day)
    assert "It will end on" in text(response)


def test_closeness_and_start_are_set_by_who_speaks_for_an_end(client_for, ends):
    relation = make.confirmed(ends, now=NOW)
    client = client_for(ends.customer_lead)

    say(client, "closeness", relation, "customer", closeness="3")
    relation.refresh_from_db()
    say(client, "correct", relation, "customer", valid_from="2025-01-01", reason="Since then")

    relation.refresh_from_db()
    assert (relation.closeness, relation.valid_from) == (3, date(2025, 1, 1))


@pytest.mark.parametrize("what", ["confirm", "refuse", "end", "closeness", "correct"])
def test_others_are_refused_every_move(client_for, ends, what):
    relation = make.declared(ends, now=NOW)
    sent = {"reason": "x", "closeness": 3, "valid_from": "2025-01-01"}

    for person in (ends.provider_member, org.person(), org.administrator()):
        assert say(client_for(person), what, relation, "customer", **sent).status_code == 403
    relation.refresh_from_db()
    assert relation.version == 1


def test_a_relation_between_persons_is_absent_for_everybody_else(client_for):
    superior = make.lead(org.department())
    one, other = org.person(), org.person()
    relation = make.between_people(one, other, now=NOW)

    for person in (one, other):
        assert client_for(person).get(relation.path).status_code == 200
    for person in (superior, org.administrator()):
        client = client_for(person)
        assert client.get(relation.path).status_code == 404
        assert say(client, "confirm", relation).status_code == 404
        assert say(client, "note", relation, text="x").status_code == 404


def test_a_private_note_is_its_writers_alone(client_for, ends):
    relation = make.confirmed(ends, now=NOW)
    secret = "They are slow before holidays"

    response = say(client_for(ends.provider_lead), "note", relation, text=secret)

    assert secret in text(response)
    assert RelationNote.objects.get().person == ends.provider_lead
    for person in (ends.provider_member, ends.customer_lead, org.administrator()):
        client = client_for(person)
        assert secret not in text(client.get(relation.path))
        assert secret not in text(client.get(reverse("relations:mine")))


@pytest.mark.parametrize("data", [{"version": "x"}, {"side": "both"}, {"version": str(2**40)}, {}])
def test_hostile_input_does_nothing(client_for, ends, data):
    relation = proposed(ends)
    url = reverse("relations:confirm", args=[relation.public_id])

    response = client_for(ends.provider_lead).post(url, data, headers=HTMX)

    relation.refresh_from_db()
    assert (response.status_code, relation.version) == (422, 1)


def new(client, ends, **data):
    sent = {
        "level": "department",
        "provider": str(ends.provider.public_id),
        "customer": str(ends.customer.public_id),
        "kind": "support",
        "closeness": "2",
        "valid_from": org_queries.organisation_day(NOW).isoformat(),
    }
    return client.post(reverse("relations:new"), sent | data)


def test_a_lead_states_a_relation_and_lands_on_its_page(client_for, ends):
    response = new(client_for(ends.provider_lead), ends)

    made = ServiceRelation.objects.get()
    assert response["Location"] == made.path
    assert (made.state, made.provider_confirmed_by) == (RelationState.DECLARED, ends.provider_lead)


def test_a_quality_officer_proposes_to_both(client_for, ends):
    officer = org.person()
    org.grant(officer, Role.QUALITY_OFFICER)

    new(client_for(officer), ends)

    assert ServiceRelation.objects.get().state == RelationState.PROPOSED


def test_persons_and_positions_are_found_by_what_one_types(client_for, ends):
    lead = ends.provider_lead
    client = client_for(lead)
    posts = [lead.placements.get().position, ends.customer_lead.placements.get().position]

    new(client, ends, level="person", provider=lead.employee_no, customer=ends.customer_lead.name)
    new(client, ends, level="position", provider=posts[0].code, customer=posts[1].code)

    assert list(ServiceRelation.objects.order_by("pk").values_list("level", flat=True)) == [
        "person",
        "position",
    ]


def test_refusals_say_what_is_wrong(client_for, ends):
    client = client_for(ends.provider_lead)
    known = make.confirmed(ends, now=NOW)

    itself = new(client, ends, customer=str(ends.provider.public_id))
    duplicate = new(client, ends)
    future = new(client, ends, kind="lateral", valid_from="2999-01-01")
    stranger = new(client_for(org.person()), ends, kind="lateral")
    nobody = new(client, ends, level="person", customer="No Such Person")

    assert "the same" in text(itself)
    assert known.path in text(duplicate)
    assert "begins today or earlier" in text(future)
    assert "You speak for neither" in text(stranger)
    assert "Nobody here fits" in text(nobody)
    assert {each.status_code for each in (itself, duplicate, future, stranger, nobody)} == {422}


def test_two_persons_cannot_lead_each_other(client_for, ends):
    one, other = ends.provider_lead, ends.customer_lead
    make.between_people(one, other, kind=RelationKind.TEAM, now=NOW)

    response = new(
        client_for(one),
        ends,
        level="person",
        provider=one.employee_no,
        customer=other.employee_no,
        kind="boss",
    )

    assert response.status_code == 422
    assert "their own boss" in text(response)


def test_a_departments_page_shows_both_directions_on_a_day(client_for, ends):
    relation = make.confirmed(ends, now=NOW)
    url = reverse("relations:department", args=[ends.provider.public_id])
    client = client_for(org.person())

    today, before = client.get(url), client.get(url + "?on=2024-01-01")

    assert [line.relation for line in today.context["serves"]] == [relation]
    assert "confirmed by both sides" in text(today)
    assert before.context["serves"] == []
    assert client.get(url + "?on=nonsense").status_code == 200


def test_the_loop_shows_with_whom_a_department_agreed(ends):
    make.confirmed(ends, now=NOW)
    proposed(ends, kind=RelationKind.LATERAL)
    today = org_queries.organisation_day(NOW)
    chart = org_queries.chart(on=today)
    page = LoopPage(
        ends.provider_member, chart.get(ends.provider.pk), chart, org_queries.quarter_of(today), NOW
    )

    shown = LOOP_STEPS.get("relations.agreed").show(page)

    assert shown.headline == "1 of 2 customers agree"
    assert (shown.running, shown.concern) == (True, True)


def test_what_one_typed_goes_before_a_quick_reason(client_for, ends):
    relation = proposed(ends)

    say(client_for(ends.provider_lead), "refuse", relation, quick="never", reason="My own words")

    relation.refresh_from_db()
    assert relation.ended_reason == "My own words"


def together(client, *seen):
    return client.post(reverse("relations:confirm_together"), {"seen": list(seen)}, follow=True)


def test_all_that_was_shown_is_confirmed_at_once(client_for, ends):
    lead = ends.provider_lead
    first, second = (
        make.between_people(lead, org.person(), kind=RelationKind.TEAM, now=NOW) for _ in range(2)
    )
    client = client_for(lead)
    page = text(client.get(reverse("relations:mine")))

    answer = together(
        client, *(f"{each.public_id}:{each.version}:provider" for each in (first, second))
    )

    assert "Confirm all 2" in page
    assert "2 relations confirmed" in text(answer)
    assert "Confirm all 2" not in text(answer)
    for each in (first, second):
        each.refresh_from_db()
        assert each.provider_confirmed_by == lead


def test_of_a_great_team_the_first_are_shown_in_full_and_all_can_be_confirmed(client_for, ends):
    lead = ends.provider_lead
    for _ in range(22):
        make.between_people(lead, org.person(), kind=RelationKind.TEAM, now=NOW)

    page = text(client_for(lead).get(reverse("relations:mine")))

    assert page.count("data-confirm-relation") == IN_FULL
    assert f"Show {22 - IN_FULL} more" in page
    assert page.count('name="seen"') == 22


def test_what_changed_since_it_was_shown_or_is_nobodys_business_is_left_alone(client_for, ends):
    lead = ends.provider_lead
    mine = make.between_people(lead, org.person(), kind=RelationKind.TEAM, now=NOW)
    others = make.between_people(org.person(), org.person(), kind=RelationKind.TEAM, now=NOW)

    answer = together(
        client_for(lead),
        f"{mine.public_id}:{mine.version + 1}:provider",
        f"{others.public_id}:{others.version}:provider",
        "nonsense",
        "x:1:provider",
        f"{mine.public_id}:one:provider",
        f"{mine.public_id}:{mine.version}:nobody",
    )

    assert "2 relations have changed" in text(answer)
    for each in (mine, others):
        each.refresh_from_db()
        assert each.provider_confirmed_on is None
