"""Changing the organisation: versions, ancestry, leads and placements."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from neike.kernel.texts import LocalizedText
from neike.org import queries
from neike.org.actions import closing, departments, placements, posts, succession
from neike.org.actions.errors import CycleError, DatesError, InUseError, TakenError
from neike.org.choices import LeadKind, Role
from neike.org.models import DepartmentAncestry, DepartmentSuccession, Placement, RoleGrant
from tests.make import org as make

pytestmark = pytest.mark.django_db
JAN, MAR, MAY, JULY = (date(2026, month, 1) for month in (1, 3, 5, 7))


@pytest.fixture
def boss():
    person = make.person()
    RoleGrant.objects.create(person=person, role=Role.ADMINISTRATOR, valid_from=make.EPOCH)
    return person


def named(text):
    return LocalizedText.of(zh=text, en=text)


def create(code, *, parent=None, valid_from=JAN):
    return departments.create_department(
        code=code, name=named(code), parent=parent, valid_from=valid_from, by=None, now=make.NOW
    )


def ancestry():
    rows = DepartmentAncestry.objects.values_list(
        "ancestor__code", "descendant__code", "depth", "valid_from", "valid_to"
    )
    return sorted(rows)


def test_only_an_administrator_changes_the_organisation(boss):
    with pytest.raises(PermissionDenied):
        departments.create_department(
            code="X", name=named("X"), valid_from=JAN, by=make.person(), now=make.NOW
        )
    assert (
        departments.create_department(
            code="X", name=named("X"), valid_from=JAN, by=boss, now=make.NOW
        ).code
        == "X"
    )


def test_a_code_is_used_once():
    create("A")
    with pytest.raises(TakenError):
        create("A")


def test_a_rename_holds_from_its_day_and_leaves_the_past_alone():
    it = create("IT")
    departments.rename_department(
        department=it, name=named("Digital"), valid_from=MAR, by=None, now=make.NOW
    )

    assert queries.chart(on=date(2026, 2, 28)).name(it.pk) == "IT"
    assert queries.chart(on=MAR).name(it.pk) == "Digital"


def test_a_change_written_between_two_versions_is_carried_on_until_the_field_changes_again():
    top, other = create("TOP"), create("OTHER")
    it = create("IT")
    departments.move_department(department=it, parent=top, valid_from=MAY, by=None, now=make.NOW)
    departments.rename_department(
        department=it, name=named("New"), valid_from=MAR, by=None, now=make.NOW
    )
    departments.move_department(department=it, parent=other, valid_from=MAR, by=None, now=make.NOW)

    after = queries.chart(on=JULY)
    assert (after.name(it.pk), after.parent(it.pk)) == ("New", top.pk)
    assert queries.chart(on=MAR).parent(it.pk) == other.pk


def test_a_move_dates_the_ancestry_of_everything_below():
    a, b = create("A"), create("B")
    it = create("IT", parent=a)
    create("DESK", parent=it)

    departments.move_department(department=it, parent=b, valid_from=MAR, by=None, now=make.NOW)

    assert [row for row in ancestry() if row[0] in {"A", "B"} and row[2]] == [
        ("A", "DESK", 2, JAN, MAR),
        ("A", "IT", 1, JAN, MAR),
        ("B", "DESK", 2, MAR, None),
        ("B", "IT", 1, MAR, None),
    ]


@pytest.mark.parametrize("code", ["A", "IT", "DESK"])
def test_no_department_may_stand_below_itself(code):
    made = {"A": create("A")}
    made["IT"] = create("IT", parent=made["A"])
    made["DESK"] = create("DESK", parent=made["IT"])
    before = ancestry()

    with pytest.raises(CycleError):
        departments.move_department(
            department=made["A"], parent=made[code], valid_from=MAR, by=None, now=make.NOW
        )
    assert ancestry() == before
    assert made["A"].versions.count() == 1


def test_a_cycle_that_would_close_only_later_is_refused():
    a, b = create("A"), create("B")
    departments.move_department(department=b, parent=a, valid_from=MAY, by=None, now=make.NOW)

    with pytest.raises(CycleError):
        departments.move_department(department=a, parent=b, valid_from=MAR, by=None, now=make.NOW)


def test_a_parent_must_exist_on_the_day():
    late = create("LATE", valid_from=MAY)
    with pytest.raises(DatesError):
        create("CHILD", parent=late, valid_from=MAR)


def test_closing_needs_an_empty_department():
    a = create("A")
    it = create("IT", parent=a)
    make.placement(make.person(), it)

    with pytest.raises(InUseError):
        closing.close_department(department=it, valid_from=MAR, by=None, now=make.NOW)
    with pytest.raises(InUseError):
        closing.close_department(department=a, valid_from=MAR, by=None, now=make.NOW)


def test_a_new_lead_ends_the_one_before():
    it, first, second = make.department(), make.person(), make.person()
    posts.set_lead(department=it, person=first, valid_from=JAN, by=None, now=make.NOW)
    posts.set_lead(department=it, person=second, valid_from=MAR, by=None, now=make.NOW)
    deputy = make.person()
    posts.set_lead(
        department=it, person=deputy, kind=LeadKind.DEPUTY, valid_from=JAN, by=None, now=make.NOW
    )

    assert [each.person_id for each in queries.chart(on=JAN).leaders(it.pk)] == [
        first.pk,
        deputy.pk,
    ]
    assert [each.person_id for each in queries.chart(on=MAR).leaders(it.pk)] == [
        second.pk,
        deputy.pk,
    ]
    with pytest.raises(DatesError):
        posts.set_lead(department=it, person=first, valid_from=JAN, by=None, now=make.NOW)


def test_a_lead_ends_on_its_day_and_one_not_begun_is_taken_back():
    it, person = make.department(), make.person()
    lead = posts.set_lead(department=it, person=person, valid_from=MAR, by=None, now=make.NOW)

    assert posts.end_lead(lead=lead, on=MAY, by=None, now=make.NOW).valid_to == MAY
    with pytest.raises(DatesError):
        posts.end_lead(lead=lead, on=JULY, by=None, now=make.NOW)
    later = posts.set_lead(department=it, person=person, valid_from=MAY, by=None, now=make.NOW)
    assert posts.end_lead(lead=later, on=MAY, by=None, now=make.NOW) is None


def test_a_person_moves_between_departments_and_keeps_the_history():
    a, b = create("A"), create("B")
    post_a = posts.create_position(
        code="PA", department=a, title=named("Clerk"), by=None, now=make.NOW
    )
    post_b = posts.create_position(
        code="PB", department=b, title=named("Clerk"), by=None, now=make.NOW
    )
    person = make.person()

    placements.place_person(person=person, position=post_a, valid_from=JAN, by=None, now=make.NOW)
    placements.place_person(person=person, position=post_b, valid_from=MAR, by=None, now=make.NOW)

    assert queries.department_of(person, on=JAN) == a
    assert queries.department_of(person, on=MAR) == b
    with pytest.raises(DatesError):
        placements.place_person(
            person=person, position=post_a, valid_from=JAN, by=None, now=make.NOW
        )


def test_a_concurrent_post_stands_beside_the_primary_one_but_not_twice():
    a = create("A")
    post = posts.create_position(
        code="PA", department=a, title=named("Auditor"), by=None, now=make.NOW
    )
    person = make.person(department=make.department())
    home = queries.department_of(person, on=MAR)

    placements.place_person(
        person=person, position=post, is_primary=False, valid_from=JAN, by=None, now=make.NOW
    )

    assert queries.department_of(person, on=MAR) == home
    assert queries.works_for(person, a, on=MAR)
    with pytest.raises(DatesError):
        placements.place_person(
            person=person, position=post, is_primary=False, valid_from=MAR, by=None, now=make.NOW
        )


def test_nobody_is_placed_in_a_closed_department():
    a = create("A")
    post = posts.create_position(
        code="PA", department=a, title=named("Clerk"), by=None, now=make.NOW
    )
    closing.close_department(department=a, valid_from=MAR, by=None, now=make.NOW)

    with pytest.raises(DatesError):
        placements.place_person(
            person=make.person(), position=post, valid_from=MAY, by=None, now=make.NOW
        )


def test_who_leaves_loses_every_post_on_that_day_and_is_kept():
    it = make.department()
    person = make.person(department=it)
    posts.set_lead(department=it, person=person, valid_from=JAN, by=None, now=make.NOW)

    placements.mark_left(person=person, on=MAR, by=None, now=make.NOW)

    person.refresh_from_db()
    assert person.left_on == MAR
    assert queries.works_for(person, it, on=date(2026, 2, 28))
    assert not queries.works_for(person, it, on=MAR)
    assert queries.chart(on=MAR).lead(it.pk) is None


def test_a_merge_moves_people_and_teams_and_records_the_succession():
    a, b = create("A"), create("B")
    team = create("TEAM", parent=a)
    person = make.person(department=a)

    succession.merge_departments(predecessors=[a], successor=b, on=MAR, by=None, now=make.NOW)

    chart = queries.chart(on=MAR)
    assert not chart.is_active(a.pk)
    assert chart.parent(team.pk) == b.pk
    assert queries.department_of(person, on=MAR) == b
    assert queries.department_of(person, on=JAN) == a
    assert DepartmentSuccession.objects.get().successor == b
    assert Placement.objects.filter(person=person).count() == 2


def test_a_split_closes_the_department_once_it_is_empty():
    a, b, c = create("A"), create("B"), create("C")

    succession.split_department(predecessor=a, successors=[b, c], on=MAR, by=None, now=make.NOW)

    assert not queries.chart(on=MAR).is_active(a.pk)
    assert DepartmentSuccession.objects.count() == 2
    with pytest.raises(DatesError):
        succession.split_department(predecessor=b, successors=[c], on=MAR, by=None, now=make.NOW)
