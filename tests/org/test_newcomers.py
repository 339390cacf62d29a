"""Many new people at once leave the same rows behind as one by one, quickly and under the job's claim."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from neike.kernel.audit.models import AuditEntry, AuditValue
from neike.kernel.jobs import LeaseLostError, claims, enqueue
from neike.kernel.jobs.running import Run
from neike.kernel.outbox.models import Delivery, OutboxEvent
from neike.kernel.texts import LocalizedText
from neike.org import jobs
from neike.org.actions import newcomers, people, placements, posts
from neike.org.actions.errors import DatesError, OrganisationError
from neike.org.actions.newcomers import Newcomer, Post
from neike.org.choices import PersonKind
from neike.org.importing import uploads
from neike.org.models import Department, DirectoryImport, Person, Placement, Position
from tests.make import org as make
from tests.make.org import NOW
from tests.org.test_importing import COMPANY, HEADER, counts, run

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 5)
ENGINEER = LocalizedText.of(zh="工程师")
COLLEAGUES = [
    Newcomer("A1", "陈思远", " Chen@Example.com ", Post("ENG", "IT", DAY, ENGINEER)),
    Newcomer("A2", "Ann Lee", "", Post("ENG", "IT", DAY)),
    Newcomer("A3", "王芳", "wang@example.com"),
]


@pytest.fixture
def it(db) -> Department:
    made = make.department("IT")
    Department.objects.filter(pk=made.pk).update(code="IT")
    return Department.objects.get(pk=made.pk)


def one_by_one(found):
    for each in found:
        if each.post and each.post.title:
            posts.create_position(
                code=each.post.position,
                department=Department.objects.get(code=each.post.department),
                title=each.post.title,
                by=None,
                now=NOW,
            )
        person = people.create_person(
            employee_no=each.employee_no,
            name=each.name,
            email=each.email or None,
            imported_from="csv",
            by=None,
            now=NOW,
        )
        if each.post:
            placements.place_person(
                person=person,
                position=Position.objects.get(code=each.post.position),
                valid_from=each.post.valid_from,
                by=None,
                now=NOW,
            )


def at_once(found):
    newcomers.add_newcomers(found, imported_from="csv", by=None, now=NOW)


def stored():
    """Everything the tables say, with names in the place of random ids, keys and salts."""
    names = {str(each.public_id): each.employee_no for each in Person.objects.all()}
    names |= {str(each.pk): each.employee_no for each in Person.objects.all()}
    names |= {str(each.public_id): each.code for each in Position.objects.all()}
    kept = {each.digest: (each.value, each.about.employee_no) for each in AuditValue.objects.all()}

    def plain(value):
        if isinstance(value, dict) and set(value) == {"digest"}:
            return kept[value["digest"]]
        return [plain(each) for each in value] if isinstance(value, list) else value

    fields = [
        field.name
        for field in Person._meta.concrete_fields
        if field.name not in {"id", "public_id", "password"}
    ]
    return {
        "people": list(Person.objects.order_by("pk").values_list(*fields)),
        "no password": [each.has_usable_password() for each in Person.objects.all()],
        "positions": list(Position.objects.values_list("code", "department__code", "title")),
        "placements": list(
            Placement.objects.order_by("pk").values_list(
                "person__employee_no",
                "position__code",
                "department__code",
                "is_primary",
                "valid_from",
                "valid_to",
            )
        ),
        "audit": [
            (
                each.action,
                each.subject_type,
                names[each.subject_id],
                each.at,
                plain(json.loads(each.details)["changes"]),
            )
            for each in AuditEntry.objects.order_by("pk")
        ],
        "events": [
            (each.name, names[each.aggregate.partition(":")[2]], each.at)
            for each in OutboxEvent.objects.order_by("pk")
        ],
        "deliveries": list(
            Delivery.objects.order_by("pk").values_list("receiver", "state", "next_at")
        ),
    }


def after(write):
    """Return what is stored after `write`, of which nothing stays."""
    with transaction.atomic():
        write(COLLEAGUES)
        found = stored()
        transaction.set_rollback(True)
    return found


def test_at_once_leaves_the_same_rows_behind_as_one_by_one(it):
    slow, fast = after(one_by_one), after(at_once)

    assert len(fast["audit"]) == 6
    assert fast == slow


@pytest.mark.parametrize(
    ("newcomer", "error"),
    [
        (Newcomer("a1", "Ann", ""), OrganisationError),
        (Newcomer("B1", "Ann", "CHEN@example.com"), OrganisationError),
        (Newcomer("B1", " ", ""), OrganisationError),
        (Newcomer("B1", "Ann", "", Post("ENG", "IT", DAY, ENGINEER)), OrganisationError),
        (Newcomer("B1", "Ann", "", Post("ENG", "IT", date(2019, 1, 1))), DatesError),
        (Newcomer("B1", "Ann", "", Post("X", "NONE", DAY, ENGINEER)), DatesError),
    ],
)
def test_one_who_cannot_be_added_keeps_all_out(it, newcomer, error):
    at_once(COLLEAGUES)

    with pytest.raises(error), transaction.atomic():
        at_once([Newcomer("OK", "Ok", ""), newcomer])

    assert not Person.objects.filter(employee_no="OK").exists()


def test_a_row_refused_in_bulk_is_named_and_holds_up_no_other():
    run(COMPANY)
    Position.objects.filter(department__code="IT").update(title=LocalizedText.of(en="Renamed"))

    report = run(
        HEADER
        + "7,赵六,zhao@example.com,IT,信息部,C,工程师,,2021-01-01\n"
        + "8,孙七,sun@example.com,C,云岭科技,,总经理,,2021-01-01\n"
        + "9,周八,zhou@example.com,C,云岭科技,,总经理,,2021-01-01\n"
    )

    assert [note.line for note in report.notes] == [2]
    assert (report.taken, report.refused) == (2, 1)
    assert counts(report) == {"person_created": 2, "person_placed": 2}
    names = set(Person.objects.values_list("name", flat=True))
    assert names >= {"孙七", "周八"}
    assert "赵六" not in names


def company(rows: int) -> str:
    return HEADER + "".join(
        f"N{n},员工{n},n{n}@example.com,D{n % 9},部门{n % 9},,工程师{n % 20},N{n % 9},2021-01-01\n"
        for n in range(rows)
    )


def test_statements_grow_with_batches_and_not_with_people():
    run(company(200))
    more = company(600)

    with CaptureQueriesContext(connection) as asked:
        report = run(more)

    assert counts(report)["person_created"] == 400
    assert len(asked) < 200  # one by one it would be twenty times as many


def _queued_import():
    administrator = make.administrator()
    file = SimpleUploadedFile("people.csv", COMPANY.encode())
    now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    held = uploads.receive(upload=file, by=administrator, now=now)
    DirectoryImport.objects.filter(pk=held.pk).update(state="applying")
    enqueue(jobs.work_on_import, now=now, import_id=held.pk)
    return held, now


def test_a_worker_that_lost_its_import_writes_nothing_more(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    held, now = _queued_import()
    claim = claims.claim_next("slow", now)
    assert claim is not None
    taken_over = claims.claim_next("slow", now)  # as after a freeze past the lease
    assert taken_over is not None

    with pytest.raises(LeaseLostError):
        jobs.work_on_import(import_id=held.pk, now=now, run=Run(claim, claims.LEASE))
    assert not Person.objects.filter(kind=PersonKind.HUMAN, imported_from="csv").exists()

    jobs.work_on_import(import_id=held.pk, now=now, run=Run(taken_over, claims.LEASE))
    assert Person.objects.filter(imported_from="csv").count() == 3
    assert DirectoryImport.objects.get().state == "done"
