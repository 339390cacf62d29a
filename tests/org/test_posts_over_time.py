"""Posts over time: one truth, whoever writes it, and what a merge, a split or a day in the past makes of it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from neike.kernel.texts import LocalizedText
from neike.org import queries
from neike.org.actions import closing, placements, positions, post_terms, posts, succession
from neike.org.actions.errors import CycleError, DatesError
from neike.org.models import PostTerm
from neike.org.queries import structure
from tests.make import org as make

pytestmark = pytest.mark.django_db
JAN, FEB, MAR, MAY, JULY = (date(2026, month, 1) for month in (1, 2, 3, 5, 7))
BY = {"by": None, "now": make.NOW}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def named(text):
    return LocalizedText.of(zh=text, en=text)


def post(department, title="Clerk", **more):
    code = f"{title}-{department.pk}"
    return posts.create_position(code=code, department=department, title=named(title), **more, **BY)


def told(position):
    return [
        (str(each.title), each.department.code, each.valid_from, each.valid_to)
        for each in position.terms.all()
    ]


def under(position, above, on=JAN):
    return positions.change_position(
        position=position,
        title=position.title,
        department=position.department,
        above=positions.Above(above),
        on=on,
        **BY,
    )


def hold(person, position, on=JAN):
    return placements.place_person(person=person, position=position, valid_from=on, **BY)


def test_pages_and_files_write_the_same_terms():
    a, b = make.department("A"), make.department("B")
    clerk = post(a)
    positions.change_position(position=clerk, title=named("Senior"), department=a, on=FEB, **BY)
    state = post_terms.PostState(
        clerk.code, b, named("Senior"), None, Decimal(2), MAR, imported_from="posts"
    )
    post_terms.set_posts([state], **BY)
    clerk.refresh_from_db()
    post_terms.end_post(position=clerk, on=MAY, **BY)

    assert told(clerk) == [
        ("Clerk", a.code, make.EPOCH, FEB),
        ("Senior", a.code, FEB, MAR),
        ("Senior", b.code, MAR, MAY),
    ]
    assert [structure.posts_of(a, on=day)[0].title.texts["en"] for day in (JAN, FEB)] == [
        "Clerk",
        "Senior",
    ]
    assert structure.posts_of(a, on=MAR) == structure.posts_of(b, on=MAY) == []
    assert structure.posts_of(b, on=MAR)[0].ends == MAY


def test_nobody_is_placed_before_a_post_begins_or_over_a_time_without_it():
    a, chen = make.department("A"), make.person("Chen")
    clerk = post(a, valid_from=FEB)
    with pytest.raises(DatesError, match="no such position yet on 2026-01-01"):
        hold(chen, clerk, on=JAN)
    positions.close_position(position=clerk, on=MAR, **BY)
    positions.reopen_position(position=clerk, on=MAY, **BY)

    with pytest.raises(DatesError, match="closed from 2026-03-01"):
        hold(chen, clerk, on=FEB)
    placements.place_person(person=chen, position=clerk, valid_from=FEB, valid_to=MAR, **BY)
    hold(chen, clerk, on=MAY)


def test_a_post_that_reports_to_another_decides_who_the_manager_is_from_its_day():
    a = make.department("A")
    clerk, head = post(a), post(a, "Head")
    chen, li = make.person("Chen"), make.person("Li")
    hold(chen, clerk)
    hold(li, head)

    under(clerk, head, on=FEB)

    assert queries.manager_of(chen, on=JAN) is None
    assert queries.manager_of(chen, on=FEB) == li
    with pytest.raises(CycleError, match=r"Head → Clerk → Head|Clerk → Head → Clerk"):
        under(head, clerk, on=FEB)


def test_a_merge_carries_the_lines_of_posts_and_ends_the_old_ones():
    a, b, c = make.department("A"), make.department("B"), make.department("C")
    clerk, head, outside = post(a), post(a, "Head"), post(c, "Helper")
    chen, li, wang = make.person("Chen"), make.person("Li"), make.person("Wang")
    for person, held in ((chen, clerk), (li, head), (wang, outside)):
        hold(person, held)
    under(clerk, head)
    under(outside, head)

    succession.merge_departments(predecessors=[a], successor=b, on=MAR, **BY)

    assert structure.posts_of(a, on=MAR) == []
    assert [str(each.title) for each in structure.posts_of(a, on=FEB)] == ["Clerk", "Head"]
    held = {str(each.title): each for each in structure.posts_of(b, on=MAR)}
    assert held["Clerk"].above == held["Head"].position
    for day in (FEB, MAR):
        assert queries.managers_of([chen.pk, wang.pk], on=day) == {chen.pk: li.pk, wang.pk: li.pk}
    assert held["Head"].position != head


def test_posts_that_meet_in_one_by_a_merge_do_not_report_to_themselves():
    a, b = make.department("A"), make.department("B")
    clerk_a, clerk_b = post(a), post(b)
    hold(make.person("Chen"), clerk_a)
    hold(make.person("Li"), clerk_b)
    under(clerk_b, clerk_a)

    succession.merge_departments(predecessors=[a], successor=b, on=MAR, **BY)

    assert [each.above for each in structure.posts_of(b, on=MAR)] == [None]


def test_a_department_that_opens_again_has_its_positions_again():
    a = make.department("A")
    clerk, gone = post(a), post(a, "Gone")
    positions.close_position(position=gone, on=FEB, **BY)
    closing.close_department(department=a, valid_from=MAR, **BY)
    assert structure.posts_of(a, on=MAR) == []

    closing.reopen_department(department=a, valid_from=MAY, **BY)

    assert [each.position for each in structure.posts_of(a, on=MAY)] == [clerk]
    assert structure.posts_of(a, on=MAR) == []


@pytest.mark.parametrize("length", [1, 3])
def test_posts_of_a_department_cost_the_same_at_any_number(length, django_assert_num_queries):
    a = make.department("A")
    head = post(a, "Head")
    for number in range(length):
        clerk = post(a, f"Clerk {number}")
        under(clerk, head)
        hold(make.person(), clerk)

    with django_assert_num_queries(3):
        assert len([each.above and each.above.code for each in structure.posts_of(a, on=MAR)]) > 1


@pytest.mark.django_db(transaction=True)
def test_what_two_tables_told_of_posts_becomes_terms_and_goes_back():
    before, after = (
        ("org", "0007_reporting_lines_and_posts"),
        (
            "org",
            "0010_one_truth_about_posts",
        ),
    )
    executor = MigrationExecutor(connection)
    executor.migrate([before])
    try:
        old = executor.loader.project_state([before]).apps
        expected = _written_in_the_old_tables(old)
        executor = MigrationExecutor(connection)
        executor.migrate([after])

        rows = PostTerm.objects.values_list(
            "position__code",
            "title",
            "department__code",
            "reports_to__code",
            "places",
            "valid_from",
            "valid_to",
        )
        assert [
            (row[0], str(row[1]), *row[2:]) for row in rows.order_by("position__code", "valid_from")
        ] == expected
        MigrationExecutor(connection).migrate([before])
        ends = old.get_model("org", "Position").objects.values_list("code", "closed_on")
        assert dict(ends) == {"BOSS": None, "FILE": MAY, "OWN": JULY, "PLAIN": None}
        past = old.get_model("org", "PositionPast").objects.values_list(
            "position__code", "valid_to"
        )
        assert set(past) == {("OWN", FEB), ("FILE", MAR)}
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


def _written_in_the_old_tables(apps):
    """Write four positions as the old tables told them; return the terms that say the same."""
    department, version, position, past, term = (
        apps.get_model("org", name)
        for name in ("Department", "DepartmentVersion", "Position", "PositionPast", "PostTerm")
    )
    a, b = department.objects.create(code="A"), department.objects.create(code="B")
    for each in (a, b):
        version.objects.create(department=each, valid_from=make.EPOCH, name=named(each.code))
    boss, file, own, _plain = (
        position.objects.create(code=code, department=at, title=named(title), closed_on=end)
        for code, at, title, end in (
            ("BOSS", a, "Boss", None),
            ("FILE", b, "New", MAY),
            ("OWN", b, "Late", JULY),
            ("PLAIN", a, "Plain", None),
        )
    )
    past.objects.create(position=own, department=a, title=named("Early"), valid_to=FEB)
    term.objects.create(position=boss, department=a, valid_from=JAN)
    term.objects.create(
        position=file, department=a, reports_to=boss, places=2, valid_from=FEB, valid_to=MAR
    )
    term.objects.create(position=file, department=b, reports_to=boss, valid_from=MAR, valid_to=MAY)
    past.objects.create(position=file, department=a, title=named("Old"), valid_to=MAR)
    one, two, start = Decimal(1), Decimal(2), make.EPOCH
    return [
        ("BOSS", "Boss", "A", None, one, JAN, None),
        ("FILE", "Old", "A", "BOSS", two, FEB, MAR),
        ("FILE", "New", "B", "BOSS", one, MAR, MAY),
        ("OWN", "Early", "A", None, one, start, FEB),
        ("OWN", "Late", "B", None, one, FEB, JULY),
        ("PLAIN", "Plain", "A", None, one, start, None),
    ]
