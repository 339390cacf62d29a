"""Looking up people and who stands in for them."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from neike.org.choices import PersonKind, SubstitutionScope
from neike.org.models import Person, Substitution


def people_visible_to(person: Person | AnonymousUser) -> QuerySet[Person]:
    """Return whom a person may see in the directory: all people, also those who left; no service accounts."""
    if not person.is_authenticated:
        return Person.objects.none()
    return Person.objects.filter(Q(kind=PersonKind.HUMAN) | Q(pk=person.pk))


def substitutes_of(
    person: Person, *, now: datetime, scope: SubstitutionScope | None = None
) -> QuerySet[Person]:
    """Return who stands in for the person at a moment, for the scope (or for both); all scopes when none is named."""
    rows = _current(now, scope).filter(person=person)
    return Person.objects.filter(pk__in=rows.values("substitute")).order_by("name_latin", "pk")


def stands_in_for(
    person: Person, *, now: datetime, scope: SubstitutionScope | None = None
) -> QuerySet[Person]:
    """Return for whom the person stands in at a moment, for the scope (or for both)."""
    rows = _current(now, scope).filter(substitute=person)
    return Person.objects.filter(pk__in=rows.values("person")).order_by("name_latin", "pk")


def stood_in_for(person: Person, *, now: datetime) -> list[tuple[int, str]]:
    """Return for whom the person stands in at a moment and in what (id, scope); one query."""
    return list(_current(now, None).filter(substitute=person).values_list("person_id", "scope"))


def _current(now: datetime, scope: SubstitutionScope | None) -> QuerySet[Substitution]:
    rows = Substitution.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return rows.filter(scope__in=(scope, SubstitutionScope.BOTH)) if scope else rows
