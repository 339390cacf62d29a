"""The directory: finding people by name, pinyin, initials or number, page by page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Replace

from neike.org.choices import PersonKind
from neike.org.latin import search_form
from neike.org.models import Absence, DepartmentAncestry, Person, Placement, Substitution
from neike.org.queries.people import people_visible_to
from neike.org.standing import on_day

PAGE: Final = 50
LONGEST_SEARCH: Final = 60

Key = tuple[str, int]
"""Where a page begins or ends: (name_latin, id)."""


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """People in the order of their Latin names; `before` and `after` are the keys of the neighbouring pages."""

    people: list[Person]
    before: Key | None
    after: Key | None


def person_by_email(email: str) -> Person | None:
    """Return the person with this e-mail address, in whatever case it is written, who may be disabled."""
    # Two spellings that a database takes for one must not lead to another's account, so compare once more.
    wanted = email.lower()
    found = [
        person
        for person in Person.objects.filter(email__iexact=email)
        if (person.email or "").lower() == wanted
    ]
    return found[0] if len(found) == 1 else None


def person_by_number(employee_no: str) -> Person | None:
    """Return the person with this employee number, in whatever case it is written, who may be disabled."""
    wanted = employee_no.lower()
    found = [
        person
        for person in Person.objects.filter(employee_no__iexact=employee_no)
        if person.employee_no.lower() == wanted
    ]
    return found[0] if len(found) == 1 else None


def matching(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Narrow people to those whose name, pinyin, initials, number or e-mail fits what somebody typed."""
    text = text.replace("\x00", "").strip()[:LONGEST_SEARCH]
    if not text:
        return people
    fits = Q(name__icontains=text) | Q(employee_no__istartswith=text) | Q(email__istartswith=text)
    key = search_form(text)
    if key.isascii() and key:
        people = people.annotate(latin=Replace(F("name_latin"), Value(" "), Value("")))
        fits |= Q(latin__contains=key) | Q(name_initials__startswith=key)
    return people.filter(fits)


def present(people: QuerySet[Person], *, on: date) -> QuerySet[Person]:
    """Narrow people to those who work here on a day."""
    return people.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=on), erased_at__isnull=True, kind=PersonKind.HUMAN
    )


def in_department(people: QuerySet[Person], department_id: int, *, on: date) -> QuerySet[Person]:
    """Narrow people to those placed in a department or below it on a day."""
    below = DepartmentAncestry.objects.filter(on_day(on), ancestor=department_id)
    placed = Placement.objects.filter(on_day(on), department__in=below.values("descendant"))
    return people.filter(pk__in=placed.values("person"))


def directory(
    viewer: Person,
    *,
    text: str = "",
    department_id: int | None = None,
    after: Key | None = None,
    before: Key | None = None,
    now: datetime,
    on: date,
) -> DirectoryPage:
    """Return one page of the people a viewer may see, with placements and present absences loaded."""
    people = matching(present(people_visible_to(viewer), on=on), text)
    if department_id is not None:
        people = in_department(people, department_id, on=on)
    people = people.prefetch_related(*_surroundings(now=now, on=on))
    return _backward(people, before) if before else _forward(people, after)


def _forward(people: QuerySet[Person], after: Key | None) -> DirectoryPage:
    if after:
        people = people.filter(Q(name_latin__gt=after[0]) | Q(name_latin=after[0], pk__gt=after[1]))
    rows = list(people.order_by("name_latin", "pk")[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return DirectoryPage(
        rows, _key(rows[0]) if after and rows else None, _key(rows[-1]) if more else None
    )


def _backward(people: QuerySet[Person], before: Key) -> DirectoryPage:
    people = people.filter(Q(name_latin__lt=before[0]) | Q(name_latin=before[0], pk__lt=before[1]))
    rows = list(people.order_by("-name_latin", "-pk")[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE][::-1]
    return DirectoryPage(rows, _key(rows[0]) if more else None, _key(rows[-1]) if rows else None)


def _key(person: Person) -> Key:
    return person.name_latin, person.pk


def with_surroundings(people: QuerySet[Person], *, now: datetime, on: date) -> QuerySet[Person]:
    """Load what a person's page shows: placements on a day, present absences and substitutes."""
    standing_in = Substitution.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return people.prefetch_related(
        *_surroundings(now=now, on=on),
        Prefetch(
            "substitutions",
            standing_in.select_related("substitute").order_by("ends_at", "pk"),
            to_attr="substitutes_now",
        ),
    )


def _surroundings(*, now: datetime, on: date) -> tuple[Prefetch[str], Prefetch[str]]:
    placements = Placement.objects.filter(on_day(on)).select_related("position")
    absences = Absence.objects.filter(starts_at__lte=now, ends_at__gt=now).order_by("-ends_at")
    return (
        Prefetch("placements", placements.order_by("-is_primary", "pk"), to_attr="placements_now"),
        Prefetch("absences", absences, to_attr="absences_now"),
    )
