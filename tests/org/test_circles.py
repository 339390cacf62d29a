"""Circles of reporting lines over time, and lines that change places."""

from datetime import date, timedelta

import pytest

from neike.org.actions.circles import circle_in
from neike.org.actions.errors import CycleError
from neike.org.actions.reporting import Line, set_reporting_lines
from neike.org.models import ReportingLine
from tests.make import org as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
LATER = DAY + timedelta(days=30)


def line(below, above, begins=DAY, ends=None):
    return ReportingLine.objects.create(
        person=below, manager=above, valid_from=begins, valid_to=ends
    )


def circle(*fresh):
    return circle_in(
        ReportingLine.objects.all(),
        below="person_id",
        above="manager_id",
        fresh=[(each.person_id, each.valid_from) for each in fresh],
    )


def test_a_circle_that_a_stored_line_closes_later_is_found():
    ada, bo, cai = (make.person(name) for name in ("Ada", "Bo", "Cai"))
    line(bo, cai, LATER)
    line(cai, ada)

    fresh = line(ada, bo)

    assert sorted(circle(fresh)) == sorted([ada.pk, bo.pk, cai.pk])


def test_a_line_that_ended_before_the_day_closes_no_circle():
    ada, bo = make.person("Ada"), make.person("Bo")
    line(bo, ada, DAY - timedelta(days=30), DAY)

    assert circle(line(ada, bo)) == []


def test_only_the_lines_above_are_read_level_by_level(django_assert_num_queries):
    top, middle, low = (make.person(name) for name in ("Top", "Middle", "Low"))
    for number in range(5):
        line(make.person(f"Other {number}"), top)
    line(middle, top)

    fresh = line(low, middle)

    with django_assert_num_queries(3):
        assert circle(fresh) == []


def test_a_circle_names_everybody_on_it():
    ada, bo = make.person("Ada"), make.person("Bo")
    line(bo, ada)

    with pytest.raises(CycleError, match="Ada → Bo → Ada"):
        set_reporting_lines([Line(ada, bo, DAY)], by=None, now=make.NOW)
