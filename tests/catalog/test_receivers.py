"""Published services can be found by their audience; every new department gets its catch-all."""

import pytest

from neike.catalog import actions, queries
from neike.catalog.models import Service
from neike.kernel import search
from neike.kernel.outbox import announce
from neike.kernel.texts import LocalizedText
from neike.org.events import DepartmentChanged
from tests import make
from tests.make import catalog
from tests.make.background import run_outbox
from tests.make.org import NOW, calendar

pytestmark = pytest.mark.django_db


def _finds(person, text):
    return [hit.title for hit in search.search_for(person, text, now=NOW).hits]


def test_a_published_service_is_found_in_both_languages_by_its_audience_alone():
    inside, outside, provider = make.department(), make.department(), make.department()
    catalog.service(
        provider,
        name=LocalizedText.of(zh="领用电脑", en="New laptop"),
        audience={"departments": [str(inside.public_id)]},
    )
    run_outbox()

    for text in ("电脑", "laptop"):
        assert _finds(make.person(department=inside), text) == ["领用电脑 · New laptop"]
        assert _finds(make.person(department=provider), text) == ["领用电脑 · New laptop"]
        assert _finds(make.person(department=outside), text) == []


def test_a_retired_service_is_found_no_longer():
    service = catalog.service(name=LocalizedText.of(en="Laptop"))
    run_outbox()
    person = make.person()
    assert _finds(person, "laptop")

    actions.retire_service(service=service, by=None, now=NOW)
    run_outbox()

    assert _finds(person, "laptop") == []


def test_building_the_index_anew_finds_the_same():
    catalog.service(name=LocalizedText.of(en="Laptop"))

    search.build_anew()

    assert _finds(make.person(), "laptop") == ["Laptop"]


def _changed(department):
    announce(
        DepartmentChanged(department_id=department.pk, valid_from="2020-01-01"),
        aggregate=f"department:{department.pk}",
        now=NOW,
    )


def test_a_new_department_gets_its_catch_all_once():
    calendar(is_default=True)
    department = make.department()

    _changed(department)
    _changed(department)
    run_outbox()

    assert Service.objects.filter(department=department, is_catch_all=True).count() == 1
    assert queries.standard_for(department).service.department == department


def test_without_any_calendar_nothing_is_promised_yet():
    _changed(make.department())

    run_outbox()

    assert not Service.objects.exists()
