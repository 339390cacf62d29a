"""A standard is refused when it cannot be kept, and fixed once it is published."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from neike.catalog import actions, queries
from neike.catalog.actions import StandardRefusedError, StepContent
from neike.catalog.actions.standards import step_content
from neike.catalog.choices import StandardState, StepKind
from neike.catalog.models import FormVersion, ServiceStandard, StandardStep, StandardTarget
from neike.kernel.texts import LocalizedText
from neike.org.models import BusinessCalendar
from tests import make
from tests.make import catalog
from tests.make.org import NOW, calendar

pytestmark = pytest.mark.django_db


def test_a_published_standard_is_in_force_and_dated():
    service = catalog.draft_service()

    standard = catalog.published_standard(service)

    service.refresh_from_db()
    assert service.standard == standard
    assert (standard.version, standard.published_at) == (1, NOW)


def test_a_new_version_supersedes_and_the_old_one_stays_as_it_was():
    service = catalog.draft_service()
    old = catalog.published_standard(service)

    new = catalog.published_standard(
        service, targets=actions.minutes({"first_response": 30, "end_to_end": 225})
    )

    service.refresh_from_db()
    assert (service.standard, new.version) == (new, 2)
    assert queries.promise(old, "3") == {"first_response": 3600, "end_to_end": 27000}
    assert queries.promise(new, "3") == {"first_response": 1800, "end_to_end": 13500}


def test_drafting_again_replaces_the_draft():
    service = catalog.draft_service()
    first = actions.draft_standard(service=service, content=catalog.content(), by=None, now=NOW)

    again = actions.draft_standard(
        service=service,
        content=catalog.content(targets=actions.minutes({"end_to_end": 900})),
        by=None,
        now=NOW,
    )

    assert again.pk == first.pk
    assert queries.promise(again, "1") == {"end_to_end": 54000}


def test_a_published_standard_cannot_be_published_again():
    standard = catalog.published_standard(catalog.draft_service())

    with pytest.raises(StandardRefusedError, match="published"):
        actions.publish_standard(standard=standard, by=None, now=NOW)


def test_a_discarded_draft_is_gone_and_the_published_version_stays():
    service = catalog.draft_service()
    published = catalog.published_standard(service)
    actions.draft_standard(service=service, content=catalog.content(), by=None, now=NOW)

    actions.discard_draft(service=service, by=None, now=NOW)

    assert list(service.standards.all()) == [published]


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({"end_to_end": {"": 0}}, "more than zero, not 0"),
        ({"end_to_end": {"": -60}}, "more than zero, not -60"),
        ({"end_to_end": {"": 1.5}}, "more than zero"),
        ({"end_to_end": {"": True}}, "more than zero"),
        ({"end_to_end": {"": 10**12}}, "longer than anybody waits"),
        ({"end_to_end": {"9": 60}}, "priority"),
        ({"speed": {"": 60}}, "metric"),
    ],
)
def test_targets_that_cannot_be_are_refused_and_nothing_changes(targets, words):
    service = catalog.draft_service()

    with pytest.raises(StandardRefusedError, match=words):
        actions.draft_standard(
            service=service, content=catalog.content(targets=targets), by=None, now=NOW
        )

    assert not service.standards.exists()


def test_a_calendar_that_does_not_exist_is_refused():
    with pytest.raises(StandardRefusedError, match="does not exist"):
        actions.draft_standard(
            service=catalog.draft_service(),
            content=catalog.content(calendar=BusinessCalendar(pk=10**6, zone="Asia/Shanghai")),
            by=None,
            now=NOW,
        )


def test_a_calendar_that_never_opens_is_refused():
    never = calendar()
    never.intervals.all().delete()

    with pytest.raises(StandardRefusedError, match="never opens"):
        actions.draft_standard(
            service=catalog.draft_service(),
            content=catalog.content(calendar=never),
            by=None,
            now=NOW,
        )


def test_a_calendar_of_an_unknown_zone_is_refused_naming_the_zone():
    with pytest.raises(StandardRefusedError, match="Mars/Olympus"):
        actions.draft_standard(
            service=catalog.draft_service(),
            content=catalog.content(calendar=calendar(zone="Mars/Olympus")),
            by=None,
            now=NOW,
        )


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({"first_response": 60}, "resolution"),
        ({"end_to_end": 450}, "first response"),
        ({"first_response": {"1": 60}, "end_to_end": 450}, "first response"),
        ({"first_response": {"": 60, "2": 600}, "end_to_end": 450}, "later than the end"),
    ],
)
def test_a_standard_without_the_two_main_promises_is_not_published(targets, words):
    service = catalog.draft_service()
    drafted = actions.draft_standard(
        service=service,
        content=catalog.content(targets=actions.minutes(targets)),
        by=None,
        now=NOW,
    )

    with pytest.raises(StandardRefusedError, match=words):
        actions.publish_standard(standard=drafted, by=None, now=NOW)


def test_targets_for_each_single_priority_are_enough():
    each = {"1": 60, "2": 60, "3": 60, "4": 60}
    service = catalog.draft_service()

    standard = catalog.published_standard(
        service, targets=actions.minutes({"first_response": each, "end_to_end": each})
    )

    assert standard.state == StandardState.PUBLISHED


def test_somebody_without_the_right_changes_nothing():
    service = catalog.draft_service()

    with pytest.raises(PermissionDenied):
        actions.draft_standard(
            service=service, content=catalog.content(), by=make.person(), now=NOW
        )


@pytest.fixture
def fixed():
    """A published standard with a target and a step."""
    service = catalog.draft_service()
    step = StepContent(service.department, catalog.text("Check", "核对"))
    return catalog.published_standard(service, steps=(step,))


def _refused(change):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        change()


def test_the_database_itself_refuses_every_change_of_a_published_standard(fixed):
    draft = ServiceStandard.objects.create(
        service=fixed.service, version=99, calendar=fixed.calendar
    )
    loose = StandardTarget.objects.create(standard=draft, metric="approval", seconds=60)

    _refused(lambda: ServiceStandard.objects.filter(pk=fixed.pk).update(default_priority="1"))
    _refused(lambda: ServiceStandard.objects.filter(pk=fixed.pk).update(state="draft"))
    _refused(lambda: StandardTarget.objects.filter(standard=fixed).update(seconds=1))
    _refused(lambda: StandardTarget.objects.filter(standard=fixed).delete())
    _refused(lambda: StandardTarget.objects.create(standard=fixed, metric="approval", seconds=60))
    _refused(lambda: StandardTarget.objects.filter(pk=loose.pk).update(standard=fixed))
    _refused(lambda: StandardStep.objects.filter(standard=fixed).update(seconds=5))
    _refused(lambda: StandardStep.objects.filter(standard=fixed).delete())

    StandardTarget.objects.filter(pk=loose.pk).update(seconds=30)
    draft.delete()


def test_the_database_itself_refuses_every_change_of_a_form_version():
    form = FormVersion.objects.filter(service=catalog.service())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        form.update(fields=[])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        form._raw_delete("default")


def test_publishing_is_dated_by_the_given_moment():
    service = catalog.draft_service()
    drafted = actions.draft_standard(service=service, content=catalog.content(), by=None, now=NOW)

    later = NOW + timedelta(days=3)

    assert actions.publish_standard(standard=drafted, by=None, now=later).published_at == later


def _automatic(key, *after, **more):
    return StepContent(
        department=make.department(),
        title=LocalizedText.of(zh=key, en=key.upper()),
        key=key,
        automatic=True,
        after=after,
        **more,
    )


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([("a", "b"), ("b", "c"), ("c", "a")], "circle"),
        ([("a", "a")], "waits for itself"),
        ([("a", "z")], "no automatic step"),
        ([("a",), ("a",)], "same key"),
        ([("Not a key",)], "key of small letters"),
    ],
)
def test_steps_that_cannot_wait_for_one_another_are_refused(steps, words):
    service = catalog.draft_service()
    content = catalog.content(steps=tuple(_automatic(*step) for step in steps))

    with pytest.raises(StandardRefusedError, match=words):
        actions.draft_standard(service=service, content=content, by=None, now=NOW)

    assert not service.standards.exists()


def test_an_approval_needs_approvers_and_a_number_of_them():
    service = catalog.draft_service()
    content = catalog.content(steps=(_automatic("asks", kind=StepKind.APPROVAL, quorum="most"),))

    with pytest.raises(StandardRefusedError, match="needs somebody who approves") as refused:
        actions.draft_standard(service=service, content=content, by=None, now=NOW)

    assert "how many approve" in str(refused.value)


def test_a_plan_is_stored_as_it_was_written():
    service = catalog.draft_service()
    step = _automatic(
        "ask-head",
        kind=StepKind.APPROVAL,
        approvers=({"by": "manager"},),
        quorum="any",
        show_if={"field": "cost", "over": 100},
    )
    standard = actions.draft_standard(
        service=service, content=catalog.content(steps=(step,)), by=None, now=NOW
    )

    [stored] = standard.steps.select_related("department")
    assert step_content(stored) == step
