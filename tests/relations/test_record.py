"""The record of changes names relations between departments, and never who serves whom among people."""

import pytest
from django.utils import timezone

from neike.org.choices import Role
from neike.relations.choices import RelationKind
from tests.make import org
from tests.make import relations as make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_an_auditor_reads_which_departments_and_not_which_people(client_for):
    auditor = org.person()
    org.grant(auditor, Role.AUDITOR)
    between = make.proposed(make.two_ends(), now=NOW)
    people = make.between_people(
        org.person("Zhao"), org.person("Qian"), kind=RelationKind.TEAM, now=NOW
    )

    page = client_for(auditor).get("/audit/").content.decode()

    assert between.path in page
    assert people.path not in page
    assert "Zhao" not in page
    assert "Qian" not in page
