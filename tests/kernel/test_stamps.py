"""A stamp changes with its tables, and only then; what is taken back brings the old stamp back."""

import pytest
from django.db import connection, transaction
from django.http import HttpResponse

from neike.kernel import safety
from neike.kernel.registries import SAFETY_OBJECTS
from neike.kernel.stamps import Kept, stamp_of, stamped, stamps_of
from neike.kernel.stamps.reading import remembered_while_reading

TABLE, TOPIC = "stamps_probe", "probe"


@pytest.fixture
def probe_table(db, monkeypatch):
    """A table of its own: every change counts, except that of a name, which counts when it differs."""
    monkeypatch.setattr(SAFETY_OBJECTS, "_entries", dict(SAFETY_OBJECTS._entries))
    SAFETY_OBJECTS.register(stamped(TOPIC, TABLE))
    SAFETY_OBJECTS.register(stamped("names", TABLE, columns=["word"]))
    _execute("CREATE TABLE stamps_probe (id integer PRIMARY KEY, word varchar(20), age integer)")
    _execute("INSERT INTO stamps_probe VALUES (1, 'said', 1)")
    safety.install_safety_objects()


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO stamps_probe VALUES (2, 'more', 1)",
        "UPDATE stamps_probe SET age = 2",
        "DELETE FROM stamps_probe",
    ],
)
def test_every_change_of_a_table_draws_a_new_token(probe_table, sql):
    before = stamp_of(TOPIC)

    _execute(sql)

    assert before
    assert stamp_of(TOPIC) not in (before, None)


def test_a_watched_column_counts_only_when_its_value_differs(probe_table):
    before = stamp_of("names")

    _execute("UPDATE stamps_probe SET age = 3, word = 'said'")
    _execute("INSERT INTO stamps_probe VALUES (2, 'more', 1)")
    unchanged = stamp_of("names")
    _execute("UPDATE stamps_probe SET word = 'unsaid' WHERE id = 1")

    assert unchanged == before
    assert stamp_of("names") != before


def test_what_is_rolled_back_brings_the_old_token_back_and_its_own_never_again(probe_table):
    before = stamp_of(TOPIC)
    with transaction.atomic():
        _execute("UPDATE stamps_probe SET age = 2")
        taken_back = stamp_of(TOPIC)
        transaction.set_rollback(True)
    after = stamp_of(TOPIC)
    _execute("UPDATE stamps_probe SET age = 5")

    assert after == before
    assert stamp_of(TOPIC) not in (before, taken_back)


def test_installing_draws_a_new_token_because_a_migration_may_have_passed_unseen(probe_table):
    before = stamp_of(TOPIC)

    safety.install_safety_objects()

    assert safety.missing_safety_objects() == []
    assert stamp_of(TOPIC) != before


def test_a_topic_that_nothing_watches_has_no_stamp(db):
    assert stamp_of("nothing") is None


@pytest.mark.parametrize(("topic", "table"), [("x'; --", TABLE), (TOPIC, "Robert'); DROP TABLE")])
def test_a_name_that_is_not_plain_is_refused(topic, table):
    with pytest.raises(ValueError, match="not a plain name"):
        stamped(topic, table)


def test_several_stamps_are_one_query_and_all_or_none(probe_table, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = stamps_of("names", TOPIC)

    assert found == (stamp_of("names"), stamp_of(TOPIC))
    assert stamps_of(TOPIC, "nobody") is None


def test_a_value_is_kept_until_a_table_of_its_topics_changes(probe_table):
    kept: Kept[str, int] = Kept(TOPIC)
    reads: list[str] = []

    def value(key: str) -> int:
        return kept.get(key, lambda: reads.append(key) or len(reads))

    assert [value("a"), value("a"), value("b")] == [1, 1, 2]
    _execute("UPDATE stamps_probe SET age = 7")
    assert [value("a"), value("a")] == [3, 3]


def test_without_a_stamp_nothing_is_kept(db):
    kept: Kept[str, int] = Kept("nobody")
    values = iter([1, 2])

    assert [kept.get("a", lambda: next(values)) for _ in range(2)] == [1, 2]


def test_what_is_kept_is_bounded(probe_table):
    kept: Kept[int, int] = Kept(TOPIC, most=3)

    for key in range(10):
        kept.get(key, lambda: 1)

    assert len(kept._values) <= 3


def test_a_page_that_is_read_reads_the_stamps_once_and_one_that_writes_reads_them_anew(
    probe_table, django_assert_num_queries, rf
):
    def page(_request):
        stamp_of(TOPIC)
        stamps_of("names", TOPIC)
        return HttpResponse()

    with django_assert_num_queries(1):
        remembered_while_reading(page)(rf.get("/"))
    with django_assert_num_queries(2):
        remembered_while_reading(page)(rf.post("/"))
