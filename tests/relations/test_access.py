"""Who sees what: between two persons nobody but the two, by page, list, count, search, record and API alike."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from neike.kernel.search import SEARCH_SOURCES
from neike.org.choices import LeadKind, Role
from neike.org.models import DepartmentLead, Substitution
from neike.relations import actions, policies, queries
from neike.relations.choices import Origin, RelationKind
from neike.relations.models import RelationNote
from tests.make import administrator, department, grant, person
from tests.make import relations as make
from tests.make.org import EPOCH, NOW

pytestmark = pytest.mark.django_db


def who(person):
    return policies.standing(person, now=NOW)


def sees(person):
    return set(queries.relations_visible_to(who(person)))


def office_holders():
    """One person for each role, all over the organisation."""
    made = [administrator()]
    for role in Role:
        if role not in (Role.EMPLOYEE, Role.ADMINISTRATOR):
            holder = person(department=department())
            grant(holder, role)
            made.append(holder)
    return made


def test_everybody_sees_relations_between_departments():
    relation = make.contested()
    for reader in (*office_holders(), person(), person(department=department())):
        assert sees(reader) == {relation}
        assert policies.may_read(who(reader), relation)


def test_between_two_persons_nobody_else_sees_anything():
    top = department()
    boss_of_all = make.lead(top)
    home = department(parent=top)
    lead = make.lead(home)
    one, other = person(department=home), person(department=home)
    relation = make.between_people(one, other, kind=RelationKind.LATERAL)

    assert sees(one) == sees(other) == {relation}
    colleague = person(department=home)
    for reader in (*office_holders(), boss_of_all, lead, colleague, person()):
        assert sees(reader) == set()
        assert queries.relations_visible_to(who(reader)).count() == 0
        assert not policies.may_read(who(reader), relation)
        assert not policies.may_read_inside(who(reader), relation)
        assert list(queries.customers_of(one, who=who(reader))) == []
        assert list(queries.waiting_for(who(reader)).to_confirm) == []
        with pytest.raises(PermissionDenied):
            actions.confirm(relation=relation, by=reader, version=1, now=NOW)


def test_nothing_between_persons_is_put_into_the_search_index():
    one, other = person(department=department()), person(department=department())
    make.between_people(one, other, kind=RelationKind.LATERAL)

    found = [
        document
        for source in SEARCH_SOURCES
        if source.key == "relations"
        for document in source.documents()
    ]

    assert found == []


def test_a_substitute_does_not_see_relations_between_persons():
    one, other, substitute = (person(department=department()) for _each in range(3))
    make.between_people(one, other, kind=RelationKind.LATERAL)
    Substitution.objects.create(
        person=one, substitute=substitute, starts_at=NOW, ends_at=NOW + timedelta(days=5)
    )
    assert sees(substitute) == set()


def position_of(person):
    return person.placements.get().position


def test_between_positions_both_departments_and_their_leads_see_and_the_holders_act():
    ends = make.two_ends()
    relation = actions.propose(
        provider=position_of(ends.provider_member),
        customer=position_of(ends.customer_member),
        kind=RelationKind.NEXT_STEP,
        origin=Origin.DECLARED,
        by=ends.provider_member,
        now=NOW,
    )
    colleague = person(department=ends.customer)
    for reader in (ends.provider_member, ends.provider_lead, ends.customer_lead, colleague):
        assert sees(reader) == {relation}
    for reader in (administrator(), make.two_ends().provider_lead, person()):
        assert sees(reader) == set()

    assert policies.may_act(who(ends.customer_member), relation)
    assert policies.may_act(who(ends.customer_lead), relation)
    assert not policies.may_act(who(colleague), relation)
    assert not policies.may_read_inside(who(colleague), relation)


def test_who_stands_in_at_work_acts_for_a_position():
    ends = make.two_ends()
    relation = actions.propose(
        provider=position_of(ends.provider_member),
        customer=position_of(ends.customer_member),
        kind=RelationKind.NEXT_STEP,
        origin=Origin.DECLARED,
        by=ends.provider_member,
        now=NOW,
    )
    substitute = person(department=ends.customer)
    assert not policies.may_act(who(substitute), relation)
    Substitution.objects.create(
        person=ends.customer_member,
        substitute=substitute,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=5),
    )
    assert policies.may_act(who(substitute), relation)


def test_leads_deputies_and_leads_above_speak_for_a_department_and_nobody_else():
    top = department()
    boss = make.lead(top)
    home = department(parent=top)
    lead, deputy = make.lead(home), make.lead(home, kind=LeadKind.DEPUTY)
    below = make.lead(department(parent=home))
    member = person(department=home)
    relation = make.proposed(provider=home, customer=department())

    speaking = (boss, lead, deputy)
    silent = (below, member, *office_holders())
    assert [bool(policies.may_act(who(each), relation)) for each in speaking] == [True] * 3
    assert [bool(policies.may_act(who(each), relation)) for each in silent] == [False] * len(silent)


def test_what_waits_waits_for_the_nearest_lead():
    top = department()
    boss = make.lead(top)
    home = department(parent=top)
    relation = make.proposed(provider=home, customer=department())
    assert list(queries.waiting_for(who(boss)).to_confirm) == [relation]

    lead = make.lead(home)
    assert list(queries.waiting_for(who(lead)).to_confirm) == [relation]
    assert list(queries.waiting_for(who(boss)).to_confirm) == []


def test_a_quality_officer_proposes_between_departments_and_an_administrator_does_not():
    ends = make.two_ends()
    officer = person()
    grant(officer, Role.QUALITY_OFFICER)
    assert make.proposed(ends, by=officer).version == 1

    with pytest.raises(PermissionDenied):
        make.proposed(make.two_ends(), by=administrator())
    with pytest.raises(PermissionDenied):
        make.proposed(
            provider=person(department=department()),
            customer=person(department=department()),
            by=officer,
        )


def test_who_led_once_leads_no_more():
    ends = make.two_ends()
    relation = make.declared(ends)
    DepartmentLead.objects.filter(person=ends.customer_lead).update(
        valid_from=EPOCH, valid_to=NOW.date()
    )
    with pytest.raises(PermissionDenied):
        actions.confirm(relation=relation, by=ends.customer_lead, version=1, now=NOW)


def test_a_private_note_is_read_by_its_writer_alone():
    ends = make.two_ends()
    relation = make.confirmed(ends)
    note = actions.write_note(
        relation=relation, by=ends.provider_lead, text="Ask about the printers", now=NOW
    )
    assert queries.note_of(relation, person=ends.provider_lead) == note
    for reader in (*office_holders(), ends.customer_lead, ends.provider_member):
        assert list(queries.notes_visible_to(reader)) == []
        assert not policies.may_read_note(who(reader), note)


def test_an_empty_note_is_no_note():
    ends = make.two_ends()
    relation = make.confirmed(ends)
    for text in ("Something", " "):
        actions.write_note(relation=relation, by=ends.provider_lead, text=text, now=NOW)
    assert not RelationNote.objects.exists()


@pytest.mark.parametrize("length", [1, 3])
def test_lists_cost_the_same_at_any_length(length, django_assert_num_queries):
    home = department()
    lead = make.lead(home)
    for _each in range(length):
        make.proposed(provider=home, customer=department())
    reader = who(lead)
    assert reader.belongs
    assert reader.posts
    assert reader.answers_for
    with django_assert_num_queries(2):
        rows = [row.customer_department.code for row in queries.customers_of(home, who=reader)]
        waiting = list(queries.waiting_for(reader).to_confirm)
    assert len(rows) == len(waiting) == length
