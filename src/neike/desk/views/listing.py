"""Which list of a queue an address asks for: departments, view, filters, order and columns."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from neike.desk import queries
from neike.desk.display import columns
from neike.desk.models import DeskPreference, Leg
from neike.desk.queries import Filters, Moment, Sort, View
from neike.desk.views.reading import Reader

ALL: Final = "all"


@dataclass
class Listing:
    """One reader's list, as an address asks for it. Nonsense in the address asks for nothing."""

    who: Reader
    query: QueryDict

    @cached_property
    def departments(self) -> list[int]:
        """The departments whose queue the reader works or leads, in the chart's order; closed ones last."""
        standing = self.who.who
        mine = standing.serves | standing.leads
        found = [each for _depth, each in self.who.chart.walk() if each.id in mine]
        left = [each.id for each in found if not each.is_active and each.id in standing.serves]
        return [*(each.id for each in found if each.is_active), *left]

    @cached_property
    def chosen(self) -> list[int]:
        """The departments the address asks for: one, or all."""
        wanted = self.query.get("department", "")
        if wanted == ALL:
            return self.departments
        ids = [each for each in self.departments if self.public(each) == wanted]
        return ids or self.departments[:1]

    def public(self, department: int) -> str:
        """Return the public id of a department."""
        return str(self.who.chart.departments[department].public_id)

    @cached_property
    def view(self) -> str:
        """The built-in view."""
        view = self.query.get("view", "")
        return view if view in View.values else View.OPEN.value

    @cached_property
    def sort(self) -> str:
        """The order."""
        sort = self.query.get("sort", "")
        return sort if sort in Sort.values else Sort.DUE.value

    @cached_property
    def filters(self) -> Filters:
        """What the list is narrowed to."""
        return Filters.read(self.query.getlist)

    @cached_property
    def moment(self) -> Moment:
        """Now, and the end of the reader's day."""
        zone = timezone.get_current_timezone()
        day = self.who.now.astimezone(zone).date() + timedelta(days=1)
        return Moment(self.who.now, datetime.combine(day, time(), tzinfo=zone))

    @cached_property
    def preference(self) -> DeskPreference:
        """What the reader likes."""
        return queries.preference_of(self.who.person.pk)

    @cached_property
    def columns(self) -> list[columns.Column]:
        """The columns: those of the address, else the reader's own, else the usual ones."""
        return columns.chosen(self.query.getlist("column") or self.preference.columns)

    @property
    def times(self) -> dict[str, Any]:
        """The moment, and what the reader hides at it, as queries take them."""
        return {
            "now": self.moment.now,
            "midnight": self.moment.midnight,
            "hidden": list(self.snoozed),
        }

    @cached_property
    def snoozed(self) -> dict[int, datetime]:
        """The requests the reader hides from their own lists, and until when."""
        return queries.snoozed_by(self.who.person.pk, now=self.who.now)

    def legs(self) -> QuerySet[Leg]:
        """Return the legs of the list; what is confidential and not the reader's is marked `redacted`."""
        found = queries.legs_of_queue(self.who.who, self.chosen, self.view, **self.times)
        return queries.narrowed(found, self.filters, self.who.who, self.moment)
