"""Loading a country's public holidays and make-up days into a calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import packs, policies
from neike.org.actions.calendars import MANUAL, touch
from neike.org.actions.errors import CalendarError
from neike.org.choices import ExceptionKind
from neike.org.models import BusinessCalendar, CalendarException, Person


@dataclass(frozen=True, slots=True)
class PackChange:
    """What loading a pack did: dates added, removed, and kept because somebody had set them by hand."""

    added: int
    removed: int
    kept: int
    published: bool

    @property
    def changed(self) -> bool:
        """Whether the calendar's hours differ now."""
        return bool(self.added or self.removed)


@transaction.atomic
def load_national_days(
    *, calendar: BusinessCalendar, years: Iterable[int], by: Person | None, now: datetime
) -> PackChange:
    """Bring a calendar's national dates of some years in line with its country's pack; doing it again changes nothing.

    Dates set by hand stay as they are. A year whose make-up days are not known is marked provisional, unless
    somebody confirmed it.

    Raises:
        CalendarError: the calendar follows no country, or there is no pack for the country or year.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    calendar = BusinessCalendar.objects.select_for_update().get(pk=calendar.pk)
    done = [_load_year(calendar, _pack(calendar.country, year)) for year in sorted(set(years))]
    total = PackChange(
        added=sum(each.added for each in done),
        removed=sum(each.removed for each in done),
        kept=sum(each.kept for each in done),
        published=all(each.published for each in done),
    )
    if total.changed:
        touch(calendar, now)
        record(
            action="org.calendar_national_days_loaded",
            subject=calendar,
            by=by,
            after={
                "country": calendar.country,
                "years": sorted(set(years)),
                "added": total.added,
                "removed": total.removed,
            },
            now=now,
        )
    return total


@transaction.atomic
def confirm_year(
    *, calendar: BusinessCalendar, year: int, by: Person | None, now: datetime
) -> None:
    """Declare a year's dates final: its make-up days are published, or were entered by hand."""
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    _row, _made = calendar.years.update_or_create(
        year=year, defaults={"published": True, "source": MANUAL}
    )
    record(
        action="org.calendar_year_confirmed",
        subject=calendar,
        by=by,
        after={"year": year, "published": True},
        now=now,
    )


def _pack(country: str, year: int) -> packs.PackYear:
    try:
        return packs.pack_year(country, year)
    except packs.UnknownCountryError as error:
        raise CalendarError(
            _("There are no national days for “%(country)s” in %(year)s.")
            % {"country": country, "year": year},
            code="pack",
        ) from error


def _load_year(calendar: BusinessCalendar, pack: packs.PackYear) -> PackChange:
    stored = list(calendar.exceptions.filter(date__year=pack.year))
    manual = {each.date for each in stored if each.source == MANUAL}
    wanted = {key: name for key, name in _entries(pack).items() if key[0] not in manual}
    ours = {(each.date, each.kind): each for each in stored if each.source != MANUAL}
    gone = [each.pk for key, each in ours.items() if key not in wanted]
    calendar.exceptions.filter(pk__in=gone).delete()
    new = [key for key in wanted if key not in ours]
    CalendarException.objects.bulk_create(
        CalendarException(
            calendar=calendar, date=day, kind=kind, name=wanted[day, kind], source=pack.country
        )
        for day, kind in new
    )
    _renew_names(ours, wanted)
    published = _mark_year(calendar, pack)
    kept = len(manual & {day for day, _kind in _entries(pack)})
    return PackChange(added=len(new), removed=len(gone), kept=kept, published=published)


def _entries(pack: packs.PackYear) -> dict[tuple[date, str], LocalizedText]:
    closed = {(day, str(ExceptionKind.CLOSED)): name for day, name in pack.closed.items()}
    worked = {(day, str(ExceptionKind.WORKED)): name for day, name in pack.worked.items()}
    return closed | worked


def _renew_names(
    ours: dict[tuple[date, str], CalendarException],
    wanted: dict[tuple[date, str], LocalizedText],
) -> None:
    """Follow the pack's wording; names change no hours."""
    renamed = [each for key, each in ours.items() if key in wanted and each.name != wanted[key]]
    for each in renamed:
        each.name = wanted[each.date, each.kind]
    CalendarException.objects.bulk_update(renamed, ["name"])


def _mark_year(calendar: BusinessCalendar, pack: packs.PackYear) -> bool:
    row, _made = calendar.years.get_or_create(year=pack.year)
    if row.published and row.source == MANUAL:
        return True
    if (row.published, row.source) != (pack.published, pack.country):
        row.published, row.source = pack.published, pack.country
        row.save()
    return row.published
