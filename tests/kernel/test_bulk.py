"""Plain inserts store what the framework would have stored."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from neike.kernel.bulk import Inserter
from neike.kernel.search.models import SearchEntry

pytestmark = pytest.mark.django_db

NAMES = (
    "kind",
    "object_id",
    "url",
    "title",
    "excerpt",
    "title_tokens",
    "tokens",
    "readers",
    "changed_at",
)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 2, 1, 30, tzinfo=timezone(timedelta(hours=8))),
    ],
)
def test_moments_are_written_as_the_framework_writes_them(moment):
    common = {"url": "/", "title": "x"}
    SearchEntry.objects.create(kind="one", object_id="1", changed_at=moment, **common)
    Inserter(SearchEntry, NAMES).insert([("many", "1", "/", "x", "", "", "", "", moment)])

    same = SearchEntry.objects.filter(changed_at=moment)
    assert sorted(same.values_list("kind", flat=True)) == ["many", "one"]
    assert {entry.changed_at for entry in same} == {moment}


def test_a_row_that_is_there_takes_the_new_values():
    inserter = Inserter(SearchEntry, NAMES, unique=("kind", "object_id"))
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    inserter.insert([("k", "1", "/old", "old", "", "old", "", "", at)])
    inserter.insert(
        [("k", "1", "/new", "new", "", "new", "", "", at), ("k", "2", "/", "x", "", "", "", "", at)]
    )

    assert list(SearchEntry.objects.order_by("object_id").values_list("object_id", "url")) == [
        ("1", "/new"),
        ("2", "/"),
    ]


def test_nothing_to_insert_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        Inserter(SearchEntry, NAMES).insert([])
