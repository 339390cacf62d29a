"""What people find in the catalogue, and what is promised to them."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from neike.catalog import actions, policies, queries
from neike.catalog.models import FormVersion, ServiceStandard
from neike.kernel.texts import LocalizedText
from tests import make
from tests.make import catalog
from tests.make.org import NOW, calendar

pytestmark = pytest.mark.django_db
ON = NOW.date()


@pytest.fixture
def places():
    """A company: sales with a team below, finance; finance offers the services."""
    company = make.department()
    sales = make.department(parent=company)
    return {
        "company": company,
        "sales": sales,
        "team": make.department(parent=sales),
        "finance": make.department(parent=company),
    }


@pytest.mark.parametrize(
    ("audience", "reader", "seen"),
    [
        (None, "sales", True),
        (None, None, True),
        ("company", "team", True),
        ("sales", "sales", True),
        ("sales", "team", True),
        ("team", "sales", False),
        ("sales", "company", False),
        ("team", None, False),
        # those who provide a service see what they promise
        ("sales", "finance", True),
    ],
)
def test_a_service_shows_to_its_audience_with_all_below(places, audience, reader, seen):
    limits = {"departments": [str(places[audience].public_id)]} if audience else {}
    service = catalog.service(places["finance"], audience=limits)
    person = make.person(department=places[reader] if reader else None)

    assert queries.services_visible_to(person, ON).exists() is seen
    assert bool(policies.may_see(person, service, on=ON)) is seen
    assert bool(policies.may_ask(person, service, on=ON)) is seen


def test_a_concurrent_post_counts_for_the_audience(places):
    catalog.service(places["finance"], audience={"departments": [str(places["team"].public_id)]})
    person = make.person()
    second = make.placement(person, places["team"])
    second.is_primary = False
    second.save()

    assert queries.services_visible_to(person, ON).exists()


def test_drafts_show_to_nobody_and_nothing_shows_to_visitors():
    catalog.draft_service()
    catalog.service()

    assert queries.services_visible_to(make.person(), ON).count() == 1
    assert not queries.services_visible_to(AnonymousUser(), ON).exists()


@pytest.mark.parametrize("length", [1, 3])
def test_tiles_cost_the_same_at_any_length(length, django_assert_num_queries):
    person = make.person(department=make.department())
    for _ in range(length):
        catalog.service(audience={"departments": [str(make.department().public_id)]})
        catalog.service()

    with django_assert_num_queries(9):
        tiles = queries.tiles(person, ON)
        promised = [
            queries.promise(service.standard, "3")
            for tile in tiles
            for service in tile.services
            if service.standard
        ]

    assert promised == [{"first_response": 3600, "end_to_end": 27000}] * length


def test_the_catch_all_stands_last_on_its_tile():
    department = make.department()
    actions.ensure_catch_all(department, calendar=calendar(), now=NOW)
    other = catalog.service(department, order=999)

    (tile,) = queries.tiles(make.person(), ON)

    assert [each.is_catch_all for each in tile.services] == [False, True]
    assert tile.services[0] == other


def test_a_specific_priority_beats_the_general_target():
    standard = catalog.published_standard(catalog.draft_service())

    assert queries.promises(standard) == {
        "1": {"first_response": 900, "end_to_end": 7200},
        "2": {"first_response": 3600, "end_to_end": 27000},
        "3": {"first_response": 3600, "end_to_end": 27000},
        "4": {"first_response": 3600, "end_to_end": 27000},
    }


def test_a_department_without_its_own_promise_takes_the_nearest_above_else_the_first():
    top = make.department()
    middle = make.department(parent=top)
    leaf = make.department(parent=middle)
    stranger = make.department()
    hours = calendar()
    first = actions.ensure_catch_all(top, calendar=hours, now=NOW).standard
    nearer = actions.ensure_catch_all(middle, calendar=hours, now=NOW).standard

    assert queries.standard_for(leaf) == nearer
    assert queries.standard_for(top) == first
    assert queries.standard_for(stranger) == first


def test_an_installation_without_any_catch_all_says_so():
    with pytest.raises(queries.StandardMissingError):
        queries.standard_for(make.department())


@pytest.mark.parametrize("length", [1, 3])
def test_standards_of_many_departments_cost_the_same(length, django_assert_num_queries):
    parent = make.department()
    actions.ensure_catch_all(parent, calendar=calendar(), now=NOW)
    ids = [make.department(parent=parent).pk for _ in range(length)]

    with django_assert_num_queries(4):
        found = queries.standards_for(ids)

    assert list(found) == ids


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("text", ["laptop", "LAPTOP", "电脑", "computer", "new device", "新 电脑"])
def test_search_finds_by_name_keyword_and_summary_in_either_language(language, text):
    wanted = catalog.service(
        name=catalog.text("New laptop", "新笔记本电脑"),
        summary=catalog.text("A device of your own", "领用设备"),
        keywords=["computer"],
    )
    catalog.service(name=catalog.text("Travel booking", "差旅预订"))

    with translation.override(language):
        assert queries.search_services(make.person(), text, ON) == [wanted]


def test_search_puts_a_hit_in_the_name_first_and_hides_what_is_not_offered():
    in_summary = catalog.service(summary=catalog.text("also about laptops"))
    in_name = catalog.service(name=catalog.text("Laptop"))
    catalog.service(
        name=catalog.text("Laptop of others"),
        audience={"departments": [str(make.department().public_id)]},
    )

    assert queries.search_services(make.person(), "laptop", ON) == [in_name, in_summary]


def test_a_blank_search_finds_nothing():
    catalog.service()

    assert queries.search_services(make.person(), "  ", ON) == []


LABEL = {"source": "en", "en": "Which?", "zh-hans": "哪个？"}
OPTION = {"source": "en", "en": "Blue", "zh-hans": "蓝色"}
EVERY_KIND = [
    {"key": "t", "type": "text", "label": LABEL},
    {"key": "n", "type": "number", "label": LABEL, "decimals": 1},
    {"key": "m", "type": "money", "label": LABEL, "currencies": ["CNY", "JPY"]},
    {"key": "d", "type": "date", "label": LABEL},
    {"key": "c", "type": "choice", "label": LABEL, "choices": [{"key": "blue", "label": OPTION}]},
    {"key": "p", "type": "person", "label": LABEL},
    {"key": "o", "type": "department", "label": LABEL},
    {"key": "b", "type": "checkbox", "label": LABEL},
    {"key": "f", "type": "file", "label": LABEL},
    {"key": "x", "type": "note", "label": LABEL},
]


def test_answers_are_shown_in_the_readers_language(django_assert_num_queries):
    person, department = make.person("李雷"), make.department("Sales")
    form = FormVersion(fields=EVERY_KIND)
    answers = {
        "t": "hello",
        "n": 1234.5,
        "m": {"amount": 123450, "currency": "CNY"},
        "d": "2026-03-02",
        "c": "blue",
        "p": str(person.public_id),
        "o": str(department.public_id),
        "b": True,
        "f": ["a.pdf", "b.pdf"],
    }

    with django_assert_num_queries(2):
        rows = queries.answer_rows(form, answers)
    with translation.override("zh-hans"):
        chosen = next(row for row in queries.answer_rows(form, answers) if row.key == "c")

    assert [row.value for row in rows] == [
        "hello",
        "1,234.5",
        "CNY 1,234.50",
        "2 Mar 2026",
        "Blue",
        "李雷",
        "Sales",
        "yes",
        "a.pdf, b.pdf",
    ]
    assert (chosen.label, chosen.value) == ("哪个？", "蓝色")


def test_answers_that_do_not_fit_are_shown_as_stored():
    form = FormVersion(fields=EVERY_KIND)

    rows = queries.answer_rows(
        form, {"m": 5, "d": "soon", "c": "red", "p": "someone", "o": str(uuid.uuid4())}
    )

    assert [row.value for row in rows][:4] == ["5", "soon", "red", "someone"]


def test_history_says_what_each_version_changed():
    service = catalog.draft_service()
    catalog.published_standard(service)
    catalog.published_standard(
        service,
        targets=actions.minutes({"first_response": {"": 60, "1": 10}, "end_to_end": 450}),
        quality_criteria=(LocalizedText.of(en="No errors"),),
    )
    service.refresh_from_db()

    newest, oldest = queries.history(service)

    assert [(one.what, one.before, one.after) for one in newest.differences] == [
        ("first response, urgent", 900, 600),
        ("resolution, end to end, urgent", 7200, None),
        ("Quality criteria", "", "No errors"),
    ]
    assert (newest.is_current, oldest.is_current, oldest.differences) == (True, False, ())
    assert ServiceStandard.objects.count() == 2
