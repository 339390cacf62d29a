"""Taking over an organogram: posts with and without people, shared ones, groups, and the tree they make."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from neike.org import queries
from neike.org.importing import columns, reading
from neike.org.importing.running import run_import
from neike.org.importing.sources import Source
from neike.org.models import Department, Person, Placement, Position, PostTerm
from tests.make import org as make

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
TODAY, THEN = date(2026, 3, 2), date(2026, 6, 1)
SENIOR = (
    "Post Unique Reference,Name,Job Title,Parent Department,Organisation,Unit,Reports to Senior Post,FTE\n"
    "T1,Ada Top,Chief,Ministry,Agency,Top Office,XX,1\n"
    "D1,'Vacant',Director North,Ministry,Agency,North,T1,1\n"
    "D2,Ben South,Director South,Ministry,Agency,South,T1,0.5\n"
    "D2,Cleo South,Director South,Ministry,Agency,south ,T1,0.5\n"
    "H1,N/D,Head of Roads,Ministry,Agency,Roads,D1,1\n"
    "H2,Ada Top,Head of Bridges,Ministry,Agency,Roads,D1,1\n"
)
JUNIOR = (
    "Organisation,Unit,Reporting Senior Post,Grade,Generic Job Title,Number of Posts in FTE,source\n"
    "Agency,Roads,H1,7,Engineer,2.5,1\n"
    "Agency,Roads,H1,7,Engineer,1,2\n"
    "Agency,Depot,H1,8,Driver,3,3\n"
    "Agency,Depot,H1,8,Driver,3,3\n"
)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def run(*texts, now=NOW, apply=True, **options):
    sources = []
    for number, text in enumerate(texts):
        file = io.BytesIO(text.encode())
        layout = reading.sniff(file)
        name = f"f{number}.csv" if len(texts) > 1 else ""
        sources.append(Source(file, layout, columns.guess(layout.headers), name))
    return run_import(sources, by=None, now=now, apply=apply, **options)


def counts(report):
    return {str(kind): count for kind, count in report.counts.items() if count}


def paths(on=TODAY):
    chart = queries.chart(on=on)
    return sorted("/".join(chart.path(each.id)) for each in chart)


def test_posts_make_departments_positions_and_people_where_they_are_named():
    report = run(SENIOR, JUNIOR)

    assert (report.rows, report.taken, report.refused) == (10, 10, 0)
    assert counts(report) == {
        "department_created": 7,
        "position_created": 7,
        "person_created": 3,
        "person_placed": 4,
        "lead_set": 2,
    }
    assert paths() == [
        "Ministry",
        "Ministry/Agency",
        "Ministry/Agency/Top Office",
        "Ministry/Agency/Top Office/North",
        "Ministry/Agency/Top Office/North/Roads",
        "Ministry/Agency/Top Office/North/Roads/Depot",
        "Ministry/Agency/Top Office/South",
    ]
    assert set(Person.objects.values_list("name", flat=True)) == {
        "Ada Top",
        "Ben South",
        "Cleo South",
    }
    assert not any(each.email or each.has_usable_password() for each in Person.objects.all())


def test_places_are_counted_and_a_shared_post_is_one_with_two_people():
    report = run(SENIOR, JUNIOR)

    places = {
        str(term.position): term.places for term in PostTerm.objects.select_related("position")
    }
    assert places["Director South"] == 1
    assert places["Engineer"] == Decimal("3.5")
    assert places["Driver"] == 3
    assert Placement.objects.filter(position__code="D2").count() == 2
    assert [(each.line, each.file, each.refused) for each in report.notes] == [(5, "f1.csv", False)]


def test_the_same_name_on_two_posts_is_one_person_with_a_concurrent_post():
    run(SENIOR)

    ada = Placement.objects.filter(person__name="Ada Top").order_by("pk")
    assert [(each.position.code, each.is_primary) for each in ada] == [("T1", True), ("H2", False)]


def test_who_holds_a_post_reports_to_the_nearest_post_above_that_is_held():
    run(SENIOR.replace("H1,N/D", "H1,Dora Road"))

    dora = Person.objects.get(name="Dora Road")
    assert queries.manager_of(dora, on=TODAY).name == "Ada Top"


def test_a_second_run_changes_nothing():
    run(SENIOR, JUNIOR)

    report = run(SENIOR, JUNIOR, now=LATER)

    assert (counts(report), report.unchanged) == ({}, 10)


def test_a_preview_counts_the_same_and_writes_nothing():
    preview = run(SENIOR, JUNIOR, apply=False)

    assert Position.objects.count() == Department.objects.count() == Person.objects.count() == 0
    assert counts(run(SENIOR, JUNIOR)) == counts(preview)


def test_a_moved_post_keeps_what_it_was():
    run(SENIOR)

    report = run(
        SENIOR.replace(
            "H1,N/D,Head of Roads,Ministry,Agency,Roads,D1",
            "H1,N/D,Head of Roads,Ministry,Agency,South,D2",
        ),
        now=LATER,
    )

    assert counts(report) == {"position_changed": 1, "lead_set": 1}
    before, after = PostTerm.objects.filter(position__code="H1").order_by("valid_from")
    assert (before.reports_to.code, before.valid_from, before.valid_to) == ("D1", TODAY, THEN)
    assert (after.reports_to.code, after.valid_to) == ("D2", None)


def test_a_post_that_is_vacant_now_ends_its_holder_and_one_undisclosed_does_not():
    run(SENIOR)

    report = run(
        SENIOR.replace("D2,Ben South", "D2,Vacant").replace("T1,Ada Top", "T1,N/D"), now=LATER
    )

    assert counts(report) == {"placement_ended": 1, "lead_set": 1}
    ben = Placement.objects.get(person__name="Ben South")
    assert ben.valid_to == THEN
    assert ben.person.left_on is None
    assert Placement.objects.get(position__code="T1").valid_to is None


def test_posts_end_and_people_leave_only_when_asked_and_stay_stored():
    run(SENIOR, JUNIOR)
    fewer = "".join(line for line in SENIOR.splitlines(keepends=True) if not line.startswith("D2"))

    assert counts(run(fewer, now=LATER)) == {}
    report = run(fewer, now=LATER, end_missing=True)

    assert counts(report) == {"position_ended": 1, "person_left": 2}
    assert PostTerm.objects.get(position__code="D2").valid_to == THEN
    assert PostTerm.objects.filter(position__title__isnull=False, valid_to=None).count() == 6
    assert Person.objects.get(name="Ben South").left_on == THEN


def test_a_position_that_people_keep_is_not_ended_by_a_file_that_does_not_name_it():
    own = make.placement(make.person(), make.department()).position
    run(SENIOR, JUNIOR)

    run(SENIOR, now=LATER, end_missing=True)

    assert own.terms.get().valid_to is None


def test_posts_in_a_circle_are_taken_without_the_line_and_the_circle_is_named():
    report = run(SENIOR.replace("Agency,North,T1", "Agency,North,H1"))

    told = [(each.line, each.field, each.refused) for each in report.notes]
    assert told == [(3, "reports_to_post", False), (6, "reports_to_post", False)]
    assert "D1 → H1 → D1" in report.notes[0].message
    assert report.taken == 6
    assert Position.objects.count() == 5


def test_a_post_above_that_nobody_names_is_remarked():
    report = run(SENIOR.replace("Agency,North,T1", "Agency,North,ZZ9"))

    assert [(each.line, each.refused) for each in report.notes] == [(3, False)]
    assert "zz9" in report.notes[0].message


def test_groups_alone_find_the_posts_stored_before():
    run(SENIOR)

    run(JUNIOR)

    assert "Ministry/Agency/Top Office/North/Roads/Depot" in paths()
    assert PostTerm.objects.get(position__title__icontains="Driver").reports_to.code == "H1"


def test_two_files_that_disagree_about_a_post_the_later_holds():
    report = run(SENIOR, SENIOR.replace("Head of Roads", "Head of Streets"))

    assert str(Position.objects.get(code="H1")) == "Head of Streets"
    assert [(each.file, each.line, each.field, each.refused) for each in report.notes] == [
        ("f1.csv", 6, "title", False)
    ]
    assert Placement.objects.filter(position__code="D2").count() == 2


@pytest.mark.parametrize(
    ("value", "field"), [("many", "places"), ("-1", "places"), ("NaN", "places")]
)
def test_a_bad_row_is_named_and_holds_up_no_other(value, field):
    report = run(JUNIOR.replace("2.5,1", f"{value},1"))

    assert [(each.line, each.field, each.refused) for each in report.notes[:1]] == [
        (2, field, True)
    ]
    assert (report.taken, report.refused) == (3, 1)


def test_a_unit_is_never_below_itself_however_the_posts_are_mixed():
    text = (
        "Post Unique Reference,Name,Job Title,Unit,Reports to Senior Post\n"
        "A1,,Head A,A,\nB1,,Head B,B,A1\nA2,,Second in A,A,B1\nB2,,Second in B,B,A2\n"
    )

    report = run(text)

    assert report.refused == 0
    assert paths() == ["A", "A/B"]
