"""Many new people with their first posts at once: the same rows as one by one, in a dozen statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from neike.kernel.audit.actions import Record, record_all
from neike.kernel.outbox.actions import announce_all
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import policies
from neike.org.actions.errors import DatesError, TakenError
from neike.org.actions.people import clean_person, shown_person
from neike.org.actions.placements import placement_news, shown_placement
from neike.org.actions.terms import first_days, make_positions
from neike.org.choices import DepartmentState
from neike.org.models import Department, DepartmentVersion, Person, Placement, Position


@dataclass(frozen=True, slots=True)
class Post:
    """A primary post from a day on; `title` is given where the position is to be made first."""

    position: str
    department: str
    valid_from: date
    title: LocalizedText | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be added, with the post they begin in, if any."""

    employee_no: str
    name: str
    email: str
    post: Post | None = None


@transaction.atomic
def add_newcomers(
    newcomers: Sequence[Newcomer], *, imported_from: str, by: Person | None, now: datetime
) -> list[Person]:
    """Add people, their positions where these are new, and their placements; all of them or none.

    Announces and records, in the same order, what `create_position`, `create_person` and `place_person` would.

    Raises:
        TakenError: a number, an address or a position's code belongs to somebody already.
        DatesError: a department does not exist, or is closed, when a post in it begins.
        OrganisationError: a number or name is empty.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    posts = [each.post for each in newcomers if each.post]
    departments = Department.objects.in_bulk({post.department for post in posts}, field_name="code")
    _require_open(posts, departments)
    people = [_person(each, imported_from, now) for each in newcomers]
    _require_free(people)
    made = _positions([post for post in posts if post.title is not None], departments)
    Person.objects.bulk_create(people)
    positions = Position.objects.select_related("department").in_bulk(
        {post.position for post in posts}, field_name="code"
    )
    placed = {
        person.pk: Placement(
            person=person,
            position=positions[each.post.position],
            department=positions[each.post.position].department,
            valid_from=each.post.valid_from,
        )
        for each, person in zip(newcomers, people, strict=True)
        if each.post
    }
    Placement.objects.bulk_create(placed.values())
    record_all(
        [
            told
            for each, person in zip(newcomers, people, strict=True)
            for told in _records(each, person, made, placed.get(person.pk), by, now)
        ]
    )
    announce_all([placement_news(each) for each in placed.values()], now=now)
    return people


def _person(newcomer: Newcomer, imported_from: str, now: datetime) -> Person:
    person = Person(imported_from=imported_from, created_at=now)
    person.set_unusable_password()
    told = {"employee_no": newcomer.employee_no, "name": newcomer.name, "email": newcomer.email}
    clean_person(person, told)
    return person


def _require_free(people: Iterable[Person]) -> None:
    numbers = {person.employee_no.lower() for person in people}
    addresses = {person.email for person in people if person.email}
    held = Person.objects.annotate(number=Lower("employee_no"), address=Lower("email"))
    if held.filter(number__in=numbers).exists() or held.filter(address__in=addresses).exists():
        raise TakenError(_("A number or an e-mail address belongs to somebody else."), code="taken")


def _require_open(posts: Iterable[Post], departments: Mapping[str, Department]) -> None:
    versions: dict[int, list[DepartmentVersion]] = {}
    ids = [each.pk for each in departments.values()]
    for version in DepartmentVersion.objects.filter(department__in=ids).order_by("valid_from"):
        versions.setdefault(version.department_id, []).append(version)
    for post in posts:
        found = departments.get(post.department)
        held = [
            each
            for each in (versions.get(found.pk, []) if found else [])
            if each.valid_from <= post.valid_from
        ]
        if not held or held[-1].state == DepartmentState.CLOSED:
            raise DatesError(
                _("The department does not exist, or is closed, on %(day)s.")
                % {"day": post.valid_from.isoformat()},
                code="closed",
            )


def _positions(posts: Iterable[Post], departments: Mapping[str, Department]) -> dict[str, Position]:
    """Make the positions that are new; return them by code."""
    made = {
        post.position: Position(
            code=post.position, department=departments[post.department], title=post.title
        )
        for post in posts
    }
    if Position.objects.filter(code__in=made).exists():
        raise TakenError(_("The code of a position is taken."), code="taken")
    since = first_days({each.pk: each for each in departments.values()}.values())
    make_positions([(each, since[each.department_id]) for each in made.values()])
    return made


def _records(
    newcomer: Newcomer,
    person: Person,
    made: Mapping[str, Position],
    placement: Placement | None,
    by: Person | None,
    now: datetime,
) -> list[Record]:
    """Return what the record says of one newcomer."""
    told = []
    post = newcomer.post
    if post and post.title is not None:
        shown = {
            "code": post.position,
            "department": post.department,
            "title": post.title.as_json(),
        }
        told.append(
            Record(
                action="org.position_created",
                subject=made[post.position],
                by=by,
                now=now,
                after=shown,
            )
        )
    after = shown_person(person)
    told.append(Record(action="org.person_created", subject=person, by=by, now=now, after=after))
    if placement is not None:
        after = shown_placement(placement)
        told.append(Record(action="org.person_placed", subject=person, by=by, now=now, after=after))
    return told
