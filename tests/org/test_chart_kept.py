"""A chart is read again exactly when something it shows changed."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from neike.kernel.texts import LocalizedText
from neike.org import queries
from neike.org.actions import departments
from neike.org.choices import DepartmentState
from neike.org.models import Department, DepartmentLead, DepartmentVersion, Person
from tests.make import org as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


@pytest.fixture
def it():
    department = make.department("IT")
    DepartmentLead.objects.create(
        department=department, person=make.person("Ann"), valid_from=make.EPOCH
    )
    queries.chart(on=DAY)
    return department


def test_an_unchanged_organisation_is_not_read_again(it):
    with CaptureQueriesContext(connection) as asked:
        again = queries.chart(on=DAY)

    assert len(asked) == 1
    assert again is queries.chart(on=DAY)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: DepartmentVersion.objects.filter(department=it).update(
            state=DepartmentState.CLOSED
        ),
        lambda it: Department.objects.filter(pk=it.pk).update(code="ICT"),
        lambda it: DepartmentLead.objects.all().delete(),
        lambda it: Person.objects.filter(leaderships__department=it).update(name="Bea"),
        lambda it: make.department("HR"),
        lambda it: make.calendar(is_default=True),
    ],
    ids=["version", "department", "lead", "name of a lead", "new department", "default calendar"],
)
def test_every_change_it_shows_is_seen_at_once(it, change):
    before = queries.chart(on=DAY)

    change(it)

    assert queries.chart(on=DAY) != before


def test_a_rename_is_seen_on_its_day_and_not_before(it):
    departments.rename_department(
        department=it,
        name=LocalizedText.of(zh="信息", en="Digital"),
        valid_from=DAY,
        by=None,
        now=make.NOW,
    )

    with translation.override("en"):
        assert queries.chart(on=DAY).name(it.pk) == "Digital"
        assert queries.chart(on=date(2026, 2, 28)).name(it.pk) == "IT"
