"""What promises say of themselves on pages."""

from datetime import UTC, datetime

import pytest
from django.template import engines
from django.utils import translation

from tests.make import org

pytestmark = pytest.mark.django_db
NOTE = "The make-up working days of 2027 are not published yet; this due time may still move."
# 00:30 on New Year's day in Shanghai is still the old year in UTC.
NEW_YEAR = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)


def _note(calendar, at):
    words = "{% load catalog %}{% provisional_note calendar at %}"
    return engines["django"].from_string(words).render({"calendar": calendar, "at": at})


@pytest.fixture
def calendar():
    made = org.calendar(country="CN")
    made.years.create(year=2026, published=True)
    made.years.create(year=2027, published=False)
    return made


def test_a_due_time_in_an_unpublished_year_says_that_it_may_move(calendar):
    assert _note(calendar, NEW_YEAR) == NOTE
    with translation.override("zh-hans"):
        assert _note(calendar, NEW_YEAR) == "2027 年的调休安排尚未公布，此到期时间可能调整。"


def test_nothing_is_said_of_a_published_year_of_no_country_or_of_no_due_time(calendar):
    assert _note(calendar, datetime(2026, 12, 31, 9, 0, tzinfo=UTC)) == ""
    assert _note(org.calendar(), NEW_YEAR) == ""
    assert _note(calendar, None) == ""
    assert _note(None, NEW_YEAR) == ""


def test_it_costs_one_query_and_none_for_prefetched_years(calendar, django_assert_num_queries):
    with django_assert_num_queries(1):
        _note(calendar, NEW_YEAR)
    prefetched = type(calendar).objects.prefetch_related("years").get(pk=calendar.pk)
    with django_assert_num_queries(0):
        _note(prefetched, NEW_YEAR)
