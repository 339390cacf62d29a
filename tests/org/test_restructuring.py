"""Merging, dividing, moving and closing: what goes where, what is refused, and what the past keeps."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from neike.kernel.texts import LocalizedText
from neike.org import queries
from neike.org.actions import (
    closing,
    departments,
    placements,
    positions,
    posts,
    structure_trials,
    succession,
    transfers,
)
from neike.org.actions.errors import CycleError, DatesError, InUseError, TakenError
from neike.org.actions.succession import Founding, Part
from neike.org.models import Department, DepartmentLead, Placement
from neike.org.queries import structure
from tests.make import org as make

pytestmark = pytest.mark.django_db
JAN, FEB, MAR, MAY, JULY = (date(2026, month, 1) for month in (1, 2, 3, 5, 7))
TODAY = date(2026, 3, 2)
"""The day of `make.NOW`."""
BY = {"by": None, "now": make.NOW}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def named(text):
    return LocalizedText.of(zh=text, en=text)


def position(department, title="Clerk"):
    code = f"{title}-{department.pk}"
    return posts.create_position(code=code, department=department, title=named(title), **BY)


def merge(*gone, into, on=MAR, **more):
    return succession.merge_departments(
        predecessors=list(gone), successor=into, on=on, **more, **BY
    )


def split(department, *parts, on=MAR):
    return succession.divide_department(predecessor=department, parts=list(parts), on=on, **BY)


def names_of(department, on):
    return sorted(
        holder.person.name
        for post in structure.posts_of(department, on=on)
        for holder in post.holders
    )


def test_two_departments_merge_into_one_founded_that_day():
    top = make.department("Top")
    a, b = make.department("A", parent=top), make.department("B", parent=top)
    team = make.department("Team", parent=b)
    boss = make.person("Boss", department=a)
    make.person("Chen", department=b)

    merge(a, b, into=Founding("AB", named("AB"), parent=top), lead=boss)

    ab = Department.objects.get(code="AB")
    chart = queries.chart(on=MAR)
    assert [chart.is_active(each.pk) for each in (a, b, ab)] == [False, False, True]
    assert (chart.parent(ab.pk), chart.parent(team.pk)) == (top.pk, ab.pk)
    assert chart.lead(ab.pk).person_id == boss.pk
    assert names_of(ab, MAR) == ["Boss", "Chen"]
    assert {row.predecessor for row in structure.predecessors_of(ab)} == {a, b}
    before = queries.chart(on=FEB)
    assert ab.pk not in before
    assert before.is_active(a.pk)
    assert names_of(a, FEB) == ["Boss"]


def test_a_planned_merge_changes_nothing_until_its_day():
    a, b = make.department("A"), make.department("B")
    chen = make.person("Chen", department=a)

    merge(a, into=b, on=JULY)

    assert queries.chart(on=MAY).is_active(a.pk)
    assert queries.department_of(chen, on=MAY) == a
    assert queries.department_of(chen, on=JULY) == b


def test_a_placement_to_come_follows_the_merge():
    a, b = make.department("A"), make.department("B")
    chen = make.person("Chen")
    placements.place_person(person=chen, position=position(a), valid_from=MAY, **BY)

    merge(a, into=b)

    assert queries.department_of(chen, on=MAY) == b
    assert Placement.objects.filter(person=chen).count() == 1


def test_who_was_in_both_departments_has_the_post_once_after_the_merge():
    a, b = make.department("A"), make.department("B")
    clerk_a, clerk_b = position(a), position(b)
    chen = make.person("Chen")
    placements.place_person(person=chen, position=clerk_a, valid_from=JAN, **BY)
    placements.place_person(person=chen, position=clerk_b, is_primary=False, valid_from=JAN, **BY)

    merge(a, into=b)

    held = Placement.objects.filter(person=chen, valid_to=None)
    assert [(row.position, row.is_primary) for row in held] == [(clerk_b, True)]


def test_leads_of_a_merged_department_lead_it_until_that_day():
    a, b = make.department("A"), make.department("B")
    posts.set_lead(department=a, person=make.person(), valid_from=JAN, **BY)

    merge(a, into=b)

    assert DepartmentLead.objects.get().valid_to == MAR


@pytest.mark.parametrize(
    ("case", "error"),
    [("itself", DatesError), ("below", CycleError), ("founded_below", CycleError)],
)
def test_nothing_merges_into_itself_or_into_what_stands_below_it(case, error):
    a = make.department("A")
    team = make.department("Team", parent=make.department("Group", parent=a))
    into = {"itself": a, "below": team, "founded_below": Founding("N", named("N"), parent=team)}

    with pytest.raises(error):
        merge(a, into=into[case])

    assert queries.chart(on=MAR).is_active(a.pk)
    assert not Department.objects.filter(code="N").exists()


def test_nothing_merges_before_it_existed_or_after_it_closed():
    b = make.department("B")
    late = departments.create_department(code="L", name=named("Late"), valid_from=MAY, **BY)
    gone = make.department("Gone")
    closing.close_department(department=gone, valid_from=JAN, **BY)

    with pytest.raises(DatesError, match=r"Late.* did not exist yet on 2026-03-01"):
        merge(late, into=b)
    with pytest.raises(DatesError, match=r"Late.* did not exist yet"):
        merge(b, into=late)
    with pytest.raises(DatesError, match=r"Gone.* is closed since 2026-01-01"):
        merge(gone, into=b)
    with pytest.raises(DatesError, match="Gone"):
        merge(b, into=gone)


def test_a_merge_into_a_code_that_is_taken_is_refused_whole():
    a, b = make.department("A"), make.department("B")
    with pytest.raises(TakenError):
        merge(a, into=Founding(b.code, named("New")))
    assert queries.chart(on=MAR).is_active(a.pk)


def test_a_department_and_its_own_team_merge_together():
    a, b = make.department("A"), make.department("B")
    team = make.department("Team", parent=a)
    make.person("Chen", department=team)

    merge(a, team, into=b)

    assert names_of(b, MAR) == ["Chen"]


def test_only_administrators_merge_and_split():
    a, b = make.department("A"), make.department("B")
    who = {"by": make.person(), "now": make.NOW}
    with pytest.raises(PermissionDenied):
        succession.merge_departments(predecessors=[a], successor=b, on=MAR, **who)
    with pytest.raises(PermissionDenied):
        succession.divide_department(predecessor=a, parts=[Part(a), Part(b)], on=MAR, **who)


def divided():
    """A department with two people, a vacant position and a team."""
    a = make.department("A")
    team = make.department("Team", parent=a)
    make.person("Chen", department=a)
    make.person("Li", department=a)
    vacant = position(a, "Vacant")
    chen, li = succession.placements_from(a, MAR)
    return a, team, (chen, li) if chen.person.name == "Chen" else (li, chen), vacant


def test_a_split_sends_people_positions_and_teams_where_they_were_assigned():
    a, team, (chen, li), vacant = divided()
    north, south = Founding("N", named("North")), Founding("S", named("South"))

    split(
        a,
        Part(north, placements=[chen], children=[team], lead=chen.person),
        Part(south, placements=[li], positions=[vacant]),
    )

    n, s = Department.objects.get(code="N"), Department.objects.get(code="S")
    chart = queries.chart(on=MAR)
    assert not chart.is_active(a.pk)
    assert chart.parent(team.pk) == n.pk
    assert chart.lead(n.pk).person_id == chen.person_id
    assert (names_of(n, MAR), names_of(s, MAR), names_of(a, FEB)) == (
        ["Chen"],
        ["Li"],
        ["Chen", "Li"],
    )
    assert s.positions.filter(title=vacant.title).exists()
    assert {row.successor for row in structure.successions_of(a)} == {n, s}


def test_a_department_may_itself_be_one_of_its_parts():
    a, team, (chen, li), vacant = divided()

    split(
        a,
        Part(a, placements=[chen], positions=[vacant], children=[team]),
        Part(Founding("S", named("South")), placements=[li]),
    )

    chart = queries.chart(on=MAR)
    assert chart.is_active(a.pk)
    assert chart.parent(team.pk) == a.pk
    assert names_of(a, MAR) == ["Chen"]
    assert Placement.objects.filter(person=chen.person).count() == 1


@pytest.mark.parametrize("left", ["person", "position", "team"])
def test_a_split_that_forgets_somebody_or_something_is_refused_by_name(left):
    a, team, (chen, li), vacant = divided()
    rest = Part(
        Founding("S", named("South")),
        placements=[] if left == "person" else [li],
        positions=[] if left == "position" else [vacant],
        children=[] if left == "team" else [team],
    )
    name = {"person": "Li", "position": "Vacant", "team": "Team"}[left]

    with pytest.raises(InUseError, match=f"Assigned nowhere: {name}"):
        split(a, Part(Founding("N", named("North")), placements=[chen]), rest)

    assert not Department.objects.filter(code="N").exists()
    assert names_of(a, MAR) == ["Chen", "Li"]


def test_a_split_needs_two_different_parts():
    a, b = make.department("A"), make.department("B")
    for parts in ([Part(b)], [Part(b), Part(b)]):
        with pytest.raises(DatesError):
            split(a, *parts)


def test_no_open_team_is_left_below_a_closed_department_not_even_later():
    a = make.department("A")
    team = make.department("Team")
    departments.move_department(department=team, parent=a, valid_from=MAY, **BY)

    with pytest.raises(InUseError, match=r"Team.* 2026-05-01"):
        closing.close_department(department=a, valid_from=MAR, **BY)


def test_nobody_is_to_begin_in_a_department_that_closes():
    a = make.department("A")
    post = position(a)
    chen = make.person("Chen")
    placements.place_person(person=chen, position=post, valid_from=MAY, **BY)
    with pytest.raises(InUseError, match="Chen"):
        closing.close_department(department=a, valid_from=MAR, **BY)

    b = make.department("B")
    closing.close_department(department=b, valid_from=MAY, **BY)
    with pytest.raises(DatesError, match="closes on 2026-05-01"):
        placements.place_person(person=chen, position=position(b), valid_from=MAR, **BY)
    with pytest.raises(DatesError, match="closes on 2026-05-01"):
        departments.move_department(department=a, parent=b, valid_from=MAR, **BY)


def test_closing_twice_and_opening_what_is_open_are_refused():
    a = make.department("A")
    with pytest.raises(DatesError):
        closing.reopen_department(department=a, valid_from=MAR, **BY)
    closing.close_department(department=a, valid_from=MAR, **BY)
    with pytest.raises(DatesError):
        closing.close_department(department=a, valid_from=MAY, **BY)

    closing.reopen_department(department=a, valid_from=MAY, **BY)

    assert queries.chart(on=MAY).is_active(a.pk)


def test_a_department_does_not_open_again_below_a_closed_one():
    a = make.department("A")
    team = make.department("Team", parent=a)
    closing.close_department(department=team, valid_from=JAN, **BY)
    closing.close_department(department=a, valid_from=FEB, **BY)

    with pytest.raises(DatesError):
        closing.reopen_department(department=team, valid_from=MAR, **BY)


def test_a_concurrent_post_becomes_the_primary_one_and_the_past_stays():
    home, other = make.department("Home"), make.department("Other")
    chen = make.person("Chen", department=home)
    second = placements.place_person(
        person=chen, position=position(other), is_primary=False, valid_from=JAN, **BY
    )

    transfers.make_primary(placement=second, on=MAR, **BY)

    assert queries.department_of(chen, on=FEB) == home
    assert queries.department_of(chen, on=MAR) == other
    assert queries.works_for(chen, home, on=MAR)
    assert Placement.objects.filter(person=chen, is_primary=True, valid_to=None).count() == 1


def test_a_switch_that_cannot_be_is_refused():
    home, other = make.department("Home"), make.department("Other")
    chen = make.person("Chen", department=home)
    second = placements.place_person(
        person=chen, position=position(other), is_primary=False, valid_from=MAR, **BY
    )
    with pytest.raises(DatesError, match="does not hold on"):
        transfers.make_primary(placement=second, on=FEB, **BY)
    with pytest.raises(DatesError, match="primary placement already"):
        transfers.make_primary(placement=chen.placements.get(is_primary=True), on=MAR, **BY)
    placements.place_person(person=chen, position=position(other, "Head"), valid_from=JULY, **BY)
    with pytest.raises(DatesError, match="2026-07-01"):
        transfers.make_primary(placement=second, on=MAR, **BY)


def test_a_second_primary_placement_never_overlaps_one_that_begins_later():
    a = make.department("A")
    chen = make.person("Chen")
    placements.place_person(person=chen, position=position(a), valid_from=MAY, **BY)

    with pytest.raises(DatesError, match="begins on 2026-05-01"):
        placements.place_person(person=chen, position=position(a, "Head"), valid_from=MAR, **BY)


def test_a_moved_position_takes_its_people_along_and_is_shown_where_it_was():
    a, b = make.department("A"), make.department("B")
    post = position(a)
    chen = make.person("Chen")
    placements.place_person(person=chen, position=post, valid_from=JAN, **BY)

    positions.change_position(
        position=post, title=named("Senior clerk"), department=b, on=MAR, **BY
    )

    assert queries.department_of(chen, on=FEB) == a
    assert queries.department_of(chen, on=MAR) == b
    shown = {
        (department, on): [str(each.title) for each in structure.posts_of(department, on=on)]
        for department in (a, b)
        for on in (FEB, MAR)
    }
    assert shown == {
        (a, FEB): ["Clerk"],
        (a, MAR): [],
        (b, FEB): [],
        (b, MAR): ["Senior clerk"],
    }


def test_a_position_changes_in_the_order_of_its_days_and_not_ahead():
    a = make.department("A")
    post = position(a)
    change = {"position": post, "department": a, **BY}
    positions.change_position(title=named("X"), on=FEB, **change)

    with pytest.raises(DatesError, match="2026-02-01"):
        positions.change_position(title=named("Y"), on=JAN, **change)
    with pytest.raises(DatesError, match="not from one to come"):
        positions.change_position(title=named("Y"), on=MAY, **change)


def test_a_position_that_somebody_changed_meanwhile_is_left_alone():
    a = make.department("A")
    post = position(a)
    seen = positions.state_of(post)
    positions.change_position(position=post, title=named("X"), department=a, on=FEB, **BY)

    with pytest.raises(positions.PositionChangedError, match="it is now “X”"):
        positions.change_position(
            position=post, title=named("Y"), department=a, on=FEB, seen=seen, **BY
        )


def test_a_position_closes_when_nobody_holds_it_and_takes_nobody_after():
    a = make.department("A")
    post = position(a)
    chen = make.person("Chen")
    held = placements.place_person(person=chen, position=post, valid_from=JAN, **BY)
    with pytest.raises(InUseError, match="Chen holds this position"):
        positions.close_position(position=post, on=MAR, **BY)
    placements.end_placement(placement=held, on=MAR, **BY)

    positions.close_position(position=post, on=MAR, **BY)

    post.refresh_from_db()
    assert [each.position for each in structure.posts_of(a, on=FEB)] == [post]
    assert structure.posts_of(a, on=MAR) == []
    with pytest.raises(DatesError, match="closed from 2026-03-01"):
        placements.place_person(person=chen, position=post, valid_from=MAY, **BY)
    positions.reopen_position(position=post, on=MAY, **BY)
    assert [str(each.valid_to) for each in post.terms.all()] == ["2026-03-01", "None"]
    assert structure.posts_of(a, on=date(2026, 4, 1)) == []


def test_the_people_of_the_successor_work_what_a_closed_department_left():
    a, b, c = make.department("A"), make.department("B"), make.department("C")
    served = make.person("Served", department=c)

    merge(a, into=b, on=JAN)
    merge(b, into=c, on=FEB)

    assert set(queries.departments_served_by(served, on=MAR)) == {a, b, c}
    assert set(queries.departments_served_by(served, on=date(2025, 12, 31))) == {c}
    assert list(queries.agents_of(a, on=MAR)) == [served]
    assert list(queries.agents_of(b, on=JAN)) == []


def test_a_department_that_goes_on_after_a_split_keeps_its_own_work():
    a, team, (chen, li), vacant = divided()
    split(
        a,
        Part(a, placements=[chen], positions=[vacant], children=[team]),
        Part(Founding("S", named("South")), placements=[li]),
    )

    assert a not in queries.departments_served_by(li.person, on=MAR)
    assert list(queries.agents_of(a, on=MAR)) == [chen.person]


def test_a_trial_leaves_nothing_behind():
    a, b = make.department("A"), make.department("B")
    make.person("Chen", department=a)

    trial = structure_trials.tried(lambda: merge(a, into=b), on=MAR)

    assert not trial.after.chart.is_active(a.pk)
    assert trial.before.chart.is_active(a.pk)
    assert queries.chart(on=MAR).is_active(a.pk)
    assert names_of(a, MAR) == ["Chen"]


def test_what_somebody_changed_meanwhile_is_refused_with_what_it_is_now():
    a, boss = make.department("A"), make.administrator("林主任")
    seen = structure_trials.state_of([a])
    departments.rename_department(
        department=a, name=named("Digital"), valid_from=FEB, by=boss, now=make.NOW
    )

    with pytest.raises(structure_trials.StructureChangedError) as refused:
        structure_trials.guarded(lambda: None, seen)

    (words,) = refused.value.messages
    assert "林主任" in words
    assert "“Digital”" in words
    assert "2026-02-01" in words


@pytest.mark.parametrize("seen", ["", "x:y", "99999999999999999999:a", "7", ",,:"])
def test_nonsense_in_what_was_seen_does_no_harm(seen):
    assert structure_trials.guarded(lambda: "done", seen) == "done"
