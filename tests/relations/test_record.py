"""The record of changes names relations between departments, and never who serves whom among people."""

import pytest
from django.utils import timezone

from neike.kernel.audit.models import AuditEntry, AuditValue
from neike.org.actions import people
from neike.org.choices import Role
from neike.relations import actions
from neike.relations.choices import RelationKind
from neike.relations.models import RelationNote
from tests.make import org
from tests.make import relations as make
from tests.make.background import run_outbox

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


def test_the_record_keeps_no_reason_which_is_for_the_two_ends_alone(client_for):
    auditor = org.person()
    org.grant(auditor, Role.AUDITOR)
    one, other = org.person(), org.person()
    relation = make.between_people(one, other, kind=RelationKind.TEAM, now=NOW)
    actions.end(
        relation=relation, by=one, reason="canary-reason", version=relation.version, now=NOW
    )

    page = client_for(auditor).get("/audit/").content.decode()

    assert relation.changes.get(kind="ended").reason == "canary-reason"
    assert "canary-reason" not in page
    assert "canary" not in repr(
        list(AuditEntry.objects.values()) + list(AuditValue.objects.values())
    )


def test_the_record_keeps_no_reason_of_an_agreement_either():
    ends = make.two_ends()
    agreement = make.agreement(ends)

    actions.decline_agreement(
        agreement=agreement,
        by=ends.customer_lead,
        reason="canary-reason",
        version=agreement.version,
        now=NOW,
    )

    agreement.refresh_from_db()
    assert agreement.ended_reason == "canary-reason"
    assert "canary" not in repr(
        list(AuditEntry.objects.values()) + list(AuditValue.objects.values())
    )


def test_private_notes_go_with_the_person_who_was_erased():
    one, other = org.person(), org.person()
    relation = make.between_people(one, other, kind=RelationKind.TEAM, now=NOW)
    for person in (one, other):
        actions.write_note(relation=relation, by=person, text="canary-note", now=NOW)

    people.erase_person(
        person=one, by=org.administrator(), second=org.administrator(), reason="asked", now=NOW
    )
    run_outbox(NOW)

    assert list(RelationNote.objects.values_list("person", flat=True)) == [other.pk]
